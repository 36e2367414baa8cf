// The public page carries the one table: what is left out of it is words, and no history folds otherwise without them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carriedGrammar, carriedRules, lean } from "../../build.mjs";
import { read, workflow } from "./vectors.js";

/** Every path to a value, with the value. */
function* leaves(value, path = []) {
  if (typeof value !== "object" || value === null) yield [path.join("/"), value];
  else for (const [name, inner] of Object.entries(value)) yield* leaves(inner, [...path, name]);
}

test("the page's table is the office's, but for what no rule reads", () => {
  const [whole, page] = [new Map(leaves(workflow)), new Map(leaves(lean(workflow)))];
  for (const [path, value] of page) assert.equal(whole.get(path), value, path);
  const missing = [...whole.keys()].filter((path) => !page.has(path));
  assert.ok(missing.length > 0);
  for (const path of missing) assert.match(path, /(\/(zh|told|rare|turn\/\d+)|^turns\/.*)$/);
});

test("no kind, state, field or mark is called like what is left out", () => {
  const { kinds, states } = workflow;
  for (const name of [...Object.keys(kinds), ...Object.keys(states)])
    assert.ok(!["zh", "told", "rare", "turn", "turns"].includes(name));
});

test("the form that files a report carries who reads what, and of that kind what sealing asks", () => {
  const page = carriedRules(workflow, ["report"]);
  assert.deepEqual(page.compartments, lean(workflow.compartments));
  const { vis, items, own_copy } = workflow.kinds.report;
  assert.deepEqual(page.kinds, { report: { vis, items, own_copy } });
  const grammar = JSON.parse(read("whistle/crypto/kinds.json"));
  const wire = carriedGrammar(grammar, ["report"]);
  assert.deepEqual(wire.kinds, { report: grammar.kinds.report });
  assert.deepEqual([wire.roles, wire.types], [grammar.roles, grammar.types]);
  assert.deepEqual(carriedRules(workflow), lean(workflow));
  assert.deepEqual(carriedGrammar(grammar), grammar);
});

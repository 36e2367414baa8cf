// The browser folds the same histories as the server (tests/vectors/histories.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { audience, itemsFit, itemsOf, mayRead, part, reporterReads } from "../../static/js/core/access.js";
import { Refused, allowed, fold } from "../../static/js/core/case.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const workflow = read("../../whistle/core/workflow.json");
const file = read("../vectors/histories.json");
const access = read("../vectors/access.json");
const named = new Map(file.histories.map((history) => [history.name, history]));

function written(name) {
  const history = named.get(name);
  return [...(history.after ? written(history.after) : []), ...history.acts];
}

function actsOf(name) {
  return written(name).map(({ kind, who, day, fields }, no) => {
    const reporter = file.people[who][0] === "reporter";
    const vis = Object.hasOwn(workflow.kinds, kind) ? workflow.kinds[kind].vis : "all";
    return { hash: `h${no}`, kind, vis, author: reporter ? "reporter" : who, person: reporter ? "" : who, day, fields };
  });
}

const folded = (name, view = "office") => fold(actsOf(name), workflow, named.get(name).today ?? file.default_today, view);

test("it works", () => {
  const paid = folded("paid");
  assert.deepEqual([paid.state, paid.approved, paid.awarded, paid.claimBy], ["paid", 2250000, 2250000, "2026-11-24"]);
});

for (const history of file.histories.filter((one) => one.state)) {
  test(`a history leads where the table says: ${history.name}`, () => {
    const office = folded(history.name);
    assert.deepEqual([office.state, office.seen, office.marks], [history.state, history.seen, history.marks]);
    const hers = folded(history.name, "reporter");
    assert.deepEqual([hers.state, hers.proposals, hers.asks, hers.finding], [history.seen, [], [], ""]);
    for (const [who, kinds] of Object.entries(history.allowed ?? {})) {
      assert.deepEqual(allowed(office, file.people[who], who === "alice" ? "" : who), kinds, who);
    }
    if (history.running) {
      const running = office.clocks.filter((clock) => !clock.stop).map(({ step, start, due }) => [step, start, due]);
      assert.deepEqual(running, history.running);
    }
  });
}

for (const history of file.histories.filter((one) => one.refused)) {
  test(`what the table forbids is refused: ${history.name}`, () => {
    const acts = actsOf(history.name);
    const before = fold(acts.slice(0, -1), workflow, history.today ?? file.default_today);
    const facts = { kind: acts[acts.length - 1].kind, seen: before.seen };
    assert.throws(() => folded(history.name), (error) => {
      assert.ok(error instanceof Refused);
      assert.deepEqual([error.code, error.facts], [history.refused, facts]);
      return true;
    });
    if (history.reporter_accepts) assert.equal(folded(history.name, "reporter").view, "reporter");
  });
}

test("no posts are no case yet and only a report may begin it", () => {
  assert.deepEqual(allowed(fold([], workflow, file.default_today), ["reporter"], ""), ["report"]);
});

test("a folded case is not changed by what follows", () => {
  assert.throws(() => { folded("verified").state = "closed"; }, TypeError);
});

test("who is sealed for whom is the same table in both languages", () => {
  for (const { comp, assigned, roles } of access.audience) assert.deepEqual(audience(comp, workflow, assigned), roles, comp);
  for (const { comp, role, part: expected } of access.parts) assert.equal(part(comp, role, workflow), expected, comp);
  for (const { roles, reads } of access.may_read) {
    assert.deepEqual(Object.keys(workflow.compartments).filter((comp) => mayRead(comp, roles, workflow)), reads, roles.join());
  }
  for (const { kind, comp, author, reads } of access.reporter_reads) assert.equal(reporterReads(kind, comp, author, workflow), reads, `${kind} ${comp}`);
});

test("the items of a post stand in exactly the table's order", () => {
  assert.deepEqual(itemsOf("message", workflow, "payout"), ["payout", "payout*"]);
  for (const { kind, comp, comps, fit } of access.items) assert.equal(itemsFit(kind, comps, workflow, comp ?? ""), fit, `${kind} ${comps}`);
});

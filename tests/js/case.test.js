// The browser folds the same histories as the server (tests/vectors/histories.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { audience, mayRead, part, reporterReads } from "../../static/js/core/access.js";
import { Refused, allowed, fold } from "../../static/js/core/case.js";
import { openUntil, refused } from "../../static/js/core/newposts.js";
import { itemsFit } from "../../static/js/crypto/holdings.js";

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

const folded = (name, view = "office") =>
  fold(actsOf(name), workflow, named.get(name).today ?? file.default_today, view);

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
    assert.throws(
      () => folded(history.name),
      (error) => {
        assert.ok(error instanceof Refused);
        assert.deepEqual([error.code, error.facts], [history.refused, facts]);
        return true;
      },
    );
    if (history.reporter_accepts) assert.equal(folded(history.name, "reporter").view, "reporter");
  });
}

test("no posts are no case yet and only a report may begin it", () => {
  assert.deepEqual(allowed(fold([], workflow, file.default_today), ["reporter"], ""), ["report"]);
});

test("a folded case is not changed by what follows", () => {
  assert.throws(() => {
    folded("verified").state = "closed";
  }, TypeError);
});

test("who is sealed for whom is the same table in both languages", () => {
  for (const { comp, assigned, kind, roles } of access.audience)
    assert.deepEqual(audience(comp, workflow, assigned, kind), roles, comp);
  for (const { comp, role, part: expected } of access.parts) assert.equal(part(comp, role, workflow), expected, comp);
  for (const { roles, kind, reads } of access.may_read) {
    assert.deepEqual(
      Object.keys(workflow.compartments).filter((comp) => mayRead(comp, roles, workflow, kind)),
      reads,
      roles.join(),
    );
  }
  for (const { kind, comp, author, reads } of access.reporter_reads)
    assert.equal(reporterReads(kind, comp, author, workflow), reads, `${kind} ${comp}`);
});

test("the items of a post stand in exactly the table's order", () => {
  for (const { kind, comp, comps, fit } of access.items)
    assert.equal(itemsFit(workflow.kinds[kind].items, comps, comp), fit, `${kind} ${comps}`);
});

test("a table that names what nobody knows does not load", () => {
  const { decline } = workflow.kinds;
  for (const changes of [
    { checks: [["reason", "made_up"]] },
    { office_gates: [["urgent", "is_listed"]] },
    { effect: "made_up" },
    { effect: "to_string" },
    { keeps: { nowhere: "reason" } },
  ]) {
    const table = { ...workflow, kinds: { ...workflow.kinds, decline: { ...decline, ...changes } } };
    assert.throws(() => fold([], table, file.default_today), { name: "RuleError" });
  }
});

test("a new post is held to the table's rules for new posts", () => {
  const { posts } = read("../vectors/newposts.json");
  const earlier = folded("notified");
  for (const { after, kind, fields, today, open_until: openUntil = "", parent, ...more } of posts) {
    const { review = "", office = "authority", refused: code } = more;
    const now = { today, openUntil, parent: parent ? earlier.with(parent) : null, review, office };
    const before = fold(actsOf(after), workflow, "2999-01-01");
    assert.equal(refused(before, kind, fields, now), code, `${kind} after ${after}`);
  }
  const clock = (due, stop, step = "objection") => ({ step, due, stop });
  const clocks = [clock("2026-10-05", ""), clock("2026-10-25", ""), clock("2026-12-01", "2026-09-30")];
  assert.equal(openUntil([...clocks, clock("2026-12-01", "", "verify")]), "2026-10-25");
});

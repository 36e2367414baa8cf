// An objection that nobody here may decide: the desk names the way out.

import assert from "node:assert/strict";
import { test } from "node:test";
import workflow from "../../whistle/core/workflow.json" with { type: "json" };
import { wayOut } from "../../static/js/review/case/panel.js";

const LEO = { person: "leo", label: "审批人 1", name: "张敏" };
const LENA = { person: "lena", label: "审批人 2", name: "" };
const model = (roles, me, leaders, acted = { "award.refuse": ["leo"] }, state = "objection") => ({
  workflow,
  roles,
  me: { person: me },
  people: () => leaders,
  fold: { state, acted, marks: ["extract"], extractWanted: false, objection: { hash: "h" } },
  items: [{ post: "h", comp: "thread" }],
});

test("where the only leader decided, he and intake are told whom to name", () => {
  assert.equal(wayOut(model(["leader"], "leo", [LEO])), "acts.objection_nobody");
  assert.equal(wayOut(model(["intake"], "bob", [LEO])), "acts.objection_nobody");
  assert.equal(wayOut(model(["payout"], "paul", [LEO])), "");
});

test("where there is another, who decided is told his name and the other nothing", () => {
  assert.equal(wayOut(model(["leader"], "leo", [LEO, LENA])), "acts.objection_other");
  assert.equal(wayOut(model(["leader"], "lena", [LEO, LENA])), "");
  assert.equal(wayOut(model(["intake"], "bob", [LEO, LENA])), "");
});

test("a leader decides about what others decided, and nothing is said where nobody objects", () => {
  assert.equal(wayOut(model(["leader"], "leo", [LEO], { decline: ["bob"] })), "");
  assert.equal(wayOut(model(["leader"], "leo", [LEO], { "award.refuse": ["leo"] }, "refused")), "");
});

test("without an extract, or without the objection itself, nobody decides: intake is asked for it", () => {
  const plain = model(["leader"], "lena", [LEO, LENA]);
  const wanted = { ...plain, fold: { ...plain.fold, extractWanted: true } };
  assert.equal(wayOut(wanted), "acts.objection_extract");
  assert.equal(wayOut({ ...wanted, roles: ["intake"] }), "acts.objection_write");
  assert.equal(wayOut({ ...plain, fold: { ...plain.fold, marks: [] } }), "acts.objection_extract");
  assert.equal(wayOut({ ...plain, items: [] }), "acts.objection_unread");
});

test("who cancelled the award is barred by name", () => {
  assert.equal(wayOut(model(["leader"], "leo", [LEO, LENA], { "award.cancel": ["leo"] })), "acts.objection_other");
});

// What stands open when a case is opened, which reasons fit, who is drawn, what is not filled in yet.

import assert from "node:assert/strict";
import test from "node:test";

import { narrowed, totalOf } from "../../static/js/review/inbox/list.js";
import {
  askedFor,
  awaited,
  byLot,
  following,
  nextStep,
  reasonsFor,
  remaining,
  shownClocks,
  unfilled,
} from "../../static/js/review/case/way.js";
import { writtenIn } from "../../static/js/review/drafts.js";
import workflow from "../../whistle/core/workflow.json" with { type: "json" };

const model = (state, marks = [], acted = {}) => ({
  fold: { state, marks, acted, pending: [] },
  workflow,
  parent: null,
});

test("the next step stands open for whoever is offered it, once", () => {
  assert.equal(nextStep(model("received"), ["message", "accept", "decline"]), "accept");
  assert.equal(nextStep(model("received"), ["recuse"]), "");
  assert.equal(nextStep(model("accepted"), ["extract", "assign"]), "extract");
  assert.equal(nextStep(model("accepted", ["extract"]), ["extract", "assign"]), "assign");
  assert.equal(nextStep(model("claimed", ["claim.check"]), ["claim.check"]), "");
  assert.equal(nextStep(model("closed"), []), "");
  assert.equal(nextStep(model("notified", ["award.cancel.ask"]), ["message", "award.cancel"]), "award.cancel");
  assert.equal(nextStep(model("claimed"), ["claim.check"]), "claim.check");
});

test("every step of the way is an act of the table", () => {
  for (const state of Object.keys(workflow.states))
    for (const kind of Object.keys(workflow.kinds)) assert.ok(["", kind].includes(nextStep(model(state), [kind])));
});

test("what somebody waits for is answered by an act of the table", () => {
  const waiting = Object.keys(workflow.kinds).filter((kind) => workflow.kinds[kind].waits);
  assert.deepEqual(awaited({ fold: { pending: ["award.cancel.ask"] }, workflow, parent: null }), ["award.cancel"]);
  for (const kind of awaited({ fold: { pending: waiting }, workflow, parent: null }))
    assert.ok(workflow.kinds[kind], kind);
});

test("whoever answers is told who asked: the newest ask that still waits", () => {
  const acts = ["award.cancel.ask", "claim.check", "award.cancel.ask", "message"].map((kind, at) => ({ kind, at }));
  const asked = { acts, fold: { pending: ["award.cancel.ask"] }, workflow };
  assert.equal(askedFor(asked, "award.cancel").at, 2);
  assert.equal(askedFor(asked, "identity.give"), null);
  assert.equal(askedFor({ ...asked, fold: { pending: [] } }, "award.cancel"), null);
});

test("a refusal as the second stands in front once the first was told that there is no award", () => {
  const second = { fold: { state: "refused", pending: [], refusedFor: "NR07" }, workflow };
  const first = { acted: { "award.cancel": ["p"] }, awarded: 0 };
  assert.deepEqual(awaited({ ...second, parent: first }), ["objection.reopen"]);
  assert.deepEqual(awaited({ ...second, parent: null }), []);
  assert.deepEqual(awaited({ ...second, parent: { ...first, awarded: 100 } }), []);
  assert.deepEqual(awaited({ ...second, fold: { ...second.fold, refusedFor: "NR01" }, parent: first }), []);
});

test("a step that began anew is shown once, by the day that governs", () => {
  const clock = (step, due, stop = "") => ({ step, due, stop });
  const running = [clock("feedback", "2026-12-09"), clock("award", "2026-12-18"), clock("feedback", "2026-12-07")];
  assert.deepEqual(shownClocks(running), [running[1], running[2]]);
  assert.deepEqual(shownClocks([clock("feedback", "2026-12-07"), clock("feedback", "2026-12-07")]).length, 1);
  const ended = [clock("award", "2026-12-18", "2026-11-27"), clock("award", "2026-12-18", "2026-11-27")];
  assert.deepEqual(shownClocks([...ended, clock("award", "2026-12-20")]), [ended[0], clock("award", "2026-12-20")]);
});

test("closing offers the reasons that fit the end a case came to, and always one", () => {
  assert.deepEqual(reasonsFor(model("not_accepted"), "close"), ["CL02"]);
  assert.deepEqual(reasonsFor(model("forfeited"), "close"), ["CL03"]);
  assert.deepEqual(reasonsFor(model("paid"), "close"), ["CL01"]);
  assert.deepEqual(reasonsFor(model("paid", [], { clawback: ["p"] }), "close"), ["CL01", "CL04"]);
  for (const state of workflow.kinds.close.from) assert.ok(reasonsFor(model(state), "close").length > 0, state);
  assert.deepEqual(reasonsFor(model("received"), "transfer"), workflow.reasons.transfer);
});

test("the lot falls the same on every desk, on everybody in turn, and on nobody where there is nobody", () => {
  const people = ["p3", "p1", "p2"];
  const drawn = Array.from({ length: 60 }, (_, at) => byLot(`case${at * 7}x`, people)[0]);
  assert.deepEqual(byLot("abc", people), byLot("abc", [...people].reverse()));
  assert.deepEqual([...new Set(drawn)].sort(), ["p1", "p2", "p3"]);
  assert.deepEqual(byLot("abc", []), []);
});

test("the next voucher number counts on and keeps its width", () => {
  assert.equal(following("凭-0007"), "凭-0008");
  assert.equal(following("0099"), "0100");
  assert.equal(following("凭证"), "");
  assert.equal(following(""), "");
});

test("a sentence that stops at its colon is not finished", () => {
  for (const text of ["原因：", "The result: ", "原因：…", "因____延长"]) assert.ok(unfilled(text), text);
  for (const text of ["", "结果：查证属实。", "12:30 检查", "等等……都在"].slice(0, 3)) assert.ok(!unfilled(text), text);
});

const list = (part) => ({ rows: [], next: "", search: "", filters: { view: "all" }, counts: {}, ...part });

test("fifty is said to be all only where it is", () => {
  const counts = { received: 70, closed: 50 };
  assert.deepEqual(totalOf(list({ counts }), 50), { key: "inbox.total", count: 50 });
  assert.deepEqual(totalOf(list({ counts, next: "x" }), 50), { key: "inbox.total", count: 120 });
  const byState = list({ counts, next: "x", filters: { state: "received", order: "due" } });
  assert.deepEqual(totalOf(byState, 50), { key: "inbox.total", count: 70 });
  assert.deepEqual(totalOf(list({ counts, next: "x", filters: {} }), 50), { key: "inbox.so_far", count: 50 });
  assert.deepEqual(totalOf(list({ counts, next: "x", search: "木" }), 3), { key: "inbox.so_far", count: 3 });
});

test("a number typed in full width is found", () => {
  const rows = [{ case: "a", number: "LG2026-0007", due: "" }];
  const found = narrowed(list({ rows, search: "ＬＧ２０２６－０００７" }), "2026-11-27", () => false);
  assert.equal(found.length, 1);
});

test("only what somebody wrote is kept over a reload, without what is sealed already", () => {
  const drafts = new Map([
    ["a/message", { values: { text: "写" }, touched: true, sealed: { key: "k" } }],
    ["a/accept", { values: { reply: "" }, touched: false }],
  ]);
  assert.equal(writtenIn({ drafts }), '{"serves":"","written":[["a/message",{"text":"写"}]]}');
  assert.equal(writtenIn({ drafts: new Map() }), "");
  assert.equal(writtenIn({ drafts: new Map() }, [], "traffic"), '{"serves":"traffic","written":[]}');
});

test("whoever steps back is told who remains, role by role", () => {
  const people = (role) =>
    ({ intake: [{ person: "me", name: "甲" }], leader: [{ person: "me" }, { person: "b" }] })[role];
  assert.deepEqual(remaining({ roles: ["intake", "leader"], me: { person: "me" }, people }), [
    { role: "intake", others: [] },
    { role: "leader", others: [{ person: "b" }] },
  ]);
});

test("a reason that a leader has to agree to is offered once he has, and no other of them", () => {
  const offered = (marks, declineReason, officeKind = "authority") =>
    reasonsFor({ fold: { state: "received", marks, acted: {}, declineReason }, workflow, officeKind }, "decline");
  assert.deepEqual(offered([], ""), ["NA02", "NA03", "NA04", "NA10"]);
  assert.deepEqual(offered(["decline.ask"], "NA09"), ["NA02", "NA03", "NA04", "NA10"]);
  assert.deepEqual(offered(["decline.agree", "decline.ask"], "NA09"), ["NA02", "NA03", "NA04", "NA09", "NA10"]);
  assert.deepEqual(offered([], "", "enterprise"), ["NA02", "NE01", "NE02", "NE03", "NE04"]);
});

// The table of acts is whole: every kind a reviewer may post is in it, and what it makes fits the one table.

import assert from "node:assert/strict";
import { test } from "node:test";
import workflow from "../../whistle/core/workflow.json" with { type: "json" };
import { itemsFit } from "../../static/js/crypto/holdings.js";
import { FIELDS } from "../../static/js/crypto/kinds.js";
import { first, ACTS, problem, startValues } from "../../static/js/review/case/acts.js";
import { opened } from "./sample.js";

const office = Object.entries(workflow.kinds).filter(([, kind]) => kind.roles.some((role) => role !== "reporter"));
const ask = { hash: "ask", person: "p4", given: false, opened: false };

function aCase(roles) {
  const fold = {
    day: "2026-11-23",
    received: "2026-11-23",
    category: "violation",
    sector: "fire",
    packs: [],
    approved: 2250000,
    answers: "finding",
    proposal: { hash: "proposal", fen: 2250000 },
    asks: [ask, { ...ask, hash: "given", given: true }],
    objection: { hash: "objection", about: "feedback", state: "verified" },
    finding: "finding",
    marks: [],
    answered: "",
    withdrawal: "withdrawal",
    withdrawnOn: "2026-11-20",
    awarded: 2250000,
    destructions: [{ hash: "destruction", scope: "content", day: "2026-11-20" }],
    destroyed: [],
    state: "paid",
    acted: {},
  };
  return {
    workflow,
    roles,
    fold,
    items: [],
    packs: [],
    years: {},
    today: "2026-11-23",
    kept: [
      { scope: "identity", until: "2026-11-23", basis: "S:with_award:identity" },
      { scope: "award", until: "2026-11-24", basis: "S:with_award:award" },
      { scope: "content", until: "2026-01-01", basis: "S:with_award:content" },
    ],
    buried: new Set(),
    chain: { seats: [] },
    card: { category: "x", enterprise: "某厂" },
    report: "原文",
    payments: [],
    acts: [{ kind: "finding", hash: "finding", fields: { outcome: "verified" } }],
    people: () => [],
  };
}

const model = aCase(["intake"]);
const values = (kind) => ({
  ...startValues(kind, model, (key) => key),
  outcome: "verified",
  award: { signed: { pack: "P", pack_hash: "h", fen: 1, facts: "f" }, document: "{}" },
});

test("every kind of a reviewer is in the table, and nothing else", () => {
  assert.deepEqual(Object.keys(ACTS).sort(), office.map(([kind]) => kind).sort());
});

for (const [kind, rule] of office) {
  test(`${kind} fills its public fields in order and seals its items as the table says`, () => {
    const fields = ACTS[kind].fields(values(kind), model);
    assert.deepEqual(Object.keys(fields), Object.keys(FIELDS[kind]));
    const comps = ACTS[kind].parts(values(kind), model).map((part) => part.comp);
    assert.ok(itemsFit(rule.items, comps, fields.comp), comps.join());
  });
}

test("what is signed about a destruction names what was asked, and waits its days", () => {
  const asked = { scope: "identity", registers: [{ name: "台账.xlsx", hash: "h" }] };
  assert.equal(startValues("destroy.ask", model, (key) => key).scope, "identity"); // the one whose term is over
  assert.deepEqual(ACTS["destroy.ask"].fields(asked, model), {
    scope: "identity",
    basis: "S:with_award:identity",
    registers: ["h"],
  });
  assert.equal(problem("destroy.ask", { scope: "content", registers: [] }, model), "problem.registers");
  assert.equal(problem("destroy.ask", { scope: "identity", registers: [] }, model), "");
  const signed = { asked: "content", for_good: true };
  assert.deepEqual(ACTS.destroy.fields(signed, model), { ask: "destruction", scope: "content" });
  assert.equal(problem("destroy", { ...signed, for_good: false }, model), "need.for_good");
  assert.equal(problem("destroy", signed, { ...model, today: "2026-11-26" }), "problem.destroy_wait");
  assert.equal(problem("destroy", signed, { ...model, today: "2026-11-27" }), "");
  assert.equal(problem("withdraw.take", {}, model), "problem.withdraw_wait");
  assert.equal(problem("withdraw.take", {}, { ...model, today: "2026-11-24" }), "");
});

test("a note and a reply are sealed even when nothing is written: sizes say nothing", () => {
  const parts = ACTS.accept.parts({ note: "", reply: "" }, model);
  assert.deepEqual(
    parts.map(({ comp, type, body }) => [comp, type, body.length]),
    [
      ["work", "", 0],
      ["thread", "", 0],
    ],
  );
});

test("what the hazard register asks is sealed beside the act, and a later act begins with it", () => {
  const [plan] = ACTS.list.parts({ owner: "安全总监", measures: "", money: "12万元", plan: " " }, model);
  const said = new TextDecoder().decode(plan.body);
  assert.deepEqual(
    [plan.comp, JSON.parse(said)],
    ["work", { owner: "安全总监", measures: "", money: "12万元", plan: "" }],
  );
  assert.deepEqual(
    Object.keys(ACTS.list.fields({ level: "district", due: "2027-03-01", document: "7号", owner: "安全总监" })),
    ["level", "due", "document"],
  );
  const listed = {
    ...model,
    acts: [{ kind: "list", hash: "l" }],
    items: [opened("work", "list", said, "application/json", { post: "l" })],
  };
  assert.equal(startValues("list", listed, (key) => key).owner, "安全总监");
});

test("a sheet nobody wrote is an empty item", () => {
  const parts = ACTS.finding.parts({ ...values("finding"), outcome: "unverified" }, model);
  assert.deepEqual([parts[2].comp, parts[2].type, parts[2].body.length], ["work", "", 0]);
});

test("the second card of an extract leaves out what points at the reporter", () => {
  const told = { ...model, card: { ...model.card, relation: "employee", reward: "yes" } };
  const [card] = ACTS.extract.parts({ text: "t", enterprise: "某厂", place: "", line: "" }, told);
  const read = JSON.parse(new TextDecoder().decode(card.body));
  assert.equal(read.relation + read.reward, "");
  assert.equal(read.enterprise, "某厂");
});

test("where a paper came from stays with intake: the second card does not lead to it", () => {
  const told = { ...model, card: { ...model.card, arrived: "2026-11-02", paper: "收文12号" } };
  const [card] = ACTS.extract.parts({ text: "t", enterprise: "某厂", place: "", line: "" }, told);
  assert.doesNotMatch(new TextDecoder().decode(card.body), /arrived|paper|收文/);
  assert.equal(startValues("accept", told, (key) => key).received, "2026-11-02");
  assert.equal(
    startValues("accept", { ...told, card: { arrived: "2027-01-01" } }, (key) => key).received,
    "2026-11-23",
  );
  assert.equal(startValues("accept", { ...told, card: { arrived: "soon" } }, (key) => key).received, "2026-11-23");
});

test("a case that goes without being accepted is classed first, unless it stands so", () => {
  const values = { category: "violation", sector: "gas" };
  for (const kind of ["decline", "transfer"]) {
    assert.deepEqual(first(kind, values, { fold: { category: "", sector: "", acted: {} } }).fields, values);
    assert.equal(first(kind, values, { fold: { ...values, acted: {} } }), null);
  }
  assert.equal(first("accept", values, { fold: { category: "", sector: "", acted: {} } }), null);
});

test("an extract begins empty, and is signed only once what points at her was looked at", () => {
  const hers = {
    comp: "report",
    author: "reporter",
    kind: "report",
    document: "",
    text: "夜班的开料锯没有防护罩。",
    data: null,
  };
  const told = { ...model, items: [hers] };
  const blank = startValues("extract", told, (key) => key);
  assert.deepEqual([blank.text, blank.line], ["", ""]);
  const why = (said) => problem("extract", { ...blank, enterprise: "", place: "", ...said }, told);
  assert.equal(why({}), "need.text");
  assert.equal(why({ text: "夜班的开料锯,没有防护罩", looked: true }), "problem.extract_whole");
  assert.equal(why({ text: "看防护。", line: "开料锯没有防护罩" }), "problem.telltales");
  assert.equal(why({ text: "看防护。", line: "开料锯没有防护罩", looked: true }), "");
  assert.equal(why({ text: "看防护。", line: "日常检查" }), "");
});

test("what is not true carries no facts to pay on", () => {
  const parts = ACTS.finding.parts({ text: "查无", outcome: "unverified", facts: {} }, model);
  assert.equal(parts[1].body.length, 0);
});

test("an act says what is missing before it is signed", () => {
  assert.equal(problem("decline", { reason: "", reply: "", note: "" }, model), "need.reason");
  assert.equal(problem("assign", { seats: { verifier: [] } }, model), "need.seats");
  assert.equal(problem("pay", { voucher: "凭".repeat(22), treasury: "1", day: "2026-11-23" }, model), "problem.long");
  const classed = { category: "violation", sector: "gas" };
  assert.equal(problem("decline", { reason: "NA02", reply: "", note: "" }, model), "need.category");
  assert.equal(problem("decline", { reason: "NA02", reply: "", note: "", ...classed }, model), "");
});

test("a message goes into the compartment of the writer's role", () => {
  assert.equal(ACTS.message.fields({}, model).comp, "thread");
  assert.equal(ACTS.message.fields({}, aCase(["payout"])).comp, "payout");
});

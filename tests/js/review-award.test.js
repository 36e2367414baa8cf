// Who is paid and by whom: what the screens and papers of payout and finance say of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTS, problem } from "../../static/js/review/acts.js";
import { advised, confirmedOf, receiverFrom, receiverOf, receiverText } from "../../static/js/review/claims.js";
import { emptyFacts, factsFrom } from "../../static/js/review/money.js";
import { PAPERS, compose } from "../../static/js/review/papers/compose.js";
import { state } from "../../static/js/review/store.js";
import { aCase, context } from "./sample.js";

state.traces.whole = true; // earlier claims were compared

const paper = (id) => PAPERS.find((one) => one.id === id);
const text = (id, model) => JSON.stringify(compose(paper(id), context(model, paper(id)), false).blocks);
const paid = await aCase(["payout"]);

test("the receipt names both officers: who checked the code and who paid", () => {
  const at = paid.acts.findIndex(({ kind }) => kind === "pay");
  const check = { ...paid.acts[at], kind: "claim.check", fields: {}, day: "2026-11-24" };
  const pay = { ...paid.acts[at], author: "p2", person: "p2", day: "2026-11-25" };
  const said = text("receipt", { ...paid, acts: [...paid.acts.slice(0, at), check, pay] });
  assert.match(said, /经办人一（核对）.*奖励员 1　2026年11月24日.*经办人二（付款）.*审批人 1　2026年11月25日/);
});

const award = (changes) => ({ facts: { ...emptyFacts(), fine: "45000" }, pack: "", part: "whole", confirmed: "", ...changes });
const receiver = (changes) => ({ signatories: "1", recipient: "first", authority: "", declared: "claim", ...changes });
const asked = (changes) => problem("claim.check", { receiver: receiver(changes), agreed: true }, paid);
const item = (kind, index, text) => ({ id: `${kind}${index}`, comp: "award", index, kind, post: paid.acts.find((act) => act.kind === kind)?.hash ?? kind, meta: { name: "", type: "application/json" }, body: new TextEncoder().encode(text), text });

test("a proposal seals its facts and, beside them, which part was confirmed", async () => {
  const values = { award: award({ part: "partial", confirmed: "第一项\n第二项" }) };
  await ACTS["award.propose"].ready(values, paid);
  const [facts, confirmed] = ACTS["award.propose"].parts(values).map(({ body }) => new TextDecoder().decode(body));
  assert.match(facts, /^\{"salt":/);
  assert.equal(confirmed, '{"part":"partial","text":"第一项；第二项"}');
  assert.equal(problem("award.propose", { award: award({ part: "partial" }) }, paid), "problem.confirmed");
});

test("the facts to start from are a finding's or a proposal's, never who is paid", () => {
  const acts = [...paid.acts, { ...paid.acts[0], kind: "claim.check", hash: "claim.check" }];
  const whom = item("claim.check", 0, '{"signatories":3,"recipient":"first","authority":"","declared":"claim"}');
  const items = paid.items.map((one) => (one.comp === "award" ? { ...one, index: 0 } : one));
  const model = { ...paid, acts, items: [...items, item("award.propose", 1, '{"part":"partial","text":"第一项"}'), whom] };
  assert.equal(factsFrom(model).fine, "45000.00");
  assert.deepEqual(confirmedOf(model), { part: "partial", text: "第一项" });
  assert.equal(receiverOf(model).signatories, 3);
  assert.match(text("award_a", model), /部分查实，只奖励查实的部分/);
  assert.doesNotMatch(text("award_a", model), /第一项/);
  assert.match(text("receipt", model), /3人联名，由第一署名人领取。平均分配供参考：第一署名人7,500.00元，其余每人7,500.00元/);
});

test("the check begins with what the claim says and needs the declaration", () => {
  const claim = (said) => ({ ...paid, items: [{ comp: "payout", kind: "claim", text: JSON.stringify(said) }] });
  assert.deepEqual(receiverFrom(claim({ payee: "x", signatories: "3", declared: "yes" })), receiver({ signatories: "3" }));
  assert.deepEqual(receiverFrom(claim({ payee: "x", signatories: "-3" })), receiver({ declared: "" }));
  assert.equal(asked({}), "");
  assert.equal(asked({ declared: "" }), "problem.undeclared");
  assert.equal(asked({ declared: "counter" }), "");
});

test("another signatory receives only on a written authority, and shares are advice to the fen", () => {
  assert.equal(asked({ signatories: "3", recipient: "authorised" }), "problem.authority");
  assert.equal(asked({ signatories: "3", recipient: "authorised", authority: "委托书 2026-11-20" }), "");
  for (const signatories of ["0", "101", "1.5", "x", ""]) assert.equal(asked({ signatories }), "problem.signatories", signatories);
  assert.equal(receiverText(receiver({ recipient: "authorised", authority: "没有用" })), '{"signatories":1,"recipient":"first","authority":"","declared":"claim"}');
  assert.deepEqual(advised(500, "3"), { first: 168, each: 166, others: 2 });
  for (const people of ["1", "x", "1000"]) assert.equal(advised(500, people), null);
});

// Who is paid and by whom: what the screens and papers of payout and finance say of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTS, problem } from "../../static/js/review/case/acts.js";
import {
  advised,
  claimOf,
  claimsOf,
  confirmedOf,
  receiverFrom,
  receiverOf,
  receiverText,
} from "../../static/js/client/claims.js";
import { emptyFacts, factsFrom, preview, proposalFrom } from "../../static/js/review/money/award.js";
import { PAPERS, compose } from "../../static/js/review/papers/compose.js";
import { state } from "../../static/js/review/store.js";
import { rests } from "../../static/js/client/basis.js";
import { factsDocument, factsFromYuan } from "../../static/js/core/rulebook.js";
import { endOf } from "../../static/js/review/money/ended.js";
import { approvalFrom } from "../../static/js/review/money/basisview.js";
import { aCase, context, opened } from "./sample.js";

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

const award = (changes) => ({ ...proposalFrom(paid), facts: { ...emptyFacts(), fine: "45000" }, ...changes });
const receiver = (changes) => ({ signatories: "1", recipient: "first", authority: "", declared: "claim", ...changes });
const asked = (changes) => problem("claim.check", { receiver: receiver(changes), agreed: true }, paid);
const item = (kind, index, text) => ({
  id: `${kind}${index}`,
  comp: "award",
  index,
  kind,
  post: paid.acts.find((act) => act.kind === kind)?.hash ?? kind,
  meta: { name: "", type: "application/json" },
  body: new TextEncoder().encode(text),
  text,
});

test("a proposal seals its facts and, beside them, which part was confirmed", async () => {
  const values = { award: award({ part: "partial", confirmed: "第一项\n第二项" }) };
  await ACTS["award.propose"].ready(values, paid);
  const [facts, confirmed, basis] = ACTS["award.propose"]
    .parts(values)
    .map(({ body }) => new TextDecoder().decode(body));
  assert.match(facts, /^\{"salt":/);
  assert.equal(confirmed, '{"part":"partial","text":"第一项；第二项"}');
  assert.equal(basis, `{"finding":"${paid.fold.finding}","reason":""}`);
  assert.equal(problem("award.propose", { award: award({ part: "partial" }) }, paid), "problem.confirmed");
});

const wrong = (changes) => ({ ...emptyFacts(), fine: "450000", ...changes });

test("a proposal takes its facts over from the finding, whatever stands in the form", () => {
  assert.equal(Number(preview(award({ facts: wrong() }), paid).fen), 2250000);
  assert.equal(problem("award.propose", { award: award({ facts: wrong() }) }, paid), "");
});

test("what differs from the finding needs its reason, which is sealed beside it", async () => {
  const facts = wrong();
  assert.equal(problem("award.propose", { award: award({ differs: true, facts }) }, paid), "problem.basis");
  assert.equal(
    problem("award.propose", { award: award({ differs: true, facts, why: "字".repeat(201) }) }, paid),
    "problem.basis",
  );
  const values = { award: award({ differs: true, facts, why: "处罚决定\n更正" }) };
  assert.equal(problem("award.propose", values, paid), "");
  await ACTS["award.propose"].ready(values, paid);
  const basis = new TextDecoder().decode(ACTS["award.propose"].parts(values)[2].body);
  assert.equal(basis, `{"finding":"${paid.fold.finding}","reason":"处罚决定；更正"}`);
});

test("nothing is proposed or approved over what came in since the form was opened", () => {
  for (const kind of ["finding", "repin"]) {
    const came = { ...paid, acts: [...paid.acts, { ...paid.acts[1], kind, hash: kind }] };
    assert.equal(problem("award.propose", { award: award() }, came), "problem.look");
    assert.equal(problem("award.approve", { check: ticked }, came), "problem.look");
  }
  const again = { ...paid.acts.find(({ kind }) => kind === "award.propose"), hash: "again" };
  assert.equal(problem("award.approve", { check: ticked }, { ...paid, acts: [...paid.acts, again] }), "problem.look");
});

const ticked = { ...approvalFrom(paid), checked: paid.fold.proposal.hash };
const rested = (finding, reason, fine) => {
  const sealed = factsDocument(factsFromYuan(`{"kind":"violation","fine":"${fine}"}`), new Uint8Array(32));
  const basis = JSON.stringify({ finding, reason });
  const others = paid.items.filter(({ comp, kind }) => comp !== "award" || kind !== "award.propose");
  const bodies = [new TextDecoder().decode(sealed), '{"part":"whole","text":""}', basis];
  return { ...paid, items: [...others, ...bodies.map((body, at) => item("award.propose", at, body))] };
};

test("the leader signs a difference only when it names this finding and gives a reason", () => {
  const finding = paid.fold.finding;
  const standing = (model) => rests(model.acts, model.items, model.fold.proposal.hash);
  assert.deepEqual(standing(rested(finding, "", "45000.00")), {
    differs: [],
    reason: "",
    isBound: true,
    isExplained: true,
  });
  const differs = [{ name: "fine", found: "45,000.00", own: "450,000.00" }];
  assert.deepEqual(standing(rested(finding, "更正", "450000.00")), {
    differs,
    reason: "更正",
    isBound: true,
    isExplained: true,
  });
  for (const model of [rested(finding, "", "450000.00"), rested("A".repeat(43), "更正", "450000.00")]) {
    assert.equal(standing(model).isExplained, false);
    assert.equal(problem("award.approve", { check: ticked }, model), "problem.basis_missing");
  }
  assert.equal(problem("award.approve", { check: { ...ticked, checked: "" } }, paid), "need.check");
});

test("the approval form says what differs and why", () => {
  const differing = rested(paid.fold.finding, "处罚决定更正", "450000.00");
  assert.match(text("award_a", differing), /处罚金额：核查结论45,000\.00，奖励依据450,000\.00。理由：处罚决定更正/);
  assert.doesNotMatch(text("award_a", paid), /与核查结论不一致/);
});

test("the facts to start from are a finding's or a proposal's, never who is paid", () => {
  const acts = [...paid.acts, { ...paid.acts[0], kind: "claim.check", hash: "claim.check" }];
  const whom = item("claim.check", 0, '{"signatories":3,"recipient":"first","authority":"","declared":"claim"}');
  const items = paid.items.map((one) => (one.comp === "award" ? { ...one, index: 0 } : one));
  const model = {
    ...paid,
    acts,
    items: [...items, item("award.propose", 1, '{"part":"partial","text":"第一项"}'), whom],
  };
  assert.equal(factsFrom(model).fine, "45000.00");
  assert.deepEqual(confirmedOf(model), { part: "partial", text: "第一项" });
  assert.equal(receiverOf(model).signatories, 3);
  assert.match(text("award_a", model), /部分查实，只奖励查实的部分/);
  assert.doesNotMatch(text("award_a", model), /第一项/);
  assert.match(
    text("receipt", model),
    /3人联名，由第一署名人领取。平均分配供参考：第一署名人7,500.00元，其余每人7,500.00元/,
  );
});

test("the check begins with what the claim says and needs the declaration", () => {
  const claim = (said) => ({
    ...paid,
    items: [opened("payout", "claim", JSON.stringify(said), "application/json")],
  });
  assert.deepEqual(
    receiverFrom(claim({ payee: "x", signatories: "3", declared: "yes" })),
    receiver({ signatories: "3" }),
  );
  assert.deepEqual(receiverFrom(claim({ payee: "x", signatories: "0" })), receiver({ declared: "" }));
  assert.equal(asked({}), "");
  assert.equal(asked({ declared: "" }), "problem.undeclared");
  assert.equal(asked({ declared: "counter" }), "");
});

test("of several claims none is taken silently", () => {
  const claim = (post, passphrase) => ({
    ...opened("payout", "claim", JSON.stringify({ payee: post, code: "12345678", passphrase }), "application/json"),
    post,
  });
  const agreed = opened("payout", "report", '{"passphrase":"青山"}', "application/json");
  const [first, second] = ["A".repeat(43), "B".repeat(43)];
  const claims = [first, second].map((hash) => ({ ...paid.acts[0], kind: "claim", hash, author: "reporter" }));
  const model = { ...paid, acts: claims, items: [agreed, claim(first, "青山"), claim(second, "青天")] };
  const standing = (claim, by) =>
    problem("claim.check", { receiver: receiver({}), agreed: true, standing: { claim, by } }, model);
  assert.equal(standing("", ""), "problem.which_claim");
  assert.equal(standing(second, ""), "problem.which_claim");
  assert.equal(standing(second, "passphrase"), "problem.not_as_agreed");
  assert.equal(standing(second, "answer"), "problem.not_answered");
  assert.equal(standing(first, "passphrase"), "");
  const answer = { ...paid.acts[0], kind: "message", author: "reporter", fields: { comp: "payout" } };
  model.acts = [...claims, answer];
  assert.equal(standing(second, "answer"), "");
  model.acts = [answer, ...claims];
  assert.equal(standing(second, "answer"), "problem.not_answered");
});

test("what was claimed of an award that was cancelled counts for no other", () => {
  const [first, second] = ["A".repeat(43), "B".repeat(43)];
  const said = (post, payee) => ({
    ...opened("payout", "claim", JSON.stringify({ payee, code: "12345678" }), "application/json"),
    post,
  });
  const act = (kind, hash = kind) => ({ ...paid.acts[0], kind, hash });
  const model = { ...paid, items: [said(first, "甲"), said(second, "乙")] };
  model.acts = [act("award.notify"), act("claim", first), act("award.cancel"), act("award.notify")];
  assert.equal(claimOf(model).claim, null);
  model.acts = [...model.acts, act("claim", second)];
  assert.equal(claimOf(model).claim.payee, "乙");
  assert.equal(claimsOf(model).length, 1);
});

test("another signatory receives only on a written authority, and shares are advice to the fen", () => {
  assert.equal(asked({ signatories: "3", recipient: "authorised" }), "problem.authority");
  assert.equal(asked({ signatories: "3", recipient: "authorised", authority: "委托书 2026-11-20" }), "");
  for (const signatories of ["0", "101", "1.5", "x", ""])
    assert.equal(asked({ signatories }), "problem.signatories", signatories);
  assert.equal(
    receiverText(receiver({ recipient: "authorised", authority: "没有用" })),
    '{"signatories":1,"recipient":"first","authority":"","declared":"claim"}',
  );
  assert.deepEqual(advised(500, "3"), { first: 168, each: 166, others: 2 });
  for (const people of ["1", "x", "1000"]) assert.equal(advised(500, people), null);
});

test("an award is ended by what came last: refused after its approval was taken back, it is refused", () => {
  const acts = (...kinds) => ({ acts: kinds.map((kind, at) => ({ kind, hash: `h${at}` })) });
  const ended = (...kinds) => endOf(acts("finding", ...kinds))?.kind ?? "";
  assert.equal(ended("award.propose"), "");
  assert.equal(ended("award.propose", "award.return"), "award.return");
  assert.equal(ended("award.propose", "award.return", "award.propose"), "");
  assert.equal(ended("award.propose", "award.return", "award.refuse"), "award.refuse");
  assert.equal(ended("award.propose", "award.approve", "award.unapprove", "award.refuse"), "award.refuse");
});

test("a receipt bears the numbers of its payment as they hold now", () => {
  const amended = { no: 9, case: paid.number, year: 2026, voucher: "凭-9", treasury: "国库-9" };
  const printed = text("receipt", {
    ...paid,
    payments: [{ ...amended, case: "〔2026〕8号", voucher: "凭-8" }, amended],
  });
  assert.match(printed, /国库-9/);
  assert.match(printed, /凭-9/);
  assert.doesNotMatch(printed, /国库-7|凭-7|凭-8/);
});

// The rule packs of a case on the reviewers' screens: what is pinned, what was changed, what was edited since.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTS, problem } from "../../static/js/review/case/acts.js";
import { choices, emptyFacts, packsText, preview, recheck, proposalFrom } from "../../static/js/review/money/award.js";
import { PAPERS, compose } from "../../static/js/review/papers/compose.js";
import { state } from "../../static/js/review/store.js";
import { aCase, context } from "./sample.js";

state.traces.whole = true; // earlier claims were compared

const paid = await aCase(["leader", "payout", "auditor"]);
const [[ID, SHA]] = paid.fold.packs;
const OTHER = ["CN-NAT-2018", "N".repeat(43)];
const pinning = (packs) => ({ ...paid, fold: { ...paid.fold, packs } });
const facts = { ...emptyFacts(), fine: "45000" };

test("a change names what was pinned and what is now", () => {
  const fields = ACTS.repin.fields({ reason: "RP02", packs: [OTHER], note: "x" }, paid);
  assert.deepEqual(fields, { reason: "RP02", old: [[ID, SHA]], packs: [OTHER] });
  assert.equal(problem("repin", { reason: "RP02", packs: [OTHER], note: "" }, paid), "need.note");
  assert.equal(problem("repin", { reason: "RP02", packs: [[ID, SHA]], note: "x" }, paid), "problem.same_packs");
  assert.equal(problem("repin", { reason: "RP02", packs: [], note: "x" }, paid), "problem.same_packs");
  assert.equal(problem("repin", { reason: "RP02", packs: [OTHER], note: "x" }, paid), "");
});

test("a pack edited after it was pinned proposes nothing and says so", () => {
  const edited = pinning([[ID, "E".repeat(43)]]);
  const award = { ...proposalFrom(paid), facts, pack: ID };
  assert.equal(choices(edited)[0].edited, true);
  assert.equal(Number(preview(award, edited).fen), 2250000);
  assert.equal(problem("award.propose", { award }, edited), "problem.pack_edited");
  assert.equal(problem("award.propose", { award }, paid), "");
});

test("a proposal under a pack edited since cannot be approved", () => {
  const acts = paid.acts.map((act) =>
    act.kind === "award.propose" ? { ...act, fields: { ...act.fields, pack_hash: "E".repeat(43) } } : act,
  );
  const result = recheck({ ...paid, acts });
  assert.deepEqual([result.same, result.error], [false, "pack_edited"]);
});

test("the dossier shows old and new packs with their whole hashes, and only where they were changed", () => {
  const dossier = PAPERS.find(({ id }) => id === "dossier");
  const text = (model) => JSON.stringify(compose(dossier, context(model, dossier), false).blocks);
  assert.doesNotMatch(text(paid), /标准变更/);
  const act = { ...paid.acts[1], kind: "repin", fields: { reason: "RP02", old: [[ID, SHA]], packs: [OTHER] } };
  const changed = text({ ...paid, acts: [...paid.acts, act] });
  for (const said of ["标准变更", packsText([[ID, SHA]]), packsText([OTHER]), "收到日适用的标准已另行列入名册"])
    assert.ok(changed.includes(said), said);
});

// Who is paid and by whom: what the screens and papers of payout and finance say of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PAPERS, compose } from "../../static/js/review/papers/compose.js";
import { aCase, context } from "./sample.js";

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

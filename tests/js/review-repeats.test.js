// A payee or a matter paid before, compared in payout's browser over the claims it opens itself.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { problem } from "../../static/js/review/case/acts.js";
import { alike, traceOf } from "../../static/js/client/repeats.js";
import { isDue, lookBack, repeatsOf } from "../../static/js/review/money/repeats.js";
import { forget, state } from "../../static/js/review/store.js";
import { aCase, opened } from "./sample.js";

const sample = await aCase(["payout"]);
const items = sample.items.map((item) => (item.comp === "award" ? { ...item, index: 0 } : item));
const claim = (payee, note = "") =>
  opened("payout", "claim", JSON.stringify({ payee, code: "12345678", note, declared: "yes" }), "application/json");
const aModel = (
  id,
  { payee = "持码人", note = "", parent = "", state: now = "claimed", facts = true, ...fold } = {},
) => ({
  ...sample,
  id,
  number: `〔2026〕${id}号`,
  fold: { ...sample.fold, acted: {}, parent, state: now, ...fold },
  items: [claim(payee, note), ...(facts ? items.filter(({ comp }) => comp === "award") : [])],
});
const paid = (id, changes = {}) => aModel(id, { state: "paid", acted: { pay: ["fiona"] }, ...changes });
const why = (one, other) => alike(traceOf(one), traceOf(other));

beforeEach(forget);

test("a payee is alike whatever the width, the case and the spaces", () => {
  const other = paid("1", { payee: "ＡＢ 木匠", facts: false });
  assert.deepEqual(why(aModel("2", { payee: "ab木匠", facts: false }), other), ["payee"]);
  assert.deepEqual(why(aModel("2", { payee: "李四", facts: false }), other), []);
  assert.deepEqual(why(aModel("2", { payee: "", facts: false }), paid("1", { payee: "", facts: false })), []);
});

test("an account, a merge and the same facts are alike, and nothing unrewarded is", () => {
  const bare = { facts: false };
  assert.deepEqual(
    why(
      aModel("2", { ...bare, payee: "甲", note: "工行 6222 0000 1111" }),
      paid("1", { ...bare, payee: "乙", note: "6222-0000-1111" }),
    ),
    ["account"],
  );
  assert.deepEqual(why(aModel("2", { ...bare, payee: "甲", parent: "1" }), paid("1", { ...bare, payee: "乙" })), [
    "merged",
  ]);
  assert.deepEqual(why(aModel("1", { ...bare, payee: "甲" }), paid("2", { ...bare, payee: "乙", parent: "1" })), [
    "merged",
  ]);
  assert.deepEqual(
    why(aModel("3", { ...bare, payee: "甲", parent: "1" }), paid("2", { ...bare, payee: "乙", parent: "1" })),
    ["merged"],
  );
  assert.deepEqual(why(aModel("2", { payee: "甲" }), paid("1", { payee: "乙" })), ["matter"]);
  assert.deepEqual(why(aModel("2", { payee: "甲" }), paid("1", { payee: "乙", sector: "fire" })), []);
  assert.deepEqual(why(aModel("2", { payee: "甲" }), paid("1", { payee: "乙", received: "2026-05-01" })), []);
  assert.deepEqual(why(aModel("2"), aModel("1", { approved: 0, awarded: 0 })), []);
  assert.deepEqual(why(paid("1"), paid("1")), []);
});

/** A door that serves these cases by their state, two on a page. */
function serve(models, page = 2) {
  globalThis.fetch = async (path) => {
    const query = new URLSearchParams(path.split("?")[1]);
    const rows = models
      .filter(({ fold }) => fold.state === query.get("state"))
      .map((model) => ({ case: model.id, state: model.fold.state }));
    const from = Number(query.get("after") ?? 0);
    return {
      ok: true,
      json: async () => ({
        rows: rows.slice(from, from + page),
        next: from + page < rows.length ? String(from + page) : "",
      }),
    };
  };
}

const opening =
  (models, opened = []) =>
  async (id) => {
    opened.push(id);
    return models.find((model) => model.id === id) ?? Promise.reject(new Error("broken"));
  };

test("every earlier claim is opened once, and again when its case went on", async () => {
  const models = [
    paid("1"),
    paid("2", { payee: "甲" }),
    paid("3", { payee: "乙" }),
    aModel("4", { payee: "丙", state: "closed" }),
  ];
  const opened = [];
  serve(models);
  await lookBack({}, opening(models, opened));
  await lookBack({}, opening(models, opened));
  assert.deepEqual(opened, ["1", "2", "3", "4"]);
  models[0] = paid("1", { state: "clawback" });
  await lookBack({}, opening(models, opened));
  assert.deepEqual(opened.slice(4), ["1"]);
});

test("nothing is signed before all was compared, nor past a likeness nobody looked at", async () => {
  const mine = aModel("9");
  const asked = (repeats) =>
    problem(
      "claim.check",
      { agreed: true, receiver: { signatories: "1", recipient: "first", authority: "", declared: "claim" }, repeats },
      mine,
    );
  assert.equal(asked(true), "problem.comparing");
  const models = [paid("1"), mine];
  serve(models);
  await lookBack({}, opening(models));
  assert.deepEqual(
    repeatsOf(mine).found.map(({ number, why: reasons, paid: was }) => [number, reasons, was]),
    [["〔2026〕1号", ["payee", "matter"], true]],
  );
  assert.equal(repeatsOf(mine).count, 1);
  assert.equal(asked(false), "problem.repeats");
  assert.equal(asked(true), "");
});

test("a case that does not open is counted, and an answer that fails leaves the comparison undone", async () => {
  serve([paid("1")]);
  await lookBack({}, opening([]));
  assert.deepEqual([repeatsOf(aModel("9")).unread, repeatsOf(aModel("9")).whole], [1, true]);
  globalThis.fetch = async () => {
    throw new TypeError("gone");
  };
  await lookBack({}, opening([]));
  assert.deepEqual([repeatsOf(aModel("9")).error, repeatsOf(aModel("9")).whole], [true, false]);
});

test("only payout looks, and only before he proposes or checks; whoever unlocks next finds nothing", async () => {
  assert.equal(isDue(aModel("9")), true);
  assert.equal(isDue(paid("9")), false);
  assert.equal(isDue({ ...aModel("9"), roles: ["leader"] }), false);
  serve([paid("1")]);
  await lookBack({}, opening([paid("1")]));
  assert.equal(state.traces.rows.size, 1);
  forget();
  assert.equal(state.traces.rows.size, 0);
});

test("the comparison ends when the page is another office's or another person's", async () => {
  const opened = [];
  const models = [paid("1"), paid("2"), paid("3")];
  serve(models);
  const { traces } = state;
  await lookBack({}, async (id) => {
    opened.push(id);
    forget();
    return models.find((model) => model.id === id);
  });
  assert.deepEqual([opened, traces.whole, state.traces.rows.size], [["1"], false, 0]);
});

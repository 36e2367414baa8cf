// Whoever reads an extract is shown the same passages as whoever signed it, as far as he can find them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { marksIn } from "../../static/js/client/extracts.js";
import { ACTS } from "../../static/js/review/case/acts.js";

const item = (kind, comp, text, more = {}) => ({
  kind,
  comp,
  text,
  post: kind,
  author: "intake",
  document: "",
  data: {},
  ...more,
});
const card = (line) =>
  item("extract", "work", "", { document: "card", data: { line, enterprise: "锯板厂", place: "" } });

test("names and numbers that were signed over are shown to who opens the extract", () => {
  const items = [card("问13812345678"), item("extract", "work", "联系人王建国。")];
  const found = marksIn(items);
  assert.ok(found.some(({ why, said }) => why === "phone" && said === "13812345678"));
  assert.ok(found.some(({ why }) => why === "name"));
});

test("of her words those are found that the reader holds himself", () => {
  const hers = "那台开料锯每天都在用,请你们再去看看";
  const extract = item("extract", "work", `来信说${hers}`);
  assert.deepEqual(marksIn([extract]), []);
  const objection = item("objection", "thread", hers, { author: "reporter" });
  assert.deepEqual(
    marksIn([extract, objection]).map(({ why }) => why),
    ["copied"],
  );
});

test("only the newest extract counts, and without one there is nothing", () => {
  assert.deepEqual(marksIn([]), []);
  const older = item("extract", "work", "电话13812345678", { post: "older" });
  assert.deepEqual(marksIn([older, item("extract", "work", "看设备防护。")]), []);
});

test("they stand in the forms in which a leader agrees or decides", () => {
  for (const kind of ["decline.agree", "objection.decide"])
    assert.ok(ACTS[kind].inputs.some(({ type }) => type === "marks"));
  assert.deepEqual(ACTS["decline.agree"].fields({}, { fold: { declineAsk: "ask" } }), { ask: "ask" });
});

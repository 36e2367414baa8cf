// The browser finds the numbers that several payments bear as Python does, and asks before one more is signed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bearing, payments, shared } from "../../static/js/core/vouchers.js";
import { problem } from "../../static/js/review/case/acts.js";
import { mark } from "../../static/js/review/money/numbersview.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/vouchers.json", import.meta.url), "utf8"));
const paid = payments(vectors.rows);
const rows = (one) => one.payments.map(({ no }) => no);

test("a number under two payments is found as it holds now", () => {
  assert.deepEqual(
    shared(paid).map((one) => [one.name, one.number, rows(one)]),
    vectors.shared,
  );
});

test("what others bear is told before one more payment is signed", () => {
  for (const { voucher, treasury, borne } of vectors.asked)
    assert.deepEqual(
      bearing(paid, 2026, voucher, treasury).map((one) => [one.name, rows(one)]),
      borne,
    );
});

test("a payment whose number is used waits until that was looked at, and asks anew for another number", () => {
  const model = { payments: paid, today: "2026-11-27" };
  const values = { voucher: "凭-0001", treasury: "国库-11", day: "2026-11-27", numbers: "" };
  assert.equal(problem("pay", values, model), "problem.numbers");
  const numbers = mark(bearing(paid, 2026, values.voucher, values.treasury));
  assert.equal(problem("pay", { ...values, numbers }, model), "");
  assert.equal(problem("pay", { ...values, numbers, voucher: "凭-0003" }, model), "problem.numbers");
  assert.equal(problem("pay", { ...values, voucher: "凭-0009" }, model), "");
});

// The ledger page's own reckoning: which months can be locked.

import assert from "node:assert/strict";
import test from "node:test";

import { monthsBetween } from "../../static/js/review/days.js";
import { closable } from "../../static/js/review/money/finance.js";

const row = (/** @type {string} */ month) => ({ month });

test("months follow one another over the turn of the year", () => {
  assert.deepEqual(monthsBetween("2026-11", "2027-02"), ["2026-11", "2026-12", "2027-01", "2027-02"]);
  assert.deepEqual(monthsBetween("", "2027-01"), ["2026-12", "2027-01"]);
  assert.deepEqual(monthsBetween("2027-01", "2026-12"), []);
});

test("months that are over can be locked, from the first that moved money on", () => {
  assert.deepEqual(closable({ months: [row("2026-09"), row("2026-10")], locked: "" }, "2026-11-24"), [
    "2026-09",
    "2026-10",
  ]);
});

test("this month never, and none before the newest lock", () => {
  assert.deepEqual(closable({ months: [row("2026-09")], locked: "2026-09" }, "2026-11-24"), ["2026-10"]);
  assert.deepEqual(closable({ months: [row("2026-09")], locked: "2026-10" }, "2026-11-24"), []);
});

test("where every row is of this month the last one can be locked", () => {
  assert.deepEqual(closable({ months: [row("2026-11")], locked: "" }, "2026-11-24"), ["2026-10"]);
  assert.deepEqual(closable({ months: [], locked: "" }, "2027-01-02"), ["2026-12"]);
});

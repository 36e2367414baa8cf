// The ledger page's own reckoning: which months can be locked.

import assert from "node:assert/strict";
import test from "node:test";

import { monthsBetween } from "../../static/js/review/days.js";
import { closable } from "../../static/js/review/closable.js";

const row = (/** @type {string} */ day) => ({ day });

test("months follow one another over the turn of the year", () => {
  assert.deepEqual(monthsBetween("2026-11", "2027-02"), ["2026-11", "2026-12", "2027-01", "2027-02"]);
  assert.deepEqual(monthsBetween("", "2027-01"), ["2026-12", "2027-01"]);
  assert.deepEqual(monthsBetween("2027-01", "2026-12"), []);
});

test("months that are over can be locked, from the first row on", () => {
  assert.deepEqual(closable({ rows: [row("2026-10-12"), row("2026-09-30")], locked: "" }, "2026-11-24"), ["2026-09", "2026-10"]);
});

test("this month never, and none before the newest lock", () => {
  assert.deepEqual(closable({ rows: [row("2026-09-30")], locked: "2026-09" }, "2026-11-24"), ["2026-10"]);
  assert.deepEqual(closable({ rows: [row("2026-09-30")], locked: "2026-10" }, "2026-11-24"), []);
});

test("where every row is of this month the last one can be locked", () => {
  assert.deepEqual(closable({ rows: [row("2026-11-03")], locked: "" }, "2026-11-24"), ["2026-10"]);
  assert.deepEqual(closable({ rows: [], locked: "" }, "2027-01-02"), ["2026-12"]);
});

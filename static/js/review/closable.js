/** Which months finance may lock. */

import { monthsBetween } from "./days.js";

/** The months that can be closed: those that are over, after the newest closed one. @param {any} ledger @param {string} today */
export function closable(ledger, today) {
  const [last] = monthsBetween("", today.slice(0, 7));
  const first = ledger.rows.map((/** @type {any} */ row) => row.day.slice(0, 7)).sort()[0] ?? last;
  return monthsBetween(ledger.locked || (first < last ? first : last), last).filter((month) => month > ledger.locked);
}

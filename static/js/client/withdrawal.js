/** What a reporter has taken back, and what she still may: her report, or her name and telephone alone. The twin of
 * whistle/client/withdrawal.py. */

/** @typedef {"report" | "contact"} Scope */
/** `waits`: the scope of the withdrawal that waits, "" for none; it is taken from the day `takenFrom` on and may be undone
 * until it is. `taken`: the scope that the office has taken back. `may`: the scopes she may take back now.
 * @typedef {{waits: string, takenFrom: string, taken: string, may: Scope[]}} Withdrawal */
/** @typedef {Pick<import("../core/workflow.js").Workflow, "days">} Waiting */

/** @type {Scope[]} */
const SCOPES = ["report", "contact"];
const DAY = 86400000;

/** From the fold of her view and the kinds it takes from her now.
 * @param {import("../core/case.js").Case} folded @param {readonly string[]} may @returns {Withdrawal} */
export function withdrawalOf({ withdraws: waits, withdrawnOn, withdrawn: taken, workflow }, may) {
  return {
    waits,
    takenFrom: withdrawnOn && takenDay(withdrawnOn, workflow),
    taken,
    may: SCOPES.filter((scope) => may.includes("withdraw") && scope !== taken),
  };
}

/** The first day on which a withdrawal of this day is taken. @param {string} day @param {Waiting} workflow @returns {string} */
export function takenDay(day, { days }) {
  return new Date(Date.parse(day) + days["withdraw.take"] * DAY).toISOString().slice(0, 10);
}

/** What a post about a withdrawal says beside its fields: from which day on it is taken, or what the withdrawal that it
 * names was of. @param {import("../crypto/chain.js").Act} act @param {readonly import("../crypto/chain.js").Act[]} acts
 * @param {Waiting} workflow @returns {Record<string, string>} */
export function withdrawalFacts({ kind, day, fields }, acts, workflow) {
  if (kind === "withdraw") return { until: takenDay(day, workflow) };
  const named = acts.find((each) => each.kind === "withdraw" && each.hash === fields.withdraw);
  return named ? { scope: named.fields.scope } : {};
}

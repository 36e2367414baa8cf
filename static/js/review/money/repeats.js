/**
 * Earlier claims that this key opens, fetched and compared in payout's own browser. What is remembered lives as long as the
 * page; no index of payees exists anywhere else.
 */

import { getJson } from "../../client/wire.js";
import { STATES, alike, traceOf } from "../../client/repeats.js";
import { set, state } from "../store.js";

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Office} Office */
/** @typedef {import("../../client/answers.js").InboxRow} Row */
/** @typedef {import("../../client/view.js").View} View */
/** @typedef {import("../types.js").Traces} Traces */

/** States of a case in which payout is about to propose or to check. */
const BEFORE = ["verified", "reward_proposed", "claimed"];
const LARGE_PAGE = "200";

/** Earlier cases that look like this one, and whether all were looked at. @param {Model} model */
export function repeatsOf(model) {
  const { rows, whole, busy, error, unread } = state.traces;
  const mine = traceOf(model);
  const found = [...rows.values()]
    .map((other) => ({ ...other, why: alike(mine, other) }))
    .filter(({ why }) => why.length);
  return { found, count: rows.size - (rows.has(model.id) ? 1 : 0), whole, busy, error, unread };
}

/** Whether this case is one whose repetition payout has to look for now. @param {Model} model */
export const isDue = (model) => model.roles.includes("payout") && BEFORE.includes(model.fold.state);

/** Open every earlier case that may have been paid, once in a session and again when its state has changed.
 * @param {Office} office @param {(id: string) => Promise<View>} [open] */
export async function lookBack(office, open = (id) => office.openCase(id)) {
  const { traces } = state;
  if (traces.busy) return;
  set({ busy: true, error: false, unread: 0 }, traces);
  try {
    for (const each of STATES) await lookThrough(each, traces, open);
    set({ whole: isKept(traces) }, traces);
  } catch {
    set({ error: true, whole: false }, traces);
  }
  set({ busy: false }, traces);
}

/** It is this page's still: nobody else has unlocked it, nor is it of another office. @param {Traces} traces */
const isKept = (traces) => state.traces === traces;

/** @param {string} which @param {Traces} traces @param {(id: string) => Promise<View>} open */
async function lookThrough(which, traces, open) {
  let after = "";
  while (isKept(traces)) {
    const page = await getJson(
      `/api/inbox?${new URLSearchParams({ state: which, limit: LARGE_PAGE, ...(after ? { after } : {}) })}`,
    );
    for (const row of page.rows) {
      if (!isKept(traces)) return;
      if (traces.rows.get(row.case)?.state !== row.state) await remember(row, traces, open);
    }
    after = page.next;
    if (!after) return;
  }
}

/** A case that does not open is counted and said: nobody is told that all was compared when it was not. */
async function remember(
  /** @type {Row} */ row,
  /** @type {Traces} */ traces,
  /** @type {(id: string) => Promise<View>} */ open,
) {
  try {
    const model = await open(row.case);
    traces.rows.set(row.case, { ...traceOf(model), state: row.state });
  } catch (error) {
    if (
      /** @type {{code?: string}} */ (error).code === "offline" ||
      /** @type {{code?: string}} */ (error).code === "not_signed_in"
    )
      throw error;
    traces.unread += 1;
  }
  set({});
}

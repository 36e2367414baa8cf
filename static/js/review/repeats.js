/**
 * A payee or a matter paid before, noticed by payout's own browser: earlier claims this key opens are opened here and
 * compared here. What is remembered lives as long as the page; no index of payees exists anywhere else.
 */

import { getJson } from "../client/door.js";
import { claimOf } from "./claims.js";
import { factsFound } from "./money.js";
import { set, state } from "./store.js";

/** States in which money was promised or went out; a closed case may be either. */
const STATES = ["reward_approved", "notified", "claimed", "paid", "clawback", "closed"];
/** States of a case in which payout is about to propose or to check. */
const BEFORE = ["verified", "reward_proposed", "claimed"];
const LARGE_PAGE = "200";

/** The same fine is no likeness between matters far apart. */
const NEAR_DAYS = 180;

/** @typedef {{id: string, number: string, state: string, received: string, payee: string, accounts: string[], parent: string, matter: string, awarded: boolean, paid: boolean}} Trace */

/** Spelled alike whatever the width, the case and the spaces. @param {unknown} text */
const plain = (text) => String(text ?? "").normalize("NFKC").toLowerCase().replace(/[\s\-·.,，。]/g, "");

/** What of an opened case can show that it was paid before. @param {any} model @returns {Trace} */
export function traceOf(model) {
  const claim = claimOf(model).claim ?? {};
  const { fold } = model;
  const accounts = plain(`${claim.payee ?? ""}/${claim.note ?? ""}`).match(/\d{8,}/g) ?? [];
  return { id: model.id, number: model.number, state: fold.state, received: fold.received, payee: plain(claim.payee), accounts: [...accounts], parent: fold.parent, matter: matterOf(model), awarded: fold.awarded > 0 || fold.approved > 0, paid: "pay" in fold.acted };
}

/** The facts a sum rests on, where they could single a matter out. @param {any} model */
function matterOf(model) {
  const facts = factsFound(model);
  if (!facts || !(facts.fine || facts.deaths_concealed)) return "";
  return JSON.stringify([facts.kind, facts.fine, facts.deaths, facts.deaths_concealed, facts.annex_item, model.fold.sector]);
}

/** Why two cases look like one, as word keys; the surest first. @param {Trace} one @param {Trace} other @returns {string[]} */
export function alike(one, other) {
  if (one.id === other.id || !other.awarded) return [];
  const found = [];
  if (one.parent === other.id || other.parent === one.id || (one.parent !== "" && one.parent === other.parent)) found.push("merged");
  if (one.accounts.some((account) => other.accounts.includes(account))) found.push("account");
  if (one.payee && one.payee === other.payee) found.push("payee");
  if (one.matter && one.matter === other.matter && isNear(one.received, other.received)) found.push("matter");
  return found;
}

const isNear = (/** @type {string} */ one, /** @type {string} */ other) => Math.abs(Date.parse(one) - Date.parse(other)) <= NEAR_DAYS * 86_400_000;

/** Earlier cases that look like this one, and whether all were looked at. @param {any} model */
export function repeatsOf(model) {
  const { rows, whole, busy, error, unread } = state.traces;
  const mine = traceOf(model);
  const found = [...rows.values()].map((/** @type {Trace} */ other) => ({ ...other, why: alike(mine, other) })).filter(({ why }) => why.length);
  return { found, count: rows.size - (rows.has(model.id) ? 1 : 0), whole, busy, error, unread };
}

/** Whether this case is one whose repetition payout has to look for now. @param {any} model */
export const isDue = (model) => model.roles.includes("payout") && BEFORE.includes(model.fold.state);

/** Open every earlier case that may have been paid, once in a session and again when its state has changed.
 * @param {any} office @param {(id: string) => Promise<any>} [open] */
export async function lookBack(office, open = (id) => office.openCase(id)) {
  const { traces } = state;
  if (traces.busy) return;
  set({ busy: true, error: false, unread: 0 }, traces);
  try {
    for (const each of STATES) await lookThrough(each, traces, open);
    set({ whole: true }, traces);
  } catch {
    set({ error: true, whole: false }, traces);
  }
  set({ busy: false }, traces);
}

/** @param {string} which @param {any} traces @param {(id: string) => Promise<any>} open */
async function lookThrough(which, traces, open) {
  let after = "";
  do {
    const page = await getJson(`/api/inbox?${new URLSearchParams({ state: which, limit: LARGE_PAGE, ...(after ? { after } : {}) })}`);
    for (const row of page.rows) if (traces.rows.get(row.case)?.state !== row.state) await remember(row, traces, open);
    after = page.next;
  } while (after);
}

/** A case that does not open is counted and said: nobody is told that all was compared when it was not. */
async function remember(/** @type {any} */ row, /** @type {any} */ traces, /** @type {(id: string) => Promise<any>} */ open) {
  try {
    const model = await open(row.case);
    traces.rows.set(row.case, { ...traceOf(model), state: row.state });
  } catch (error) {
    if (/** @type {any} */ (error).code === "offline" || /** @type {any} */ (error).code === "not_signed_in") throw error;
    traces.unread += 1;
  }
  set({});
}

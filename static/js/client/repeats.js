/** A payee or a matter paid before, noticed over the cases that payout's key opens. The twin of whistle/client/repeats.py. */

import { claimOf, claimsOf } from "./claims.js";
import { factsOf } from "./registers.js";

/** @typedef {import("./view.js").View} View */

/** States in which money was promised or went out; a closed case may be either. */
export const STATES = ["reward_approved", "notified", "claimed", "paid", "clawback", "closed"];
/** The same fine is no likeness between matters far apart. */
const NEAR_DAYS = 180;

/** @typedef {{id: string, number: string, state: string, received: string, payee: string, accounts: string[], parent: string, matter: string, awarded: boolean, paid: boolean}} Trace */

/** Spelled alike whatever the width, the case and the spaces. @param {unknown} text */
const plain = (text) =>
  String(text ?? "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\-·.,\uff0c\u3002]/g, "");

/** What of an opened case can show that it was paid before. @param {View} model @returns {Trace} */
export function traceOf(model) {
  const claim = claimOf(model).claim ?? {};
  const { fold } = model;
  // Of every claim: which of several counts is not known before the check.
  const said = claimsOf(model).map(({ data }) => plain(`${data.payee ?? ""}/${data.note ?? ""}`));
  const accounts = said.flatMap((text) => text.match(/\d{8,}/g) ?? []);
  return {
    id: model.id,
    number: model.number,
    state: fold.state,
    received: fold.received,
    payee: plain(claim.payee),
    accounts: [...accounts],
    parent: fold.parent,
    matter: matterOf(model),
    awarded: fold.awarded > 0 || fold.approved > 0,
    paid: "pay" in fold.acted,
  };
}

/** The facts a sum rests on, where they could single a matter out. @param {View} model */
function matterOf(model) {
  const facts = factsOf(model);
  if (!facts || !(facts.fine || facts.deaths_concealed)) return "";
  return JSON.stringify([
    facts.kind,
    facts.fine,
    facts.deaths,
    facts.deaths_concealed,
    facts.annex_item,
    model.fold.sector,
  ]);
}

/** Why two cases look like one, as word keys; the surest first. @param {Trace} one @param {Trace} other @returns {string[]} */
export function alike(one, other) {
  if (one.id === other.id || !other.awarded) return [];
  const found = [];
  if (one.parent === other.id || other.parent === one.id || (one.parent !== "" && one.parent === other.parent))
    found.push("merged");
  if (one.accounts.some((account) => other.accounts.includes(account))) found.push("account");
  if (one.payee && one.payee === other.payee) found.push("payee");
  if (one.matter && one.matter === other.matter && isNear(one.received, other.received)) found.push("matter");
  return found;
}

const isNear = (/** @type {string} */ one, /** @type {string} */ other) =>
  Math.abs(Date.parse(one) - Date.parse(other)) <= NEAR_DAYS * 86_400_000;

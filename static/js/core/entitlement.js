// Who is paid, and for what, beside the sum; the twin of whistle/core/entitlement.py.

import { refuse } from "./errors.js";
import { dump, isPlain, load } from "./strictjson.js";

/** The hash of the finding that a proposal's facts were taken over from, and why they differ from it.
 * @typedef {{finding: string, reason: string}} Basis
 *
 * What an award is for: all that was reported, or only the part that was found true, in words.
 * @typedef {{part: string, text: string}} Confirmed
 *
 * Who is paid: of how many `signatories` the first, or another whom the first has authorised in writing, by the number
 * and day of that paper. `declared`: where he said that nothing excludes him, in the claim or before the officer.
 * @typedef {{signatories: number, recipient: string, authority: string, declared: string}} Receiver
 */

export const PARTS = ["whole", "partial"];
export const RECIPIENTS = ["first", "authorised"];
export const DECLARED = ["claim", "counter"];
export const MAX_SIGNATORIES = 100;
const TEXT = 600;
const DOCUMENT = 200;
const HASH = /^[A-Za-z0-9_-]{43}$/;

/** @param {Confirmed} confirmed @returns {Confirmed} */
export function checkConfirmed({ part, text }) {
  checkText(text, TEXT, "confirmed_text");
  if (!PARTS.includes(part)) return refuse("part_unknown");
  if ((part === "partial") !== (text !== "")) return refuse("confirmed_text");
  return { part, text };
}

/** @param {Basis} basis @returns {Basis} */
export function checkBasis({ finding, reason }) {
  checkText(reason, TEXT, "basis_reason");
  if (typeof finding !== "string" || !HASH.test(finding)) return refuse("basis_finding");
  return { finding, reason };
}

/** @param {Receiver} receiver @returns {Receiver} */
export function checkReceiver({ signatories, recipient, authority, declared }) {
  checkText(authority, DOCUMENT, "authority");
  if (!Number.isSafeInteger(signatories) || signatories < 1 || signatories > MAX_SIGNATORIES)
    return refuse("signatories_range");
  if (!RECIPIENTS.includes(recipient)) return refuse("recipient_unknown");
  if (recipient === "authorised" && signatories === 1) return refuse("recipient_alone");
  if ((recipient === "authorised") !== (authority !== "")) return refuse("authority");
  if (!DECLARED.includes(declared)) return refuse("undeclared");
  return { signatories, recipient, authority, declared };
}

/** @param {unknown} text @param {number} size @param {string} code */
function checkText(text, size, code) {
  if (typeof text !== "string" || !isPlain(text, size)) refuse(code);
}

/** The body of the second `award` item of a proposal. @param {Confirmed} confirmed */
export const confirmedDocument = (confirmed) => dump(checkConfirmed(confirmed));

/** The body of the third `award` item of a proposal. @param {Basis} basis */
export const basisDocument = (basis) => dump(checkBasis(basis));

/** The body of the `award` item of a claim's check. @param {Receiver} receiver */
export const receiverDocument = (receiver) => dump(checkReceiver(receiver));

/** @param {Uint8Array} data @returns {Confirmed} */
export const parseConfirmed = (data) => checkConfirmed(parsed(["part", "text"], data));

/** @param {Uint8Array} data @returns {Basis} */
export const parseBasis = (data) => checkBasis(parsed(["finding", "reason"], data));

/** @param {Uint8Array} data @returns {Receiver} */
export const parseReceiver = (data) =>
  checkReceiver(parsed(["signatories", "recipient", "authority", "declared"], data));

/** The one spelling, the names in their order. @param {string[]} names @param {Uint8Array} data */
function parsed(names, data) {
  const value = read(data);
  if (value === null || typeof value !== "object" || JSON.stringify(Object.keys(value)) !== JSON.stringify(names))
    return refuse("entitlement_json");
  return value;
}

/** @param {Uint8Array} data */
function read(data) {
  try {
    return load(data);
  } catch {
    return refuse("entitlement_json");
  }
}

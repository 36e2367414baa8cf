/** What the reporter sealed for payout with her claim, and what payout seals of who is paid and for what. Pure. */

import { checkConfirmed, checkReceiver, confirmedDocument, parseConfirmed, parseReceiver, receiverDocument } from "../core/entitlement.js";
import { shares } from "../core/rulebook.js";
import { readJson } from "./text.js";

const DECLARED = "yes";
const decoder = new TextDecoder();

/** What the reporter sealed for payout: at filing and with the claim. @param {any} model */
export function claimOf(model) {
  const items = model.items.filter((/** @type {any} */ item) => item.comp === "payout");
  const filing = items.find((/** @type {any} */ item) => item.kind === "report");
  const claim = items.filter((/** @type {any} */ item) => item.kind === "claim").at(-1);
  return { agreed: readJson(filing?.text ?? "")?.passphrase ?? "", claim: readJson(claim?.text ?? "") };
}

/** @param {any} claim what she sealed, or null */
export const hasDeclared = (claim) => claim?.declared === DECLARED;

/** The receiver as the form of the check begins: what the claim itself says. @param {any} model */
export function receiverFrom(model) {
  const { claim } = claimOf(model);
  const joint = Number(claim?.signatories);
  return { signatories: Number.isSafeInteger(joint) && joint > 1 ? String(joint) : "1", recipient: "first", authority: "", declared: hasDeclared(claim) ? "claim" : "" };
}

/** As typed; what a single signatory has no use for is left out. @param {any} form @returns {import("../core/entitlement.js").Receiver} */
function typedReceiver(form) {
  const signatories = Number(form.signatories);
  const recipient = signatories > 1 ? form.recipient : "first";
  return { signatories, recipient, authority: recipient === "authorised" ? form.authority.trim() : "", declared: form.declared };
}

/** @param {any} form @returns {import("../core/entitlement.js").Confirmed} */
const typedConfirmed = ({ part, confirmed }) => ({ part, text: part === "partial" ? confirmed.trim().replace(/\s*\n\s*/g, "；") : "" });

/** The rule a form breaks, "" when it may be signed. @param {() => unknown} check */
function broken(check) {
  try {
    check();
    return "";
  } catch (error) {
    return /** @type {any} */ (error).code ?? "entitlement_json";
  }
}

export const receiverFault = (/** @type {any} */ form) => broken(() => checkReceiver(typedReceiver(form)));
export const confirmedFault = (/** @type {any} */ form) => broken(() => checkConfirmed(typedConfirmed(form)));

/** @param {any} form @returns {string} */
export const receiverText = (form) => decoder.decode(receiverDocument(typedReceiver(form)));
/** @param {any} form @returns {string} */
export const confirmedText = (form) => decoder.decode(confirmedDocument(typedConfirmed(form)));

/** Who is paid, as the newest check says; null before it, or when this key does not open it. @param {any} model */
export const receiverOf = (model) => sealed(model, "claim.check", 0, parseReceiver);

/** What the newest proposal pays for; null for one that does not say. @param {any} model */
export const confirmedOf = (model) => sealed(model, "award.propose", 1, parseConfirmed);

/** @template T @param {any} model @param {string} kind @param {number} at @param {(body: Uint8Array) => T} parse @returns {T | null} */
function sealed(model, kind, at, parse) {
  const post = model.acts.filter((/** @type {any} */ act) => act.kind === kind).at(-1)?.hash;
  const item = model.items.filter((/** @type {any} */ one) => one.post === post && one.comp === "award")[at];
  try {
    return item ? parse(item.body) : null;
  } catch {
    return null; // an author may have sealed anything
  }
}

/** Equal shares as advice: the first signatory's and each other's. @param {number} fen @param {string | number} people */
export function advised(fen, people) {
  const count = Number(people);
  if (!Number.isSafeInteger(count) || count < 2 || count > 100) return null;
  const [first, each] = shares(fen, count);
  return { first, each, others: count - 1 };
}

/** What the reporter sealed for payout with her claim, and what payout seals of who is paid and for what. The twin of
 * whistle/client/claims.py. */

import {
  checkConfirmed,
  checkReceiver,
  confirmedDocument,
  parseConfirmed,
  parseReceiver,
  receiverDocument,
} from "../core/entitlement.js";
import { shares } from "../core/rulebook.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("../crypto/chain.js").Act} Act */
/** A claim as she sealed it: strings by name, the older ones without the last two.
 * @typedef {{payee: string, code: string, passphrase: string, note: string, signatories?: string, declared?: string}} Claim */
/** Which of several claims is hers, and by what that is known. @typedef {{claim: string, by: string}} Standing */
/** What a proposal pays for and who is paid, as they are typed. @typedef {{part: string, confirmed: string}} ConfirmedForm */
/** @typedef {{signatories: string, recipient: string, authority: string, declared: string, document?: string}} ReceiverForm */

const DECLARED = "yes";
const decoder = new TextDecoder();

/** By what payout knows which of several claims is the reporter's: the passphrase agreed when she reported, or her
 * answer in the talk with payout after the newest of them. */
export const KNOWN_BY = ["passphrase", "answer"];

/** Every claim of the award that was told last and that opens, with the hash of its post, in order. @param {View} model @returns {{post: string, data: Claim}[]} */
export const claimsOf = (model) => documentsIn(model, toldLast(model.acts), "claim");

/** From the newest notice on: what was claimed of an award that was cancelled counts for no other. @param {Act[]} acts */
const toldLast = (acts) => acts.slice(Math.max(0, acts.map(({ kind }) => kind).lastIndexOf("award.notify")));

/** @template {Record<string, string | undefined>} T @param {View} model @param {Act[]} acts @param {string} document
 * @returns {{post: string, data: T}[]} */
function documentsIn({ items }, acts, document) {
  const posts = new Set(acts.map(({ hash }) => hash));
  return items.filter((item) => item.document === document && posts.has(item.post));
}

/** What the reporter sealed for payout: at filing, and with the claim that the newest check names, or else the newest.
 * `acts` are those of one award where the case had several. @param {View} model @param {Act[]} [acts] */
export function claimOf(model, acts = toldLast(model.acts)) {
  /** @type {{post: string, data: Claim}[]} */
  const claims = documentsIn(model, acts, "claim");
  /** @type {{post: string, data: Standing}[]} */
  const standings = documentsIn(model, acts, "standing");
  const named = standings[standings.length - 1];
  const chosen = isChecked(acts) && claims.find(({ post }) => post === named?.data.claim);
  return { agreed: agreedIn(model), claim: (chosen || claims[claims.length - 1])?.data ?? null };
}

/** What sets a check, and what sets it aside. @type {Record<string, boolean>} */
const CHECKING = { claim: false, "claim.check": true, "award.cancel": false, pay: true };

/** Whether a check stands: a claim that comes later sets it aside, a cancelled award has none, a paid one has it. @param {Act[]} acts @returns {boolean} */
export const isChecked = (acts) => acts.reduce((stands, { kind }) => CHECKING[kind] ?? stands, false);

/** The passphrase agreed when she reported, "" when none was. @param {View} model @returns {string} */
const agreedIn = ({ items }) => items.find(({ document }) => document === "passphrase")?.data.passphrase ?? "";

/** Why a check may not be signed, "" if it may: of several claims none is taken silently.
 * @param {View} model @param {Standing} standing */
export function standingFault(model, standing) {
  const claims = claimsOf(model);
  if (claims.length < 2) return "";
  const { claim, by } = standing;
  const found = claims.find(({ post }) => post === claim);
  if (!found || !KNOWN_BY.includes(by)) return "which_claim";
  const agreed = agreedIn(model);
  const known = by === "passphrase" ? agreed !== "" && found.data.passphrase === agreed : hasAnswered(model);
  return known ? "" : by;
}

/** She wrote to payout after the newest claim. @param {View} model */
function hasAnswered({ acts }) {
  const last = acts.map(({ kind }) => kind).lastIndexOf("claim");
  return acts
    .slice(last)
    .some((act) => act.kind === "message" && act.author === "reporter" && act.fields.comp === "payout");
}

/** @param {Claim | null} claim what she sealed, or null */
export const hasDeclared = (claim) => claim?.declared === DECLARED;

/** The receiver as the form of the check begins: what the claim itself says. @param {View} model */
export function receiverFrom(model) {
  const { claim } = claimOf(model);
  const joint = Number(claim?.signatories);
  return {
    signatories: Number.isSafeInteger(joint) && joint > 1 ? String(joint) : "1",
    recipient: "first",
    authority: "",
    declared: hasDeclared(claim) ? "claim" : "",
  };
}

/** As typed; what a single signatory has no use for is left out. @param {ReceiverForm} form @returns {import("../core/entitlement.js").Receiver} */
function typedReceiver(form) {
  const signatories = Number(form.signatories);
  const recipient = signatories > 1 ? form.recipient : "first";
  return {
    signatories,
    recipient,
    authority: recipient === "authorised" ? form.authority.trim() : "",
    declared: form.declared,
  };
}

/** Several typed lines as one, as sealed documents take them. @param {string} text */
export const oneLine = (text) => text.trim().replace(/\s*\n\s*/g, "\uff1b");

/** @param {ConfirmedForm} form @returns {import("../core/entitlement.js").Confirmed} */
const typedConfirmed = ({ part, confirmed }) => ({
  part,
  text: part === "partial" ? oneLine(confirmed) : "",
});

/** The rule a form breaks, "" when it may be signed. @param {() => unknown} check */
function broken(check) {
  try {
    check();
    return "";
  } catch (error) {
    return /** @type {{code?: string}} */ (error).code ?? "entitlement_json";
  }
}

export const receiverFault = (/** @type {ReceiverForm} */ form) => broken(() => checkReceiver(typedReceiver(form)));
export const confirmedFault = (/** @type {ConfirmedForm} */ form) => broken(() => checkConfirmed(typedConfirmed(form)));

/** @param {ReceiverForm} form @returns {string} */
export const receiverText = (form) => decoder.decode(receiverDocument(typedReceiver(form)));
/** @param {ConfirmedForm} form @returns {string} */
export const confirmedText = (form) => decoder.decode(confirmedDocument(typedConfirmed(form)));

/** Who is paid, as the newest check says; null before it, or when this key does not open it. @param {View} model */
export const receiverOf = (model) => sealed(model, "claim.check", 0, parseReceiver);

/** What the newest proposal pays for; null for one that does not say. @param {View} model */
export const confirmedOf = (model) => sealed(model, "award.propose", 1, parseConfirmed);

/** @template T @param {View} model @param {string} kind @param {number} at @param {(body: Uint8Array) => T} parse @returns {T | null} */
function sealed(model, kind, at, parse) {
  const post = model.acts.filter((act) => act.kind === kind).slice(-1)[0]?.hash;
  const item = model.items.filter((one) => one.post === post && one.comp === "award")[at];
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

// The ticket: 25 digits are all a reporter keeps. Everything of hers is derived from them (envelope.md, TICKET).

import { SUITE, TAG, b64, concat, hmac, lp, random, tagged, unb64, utf8 } from "./encoding.js";
import { orRefuse, refuse } from "./errors.js";
import { caseId, keyPair } from "./keys.js";
import { groups, packed, stretches } from "./typed.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/**
 * @typedef {object} Ticket
 * @property {import("./keys.js").KeyPair} keys
 * @property {Bytes} case
 * @property {Bytes} access
 * @property {Bytes} accessHash
 * @property {string} authorization the header's value
 */

const ITERATIONS = 600000;
const LENGTH = 25;
// Longer than any dictation of 25 digits; what is longer is no code box's text.
const LONGEST_TYPED = 1000;
// H. M. Damm's quasigroup of order 10: finds every single wrong digit and every swap of neighbours.
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
]; // prettier-ignore

/** The check digit of these digits; 0 when they already end in it. @param {string} digits */
export function damm(digits) {
  let state = 0;
  for (const digit of digits) state = Number(DAMM[state][Number(digit)]);
  return state;
}

/** 24 random digits and their check digit. */
export function newTicket() {
  let digits = "";
  while (digits.length < 24) {
    const [byte] = random(1);
    if (byte < 250) digits += String(byte % 10); // 250…255 would make some digits likelier
  }
  return digits + damm(digits);
}

/**
 * The 25 digits of what was typed, or EnvelopeError: "ticket_digits" (not 25), "ticket_check" (a slip of the finger).
 * @param {string} typed
 */
export function normalise(typed) {
  const digits = packed(typed);
  if (!/^[0-9]{25}$/.test(digits)) refuse("ticket_digits");
  return damm(digits) === 0 ? digits : refuse("ticket_check");
}

/**
 * The 25 digits wherever they stand in what was typed, pasted or dictated; EnvelopeError as `normalise`.
 * Of several runs of 25 the check digit says which; where it does not, nothing is guessed.
 * @param {string} text
 */
export function find(text) {
  const all = [...new Set(stretches(groups(within(text)), LENGTH))];
  const found = all.length > 1 ? all.filter((run) => damm(run) === 0) : all;
  return normalise(found.length === 1 ? found[0] : "");
}

/** @param {string} text */
const within = (text) => [...text].slice(0, LONGEST_TYPED).join("");

/** How many digits there are in what was typed, for the sentence that says it. @param {string} text */
export function counted(text) {
  return groups(within(text)).join("").length;
}

/** Five groups of five. @param {string} digits */
export function show(digits) {
  return (digits.match(/.{1,5}/g) ?? []).join(" ");
}

/** @param {Bytes} zone @param {string} digits @returns {Promise<Bytes>} */
async function masterKey(zone, digits) {
  const password = await crypto.subtle.importKey("raw", utf8(digits.slice(0, 24)), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: lp("ticket v1", zone), iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, password, 256));
}

/** Keys, case id and access of a ticket in this zone. Slow on purpose. @param {Bytes} zone @param {string} digits 25 digits @returns {Promise<Ticket>} */
export function openTicket(zone, digits) {
  return orRefuse("bad_key", async () => {
    const master = await masterKey(zone, normalise(digits));
    /** @param {string} label */
    const out = (label) => hmac(master, concat(lp("ticket out v1", SUITE, label), [1]));
    const [access, kemSeed, sigSeed] = await Promise.all([out("access"), out("kem seed"), out("sig seed")]);
    const keys = await keyPair(kemSeed, sigSeed);
    const id = await caseId(zone, keys.kem, keys.sig);
    const authorization = `Ticket ${b64(concat(id, access))}`;
    return { keys, case: id, access, accessHash: await tagged(TAG.ACCESS, access), authorization };
  });
}

/** @param {string} header @returns {{case: Bytes, access: Bytes}} */
export function parseAuthorization(header) {
  if (!header.startsWith("Ticket ")) refuse("malformed");
  const both = unb64(header.slice("Ticket ".length), 64);
  return { case: both.slice(0, 32), access: both.slice(32) };
}

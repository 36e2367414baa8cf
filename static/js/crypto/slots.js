// Key slots: a reviewer's seed under a passphrase, a passkey or a file on a stick (envelope.md, KEY SLOT).
// Clients refuse weaker parameters: a hostile server would hand out a slot that is cheap to guess.

import { SUITE, b64, concat, hmac, lp, random, sameBytes, unb64, utf8 } from "./encoding.js";
import { orRefuse, refuse } from "./errors.js";
import { reviewerId, reviewerKeys } from "./keys.js";
import { bytes, dump, integer, oneOf, orEmpty, parse, record, schema, string } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

const ITERATIONS = 2000000;
const MOST_ITERATIONS = 20000000; // above it a slot only freezes the page
// 20 of 31 letters and digits that cannot be mistaken for each other: 99 bits.
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** @type {import("./strict.js").Check<string>} as long as WebAuthn lets a credential id be */
const credential = (value) => {
  const out = string(1400)(value);
  unb64(out);
  return out;
};

export const SLOT = schema(
  4096,
  record({
    v: oneOf(1),
    suite: oneOf(SUITE),
    zone: bytes(16),
    rid: bytes(16),
    slot: bytes(16),
    kind: oneOf("passphrase", "passkey", "file"),
    iterations: integer,
    salt: orEmpty(bytes(16)),
    rp: string(253),
    credential,
    sealed: bytes(60),
  }),
);

/** @typedef {ReturnType<typeof SLOT.check>} Slot */
/** @typedef {{passphrase?: string, fileSecret?: Bytes | null, prf?: Bytes | null}} Secrets */

/** @param {Bytes} data */
export function parseSlot(data) {
  return parse(SLOT, data);
}

/** @param {Slot} slot */
export function dumpSlot(slot) {
  return dump(SLOT, slot);
}

/** What a kind lacks is 0 or empty; what it has is not weaker than ours. @param {Slot} slot */
function checkParameters({ kind, iterations, salt, rp, credential: id }) {
  const stretched = iterations >= ITERATIONS && iterations <= MOST_ITERATIONS && salt !== "" && rp === "" && id === "";
  const passkey = iterations === 0 && salt === "" && rp !== "" && id !== "";
  if (!(kind === "passkey" ? passkey : stretched)) refuse("weak_slot");
}

/** NFKC, runs of white space one space, ends trimmed. @param {string} passphrase */
function plainPhrase(passphrase) {
  return passphrase
    .normalize("NFKC")
    .replace(/[\t-\r ]+/g, " ")
    .replace(/^ | $/g, "");
}

/** @param {string} passphrase @param {Slot} slot @returns {Promise<Bytes>} */
async function stretch(passphrase, { salt, iterations }) {
  const key = await crypto.subtle.importKey("raw", utf8(plainPhrase(passphrase)), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: unb64(salt), iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
}

/** @param {Bytes | null | undefined} secret @returns {Bytes} */
function whole(secret) {
  return secret?.length === 32 ? secret : refuse("cannot_open");
}

/** The secret of each kind, its label and further fields. @type {Record<Slot["kind"], (slot: Slot, secrets: Secrets) => Promise<[Bytes, ...(string | Bytes)[]]>>} */
const SECRET = {
  passphrase: async (slot, { passphrase = "" }) => [await stretch(passphrase, slot), "pass"],
  passkey: async (_slot, { prf }) => [whole(prf), "prf"],
  file: async (slot, { passphrase = "", fileSecret }) => [whole(fileSecret), "file", await stretch(passphrase, slot)],
};

/** @param {Slot} slot @param {Secrets} secrets @returns {Promise<Bytes>} */
export async function slotKey(slot, secrets) {
  const [secret, ...fields] = await SECRET[slot.kind](slot, secrets);
  return hmac(secret, concat(lp("slot key v1", SUITE, ...fields), [1]));
}

/** @param {Slot} slot @param {Bytes} nonce */
function aesParameters({ zone, rid, slot, kind, iterations, salt, rp, credential: id }, nonce) {
  const place = [unb64(zone), unb64(rid), unb64(slot)];
  const additionalData = lp("slot v1", SUITE, ...place, kind, iterations, unb64(salt), rp, unb64(id));
  return { name: "AES-GCM", iv: nonce, additionalData };
}

/** @param {Bytes} key */
function aes(key) {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * @param {Bytes} seed @param {Slot} blank everything but `sealed` @param {Secrets} secrets
 * @returns {Promise<Slot>}
 */
async function fill(seed, blank, secrets) {
  if (seed.length !== 32) refuse("bad_key");
  checkParameters(blank);
  const nonce = random(12);
  const key = await aes(await slotKey(blank, secrets));
  const sealed = concat(nonce, new Uint8Array(await crypto.subtle.encrypt(aesParameters(blank, nonce), key, seed)));
  return SLOT.check({ ...blank, sealed: b64(sealed) });
}

/** @param {Bytes} zone @param {string} rid @param {Partial<Slot>} parts @returns {Slot} */
function blankSlot(zone, rid, parts) {
  const ids = { zone: b64(zone), rid, slot: b64(random(16)) };
  const none = { iterations: 0, salt: "", rp: "", credential: "", sealed: "" };
  return { v: 1, suite: SUITE, ...ids, kind: "passphrase", ...none, ...parts };
}

const stretched = () => ({ iterations: ITERATIONS, salt: b64(random(16)) });

/** A reviewer's seed under a *generated* passphrase. @param {Bytes} zone @param {string} rid @param {Bytes} seed @param {string} passphrase */
export function sealSlot(zone, rid, seed, passphrase) {
  return fill(seed, blankSlot(zone, rid, stretched()), { passphrase });
}

/** Under a secret file of 32 bytes and a passcode. Like the passkey's, a frozen kind of X1 that no page makes or opens yet. @param {Bytes} zone @param {string} rid @param {Bytes} seed @param {string} passcode @param {Bytes} fileSecret */
export function sealFileSlot(zone, rid, seed, passcode, fileSecret) {
  return fill(seed, blankSlot(zone, rid, { kind: "file", ...stretched() }), { passphrase: passcode, fileSecret });
}

/** Under a passkey's PRF output. @param {Bytes} zone @param {string} rid @param {Bytes} seed @param {string} rp the full review host @param {Bytes} credentialId @param {Bytes} prf */
export function sealPasskeySlot(zone, rid, seed, rp, credentialId, prf) {
  return fill(seed, blankSlot(zone, rid, { kind: "passkey", rp, credential: b64(credentialId) }), { prf });
}

/**
 * The seed, if it is the one this rid is made of. EnvelopeError("cannot_open") on a wrong secret.
 * @param {Slot} slot @param {string} passphrase or passcode, "" for a passkey
 * @param {Bytes | null} [fileSecret] @param {Bytes | null} [prf]
 * @returns {Promise<Bytes>}
 */
export async function openSlot(slot, passphrase, fileSecret = null, prf = null) {
  const checked = SLOT.check(slot);
  checkParameters(checked);
  const sealed = unb64(checked.sealed);
  const seed = await orRefuse("cannot_open", async () => {
    const key = await aes(await slotKey(checked, { passphrase, fileSecret, prf }));
    return crypto.subtle.decrypt(aesParameters(checked, sealed.slice(0, 12)), key, sealed.subarray(12));
  });
  return checkSeed(checked, new Uint8Array(seed));
}

/** @param {Slot} slot @param {Bytes} seed */
async function checkSeed({ zone, rid }, seed) {
  const { kem, sig } = await reviewerKeys(seed);
  return sameBytes(await reviewerId(unb64(zone), kem, sig), unb64(rid)) ? seed : refuse("wrong_slot");
}

/** Four groups of five, drawn: a phrase people think of is guessed. */
export function newPassphrase() {
  let letters = "";
  while (letters.length < 20) {
    const [byte] = random(1);
    if (byte < 248) letters += LETTERS[byte % 31]; // 248 = 8 × 31: above it some letters would be likelier
  }
  return (letters.match(/.{5}/g) ?? []).join("-");
}

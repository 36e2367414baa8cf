// Proof of work, bound to the case and the post it is for (envelope.md, WORK). The page stays alive meanwhile.

import { sha256 } from "@noble/hashes/sha2.js";

import { TAG, b64, concat, digest, sameBytes, text, unb64, utf8 } from "./encoding.js";
import { refuse } from "./errors.js";
import { day, oneOf } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {{zone: Bytes, purpose: "report" | "message" | "claim", bits: number, day: string, issued: number, nonce: Bytes}} Challenge */

const MAC = 32;
const MOST_BITS = 64;
/** More work than a slow phone does in minutes is no work but a way to keep a person from sending. */
const MOST_ASKED = 26;
const LONGEST_HEADER = 1024;
const SLICE_MS = 12; // shorter than a frame: the page never stutters

/** @param {Bytes} data @returns {Bytes[]} the fields of `lp` */
function fieldsOf(data) {
  const out = [];
  for (let at = 0; at < data.length;) {
    const end = at + 2 + (data[at] << 8) + data[at + 1];
    if (!(end <= data.length)) refuse("malformed");
    out.push(data.slice(at + 2, end));
    at = end;
  }
  return out;
}

/** @param {Bytes} data decimal ASCII, no leading zero */
function decimal(data) {
  const digits = text(data);
  return /^(0|[1-9]\d{0,15})$/.test(digits) && Number.isSafeInteger(Number(digits))
    ? Number(digits)
    : refuse("malformed");
}

/** What a challenge says. Its MAC is for the server that made it. @param {Bytes} challenge @returns {Challenge} */
export function readChallenge(challenge) {
  if (challenge.length <= MAC) refuse("malformed");
  const [label, zone, door, purpose, bits, when, issued, nonce, ...more] = fieldsOf(challenge.slice(0, -MAC));
  if (!nonce || more.length > 0 || text(label) !== "chal v1" || text(door) !== "public") refuse("malformed");
  if (zone.length !== 16 || nonce.length !== 16) refuse("malformed");
  if (decimal(bits) > MOST_BITS) refuse("malformed");
  const known = oneOf(.../** @type {const} */ (["report", "message", "claim"]))(text(purpose));
  return { zone, purpose: known, bits: decimal(bits), day: day(text(when)), issued: decimal(issued), nonce };
}

/** Why a client does not work for what a server asked: "challenge" when it is for another zone or purpose or not for the day
 * the server says, "busy" when it is more than honest doors ask, "" when it holds.
 * @param {Challenge} asked @param {Bytes} zone @param {string} purpose @param {string} when */
export function wrong({ zone: whose, purpose: what, day: on, bits }, zone, purpose, when) {
  if (!sameBytes(whose, zone) || what !== purpose || on !== when) return "challenge";
  return bits > MOST_ASKED ? "busy" : "";
}

/** @param {Bytes} challenge @param {Bytes} caseId @param {Bytes} pid */
async function workPrefix(challenge, caseId, pid) {
  if (caseId.length !== 32 || pid.length !== 16) refuse("malformed");
  return concat(utf8(TAG.POW), await digest(challenge), caseId, pid);
}

/** @param {Uint8Array} hash @param {number} bits */
function zeroBits(hash, bits) {
  const whole = Math.floor(bits / 8);
  for (let i = 0; i < whole; i++) if (hash[i] !== 0) return false;
  return bits % 8 === 0 || hash[whole] >> (8 - (bits % 8)) === 0;
}

/** @param {DataView} view @param {number} counter u64 big-endian */
function putCounter(view, counter) {
  view.setUint32(0, Math.floor(counter / 2 ** 32));
  view.setUint32(4, counter >>> 0);
}

/** Let the page breathe. A timer is held back in a hidden tab; a message is not. @returns {Promise<void>} */
function pause() {
  return new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(0);
  });
}

/**
 * The first counter whose hash begins with `bits` zero bits.
 * @param {Bytes} challenge @param {Bytes} caseId @param {Bytes} pid @param {number} bits
 * @param {{signal?: AbortSignal, progress?: (tried: number) => void}} [options]
 * @returns {Promise<number>}
 */
export async function solve(challenge, caseId, pid, bits, { signal, progress } = {}) {
  const started = sha256.create().update(await workPrefix(challenge, caseId, pid));
  const trial = started.clone();
  const [tail, hash] = [new Uint8Array(8), new Uint8Array(32)];
  const view = new DataView(tail.buffer);
  for (let counter = 0; ;) {
    for (const until = Date.now() + SLICE_MS; Date.now() < until;) {
      for (const end = counter + 256; counter < end; counter++) {
        putCounter(view, counter);
        started._cloneInto(trial).update(tail).digestInto(hash);
        if (zeroBits(hash, bits)) return counter;
      }
    }
    if (signal?.aborted) refuse("aborted");
    progress?.(counter);
    await pause();
  }
}

/** @param {Bytes} challenge @param {Bytes} caseId @param {Bytes} pid @param {number} counter @param {number} bits */
export async function check(challenge, caseId, pid, counter, bits) {
  if (!Number.isSafeInteger(counter) || counter < 0) return false;
  const tail = new Uint8Array(8);
  putCounter(new DataView(tail.buffer), counter);
  return zeroBits(await digest(concat(await workPrefix(challenge, caseId, pid), tail)), bits);
}

/** The value of `Whistle-Work`. @param {Bytes} challenge @param {number} counter */
export function header(challenge, counter) {
  return `${b64(challenge)}.${counter}`;
}

/** @param {string} value @returns {{challenge: Bytes, counter: number}} */
export function parseHeader(value) {
  const [challenge, counter, ...more] = value.split(".");
  if (counter === undefined || more.length > 0 || value.length > LONGEST_HEADER) refuse("malformed");
  return { challenge: unb64(challenge), counter: decimal(utf8(counter)) };
}

// Bytes and text: length prefixes, base64url, tags, SHA-256, randomness (envelope.md section 2, first paragraph).

import { refuse } from "./errors.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

export const SUITE = "X1";

/** Every quoted label that ends in a zero byte. One list, so that no two uses can share one by mistake. */
export const TAG = Object.freeze({
  ACCESS: "access v1\0",
  GRANT: "grant v1\0",
  HEAD: "head v1\0",
  DIR: "dir v1\0",
  BODY: "body v1\0",
  BOOKING: "booking v1\0",
  POST: "post v1\0",
  FACTS: "facts v1\0",
  DIRECTORY: "directory v1\0",
  CHANNEL: "channel v1\0",
  ROSTER: "roster v1\0",
  LOGIN: "login v1\0",
  ENROL: "enrol v1\0",
  RECEIPT: "receipt v1\0",
  CHECKPOINT: "checkpoint v1\0",
  WITNESS: "witness v1\0",
  LEDGER: "ledger v1\0",
  HONOUR: "honour v1\0",
  ONWARD: "onward v1\0",
  POW: "pow v1\0",
});

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const RANDOM_AT_ONCE = 65536; // getRandomValues refuses more

/** @param {string} value @returns {Bytes} */
export function utf8(value) {
  return encoder.encode(value);
}

/** Strict UTF-8: a byte order mark stays and is refused later. @param {Uint8Array} bytes */
export function text(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return refuse("malformed");
  }
}

/** @param {...ArrayLike<number>} parts @returns {Bytes} */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** @param {number} value @returns {Bytes} big-endian */
export function u32(value) {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** @param {Uint8Array | string | number} field @returns {Uint8Array} */
function fieldBytes(field) {
  if (typeof field === "string") return utf8(field);
  if (typeof field !== "number") return field;
  return Number.isSafeInteger(field) && field >= 0 ? utf8(String(field)) : refuse("malformed");
}

/** Each field as u16 big-endian length and bytes. @param {...(Uint8Array | string | number)} fields @returns {Bytes} */
export function lp(...fields) {
  const parts = fields.map(fieldBytes);
  if (parts.some((part) => part.length > 65535)) refuse("malformed");
  return concat(...parts.flatMap((part) => [[part.length >> 8, part.length & 255], part]));
}

/** SHA-256. @param {Bytes} bytes @returns {Promise<Bytes>} */
export async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** H(tag ‖ bytes). @param {string} tag one of TAG @param {Uint8Array} bytes */
export function tagged(tag, bytes) {
  return digest(concat(utf8(tag), bytes));
}

/** HMAC-SHA256(key, message). @param {Bytes} key @param {Bytes} message @returns {Promise<Bytes>} */
export async function hmac(key, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/** @param {Uint8Array} bytes base64url without padding */
export function b64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * The bytes of canonical base64url, of exactly `size` bytes when given.
 * @param {unknown} value
 * @param {number} [size]
 * @returns {Bytes}
 */
export function unb64(value, size) {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]*$/.test(value) || value.length % 4 === 1) refuse("malformed");
  const binary = atob(value.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) out[i] = binary.charCodeAt(i);
  // The last character may carry bits that decoding drops: two spellings of one id would be two ids. Those before it stand in
  // whole groups, and drop none.
  const rest = value.length % 4;
  if (rest && b64(out.subarray(out.length - rest + 1)) !== value.slice(-rest)) refuse("malformed");
  if (size !== undefined && out.length !== size) refuse("malformed");
  return out;
}

/** Compare without leaving early. @param {Uint8Array} a @param {Uint8Array} b */
export function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** @param {number} size @returns {Bytes} */
export function random(size) {
  const out = new Uint8Array(size);
  for (let at = 0; at < size; at += RANDOM_AT_ONCE) {
    crypto.getRandomValues(out.subarray(at, at + RANDOM_AT_ONCE));
  }
  return out;
}

/** In `lp` an author or reader is the 16 raw bytes of the rid or the text reporter. @param {string} author */
export function authorField(author) {
  return author === "reporter" ? author : unb64(author, 16);
}

// Sixteen bytes as people compare and type them, in groups of hex: the zone's pin, a reader's key id.

import { b64, unb64 } from "./encoding.js";
import { EnvelopeError, refuse } from "./errors.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

const LENGTH = 16;

/** `3f2a 91bc …`: thirty-two hex digits in groups of four. @param {Bytes} raw @returns {string} */
export function show(raw) {
  const digits = [...raw].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return (digits.match(/.{4}/g) ?? []).join(" ");
}

/** The sixteen bytes of a typed fingerprint: hex with any spacing, or the b64u of documents. @param {string} text @returns {Bytes} */
export function read(text) {
  const packed = text.replace(/[\s:-]/g, "").toLowerCase();
  if (packed.length !== 2 * LENGTH) return unb64(text.trim(), LENGTH);
  if (!/^[0-9a-f]+$/.test(packed)) return refuse("fingerprint");
  return Uint8Array.from(packed.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Whether a person typed this fingerprint. Never throws: what cannot be read is not the same. @param {string} typed @param {Bytes} raw */
export function same(typed, raw) {
  try {
    return b64(read(typed)) === b64(raw);
  } catch (error) {
    if (error instanceof EnvelopeError) return false;
    throw error;
  }
}

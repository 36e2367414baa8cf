// Sixteen bytes as people compare and type them, in groups of hex: the zone's pin, a reader's key id.

import { b64, unb64 } from "./encoding.js";
import { EnvelopeError, refuse } from "./errors.js";
import { packed } from "./typed.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

const LENGTH = 16;
const B64U = /[A-Za-z0-9_-]{22}/;

/** `3f2a 91bc …`: thirty-two hex digits in groups of four. @param {Bytes} raw @returns {string} */
export function show(raw) {
  const digits = [...raw].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return (digits.match(/.{4}/g) ?? []).join(" ");
}

/**
 * The sixteen bytes of a typed fingerprint: hex spaced as a ticket may be or by colons, or the b64u of documents.
 * Anything else is EnvelopeError("fingerprint").
 * @param {string} text @returns {Bytes}
 */
export function read(text) {
  const digits = packed(text).replace(/:/g, "");
  if (/^[0-9A-Fa-f]{32}$/.test(digits)) {
    return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }
  // A dash is a letter of b64u, so only what stands around it may go.
  const found = B64U.exec(text);
  if (!found || packed(text.replace(found[0], "")) !== "") return refuse("fingerprint");
  return known(found[0]) ?? refuse("fingerprint");
}

/** @param {string} text @returns {Bytes | null} null where it is not canonical */
function known(text) {
  try {
    return unb64(text, LENGTH);
  } catch (error) {
    if (error instanceof EnvelopeError) return null;
    throw error;
  }
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

/** What a poster's QR code says, all of it in the fragment: no server ever sees that part of an address. */

import { read } from "../crypto/fingerprint.js";

const MOST = 200;

/**
 * @typedef {object} Poster
 * @property {import("../crypto/encoding.js").Bytes | null} pin the zone's id, null when the poster gives none
 * @property {boolean} spoiled a pin stands there but cannot be read: as bad as a wrong one
 * @property {string} channel
 * @property {string} enterprise
 * @property {string} place
 */

/** @param {string} fragment with or without "#" @returns {Poster} */
export function readPoster(fragment) {
  const facts = new URLSearchParams(fragment.replace(/^#/, ""));
  const text = (/** @type {string} */ name) => (facts.get(name) ?? "").normalize("NFC").slice(0, MOST);
  const pin = readPin(facts.get("pin"));
  return {
    pin,
    spoiled: facts.has("pin") && !pin,
    channel: text("channel"),
    enterprise: text("enterprise"),
    place: text("place"),
  };
}

/** @param {string | null} typed */
function readPin(typed) {
  try {
    return typed ? read(typed) : null;
  } catch {
    return null;
  }
}

/** An error as one sentence in the page's language. What we cannot name is said to be unknown, never shown raw. */

import { ClientError } from "../../client/errors.js";
import { fill } from "../../dom.js";

/** @param {any} words the page's `problem` table @param {unknown} error @returns {string} */
export function sentence(words, error) {
  const code = error instanceof ClientError ? error.code : isDistrust(error) ? distrusted(error) : "unknown";
  const facts = error instanceof ClientError ? { retry: 30, ...error.facts } : {};
  return fill(words[code] ?? words.unknown, facts);
}

/** A channel whose readers have all gone, and nobody to seal to, is no lie. @param {unknown} error */
function distrusted(error) {
  return /** @type {any} */ (error).code === "no_reader" ? "closed" : "distrust";
}

/** Whether the server's papers failed their check: then nothing more may be trusted. @param {unknown} error */
export function isDistrust(error) {
  return error instanceof Error && error.name === "EnvelopeError";
}

/** An error as one sentence in the page's language. What we cannot name is said to be unknown, never shown raw. */

import { DoorError } from "../../client/door.js";
import { fill } from "../../dom.js";

/** @param {any} words the page's `problem` table @param {unknown} error @returns {string} */
export function sentence(words, error) {
  const code = error instanceof DoorError ? error.code : hasNobody(error) ? "closed" : "unknown";
  const facts = error instanceof DoorError ? { retry: 30, ...error.facts } : {};
  return fill(words[code] ?? words.unknown, facts);
}

/** A channel whose readers have all gone: there is nobody to seal to. @param {unknown} error */
function hasNobody(error) {
  return isDistrust(error) && /** @type {any} */ (error).code === "no_reader";
}

/** Whether the server's papers failed their check: then nothing more may be trusted. @param {unknown} error */
export function isDistrust(error) {
  return error instanceof Error && error.name === "EnvelopeError";
}

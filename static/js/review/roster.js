/** Names of colleagues, served to staff only, signed by the zone's root. Labels stand where there is no roster. */

import { unb64 } from "../crypto/encoding.js";
import { verifyRoster } from "../crypto/directory.js";
import { served } from "../client/office.js";
import { getJson } from "../client/door.js";

/** @type {Map<string, {person: string, name: string, title: string}> | null} */
let known = null;

/** @param {any} office @returns {Promise<Map<string, {person: string, name: string, title: string}>>} */
export async function loadRoster(office) {
  if (!known) {
    const answer = await getJson("/api/roster").catch(() => null);
    known = answer ? await read(office, answer).catch(() => new Map()) : new Map();
  }
  return known ?? new Map();
}

/** The roster is signed by the root that signed its directory: the one the newest directory but one names. */
async function read(/** @type {any} */ office, /** @type {any} */ answer) {
  const roots = office.signed.map((/** @type {any} */ one) => JSON.parse(new TextDecoder().decode(served(one.bytes))).root);
  const root = roots.at(-2) ?? roots[0];
  const doc = await verifyRoster(unb64(root), served(answer.bytes), unb64(answer.sig), office.directories.newest);
  return new Map(doc.people.map((/** @type {any} */ one) => [one.person, one]));
}

/** Names of colleagues, served to an authority's staff only, signed by the zone's root. Where there is no roster, and for
 * anybody else, the signed labels of the channel stand alone. */

import { unb64, utf8 } from "../../crypto/encoding.js";
import { verifyRoster } from "../../crypto/directory.js";
import { getJson } from "../../client/wire.js";
import { onForget } from "../store.js";

/** @typedef {import("../types.js").Office} Office */

/** @type {Map<string, {person: string, name: string, title: string}> | null} */
let known = null;
onForget(() => (known = null));

/** @param {Office} office @returns {Promise<Map<string, {person: string, name: string, title: string}>>} */
export async function loadRoster(office) {
  if (!known) {
    const answer = await getJson("/api/roster").catch(() => null);
    known = answer?.bytes ? await read(office, answer).catch(() => new Map()) : new Map();
  }
  return known ?? new Map();
}

/** The roster is signed by the root that signed its directory: the one the newest directory but one names. */
async function read(/** @type {Office} */ office, /** @type {import("../../client/answers.js").Signed} */ answer) {
  const roots = office.directories.every().map(({ root }) => root);
  const root = roots.slice(-2)[0] ?? roots[0];
  const doc = await verifyRoster(unb64(root), utf8(answer.bytes), unb64(answer.sig), office.directories.newest);
  return new Map(doc.people.map((one) => [one.person, one]));
}

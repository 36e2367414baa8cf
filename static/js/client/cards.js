/** What stands in the items a reporter seals: the four of a report in their fixed order, her words, a claim. The twin of
 * whistle/client/cards.py. */

import { text as decoded, utf8 } from "../crypto/encoding.js";
import { TEXT_SIZE } from "../crypto/items.js";

const LINE = 60;
const OVERHEAD = 128; // length, meta and the byte that must stay free

/** @typedef {{category: string, sector: string, enterprise: string, place: string, since: string, text: string, contact: string,
 *   passphrase: string, relation: string, reward: string, readback: boolean, channel: string,
 *   source?: string, arrived?: string, paper?: string}} Form the last three of what the office takes down for a caller */

/** A field that was cut inside one sign, by a browser or a paste, would not read as JSON. @param {unknown} value */
const json = (value) => ({
  type: "application/json",
  body: utf8(JSON.stringify(value, (name, said) => (name ? decoded(utf8(said)) : said))),
});
/** @param {string} words */
const plain = (words) => ({ type: words ? "text/plain" : "", body: utf8(words) });

/** The report's items: every report carries all four, empty ones too. @param {Form} form */
export function parts(form) {
  const { category, sector, enterprise, place, since, relation, reward, text, contact, passphrase } = form;
  const line = [...text.replace(/\s+/g, " ").trim()].slice(0, LINE).join("");
  const taken = form.source ? { arrived: form.arrived ?? "", paper: form.paper ?? "" } : {};
  const card = { category, sector, enterprise, place, line, since, relation, reward, ...taken };
  return [
    { comp: "card", name: "", ...json(card) },
    { comp: "report", name: "", ...plain(text) },
    { comp: "identity", name: "", ...plain(contact) },
    { comp: "payout", name: "", ...(passphrase ? json({ passphrase }) : plain("")) },
  ];
}

/** The compartments whose text is too long to be sealed. @param {Form} form @returns {string[]} */
export function overflowing(form) {
  const limits = /** @type {Record<string, number>} */ (TEXT_SIZE);
  return parts(form)
    .filter((one) => one.body.length > limits[one.comp] - OVERHEAD)
    .map((one) => one.comp);
}

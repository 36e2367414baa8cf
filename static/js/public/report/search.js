/** Finding an enterprise by a few of its characters, in a list that is already here. */

import { visible } from "../../core/visible.js";

/** @typedef {{name: string, place: string}} Enterprise */

const MOST = 50_000;
const LONGEST = 120;

/** What of a served register can be offered: names that read as they are. @param {unknown} told @returns {Enterprise[]} */
export function enterprisesOf(told) {
  const may = (/** @type {unknown} */ text) =>
    typeof text === "string" && text.length <= LONGEST && visible(text) === text && !/[\n\t]/.test(text);
  return Array.isArray(told) ? told.slice(0, MOST).filter((one) => may(one?.name) && may(one?.place)) : [];
}

const plain = (/** @type {string} */ text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/** How well a name answers: at its start, as a run, as characters in order, or in the place. 0 is not at all. */
function score(/** @type {Enterprise} */ one, /** @type {string} */ typed) {
  const name = plain(one.name);
  if (name.startsWith(typed)) return 4;
  if (name.includes(typed)) return 3;
  if (inOrder(name, typed)) return 2;
  return plain(one.place).includes(typed) ? 1 : 0;
}

/** @param {string} name @param {string} typed */
function inOrder(name, typed) {
  let at = -1;
  return [...typed].every((char) => (at = name.indexOf(char, at + 1)) >= 0);
}

/** The best matches first, the list's own order among equals. @param {Enterprise[]} list @param {string} typed @returns {Enterprise[]} */
export function search(list, typed) {
  const wanted = plain(typed);
  if (!wanted) return [];
  const scored = list.map((one) => ({ one, points: score(one, wanted) })).filter(({ points }) => points > 0);
  return scored.sort((a, b) => b.points - a.points).map(({ one }) => one);
}

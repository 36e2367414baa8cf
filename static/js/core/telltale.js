/**
 * What in an extract may point at the reporter: her words copied, and what names a person, a number or an hour.
 * The twin of whistle/core/telltale.py.
 */

import table from "../../../whistle/core/telltale.json" with { type: "json" };

/** A passage of a text, in code points from `start` to before `end`; `why`: copied, phone, id, work, plate, time or name.
 * @typedef {{start: number, end: number, why: string}} Place */

const COPIED = "copied";
const PATTERNS = table.patterns.map(([why, pattern]) => /** @type {const} */ ([why, new RegExp(pattern, "g")]));

/** Every passage to look at before this text is signed, in order: runs of eight and more letters and digits that stand
 * in one of the originals, whatever stands between them, and what matches a pattern of the table.
 * @param {string} text @param {string[]} originals @returns {Place[]} */
export function places(text, originals) {
  const folded = [...text].map(fold);
  const seen = folded.join("");
  const found = PATTERNS.flatMap(([why, pattern]) =>
    [...seen.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length, why })),
  );
  const all = [...found, ...copied(folded, originals)].sort(
    (one, other) => one.start - other.start || one.end - other.end || (one.why < other.why ? -1 : 1),
  );
  return all.filter((place, index) => JSON.stringify(place) !== JSON.stringify(all[index - 1]));
}

/** Whether the text says, letter for letter, what the original says. @param {string} text @param {string} original */
export function isWhole(text, original) {
  return letters(text) !== "" && letters(text) === letters(original);
}

/** @param {string[]} folded @param {string[]} originals @returns {Place[]} */
function copied(folded, originals) {
  const known = new Set(originals.flatMap((original) => runs(letters(original))));
  const at = folded.flatMap((char, index) => (isLetter(char) ? [index] : []));
  /** @type {[number, number][]} */
  const spans = [];
  runs(at.map((index) => folded[index]).join("")).forEach((run, first) => {
    if (!known.has(run)) return;
    const last = spans[spans.length - 1];
    if (last && first <= last[1]) last[1] = first + table.run - 1;
    else spans.push([first, first + table.run - 1]);
  });
  return spans.map(([start, end]) => ({ start: at[start], end: at[end] + 1, why: COPIED }));
}

/** @param {string} said */
const runs = (said) =>
  Array.from({ length: Math.max(0, said.length - table.run + 1) }, (_, first) => said.slice(first, first + table.run));

/** @param {string} text */
const letters = (text) => [...text].map(fold).filter(isLetter).join("");

/** @param {string} char */
const isLetter = (char) => /[\p{L}\p{N}]/u.test(char);

/** Full width as half width, Latin letters small, each character still one; beyond the basic plane all alike. @param {string} char */
function fold(char) {
  const code = char.codePointAt(0) ?? 0;
  if (code > 0xffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd";
  const narrow = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : char;
  return narrow < "\u0080" ? narrow.toLowerCase() : narrow;
}

/** Cases that may be one matter, before any of them is taken up: a hint, and never a decision. */

import { guessed, shared } from "./likeness.js";
import { lowered, plain, wordsIn } from "./searching.js";

/** @typedef {import("./searching.js").Entry} Entry */
/** `why`: word keys, the surest first; `share`: of the words, 0 to 1. @typedef {{entry: Entry, why: string[], share: number}} Likely */

/** A credit code, 统一社会信用代码, wherever in the name it was typed. */
const CODE = /[0-9a-hj-np-rtuwxy]{2}\d{6}[0-9a-hj-np-rtuwxy]{10}/u;
const FORM = /(?:股份有限公司|有限责任公司|有限公司|公司)$/u;
const ASIDE = /[(（][^)）]*[)）]/gu;
const NAMES = 3; // signs of the shorter name
const PLACES = 4;
const ALIKE = 0.3; // share of bigrams that two accounts of one matter have
const SOME = 0.15; // and of one place
const DOUBT = 0.1; // by which a guess may be short of what is counted

/** Those that are like this one, the likeliest first. @param {Entry} mine @param {Iterable<Entry>} others @returns {Likely[]} */
export function duplicates(mine, others) {
  const found = [];
  for (const entry of others) {
    if (entry.id === mine.id || entry.parent === mine.id) continue;
    const why = [isOneUnit(mine, entry) && "unit", isOnePlace(mine, entry) && "place"].filter(Boolean);
    const share = shareOf(mine, entry, why.includes("place") ? SOME : ALIKE);
    if (share) why.push("words");
    if (why.includes("unit") || share) found.push({ entry, why: /** @type {string[]} */ (why), share });
  }
  return found.sort((one, other) => weight(other) - weight(one));
}

/** @param {Likely} found */
const weight = ({ why, share }) => share * 3 + (why.includes("unit") ? 1 : 0) + (why.includes("place") ? 0.5 : 0);

/** The share of words, 0 where it is less than enough. @param {Entry} one @param {Entry} other @param {number} enough */
function shareOf(one, other, enough) {
  if (guessed(one.signature, other.signature) < enough - DOUBT) return 0;
  const share = shared(wordsIn(one), wordsIn(other));
  return share >= enough ? share : 0;
}

/** By credit code where both have one, else by name. @param {Entry} one @param {Entry} other */
function isOneUnit(one, other) {
  const [mine, theirs] = [one, other].map(({ card }) => lowered(plain(card.enterprise ?? "")));
  const codes = [mine, theirs].map((name) => CODE.exec(name)?.[0]);
  if (codes[0] && codes[1]) return codes[0] === codes[1];
  return within(bare(mine), bare(theirs), NAMES);
}

const bare = (/** @type {string} */ name) => name.replace(CODE, "").replace(ASIDE, "").replace(FORM, "");

/** @param {Entry} one @param {Entry} other */
const isOnePlace = (one, other) =>
  within(lowered(plain(one.card.place ?? "")), lowered(plain(other.card.place ?? "")), PLACES);

/** One is part of the other, and long enough to say something. @param {string} one @param {string} other @param {number} least */
const within = (one, other, least) =>
  Math.min(one.length, other.length) >= least && (one.includes(other) || other.includes(one));

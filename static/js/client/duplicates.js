/** Cases that may be one matter, before any of them is taken up: a hint, and never a decision. */

import { bands, guessed, pairs, sharedPairs } from "./likeness.js";
import { lowered, plain, wordsIn } from "./searching.js";

/** @typedef {import("./searching.js").Entry} Entry */
/** `why`: word keys, the surest first; `share`: of the words, 0 to 1; `same`: others that say nearly the same.
 * @typedef {{entry: Entry, why: string[], share: number, same: Entry[]}} Likely */

/** A credit code, 统一社会信用代码, wherever in the name it was typed. */
const CODE = /[0-9a-hj-np-rtuwxy]{2}\d{6}[0-9a-hj-np-rtuwxy]{10}/u;
const FORM = /(?:股份有限公司|有限责任公司|有限公司|公司)$/u;
const ASIDE = /[(（][^)）]*[)）]/gu;
const NAMES = 3; // signs of the shorter name
const PLACES = 4;
const ALIKE = 0.3; // share of bigrams that two accounts of one matter have
const SOME = 0.15; // and of one place
const DOUBT = 0.1; // by which a guess may be short of what is counted

const NEARLY = 0.8; // of the words of two that are told as one
const COUNTED = 200; // whose words are counted and not guessed: each costs a text read through

/**
 * Those that are like this one. What is nearly the same, in its words and in why it is alike, is told as one, with the
 * others in `same`; of each reason the likeliest comes in turn: whoever files a hundred reports of one kind takes one place,
 * or those of one reason, and the others keep theirs. The work grows with the number of cases, and not with its square.
 * @param {Entry} mine @param {Iterable<Entry>} others @returns {Likely[]}
 */
export function duplicates(mine, others) {
  const heard = [...others].filter(({ id, parent }) => id !== mine.id && parent !== mine.id);
  const found = grouped(heard.flatMap((entry) => perhaps(mine, entry)).sort(byWeight));
  const words = pairs(wordsIn(mine));
  for (const one of found.slice(0, COUNTED)) if (one.share) one.share = sharedPairs(words, pairs(wordsIn(one.entry)));
  return inTurn(found.flatMap(settled).sort(byWeight));
}

/** By guesses alone: nothing of the words is read. @param {Entry} mine @param {Entry} entry @returns {Likely[]} */
function perhaps(mine, entry) {
  const why = [isOneUnit(mine, entry) && "unit", isOnePlace(mine, entry) && "place"].filter(Boolean);
  const guess = guessed(mine.signature, entry.signature);
  const share = guess < enough(/** @type {string[]} */ (why)) - DOUBT ? 0 : guess;
  return why.includes("unit") || share ? [{ entry, why: /** @type {string[]} */ (why), share, same: [] }] : [];
}

/** @param {string[]} why */
const enough = (why) => (why.includes("place") ? SOME : ALIKE);

/** The words are a reason or they are none. @param {Likely} found @returns {Likely[]} */
function settled({ entry, why, share, same }) {
  if (share >= enough(why)) return [{ entry, why: [...why, "words"], share, same }];
  return why.includes("unit") ? [{ entry, why, share: 0, same }] : [];
}

/** What is nearly one is put behind the first of it. @param {Likely[]} found @returns {Likely[]} */
function grouped(found) {
  /** @type {Map<string, Likely>} */
  const firsts = new Map();
  return found.filter((one) => {
    const keys = bandsOf(one);
    const first = keys.map((key) => firsts.get(key)).find((each) => each && isNearly(each, one));
    if (first) first.same.push(one.entry);
    else for (const key of keys) if (!firsts.has(key)) firsts.set(key, one);
    return !first;
  });
}

/** @param {Likely} found */
function bandsOf({ entry, why }) {
  const names = bands(entry.signature);
  const { enterprise = "", place = "" } = entry.card;
  return (names.length ? names : [`${enterprise} ${place}`]).map((name) => `${why.join()} ${name}`);
}

/** @param {Likely} one @param {Likely} other */
const isNearly = ({ entry: one }, { entry: other }) =>
  !bands(one.signature).length || guessed(one.signature, other.signature) >= NEARLY;

/** The first of each reason, then the second of each: in the order in which they come. @param {Likely[]} found @returns {Likely[]} */
function inTurn(found) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const turns = found.map((one) => {
    const turn = seen.get(one.why.join()) ?? 0;
    seen.set(one.why.join(), turn + 1);
    return { one, turn };
  });
  return turns.sort((one, other) => one.turn - other.turn).map(({ one }) => one);
}

/** @param {Likely} one @param {Likely} other */
const byWeight = (one, other) => weight(other) - weight(one);

/** @param {Likely} found */
const weight = ({ why, share }) => share * 3 + (why.includes("unit") ? 1 : 0) + (why.includes("place") ? 0.5 : 0);

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

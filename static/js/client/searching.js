/**
 * Words looked for in opened cases: what of a case is searched, and how a question is answered. Everything is in memory
 * and goes with it; there is no index, the words are read through for each question (decision 0016).
 */

import { unhidden } from "../core/visible.js";
import { signature } from "./likeness.js";

/** @typedef {import("./view.js").View} View */
/** Words of one item; `low`: the same as it is compared. @typedef {{where: string, text: string, low: string}} Part */
/** What is known of a case. @typedef {{id: string, number: string, state: string, day: string, card: Record<string, string>, parts: Part[], parent: string, signature: import("./likeness.js").Signature}} Entry */
/** A piece of a passage. @typedef {{text: string, hit: boolean}} Piece */
/** A case that was found; `passages`: where, and the words around. @typedef {Entry & {passages: {where: string, pieces: Piece[]}[]}} Hit */
/** `near`: no case holds all the words, these hold most of their bigrams. @typedef {{hits: Hit[], count: number, near: boolean}} Found */

/** Compartments that are searched: no identity, and nothing of the money. */
const SEARCHED = new Set(["card", "report", "thread", "work"]);
/** Kinds whose words have a place of their own among what is found. */
const KINDS = new Set(["extract", "finding"]);
const OF_CARD = ["enterprise", "place", "line"];
const WORDS = 8; // of a question
const LONGEST = 60; // characters of a word
const AROUND = 28; // characters of a passage on either side
const PASSAGES = 2;
const NEAR = 0.6; // of the question's bigrams
const FEWEST = 3; // bigrams, below which nothing is near

const MARKED = 40; // places of one word in one part
const WIDE = /[\uff01-\uff5e]/gu; // of full width; a Chinese comma is one
const OTHERS = /[^\uff01-\uff5e]+/gu;
const NARROWER = 0xfee0;
const SPACE = /\s+/gu;
const STARTS = /^[\p{Script=Latin}\p{Nd}]/u;
const ENDS = /[\p{Script=Latin}\p{Nd}]$/u;

/** The words as they are shown: one spelling of each sign, nothing that does not show. A break inside Chinese is
 * a matter of typing; between letters or digits it parts words. @param {string} text */
export function plain(text) {
  const [first = "", ...others] = unhidden(text.replace(OTHERS, (some) => some.normalize("NFKC")))
    .split(SPACE)
    .filter(Boolean);
  const joined = [first];
  for (const [at, next] of others.entries())
    joined.push(ENDS.test(at ? others[at - 1] : first) && STARTS.test(next) ? ` ${next}` : next);
  return joined.join("");
}

/** The words as they are compared, letters small and of half width, sign by sign: a place in it is the same place in the text.
 * @param {string} text */
export function lowered(text) {
  const narrow = text.replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - NARROWER));
  const low = narrow.toLowerCase();
  if (low === text) return text;
  if (low.length === text.length) return low;
  return [...narrow].map((sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join("");
}

/** The question's words as they are compared. @param {string} question @returns {string[]} */
export function wordsOf(question) {
  const words = question
    .trim()
    .split(SPACE)
    .map((word) => lowered(plain(word)).slice(0, LONGEST));
  return [...new Set(words.filter(Boolean))].slice(0, WORDS);
}

/** What of an opened case is searched. @param {View} view @returns {Entry} */
export function entryOf({ id, number, fold, acts, items }) {
  const read = items.filter(({ comp, broken }) => SEARCHED.has(comp) && !broken);
  const cards = read.filter(({ document }) => document === "card");
  const card = /** @type {Record<string, string>} */ (cards.slice(-1)[0]?.data ?? {});
  // The line of a card is the beginning of the report: where that is at hand it would be found twice.
  const has = read.some(
    ({ kind, comp, text, document }) => kind === "report" && comp === "report" && text && !document,
  );
  const names = OF_CARD.filter((name) => name !== "line" || !has);
  const said = cards.map(({ data }) =>
    names
      .map((name) => data[name] ?? "")
      .filter(Boolean)
      .join(" · "),
  );
  const words = read.filter(({ text, document }) => text && !document);
  const parts = [
    ...[...new Set(said)].map((text) => part("card", text)),
    ...words.map(({ kind, comp, text }) => part(KINDS.has(kind) && comp === "work" ? kind : comp, text)),
  ].filter(({ text }) => text);
  const known = { id, number, state: fold.state, day: acts[0]?.day ?? "", card, parts, parent: fold.parent };
  return { ...known, signature: signature(wordsIn(known)) };
}

/** What her account is compared by: the report; where this reader was given none, the line of its card.
 * @param {Pick<Entry, "parts" | "card">} entry */
export function wordsIn({ parts, card }) {
  const said = parts.filter(({ where }) => where === "report").map(({ low }) => low);
  return said.length ? said.join("\n") : lowered(plain(card.line ?? ""));
}

/** @param {string} where @param {string} said @returns {Part} */
function part(where, said) {
  const text = plain(said);
  return { where, text, low: lowered(text) };
}

/** Everything that was opened for searching. `unread`: cases that did not open. */
export class Library {
  constructor() {
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    /** @type {Set<string>} */
    this.unread = new Set();
    this.version = 0; // another one whenever a case came
  }

  /** How many cases were looked at. */
  get seen() {
    return this.entries.size + this.unread.size;
  }

  /** @param {View} view */
  put(view) {
    this.entries.set(view.id, entryOf(view));
    this.unread.delete(view.id);
    this.version += 1;
  }

  /** Nothing of it is kept, whoever still holds the library. */
  drop() {
    this.entries.clear();
    this.unread.clear();
    this.version += 1;
  }

  /** The cases that hold every word, in the card first, then the newest; where there are none, those that are near.
   * @param {string} question @param {number} most of which passages are given @returns {Found} */
  find(question, most = 50) {
    const words = wordsOf(question);
    if (!words.length) return { hits: [], count: 0, near: false };
    const named = lowered(plain(question));
    const whole = sorted(this.entries.values(), (entry) => rank(entry, words, named));
    const near = whole.length === 0;
    const found = near ? this.#near(words) : whole;
    const marked = near ? words.flatMap(bigrams) : words;
    const hits = found.slice(0, most).map((entry) => ({ ...entry, passages: passages(entry, marked) }));
    return { hits, count: found.length, near: near && hits.length > 0 };
  }

  /** @param {string[]} words @returns {Entry[]} */
  #near(words) {
    const wanted = [...new Set(words.flatMap(bigrams))];
    if (wanted.length < FEWEST) return [];
    return sorted(this.entries.values(), (entry) => share(entry, wanted));
  }
}

/** Those with a rank, the highest first, of one rank the newest. @param {Iterable<Entry>} entries @param {(entry: Entry) => number} rank 0: not among them
 * @returns {Entry[]} */
function sorted(entries, rank) {
  return [...entries]
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank || newer(one.entry, other.entry))
    .map(({ entry }) => entry);
}

/** Each pair of signs that stand side by side. @param {string} text @returns {string[]} */
export function bigrams(text) {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)).filter(
    (pair) => !/[\s\p{P}]/u.test(pair),
  );
}

/** 0 where a word lacks, else 1, and one more for each that stands in the card. @param {Entry} entry @param {string[]} words @param {string} named */
function rank({ parts, number }, words, named) {
  const all = words.every((word) => parts.some(({ low }) => low.includes(word)));
  if (!all && !(named.length > 1 && lowered(plain(number)).includes(named))) return 0;
  return 1 + words.filter((word) => parts.some(({ where, low }) => where === "card" && low.includes(word))).length;
}

/** How many of the bigrams one part of it holds, 0 where they are too few to be near. @param {Entry} entry @param {string[]} wanted */
const share = ({ parts }, wanted) => Math.max(0, ...parts.map(({ low }) => held(low, wanted)));

/** Given up as soon as it cannot be enough any more. @param {string} low @param {string[]} wanted */
function held(low, wanted) {
  const enough = Math.ceil(wanted.length * NEAR);
  let missing = 0;
  for (const pair of wanted) {
    if (!low.includes(pair)) missing += 1;
    if (wanted.length - missing < enough) return 0;
  }
  return wanted.length - missing;
}

/** @param {Entry} one @param {Entry} other */
const newer = (one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0);

/** Where most of the words stand, in the fewest parts. @param {Entry} entry @param {string[]} words */
function passages({ parts }, words) {
  const counted = parts.map((one) => ({ one, places: placesIn(one.low, words) }));
  return counted
    .filter(({ places }) => places.length)
    .sort((one, other) => other.places.length - one.places.length)
    .slice(0, PASSAGES)
    .map(({ one, places }) => ({ where: one.where, pieces: passage(one.text, places) }));
}

/** Where the words stand, joined where they touch. @param {string} low @param {string[]} words @returns {[number, number][]} */
function placesIn(low, words) {
  const found = words.flatMap((word) => placesOf(low, word).map((at) => [at, word.length]));
  found.sort(([one], [other]) => one - other);
  /** @type {[number, number][]} */
  const joined = [];
  for (const [at, length] of found) {
    const last = joined[joined.length - 1];
    if (last && at <= last[1]) last[1] = Math.max(last[1], at + length);
    else joined.push([at, at + length]);
  }
  return joined;
}

/** @param {string} low @param {string} word @returns {number[]} */
function placesOf(low, word) {
  const found = [];
  for (let at = low.indexOf(word); at >= 0 && found.length < MARKED; at = low.indexOf(word, at + word.length))
    found.push(at);
  return found;
}

/** The words around the place behind which most others stand near. @param {string} text @param {[number, number][]} places @returns {Piece[]} */
function passage(text, places) {
  const within = places.map(([from]) => places.filter((one) => one[0] >= from && one[1] <= from + AROUND * 2).length);
  const [from, to] = places[within.indexOf(Math.max(...within))];
  const start = whole(text, Math.max(0, from - AROUND));
  const end = whole(text, Math.min(text.length, Math.max(to, from + AROUND * 2)));
  /** @type {Piece[]} */
  const pieces = [{ text: start > 0 ? "…" : "", hit: false }];
  let at = start;
  for (const [from, to] of places.filter((one) => one[0] >= start && one[1] <= end)) {
    pieces.push({ text: text.slice(at, from), hit: false }, { text: text.slice(from, to), hit: true });
    at = to;
  }
  pieces.push({ text: text.slice(at, end) + (end < text.length ? "…" : ""), hit: false });
  return pieces.filter((piece) => piece.text);
}

/** A place that does not lie inside one sign. @param {string} text @param {number} at */
const whole = (text, at) => (/[\udc00-\udfff]/.test(text[at] ?? "") ? at + 1 : at);

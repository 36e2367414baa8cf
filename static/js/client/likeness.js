/** How alike two texts are: the share of their bigrams that both have, guessed first by MinHash, which costs next to
 * nothing, then counted. */

/** @typedef {Uint32Array} Signature */

const HASHES = 64;
const EMPTY = 0xffffffff;
/** Odd factors and offsets of the hashes, the same on every machine. @type {[number, number][]} */
const HASH = [];
for (let at = 0, seed = 0x9e3779b9; at < HASHES; at += 1) {
  const factor = (seed = Math.imul(seed ^ (seed >>> 15), 0x85ebca6b) + 0x6d2b79f5) | 1;
  const offset = (seed = Math.imul(seed ^ (seed >>> 13), 0xc2b2ae35) + 0x6d2b79f5);
  HASH.push([factor, offset]);
}
const BETWEEN = /[\s\p{P}\p{S}]/u;

/** Pairs of signs side by side, each once, as numbers. @param {string} text @returns {Set<number>} */
export function pairs(text) {
  const found = new Set();
  for (let at = 0; at + 1 < text.length; at += 1)
    if (!BETWEEN.test(text[at]) && !BETWEEN.test(text[at + 1]))
      found.add(((text.charCodeAt(at) << 16) | text.charCodeAt(at + 1)) >>> 0);
  return found;
}

/** The least of each hash over the text's bigrams. @param {string} text @returns {Signature} */
export function signature(text) {
  const least = new Uint32Array(HASHES).fill(EMPTY);
  for (const pair of pairs(text)) {
    const mixed = Math.imul(pair ^ (pair >>> 16), 0x45d9f3b);
    const spread = Math.imul(mixed ^ (mixed >>> 13), 0x45d9f3b);
    for (let at = 0; at < HASHES; at += 1) {
      const hash = (Math.imul(spread ^ (spread >>> 16), HASH[at][0]) + HASH[at][1]) >>> 0;
      if (hash < least[at]) least[at] = hash;
    }
  }
  return least;
}

const BAND = 4; // hashes of one band
/** Names that texts which are nearly one have in common, at least one of them; none for a text without bigrams. @param {Signature} one @returns {string[]} */
export function bands(one) {
  if (one[0] === EMPTY) return [];
  return Array.from({ length: HASHES / BAND }, (_, at) => `${at} ${one.slice(at * BAND, (at + 1) * BAND).join(" ")}`);
}

/** A guess at `shared`, by the hashes that agree; 0 beside nothing. @param {Signature} one @param {Signature} other */
export function guessed(one, other) {
  let same = 0;
  for (let at = 0; at < HASHES; at += 1) if (one[at] === other[at] && one[at] !== EMPTY) same += 1;
  return same / HASHES;
}

/** Of all bigrams of two texts, the share that both have, 0 to 1. @param {string} one @param {string} other */
export const shared = (one, other) => sharedPairs(pairs(one), pairs(other));

/** @param {Set<number>} mine @param {Set<number>} theirs */
export function sharedPairs(mine, theirs) {
  const both = [...mine].filter((pair) => theirs.has(pair)).length;
  return both ? both / (mine.size + theirs.size - both) : 0;
}

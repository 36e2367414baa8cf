/**
 * What a reviewer keeps for himself 抽屉: sentences of his own and the like, sealed to his own key and signed by it, so that
 * the door, which keeps the box, neither reads it nor puts another in its place. The page alone has it; no command does.
 */

import { b64, digest, text, unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { seal, verify } from "../crypto/keys.js";

const TAG = "drawer v1\0";
const INFO = utf8("whistle: drawer v1");
const SIZES = [4_096, 16_384, 65_536]; // as whistle/review/drawer.py takes them
export const SENTENCE = 500; // signs
export const VIEW_NAME = 20;

/** A list as it was asked for, under a name of one's own. @typedef {{name: string, filters: Record<string, string>}} View */
/** @typedef {{sentences: string[], views: View[], ties: string[]}} Kept */
/** @typedef {{keys: import("../crypto/keys.js").KeyPair, rid: string, office: string, rev: number}} Place whose, of which
 * office, and the number of the box: an older one does not pass for a newer */

/** @returns {Kept} */
export const nothingKept = () => ({ sentences: [], views: [], ties: [] });

/** @param {Place} place @param {Kept} kept @returns {Promise<string | null>} null where it is too much for the largest box */
export async function sealDrawer({ keys, rid, office, rev }, kept) {
  const said = JSON.stringify(kept);
  const sig = await keys.sign(TAG, await signed({ rid, office, rev }, said));
  const plain = utf8(JSON.stringify({ said, sig: b64(sig) }));
  const size = SIZES.find((one) => plain.length <= one);
  if (!size) return null;
  const box = new Uint8Array(size).fill(0x20); // blanks behind a document change nothing of it
  box.set(plain);
  return b64(await seal(keys.kem, box, INFO));
}

/** Nothing for a drawer that was never used; throws EnvelopeError for what this key did not put there.
 * @param {Place} place @param {string} sealed @returns {Promise<Kept>} */
export async function openDrawer({ keys, rid, office, rev }, sealed) {
  if (!sealed && !rev) return nothingKept();
  try {
    const { said, sig } = JSON.parse(text(await keys.open(unb64(sealed), INFO)));
    await verify(keys.sig, TAG, await signed({ rid, office, rev }, String(said)), unb64(sig));
    return parsed(JSON.parse(said));
  } catch {
    throw new EnvelopeError("drawer");
  }
}

/** @param {Omit<Place, "keys">} place @param {string} said @returns {Promise<import("../crypto/keys.js").Fields>} */
const signed = async ({ rid, office, rev }, said) => [rid, office, rev, await digest(utf8(said))];

/** What a later release kept there beside stays there. @param {Record<string, unknown>} found @returns {Kept} */
const parsed = (found) => ({
  ...found,
  sentences: texts(found.sentences),
  views: named(found.views),
  ties: texts(found.ties),
});

/** @param {unknown} found @returns {View[]} */
const named = (found) =>
  Array.isArray(found)
    ? found
        .filter((one) => typeof one?.name === "string" && typeof one.filters === "object" && one.filters)
        .map(({ name, filters }) => ({ name, filters: onlyTexts(filters) }))
    : [];

/** @param {object} found @returns {Record<string, string>} */
const onlyTexts = (found) => Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "string"));

/** @param {unknown} found @returns {string[]} */
const texts = (found) => (Array.isArray(found) ? found.filter((one) => typeof one === "string") : []);

/** Why a sentence is not kept, as a word key, or "". @param {string} words */
export function refused(words) {
  if (!words) return "sentences.empty";
  return [...words].length > SENTENCE ? "sentences.long" : "";
}

/** One more sentence, in place of `was` where there is one; never twice.
 * @param {string} words @param {string} [was] @returns {(now: Kept) => Kept} */
export const added =
  (words, was = "") =>
  (now) => {
    const at = now.sentences.indexOf(was);
    const changed = at < 0 ? [...now.sentences, words] : now.sentences.map((one, i) => (i === at ? words : one));
    return { ...now, sentences: changed.filter((one, i) => changed.indexOf(one) === i) };
  };

/** A view under this name, in place of the one that had it.
 * @param {string} name @param {Record<string, string>} filters @returns {(now: Kept) => Kept} */
export const namedView = (name, filters) => (now) => ({
  ...now,
  views: [...now.views.filter((one) => one.name !== name), { name, filters }],
});

/** @param {string} name @returns {(now: Kept) => Kept} */
export const withoutView = (name) => (now) => ({ ...now, views: now.views.filter((one) => one.name !== name) });

/** Units and names one has a tie to, each once: what was added to the list one began from, and without what was struck
 * there. What another page put in meanwhile stays. @param {string} was a line each @param {string} words a line each
 * @returns {(now: Kept) => Kept} */
export const tiedTo = (was, words) => (now) => {
  const [before, after] = [was, words].map(linesOf);
  const left = now.ties.filter((one) => after.includes(one) || !before.includes(one));
  return { ...now, ties: [...new Set([...left, ...after.filter((one) => !before.includes(one))])] };
};

const linesOf = (/** @type {string} */ said) =>
  said
    .split("\n")
    .map((one) => one.trim())
    .filter(Boolean);

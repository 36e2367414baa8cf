// Items: a text or a file, padded, sealed under its own key in its own place (envelope.md, ITEM).

import { HEAD_SIZE, decrypt, encrypt, readFrom, sizeOf } from "./cobblestone.js";
import { SUITE, authorField, b64, concat, digest, lp, random, sameBytes, u32, unb64 } from "./encoding.js";
import { refuse } from "./errors.js";
import { dump, integer, parse, record, schema, string } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {import("./cobblestone.js").Source} Source */
/** @typedef {{name: string, type: string, size: number}} Meta */
/** @typedef {{id: string, comp: string, len: number, tree: string, halves?: string[]}} ItemEntry */
/**
 * Name "" is a text, else a file's name.
 * @template {Source} S
 * @typedef {{comp: string, name: string, type: string, body: S}} Part
 */
/**
 * @template {Source} S
 * @typedef {{entry: ItemEntry, blob: S, key: Bytes, halves: [Bytes, Bytes] | null}} SealedItem
 */

export const META = schema(1024, record({ name: string(255), type: string(127), size: integer }));
const SMALL = 4096;
const LARGE = 16384;
/** Every text of a compartment has one size: its length tells nothing. @type {Readonly<Record<string, number>>} */
export const TEXT_SIZE = Object.freeze({
  card: SMALL, report: LARGE, thread: SMALL, work: LARGE, award: SMALL, identity: SMALL, payout: SMALL,
}); // prettier-ignore
const MAY_BE_FILES = new Set(["report", "thread", "work", "payout"]);
export const SLICE = 1048576;

/** Padmé: at most 12 % more, and few different sizes. @param {number} size */
function padme(size) {
  let exponent = 0;
  while (2 ** (exponent + 1) <= size) exponent++;
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return Math.ceil(size / step) * step;
}

/**
 * Length of the padded plaintext; `size` is 4 + meta + body. EnvelopeError("too_long") when a text does not fit.
 * @param {string} comp @param {string} name "" for a text @param {number} size
 */
export function paddedSize(comp, name, size) {
  const text = TEXT_SIZE[comp] ?? refuse("bad_compartment");
  if (name === "") return size <= text ? text : refuse("too_long");
  return MAY_BE_FILES.has(comp) ? padme(Math.max(size, LARGE)) : refuse("bad_compartment");
}

/** Length of the blob of a padded plaintext: salt, commitment, a tag for every chunk. @param {number} plain */
export function blobSize(plain) {
  return HEAD_SIZE + plain + 16 * (Math.floor(plain / LARGE) + 1);
}

/** Refuse a blob length that is not that of a permitted padded size of its compartment. @param {string} comp @param {number} size */
export function checkLength(comp, size) {
  const rest = size - HEAD_SIZE;
  const plain = rest - 16 * (Math.floor(rest / (LARGE + 16)) + 1);
  const isText = plain === TEXT_SIZE[comp];
  const isFile = MAY_BE_FILES.has(comp) && plain >= LARGE && padme(plain) === plain;
  if (blobSize(plain) !== size || !(isText || isFile)) refuse("bad_length");
}

/** @param {Bytes} zone @param {Bytes} caseId @param {string} author @param {Bytes} pid @param {string} comp @param {number} index */
export function itemContext(zone, caseId, author, pid, comp, index) {
  return lp("item v1", SUITE, zone, caseId, authorField(author), pid, comp, index);
}

/** u32 length ‖ meta ‖ body ‖ zeros. @template {Source} S @param {Part<S>} part @returns {S} */
export function packPlain({ comp, name, type, body }) {
  const size = sizeOf(body);
  const meta = dump(META, { name: name.normalize("NFC"), type, size });
  const used = 4 + meta.length + size;
  const zeros = new Uint8Array(paddedSize(comp, name, used) - used);
  const parts = [u32(meta.length), meta, body, zeros];
  const plain = body instanceof Blob ? new Blob(parts) : concat(.../** @type {Bytes[]} */ (parts));
  return /** @type {S} */ (plain);
}

/** Where the bytes of a blob are named: H over the hashes of its mebibytes. @param {Source} blob @returns {Promise<Bytes>} */
export async function tree(blob) {
  /** @type {Bytes[]} */
  const hashes = [];
  for (let at = 0; at < sizeOf(blob); at += SLICE) hashes.push(await digest(await readFrom(blob, at, at + SLICE)));
  return digest(concat(...hashes));
}

/** @param {Bytes} id @param {number} i 1 or 2 @param {Bytes} half */
export function halfHash(id, i, half) {
  return digest(lp("half v1", id, i, half));
}

/** The key again. A half of zeros would make the other half the key. @param {Bytes} one @param {Bytes} two @returns {Bytes} */
export function joinHalves(one, two) {
  for (const half of [one, two]) if (half.length !== 32 || !half.some((byte) => byte !== 0)) refuse("bad_half");
  return one.map((byte, i) => byte ^ two[i]);
}

/** Two halves of which neither tells anything of the key. @param {Bytes} key @returns {[Bytes, Bytes]} */
export function split(key) {
  const one = random(32);
  const two = key.map((byte, i) => byte ^ one[i]);
  joinHalves(one, two);
  return [one, two];
}

/** The holder of an identity half checks it on arrival. @param {ItemEntry} entry @param {number} part 1 or 2 @param {Bytes} half */
export async function checkHalf(entry, part, half) {
  const expected = (entry.halves ?? [])[part - 1] ?? refuse("bad_half");
  if (!half.some((byte) => byte !== 0)) refuse("bad_half");
  if (b64(await halfHash(unb64(entry.id, 32), part, half)) !== expected) refuse("bad_half");
}

/**
 * Seal one part for its place in a post. The key is fresh and used once.
 * @param {Bytes} zone @param {Bytes} caseId @param {string} author @param {Bytes} pid @param {number} index
 * @template {Source} S
 * @param {Part<S>} part
 * @returns {Promise<SealedItem<S>>}
 */
export async function sealItem(zone, caseId, author, pid, index, part) {
  const key = random(32);
  const blob = await encrypt(key, itemContext(zone, caseId, author, pid, part.comp, index), packPlain(part));
  const id = (await readFrom(blob, 24, 56)).slice();
  const halves = part.comp === "identity" ? split(key) : null;
  /** @type {ItemEntry} */
  const entry = { id: b64(id), comp: part.comp, len: sizeOf(blob), tree: b64(await tree(blob)) };
  if (halves) entry.halves = await Promise.all(halves.map(async (half, i) => b64(await halfHash(id, i + 1, half))));
  return { entry, blob, key, halves };
}

/** The served bytes are those the author signed for. @param {ItemEntry} entry @param {Source} blob */
export async function checkBlob(entry, blob) {
  if (sizeOf(blob) !== entry.len || entry.len < 72) refuse("wrong_item");
  if (!sameBytes(await tree(blob), unb64(entry.tree, 32))) refuse("wrong_item");
  if (!sameBytes(await readFrom(blob, 24, 56), unb64(entry.id, 32))) refuse("wrong_item");
}

/** @param {Source} plain @param {number} from */
async function allZero(plain, from) {
  for (let at = from; at < sizeOf(plain); at += SLICE) {
    if ((await readFrom(plain, at, at + SLICE)).some((byte) => byte !== 0)) return false;
  }
  return true;
}

/** @template {Source} S @param {string} comp @param {S} plain @returns {Promise<{meta: Meta, body: S}>} */
async function unpackPlain(comp, plain) {
  const head = await readFrom(plain, 0, 4);
  if (head.length < 4) refuse("malformed");
  const from = 4 + new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (from > 4 + META.limit) refuse("malformed");
  const meta = parse(META, await readFrom(plain, 4, from));
  const to = from + meta.size;
  if (paddedSize(comp, meta.name, to) !== sizeOf(plain) || !(await allZero(plain, to))) refuse("malformed");
  return { meta, body: /** @type {S} */ (plain.slice(from, to)) };
}

/**
 * Check first what the author signed (length, tree, id), then commitment, size, zeros and padded length.
 * `author`, `pid`, `index` are those of the post that carries the item, not of the one that granted it.
 * @param {Bytes} zone @param {Bytes} caseId @param {string} author @param {Bytes} pid @param {number} index
 * @template {Source} S
 * @param {ItemEntry} entry @param {Bytes} key @param {S} blob
 * @returns {Promise<{meta: Meta, body: S}>}
 */
export async function openItem(zone, caseId, author, pid, index, entry, key, blob) {
  await checkBlob(entry, blob);
  const plain = await decrypt(key, itemContext(zone, caseId, author, pid, entry.comp, index), blob);
  return unpackPlain(entry.comp, plain);
}

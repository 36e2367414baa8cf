// Large items slice by slice: sealed from a stream, opened in order, never whole in memory (envelope.md, Item and Slices).
// A slice is 1 MiB of the blob; the entry's `tree` is the hash of the slices' hashes, so each slice is checked against
// what the author signed before it is opened.

import { HEAD_SIZE, opening, sealing } from "./cobblestone.js";
import { b64, concat, digest, random, sameBytes, u32, unb64 } from "./encoding.js";
import { refuse } from "./errors.js";
import { META, SLICE, blobSize, itemContext, paddedSize } from "./items.js";
import { dump, parse } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {import("./items.js").ItemEntry} ItemEntry */
/** @typedef {import("./items.js").Meta} Meta */
/** Where an item stands. @typedef {{zone: Bytes, caseId: Bytes, author: string, pid: Bytes, index: number}} Place */
/** What is known of a file before its first byte; `size` in bytes. @typedef {{comp: string, name: string, type: string, size: number}} Shape */
/** What one sealing draws: used for one plaintext, ever. @typedef {{key: Bytes, salt: Bytes}} Drawn */

const HASH = 32;

/** @param {Place} place @param {string} comp */
const contextOf = ({ zone, caseId, author, pid, index }, comp) => itemContext(zone, caseId, author, pid, comp, index);

/** Length of the meta ‖ meta: what stands before the body. @param {Shape} shape @returns {Bytes} */
function headOf({ name, type, size }) {
  const meta = dump(META, { name: name.normalize("NFC"), type, size });
  return concat(u32(meta.length), meta);
}

/** Length of the whole plaintext. @param {Shape} shape */
const paddedOf = (shape) => paddedSize(shape.comp, shape.name, headOf(shape).length + shape.size);

/** Length of the whole blob: what is declared before the first slice is sent. @param {Shape} shape */
export const blobOf = (shape) => blobSize(paddedOf(shape));

/** How many slices a blob of this length has; the last is the rest. @param {number} length */
export const sliceCount = (length) => Math.ceil(length / SLICE);

/** The `tree` of the hashes of all slices, in order. @param {Bytes} hashes */
export const treeOf = async (hashes) => b64(await digest(hashes));

/** Key and salt for one file. Sealing another plaintext under them would give both away. @returns {Drawn} */
export const draw = () => ({ key: random(32), salt: random(24) });

/**
 * The blob in slices, from a body of exactly `shape.size` bytes: EnvelopeError("changed") for any other.
 * `drawn` may be used again only for the very same bytes (a transfer that was broken off).
 * @param {Place} place @param {Shape} shape @param {Drawn} drawn @param {AsyncIterable<Bytes> | Iterable<Bytes>} pieces
 * @returns {AsyncGenerator<Bytes, void>}
 */
export async function* sealSlices(place, shape, drawn, pieces) {
  const { head, seal } = await sealing(drawn.key, contextOf(place, shape.comp), drawn.salt);
  const cut = new Cutter(SLICE);
  yield* cut.add(head);
  for await (const piece of plainOf(shape, pieces)) yield* cut.add(await seal(piece, false));
  yield* cut.add(await seal(new Uint8Array(), true));
  if (cut.left.length > 0) yield cut.left;
}

/** @param {Shape} shape @param {AsyncIterable<Bytes> | Iterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
async function* plainOf(shape, pieces) {
  const head = headOf(shape);
  yield head;
  let left = shape.size;
  for await (const piece of pieces) {
    left -= piece.length;
    if (left < 0) refuse("changed");
    yield piece;
  }
  if (left > 0) refuse("changed");
  for (let zeros = paddedOf(shape) - head.length - shape.size; zeros > 0; zeros -= SLICE) {
    yield new Uint8Array(Math.min(SLICE, zeros));
  }
}

/** The same bytes in pieces of one size; `left` is what is not yet a whole one. */
class Cutter {
  /** @param {number} size */
  constructor(size) {
    this.size = size;
    /** @type {Bytes} */ this.left = new Uint8Array();
  }

  /** @param {Bytes} bytes @returns {Generator<Bytes, void>} */
  *add(bytes) {
    this.left = this.left.length > 0 ? concat(this.left, bytes) : bytes;
    while (this.left.length >= this.size) {
      yield this.left.slice(0, this.size);
      this.left = this.left.subarray(this.size);
    }
  }
}

/**
 * The entry of a file whose slices were sealed: `first` is the first of them, `hashes` the hashes of all.
 * @param {Shape} shape @param {Bytes} first @param {Bytes} hashes @returns {Promise<ItemEntry>}
 */
export async function entryOf(shape, first, hashes) {
  return { id: b64(first.slice(24, HEAD_SIZE)), comp: shape.comp, len: blobOf(shape), tree: await treeOf(hashes) };
}

/**
 * Opens one item in order: `add` each slice, then `finish`. No slice is opened before it is checked against the tree
 * that the author signed. What `add` gives is body, each byte authenticated; whether the padding is as it must be is
 * known only from `finish`, so nothing is kept for good before it. Only EnvelopeError comes out.
 */
export class SliceOpener {
  /** @param {ItemEntry} entry @param {Bytes} hashes @param {Awaited<ReturnType<typeof opening>>} opener */
  constructor(entry, hashes, opener) {
    this.entry = entry;
    this.hashes = hashes;
    this.opener = opener;
    /** @type {Meta | null} */ this.meta = null;
    this.start = 0;
    this.next = 0;
    this.seen = 0;
    /** @type {Bytes} */ this.kept = new Uint8Array();
  }

  /**
   * `hashes`: those of all slices, as the server gives them; they must hash to the entry's tree.
   * @param {Place} place @param {ItemEntry} entry @param {Bytes} key @param {Bytes} hashes
   */
  static async start(place, entry, key, hashes) {
    const isWhole = hashes.length === HASH * sliceCount(entry.len);
    if (!isWhole || (await treeOf(hashes)) !== entry.tree) refuse("wrong_item");
    return new SliceOpener(entry, hashes, await opening(key, contextOf(place, entry.comp)));
  }

  /** The next slice's share of the body. @param {Bytes} slice @returns {Promise<Bytes>} */
  async add(slice) {
    const expected = this.hashes.subarray(this.next * HASH, (this.next + 1) * HASH);
    if (!sameBytes(await digest(slice), expected)) refuse("wrong_item");
    if (this.next === 0 && !sameBytes(slice.subarray(24, HEAD_SIZE), unb64(this.entry.id, 32))) refuse("wrong_item");
    this.next += 1;
    return this.#body(await this.opener(slice, false));
  }

  /** The last share of the body, once every slice was added. @returns {Promise<Bytes>} */
  async finish() {
    if (this.next * HASH !== this.hashes.length) refuse("wrong_item");
    const rest = this.#body(await this.opener(new Uint8Array(), true));
    if (!this.meta) refuse("malformed");
    if (paddedSize(this.entry.comp, this.meta.name, this.#end()) !== this.seen) refuse("malformed");
    return rest;
  }

  #end() {
    return this.start + (this.meta?.size ?? 0);
  }

  /** What of the plaintext is body: behind the meta, before the zeros. @param {Bytes} plain @returns {Bytes} */
  #body(plain) {
    let bytes = plain;
    if (!this.meta) {
      this.kept = concat(this.kept, plain);
      if (!this.#readMeta()) return new Uint8Array();
      bytes = this.kept;
      this.kept = new Uint8Array();
    }
    const at = this.seen;
    this.seen += bytes.length;
    const last = Math.max(this.#end() - at, 0);
    if (bytes.subarray(last).some((byte) => byte !== 0)) refuse("malformed");
    return bytes.subarray(Math.max(this.start - at, 0), last);
  }

  /** Whether the meta is whole, and then what it says. */
  #readMeta() {
    if (this.kept.length < 4) return false;
    this.start = 4 + new DataView(this.kept.buffer, this.kept.byteOffset).getUint32(0);
    if (this.start > 4 + META.limit) refuse("malformed");
    if (this.kept.length < this.start) return false;
    this.meta = parse(META, this.kept.subarray(4, this.start));
    return true;
  }
}

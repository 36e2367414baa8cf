/**
 * Large files out of a case: fetched and opened slice by slice, each checked against what its author signed. Whoever
 * reads, reporter or reviewer, fetches through here. The twin of whistle/client/fetching.py.
 */

import { concat, unb64 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { SLICE } from "../crypto/items.js";
import { SliceOpener } from "../crypto/slices.js";
import { ClientError } from "./errors.js";
import { getSealed } from "./wire.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** The post that carries an item. @typedef {{author: string, pid: string, items: readonly import("../crypto/items.js").ItemEntry[]}} Carrier */
/** @typedef {import("./reading.js").Opened} Opened */
/** Whose case: its zone and id. @typedef {{zone: Bytes, case: Bytes}} Where */
/** A door's slices of one item: the hashes of all, and the bytes first…last of its blob.
 * @typedef {{hashes: () => Promise<Bytes>, piece: (first: number, last: number) => Promise<Bytes>}} Slices */

/** The slices of an item as a door gives them. @param {Record<string, string>} shown the ticket's Authorization, or Whistle-Case beside a session
 * @param {string} item @returns {Slices} */
export function slicesAt(shown, item) {
  const headers = { ...shown, "Whistle-Item": item };
  return {
    hashes: () => getSealed("/api/slices", headers),
    piece: (first, last) => getSealed("/api/item", { ...headers, Range: `bytes=${first}-${last}` }),
  };
}

/** A file on its way. `meta` stands once the first piece came; nothing may be kept before the last did. */
export class Fetched {
  /** @param {SliceOpener[]} openers one for each key that some grant gave @param {number} length @param {Slices} slices */
  constructor(openers, length, slices) {
    this.openers = openers;
    this.length = length;
    this.slices = slices;
  }

  get meta() {
    return this.openers[0].meta;
  }

  /** The body in order. Throws ClientError, of it ClientError("broken") where a slice, or the end, is not as it was signed. @returns {AsyncGenerator<Bytes, void>} */
  async *pieces() {
    for (let first = 0; first < this.length; first += SLICE) {
      const slice = await this.slices.piece(first, Math.min(first + SLICE, this.length) - 1);
      yield await named("broken", this.#add(slice));
    }
    yield await named("broken", this.openers[0].finish());
  }

  /** By the first key that opens it; a false one that somebody granted is left behind with the first slice.
   * @param {Bytes} slice @returns {Promise<Bytes>} */
  async #add(slice) {
    try {
      return await this.openers[0].add(slice);
    } catch (error) {
      if (!(error instanceof EnvelopeError) || this.openers.length === 1) throw error;
      this.openers.shift();
    }
    return this.#add(slice);
  }
}

/**
 * An item that reading listed as `apart`. Throws ClientError("server_lies") for hashes that its author did not sign.
 * @param {Where} where @param {Carrier} post @param {Opened} item @param {Slices} slices @returns {Promise<Fetched>}
 */
export async function fetched(where, post, item, slices) {
  if (!item.key) throw new ClientError("broken");
  const place = { zone: where.zone, caseId: where.case, author: post.author, pid: unb64(post.pid), index: item.index };
  const hashes = await slices.hashes();
  const starts = [item.key, ...item.spare].map((key) => SliceOpener.start(place, post.items[item.index], key, hashes));
  return new Fetched(await named("server_lies", Promise.all(starts)), item.length, slices);
}

/** Every byte of it at once, for what is shown whole; each share is told as it comes. Throws ClientError, "too_large" above `most` bytes.
 * @param {Fetched} file @param {number} most @param {(bytes: number, of: number) => void} [tell] @returns {Promise<Bytes>} */
export async function whole(file, most, tell = () => {}) {
  if (file.length > most) throw new ClientError("too_large");
  /** @type {Bytes[]} */
  const pieces = [];
  let seen = 0;
  for await (const piece of file.pieces()) {
    pieces.push(piece);
    tell((seen += piece.length), file.length);
  }
  return concat(...pieces);
}

/** What the check refuses is told by one name; any other error is ours. @template T @param {string} code @param {Promise<T>} checking @returns {Promise<T>} */
function named(code, checking) {
  return checking.catch((error) => {
    throw error instanceof EnvelopeError ? new ClientError(code) : error;
  });
}

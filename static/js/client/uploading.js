/**
 * One large file on its way: sealed slice by slice, its parts sent before the post that names it. Words are never
 * here; a file that fails costs the file.
 *
 * A key, a salt and a pid serve one plaintext, ever. The file is read twice: the first time to know its size and the
 * hash of each mebibyte, the second time to seal; a mebibyte that differs from the first time is never sealed.
 */

import { b64, concat, digest, random, sameBytes } from "../crypto/encoding.js";
import { refuse } from "../crypto/errors.js";
import { SLICE } from "../crypto/items.js";
import { blobOf, draw, entryOf, sealSlices, sliceCount } from "../crypto/slices.js";
import { ClientError } from "./errors.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/slices.js").Place} Place */
/** @typedef {import("../crypto/slices.js").Shape} Shape */
/** The body in order, in pieces of any size; each call begins anew. @typedef {() => AsyncIterable<Bytes>} Pieces */
/** A file as it will be sealed. @typedef {{shape: Shape, pieces: Pieces, hashes: Bytes[]}} Prepared */
/** The public or the review door's four calls. @typedef {{
 *   put: (name: string, slice: Bytes, first: boolean) => Promise<unknown>,
 *   have: (name: string) => Promise<{len: number, have: [number, number][]}>,
 *   drop: (name: string) => Promise<unknown>}} Parts */
/** @typedef {{sent: (bytes: number) => void, signal: AbortSignal, go: () => Promise<void>}} Watch bytes that arrived, of all; cancel; `go` waits while it is paused */

const AT_ONCE = 3;
const TRIES = 8;
const LONGEST_WAIT = 30_000;
/** What another try may mend. */
const PASSING = new Set(["offline", "busy", "too_many", "fault"]);

/**
 * First reading: how long the body is, and the hash of each of its mebibytes.
 * @param {Omit<Shape, "size">} named @param {Pieces} pieces @returns {Promise<Prepared>}
 */
export async function prepare(named, pieces) {
  /** @type {Bytes[]} */
  const hashes = [];
  let size = 0;
  for await (const piece of inMebibytes(pieces())) {
    size += piece.length;
    hashes.push(await digest(piece));
  }
  return { shape: { ...named, size }, pieces, hashes };
}

/** The same bytes in mebibytes, the last one what is left. @param {AsyncIterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
async function* inMebibytes(pieces) {
  /** @type {Bytes} */
  let left = new Uint8Array();
  for await (const piece of pieces) {
    left = left.length > 0 ? concat(left, piece) : piece;
    for (; left.length >= SLICE; left = left.subarray(SLICE)) yield left.slice(0, SLICE);
  }
  if (left.length > 0) yield left.slice();
}

/** Second reading: a mebibyte is given out only if it is the one of the first. @param {Prepared} prepared @returns {AsyncGenerator<Bytes, void>} */
async function* again({ pieces, hashes }) {
  let n = 0;
  for await (const piece of inMebibytes(pieces())) {
    if (!sameBytes(await digest(piece), hashes[n] ?? new Uint8Array())) refuse("changed");
    n += 1;
    yield piece;
  }
  if (n !== hashes.length) refuse("changed");
}

/**
 * One file and what was drawn for it. `send` may be called again after a failure: what arrived is not sent twice.
 */
export class Uploading {
  /** @param {Omit<Place, "pid">} place @param {Prepared} prepared @param {Bytes} [pid] of a post that has other items too: fresh with it */
  constructor(place, prepared, pid = random(16)) {
    this.place = { ...place, pid };
    this.prepared = prepared;
    this.drawn = draw();
    this.length = blobOf(prepared.shape);
  }

  /** The header of part n, or of the place without one. @param {number} [n] */
  name(n) {
    const pid = b64(this.place.pid);
    const place = `${pid}.${this.place.index}`;
    return n === undefined ? place : `${place}.${n}.${this.length}`;
  }

  /**
   * Seal and send every slice that is not there yet. ClientError, of it "cancelled", or EnvelopeError("changed").
   * @param {Parts} parts @param {Watch} watch
   * @returns {Promise<{entry: import("../crypto/items.js").ItemEntry, key: Bytes, halves: null}>} for the post's body and grants
   */
  async send(parts, watch) {
    const there = await this.#known(parts, watch);
    const { shape } = this.prepared;
    /** @type {Bytes[]} */
    const hashes = [];
    /** @type {Bytes} */
    let first = new Uint8Array();
    let arrived = 0;
    const count = (/** @type {Bytes} */ slice) => watch.sent((arrived += slice.length));
    const flying = new Flying(AT_ONCE);
    for await (const slice of sealSlices(this.place, shape, this.drawn, again(this.prepared))) {
      const n = hashes.length;
      if (n === 0) first = slice;
      hashes.push(await digest(slice));
      if (there(n)) count(slice);
      // The first part declares the length and does the work: the others come after its answer.
      else
        await flying.add(
          this.#put(parts, watch, n, slice).then(() => count(slice)),
          n === 0,
        );
    }
    await flying.all();
    return { entry: await entryOf(shape, first, concat(...hashes)), key: this.drawn.key, halves: null };
  }

  /** Take back what was sent. @param {Parts} parts */
  cancel(parts) {
    return parts.drop(this.name());
  }

  /** Which parts are there already. @param {Parts} parts @param {Watch} watch @returns {Promise<(n: number) => boolean>} */
  async #known(parts, watch) {
    const { len, have } = await patiently(watch, () => parts.have(this.name()));
    if (len !== 0 && len !== this.length) throw new ClientError("part_differs");
    return (n) => have.some(([from, to]) => from <= n && n <= to);
  }

  /** @param {Parts} parts @param {Watch} watch @param {number} n @param {Bytes} slice */
  #put(parts, watch, n, slice) {
    return patiently(watch, () => parts.put(this.name(n), slice, n === 0));
  }

  /** How many parts there will be. */
  get count() {
    return sliceCount(this.length);
  }
}

/** A few requests under way at once; the first failure is the one that is told. */
class Flying {
  /** @param {number} most */
  constructor(most) {
    this.most = most;
    /** @type {Set<Promise<void>>} */ this.now = new Set();
  }

  /** Wait for a place, then let it fly; with `alone` wait until it has landed. @param {Promise<void>} request @param {boolean} alone */
  async add(request, alone) {
    const flight = request.finally(() => this.now.delete(flight));
    flight.catch(() => {}); // told by whoever waits next
    this.now.add(flight);
    if (alone) await flight;
    while (this.now.size >= this.most) await Promise.race(this.now);
  }

  async all() {
    await Promise.all(this.now);
  }
}

/** Try again, later each time, while what stands in the way may pass. @template T @param {Watch} watch @param {() => Promise<T>} ask @returns {Promise<T>} */
export async function patiently(watch, ask) {
  for (let tries = 1; ; tries += 1) {
    await watch.go();
    if (watch.signal.aborted) throw new ClientError("cancelled");
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ClientError) || !PASSING.has(error.code) || tries === TRIES) throw error;
      await pause(Math.min(500 * 2 ** tries, LONGEST_WAIT), watch.signal);
    }
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

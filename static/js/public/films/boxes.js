/** What the maker of an MP4 writes of itself (ISO 14496-12): the second it was made, in three boxes, the names of its
 * handlers and of its compressor. All of it stands in `moov`, and becomes zeros. A WebM has its makers' names in front. */

import { concat } from "../../crypto/encoding.js";

/** @typedef {import("../../crypto/encoding.js").Bytes} Bytes */

const HEADER = 8; // length and name
const TIMES = { 0: [4, 12], 1: [4, 20] }; // behind version and flags: created and changed, 4 bytes each or 8
const HANDLER_NAME = 24; // behind version, kind and what is reserved
const STSD = 8; // behind its header: version and the number of entries
const COMPRESSOR = [50, 82]; // of a picture's entry
const PICTURES = new Set(["avc1", "avc3", "hvc1", "hev1", "vp08", "vp09", "av01", "mp4v"]);
const INSIDE = new Set(["moov", "trak", "mdia", "minf", "stbl", "stsd"]);
const DATED = new Set(["mvhd", "tkhd", "mdhd"]);

/** The same file without them, as it comes. @param {AsyncIterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
export async function* undated(pieces) {
  /** @type {Bytes} */
  let held = new Uint8Array();
  let through = 0; // bytes of a box that is passed on as it is
  for await (const piece of pieces) {
    held = held.length ? concat(held, piece) : piece.slice();
    for (;;) {
      if (through > 0) {
        const share = held.subarray(0, Math.min(through, held.length));
        through -= share.length;
        held = held.subarray(share.length);
        if (share.length) yield share;
      }
      if (held.length < 2 * HEADER) break;
      const { length, name } = boxAt(held, 0);
      if (name !== "moov") through = length;
      else if (held.length < length) break;
      else {
        yield plain(held.slice(0, length));
        held = held.subarray(length);
      }
    }
  }
  if (held.length) yield held;
}

/** @param {Bytes} data @param {number} at */
function boxAt(data, at) {
  const view = new DataView(data.buffer, data.byteOffset);
  const short = view.getUint32(at);
  const length = short === 1 ? Number(view.getBigUint64(at + HEADER)) : short || data.length - at;
  return { length: Math.max(length, HEADER), name: String.fromCharCode(...data.subarray(at + 4, at + HEADER)) };
}

/** Zeros in place, in this box and those inside it. @param {Bytes} box @returns {Bytes} */
function plain(box) {
  for (let at = HEADER + (boxAt(box, 0).name === "stsd" ? STSD : 0); at + HEADER <= box.length;) {
    const { length, name } = boxAt(box, at);
    const inner = box.subarray(at, Math.min(at + length, box.length));
    if (INSIDE.has(name)) plain(inner);
    if (DATED.has(name)) inner.fill(0, ...timesOf(inner));
    if (PICTURES.has(name)) inner.fill(0, ...COMPRESSOR);
    if (name === "hdlr") inner.fill(0, HEADER + HANDLER_NAME);
    at += length;
  }
  return box;
}

/** @param {Bytes} box @returns {[number, number]} */
function timesOf(box) {
  const [from, to] = TIMES[box[HEADER] === 1 ? 1 : 0];
  return [HEADER + from, HEADER + to];
}

const MAKERS = [
  [0x4d, 0x80],
  [0x57, 0x41],
]; // MuxingApp, WritingApp (RFC 9559)
const IN_FRONT = 4096;

/** A WebM without the names of the programs that wrote it. @param {AsyncIterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
export async function* nameless(pieces) {
  /** @type {Bytes | null} */
  let front = new Uint8Array();
  for await (const piece of pieces) {
    /** @type {Bytes} */
    const held = front ? concat(front, piece) : piece;
    if (front && held.length < IN_FRONT) front = held;
    else {
      yield front ? unnamed(held) : held;
      front = null;
    }
  }
  if (front) yield unnamed(front);
}

/** @param {Bytes} data @returns {Bytes} */
function unnamed(data) {
  for (const [first, second] of MAKERS) {
    const at = data.subarray(0, IN_FRONT).findIndex((byte, i) => byte === first && data[i + 1] === second);
    const length = data[at + 2] & 0x7f; // a name is short: its length takes one byte
    if (at >= 0) data.fill(0x20, at + 3, at + 3 + length);
  }
  return data;
}

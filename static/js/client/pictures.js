// Pictures without what they say about their maker: the segments that carry metadata are cut, the pixels stay as they
// are. JPEG (ITU T.81 annex B), PNG (RFC 2083), WebP (RFC 9649). Twin of `whistle/client/pictures.py`;
// `tests/vectors/pictures.json` is read by both.

import { concat, sameBytes, u32, utf8 } from "../crypto/encoding.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** In pixels, as the header says. @typedef {{width: number, height: number}} Size */

/** The bytes are not a whole picture of the type they begin as. */
export class NotAPicture extends Error {}

/** @returns {never} */
function refuse() {
  throw new NotAPicture("not a picture");
}

/** `image/jpeg`, `image/png`, `image/webp` by the first bytes, "" for anything else. @param {Bytes} data */
export function kindOf(data) {
  if (begins(data, 0, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (begins(data, 0, PNG)) return "image/png";
  return begins(data, 0, utf8("RIFF")) && begins(data, 8, utf8("WEBP")) ? "image/webp" : "";
}

/** The same picture without metadata and without anything behind its end. NotAPicture. @param {Bytes} data @returns {Bytes} */
export function cleaned(data) {
  const cut = { "image/jpeg": jpeg, "image/png": png, "image/webp": webp, "": refuse }[kindOf(data)];
  return (cut ?? refuse)(data);
}

/** What the header says, before anything is decoded. NotAPicture. @param {Bytes} data @returns {Size} */
export function sizeOf(data) {
  const look = { "image/jpeg": jpegSize, "image/png": pngSize, "image/webp": webpSize, "": refuse }[kindOf(data)];
  return (look ?? refuse)(data);
}

/** @param {Bytes} data @param {number} at @param {ArrayLike<number>} start */
const begins = (data, at, start) => sameBytes(data.subarray(at, at + start.length), Uint8Array.from(start));

/** @param {Bytes} data @param {number} at @param {number} size */
function big(data, at, size) {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (data[at + i] ?? 0);
  return value;
}

/** @param {Bytes} data @param {number} at @param {number} size */
function little(data, at, size) {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (data[at + i] ?? 0);
  return value;
}

// JPEG

const SOS = 0xda;
const EOI = 0xd9;
const ADOBE = 0xee;
const EXIF = 0xe1;
const TURNED = 0x0112; // Exif's tag for which way up
/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
const ALONE = new Set([0x01, ...range(0xd0, 0xd8)]); // markers without a length
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
// Tables, frames and scans; of the application's segments only Adobe's, which says how colours are coded.
const KEPT = new Set([0xc4, 0xcc, SOS, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, ...FRAMES]);

/** @param {Bytes} data @returns {Bytes} */
function jpeg(data) {
  /** @type {Bytes[]} */
  const out = [Uint8Array.of(0xff, 0xd8)];
  let turned = 0;
  for (const [marker, segment, scan] of segments(data)) {
    if (marker === EXIF) turned = turned || orientation(segment);
    else if (KEPT.has(marker) || (marker === ADOBE && begins(segment, 0, utf8("Adobe")))) {
      if (turned) out.push(turn(turned));
      turned = 0;
      out.push(Uint8Array.of(0xff, marker), u32(segment.length + 2).subarray(2), segment, scan);
    }
  }
  return concat(...out, Uint8Array.of(0xff, 0xd9));
}

/**
 * Marker, payload and, behind a scan's header, the coded scan; up to the end of the picture.
 * @param {Bytes} data @returns {Generator<[number, Bytes, Bytes], void>}
 */
function* segments(data) {
  let at = 2;
  for (;;) {
    if (data[at] !== 0xff) refuse();
    while (data[at + 1] === 0xff) at += 1; // fill bytes
    if (at + 2 > data.length) refuse();
    const marker = data[at + 1];
    at += 2;
    if (marker === EOI) return;
    if (ALONE.has(marker)) continue;
    const length = big(data, at, 2);
    if (length < 2 || at + length > data.length) refuse();
    const segment = data.subarray(at + 2, at + length);
    at += length;
    const end = marker === SOS ? scanEnd(data, at) : at;
    yield [marker, segment, data.subarray(at, end)];
    at = end;
  }
}

/** Where the coded scan ends: at a marker that is neither a stuffed byte nor a restart. @param {Bytes} data @param {number} from */
function scanEnd(data, from) {
  for (let at = data.indexOf(0xff, from); at >= 0 && at + 1 < data.length; at = data.indexOf(0xff, at)) {
    const next = data[at + 1];
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return at;
    at += next === 0xff ? 1 : 2;
  }
  return refuse();
}

/** 2…8 when Exif says that the picture lies on its side, else 0. @param {Bytes} segment */
function orientation(segment) {
  if (!begins(segment, 0, [...utf8("Exif"), 0, 0])) return 0;
  const tiff = segment.subarray(6);
  const isLittle = begins(tiff, 0, [0x49, 0x49, 0x2a, 0]);
  if (!isLittle && !begins(tiff, 0, [0x4d, 0x4d, 0, 0x2a])) return 0;
  const number = isLittle ? little : big;
  const start = number(tiff, 4, 4);
  for (let i = 0; i < Math.min(number(tiff, start, 2), 100); i++) {
    const row = start + 2 + 12 * i;
    if (number(tiff, row, 2) !== TURNED || number(tiff, row + 2, 2) !== 3) continue;
    const value = number(tiff, row + 8, 2);
    return value >= 2 && value <= 8 ? value : 0;
  }
  return 0;
}

/** The smallest Exif there is: which way up, nothing else. @param {number} value @returns {Bytes} */
function turn(value) {
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0];
  const segment = Uint8Array.from([...utf8("Exif"), 0, 0, ...tiff]);
  return concat(Uint8Array.of(0xff, EXIF), u32(segment.length + 2).subarray(2), segment);
}

/** @param {Bytes} data @returns {Size} */
function jpegSize(data) {
  for (const [marker, segment] of segments(data)) {
    if (FRAMES.has(marker) && segment.length >= 5) return { width: big(segment, 3, 2), height: big(segment, 1, 2) };
  }
  return refuse();
}

// PNG

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
// What the pixels need; text, times, Exif, profiles and unknown chunks are left out.
const CHUNKS = new Set("IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT acTL fcTL fdAT".split(" "));

/** @param {Bytes} data @returns {Bytes} */
function png(data) {
  const kept = [...chunks(data)].filter(([name]) => CHUNKS.has(name));
  return concat(Uint8Array.from(PNG), ...kept.map(([, whole]) => whole));
}

/** Name and bytes of each chunk up to IEND. @param {Bytes} data @returns {Generator<[string, Bytes], void>} */
function* chunks(data) {
  for (let at = 8, name = ""; name !== "IEND";) {
    const end = at + 12 + big(data, at, 4);
    name = String.fromCharCode(...data.subarray(at + 4, at + 8));
    if (name.length < 4 || end > data.length || (at === 8 && name !== "IHDR")) refuse();
    yield [name, data.subarray(at, end)];
    at = end;
  }
}

/** @param {Bytes} data @returns {Size} */
function pngSize(data) {
  for (const [, header] of chunks(data)) return { width: big(header, 8, 4), height: big(header, 12, 4) };
  return refuse();
}

// WebP

const FRAMES_OF_WEBP = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"]);
const SAYS_METADATA = 0x20 | 0x08 | 0x04; // VP8X: profile, Exif, XMP

/** @param {number} value */
const littleEndian = (value) => u32(value).reverse();

/** @param {Bytes} data @returns {Bytes} */
function webp(data) {
  /** @type {Bytes[]} */
  const kept = [];
  for (const [name, body] of riff(data)) {
    if (!FRAMES_OF_WEBP.has(name)) continue;
    const copy = body.slice();
    if (name === "VP8X" && copy.length > 0) copy[0] &= ~SAYS_METADATA;
    kept.push(utf8(name), littleEndian(copy.length), copy, new Uint8Array(copy.length % 2));
  }
  if (kept.length === 0) refuse();
  const whole = concat(utf8("WEBP"), ...kept);
  return concat(utf8("RIFF"), littleEndian(whole.length), whole);
}

/** Name and body of each chunk within the length that the header says. @param {Bytes} data @returns {Generator<[string, Bytes], void>} */
function* riff(data) {
  const end = 8 + little(data, 4, 4);
  if (end > data.length) refuse();
  for (let at = 12; at + 8 <= end;) {
    const length = little(data, at + 4, 4);
    if (at + 8 + length > end) refuse();
    yield [String.fromCharCode(...data.subarray(at, at + 4)), data.subarray(at + 8, at + 8 + length)];
    at += 8 + length + (length % 2);
  }
}

/** @param {Bytes} data @returns {Size} */
function webpSize(data) {
  for (const [name, body] of riff(data)) {
    if (name === "VP8X" && body.length >= 10) return { width: little(body, 4, 3) + 1, height: little(body, 7, 3) + 1 };
    if (name === "VP8L" && body.length >= 5) {
      const bits = little(body, 1, 4);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    if (name === "VP8 " && body.length >= 10)
      return { width: little(body, 6, 2) & 0x3fff, height: little(body, 8, 2) & 0x3fff };
    break;
  }
  return refuse();
}

/** The code as a picture: a PNG written here, byte by byte. A canvas read back is stripes where browsers guard it. */

import qrcode from "qrcode-generator";

// Five by seven points a digit, a row of bits each.
const FONT = [
  [14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 2, 4, 8, 31], [31, 2, 4, 2, 1, 17, 14], [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14], [6, 8, 16, 30, 17, 17, 14], [31, 1, 2, 4, 8, 8, 8], [14, 17, 17, 14, 17, 17, 14], [14, 17, 17, 15, 1, 2, 12],
]; // prettier-ignore
const POINT = 10; // pixels
const MARGIN = 4; // points, as the rest
const DIGIT = 7;
const LINE = 10;

/** Whether there is ink at a point. @typedef {(x: number, y: number) => boolean} Ink */

/** Digits, one group a line, and below them the same digits as a QR code: a picture that says nothing to whoever finds it.
 * @param {string} groups @returns {Blob} */
export function pictureOf(groups) {
  const lines = groups.split(" ");
  const code = qrOf(lines.join(""));
  const width = 2 * MARGIN + Math.max(code.size, DIGIT * Math.max(...lines.map((line) => line.length)) - 2);
  const below = MARGIN + LINE * lines.length - 3 + MARGIN; // the quiet zone of a QR code is four points
  const aside = Math.floor((width - code.size) / 2);
  return drawn(width, below + code.size + MARGIN, (x, y) =>
    y < below ? inkAt(lines, x - MARGIN, y - MARGIN) : code.isInk(x - aside, y - below),
  );
}

/** The QR code alone, with its quiet zone. @param {string} groups @returns {Blob} */
export function codeOf(groups) {
  const { size, isInk } = qrOf(groups.replace(/ /g, ""));
  return drawn(size + 2 * MARGIN, size + 2 * MARGIN, (x, y) => isInk(x - MARGIN, y - MARGIN));
}

/** ISO/IEC 18004, numeric, level M: it reads though a seventh of it is dirt. @param {string} digits @returns {{size: number, isInk: Ink}} points */
function qrOf(digits) {
  const code = qrcode(0, "M");
  code.addData(digits, "Numeric");
  code.make();
  const size = code.getModuleCount();
  const isInk = (/** @type {number} */ x, /** @type {number} */ y) =>
    x >= 0 && y >= 0 && x < size && y < size && code.isDark(y, x);
  return { size, isInk };
}

/** @param {number} width points @param {number} height points @param {Ink} isInk @returns {Blob} */
function drawn(width, height, isInk) {
  const bytes = png(width * POINT, height * POINT, (x, y) => isInk(Math.floor(x / POINT), Math.floor(y / POINT)));
  return new Blob([bytes], { type: "image/png" });
}

/** @param {string[]} lines @param {number} x @param {number} y */
function inkAt(lines, x, y) {
  const digit = lines[Math.floor(y / LINE)]?.[Math.floor(x / DIGIT)];
  const row = digit === undefined ? 0 : (FONT[Number(digit)][y % LINE] ?? 0);
  return x >= 0 && y >= 0 && ((row >> (4 - (x % DIGIT))) & 1) === 1 && x % DIGIT < 5;
}

/** Black and white, one bit a pixel, stored without compression. @param {number} width @param {number} height @param {(x: number, y: number) => boolean} isInk @returns {Uint8Array<ArrayBuffer>} */
function png(width, height, isInk) {
  const across = Math.ceil(width / 8);
  const raw = new Uint8Array((across + 1) * height).fill(255);
  for (let y = 0; y < height; y++) {
    raw[y * (across + 1)] = 0; // no filter
    for (let x = 0; x < width; x++) if (isInk(x, y)) raw[y * (across + 1) + 1 + (x >> 3)] &= ~(128 >> (x & 7));
  }
  const head = [...word(width), ...word(height), 1, 0, 0, 0, 0];
  const parts = [chunk("IHDR", head), chunk("IDAT", stored(raw)), chunk("IEND", [])];
  return new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, ...parts.flat()]);
}

/** @param {number} value @returns {number[]} */
const word = (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

/** A zlib stream of stored blocks (RFC 1950, 1951). @param {Uint8Array} raw @returns {number[]} */
function stored(raw) {
  const blocks = [];
  for (let at = 0; at < raw.length; at += 65535) {
    const part = raw.subarray(at, at + 65535);
    const size = [part.length & 255, part.length >> 8];
    blocks.push([Number(at + 65535 >= raw.length), ...size, ...size.map((byte) => byte ^ 255), ...part]);
  }
  return [0x78, 1, ...blocks.flat(), ...word(adler(raw))];
}

/** @param {Uint8Array} raw */
function adler(raw) {
  let [a, b] = [1, 0];
  for (const byte of raw) [a, b] = [(a + byte) % 65521, (b + a + byte) % 65521];
  return ((b << 16) | a) >>> 0;
}

/** @param {string} name @param {number[]} body @returns {number[]} */
function chunk(name, body) {
  const named = [...[...name].map((char) => char.charCodeAt(0)), ...body];
  return [...word(body.length), ...named, ...word(crc(named))];
}

/** CRC-32 as PNG has it. @param {number[]} bytes */
function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

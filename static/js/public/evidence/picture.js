/**
 * Pictures made anew: decoded, turned upright, at most 4,096 pixels a side, encoded again, so that nothing but what is
 * seen goes on. A browser that guards its canvas (Tor Browser, resistFingerprinting) gives noise back instead and would
 * destroy the photo in silence: there the segments that carry metadata are cut, and the pixels stay.
 */

import { FileFault } from "../../client/attaching.js";
import { NotAPicture, cleaned, sizeOf } from "../../client/pictures.js";
import { canvasFile } from "../../pixels.js";

/** @typedef {import("../../crypto/encoding.js").Bytes} Bytes */
/** @typedef {{x: number, y: number, width: number, height: number}} Box in shares of the picture */

const LONGEST = 4096; // pixels a side
const LARGE = 50e6; // pixels: more than this many decode to 200 MB
const HOPELESS = 250e6;
const QUALITY = 0.9;
const PROBE = 48;

/** @param {HTMLCanvasElement} canvas */
const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** @param {number} width @param {number} height */
function board(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Whether a canvas gives back other pixels than were drawn. */
export function isGuarded() {
  const canvas = board(PROBE, PROBE);
  const pen = penOf(canvas);
  const drawn = pen.createImageData(PROBE, PROBE);
  for (let i = 0; i < drawn.data.length; i++) drawn.data[i] = i % 4 === 3 ? 255 : (i * 37 + (i >> 5) * 11) & 255;
  pen.putImageData(drawn, 0, 0);
  try {
    const seen = pen.getImageData(0, 0, PROBE, PROBE).data;
    return seen.some((value, i) => value !== drawn.data[i]);
  } catch {
    return true;
  }
}

/** The picture without what its file says of place, time and device. FileFault. @param {Blob} file @param {string} type @returns {Promise<Blob>} */
export async function clean(file, type) {
  const large = type !== "image/heic" && (await isLarge(file));
  if (isGuarded()) return cut(file, type);
  return encoded(await (large ? shrunk(file, large) : decoded(file, type)), type);
}

/** Small enough, by its header, to be decoded whole. FileFault. @param {Blob} file @param {string} type */
export async function clearOf(file, type) {
  if (type !== "image/heic" && (await isLarge(file))) throw new FileFault("file_pixels");
}

/** The same picture with these boxes black, in its pixels. @param {Blob} file already clean @param {Box[]} boxes @returns {Promise<Blob>} */
export async function blackened(file, boxes) {
  const canvas = await decoded(file, file.type);
  const pen = penOf(canvas);
  pen.fillStyle = "#000000";
  for (const { x, y, width, height } of boxes) {
    const [left, top] = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
    pen.fillRect(left, top, Math.ceil(width * canvas.width) + 1, Math.ceil(height * canvas.height) + 1);
  }
  return encoded(canvas, file.type);
}

/** What its header says, when that is too much to be decoded whole. @param {Blob} file */
async function isLarge(file) {
  const size = await ofPicture(file, sizeOf);
  const pixels = size.width * size.height;
  if (pixels > HOPELESS) throw new FileFault("file_pixels");
  return pixels > LARGE ? size : null;
}

/** @param {Blob} file @param {string} type */
async function cut(file, type) {
  if (type === "image/heic") throw new FileFault("file_heic");
  return new Blob([await ofPicture(file, cleaned)], { type });
}

/** @template T @param {Blob} file @param {(data: Bytes) => T} read @returns {Promise<T>} */
async function ofPicture(file, read) {
  const data = new Uint8Array(await file.arrayBuffer());
  try {
    return read(data);
  } catch (error) {
    throw error instanceof NotAPicture ? new FileFault("file_broken") : error;
  }
}

/** Decoded by the browser, upright. @param {Blob} file @param {string} type @returns {Promise<HTMLCanvasElement>} */
export async function decoded(file, type) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return fitted(image, image.naturalWidth, image.naturalHeight);
  } catch {
    throw new FileFault(type === "image/heic" ? "file_heic" : "file_broken");
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** Made small while it is decoded, where the browser can. @param {Blob} file @param {import("../../client/pictures.js").Size} size */
async function shrunk(file, { width, height }) {
  const side = width > height ? { resizeWidth: LONGEST } : { resizeHeight: LONGEST };
  const small = await createImageBitmap(file, { imageOrientation: "from-image", ...side }).catch(() => null);
  if (!small) throw new FileFault("file_pixels");
  const canvas = fitted(small, small.width, small.height);
  small.close();
  return canvas;
}

/** @param {CanvasImageSource} image @param {number} width @param {number} height */
function fitted(image, width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = board(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  const pen = penOf(canvas);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** What a browser's encoder adds of its own (a profile, its name) is cut too. @param {HTMLCanvasElement} canvas @param {string} type @returns {Promise<Blob>} */
async function encoded(canvas, type) {
  const wanted = type === "image/png" ? type : "image/jpeg";
  const made = await canvasFile(canvas, wanted, QUALITY);
  canvas.width = canvas.height = 0; // the pixels go at once, not when the browser next tidies up
  if (!made) throw new FileFault("file_broken");
  return cut(made, made.type);
}

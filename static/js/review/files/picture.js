/** Pictures as pixels: decoded once, turned, and what is to be hidden burnt in. Nothing of a file but its pixels is shown. */

import { NotAPicture, sizeOf } from "../../client/pictures.js";
import { ClientError } from "../../client/errors.js";
import { canvasFile } from "../../pixels.js";

/** @typedef {import("../../crypto/encoding.js").Bytes} Bytes */
/** In pixels of the picture as it stands. @typedef {{how: "box" | "blur" | "crop", x: number, y: number, width: number, height: number}} Mark */

const LARGE = 50e6; // pixels: more than this many decode to 200 MB
const HOPELESS = 250e6;
const CELLS = 8; // across a blurred place: what is left of it cannot be calculated back
const QUALITY = 0.9;

/** @param {number} width @param {number} height */
export function board(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  return canvas;
}

/** @param {HTMLCanvasElement} canvas */
const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** ClientError("picture") for what is no picture, or one too large to be decoded: its header is asked first. @param {Bytes} bytes @param {string} type */
export async function decoded(bytes, type) {
  const { width, height } = headerOf(bytes);
  const pixels = width * height;
  if (!pixels || pixels > HOPELESS) throw new ClientError("picture");
  const smaller = pixels > LARGE ? { resizeWidth: Math.floor(width * Math.sqrt(LARGE / pixels)) } : {};
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), smaller).catch(() => null);
  if (!bitmap) throw new ClientError("picture");
  return drawn(bitmap, bitmap.width, bitmap.height);
}

/** @param {Bytes} bytes */
function headerOf(bytes) {
  try {
    return sizeOf(bytes);
  } catch (error) {
    if (error instanceof NotAPicture) throw new ClientError("picture");
    throw error;
  }
}

/** What a film shows at this moment. @param {HTMLVideoElement} film */
export const still = (film) => drawn(film, film.videoWidth, film.videoHeight);

/** @param {CanvasImageSource} source @param {number} width @param {number} height */
function drawn(source, width, height) {
  const canvas = board(width, height);
  penOf(canvas).drawImage(source, 0, 0);
  return canvas;
}

/** The same picture, a quarter turn to the right. @param {HTMLCanvasElement} picture */
export function turned(picture) {
  const canvas = board(picture.height, picture.width);
  const pen = penOf(canvas);
  pen.translate(canvas.width, 0);
  pen.rotate(Math.PI / 2);
  pen.drawImage(picture, 0, 0);
  return canvas;
}

/** The picture with every mark in its pixels; the last crop is what is left. @param {HTMLCanvasElement} picture @param {Mark[]} marks */
export function marked(picture, marks) {
  const canvas = drawn(picture, picture.width, picture.height);
  for (const mark of marks) HIDE[mark.how](penOf(canvas), mark, canvas);
  const [crop] = marks.filter(({ how }) => how === "crop").slice(-1);
  return crop ? cropped(canvas, crop) : canvas;
}

/** @type {Record<Mark["how"], (pen: CanvasRenderingContext2D, mark: Mark, canvas: HTMLCanvasElement) => void>} */
const HIDE = {
  box: (pen, { x, y, width, height }) => {
    pen.fillStyle = "#000000";
    pen.fillRect(x, y, width, height);
  },
  blur: (pen, { x, y, width, height }, canvas) => {
    const scale = CELLS / Math.max(width, height);
    const few = board(width * scale, height * scale);
    penOf(few).drawImage(canvas, x, y, width, height, 0, 0, few.width, few.height);
    pen.drawImage(few, 0, 0, few.width, few.height, x, y, width, height);
  },
  crop: () => {},
};

/** @param {HTMLCanvasElement} picture @param {Mark} mark */
function cropped(picture, { x, y, width, height }) {
  const canvas = board(width, height);
  penOf(canvas).drawImage(picture, -x, -y);
  return canvas;
}

/** A new picture file with nothing in it but these pixels. @param {HTMLCanvasElement} picture */
export async function encoded(picture) {
  const made = await canvasFile(picture, "image/jpeg", QUALITY);
  if (!made) throw new ClientError("picture");
  return made;
}

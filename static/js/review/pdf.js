/**
 * Pages of a PDF as pixels: a script of its own, brought when the first PDF is opened. Nothing of the document runs:
 * no script, form, link or font of it reaches the page, and nothing is fetched; tables of characters and the standard
 * fonts are in this script.
 */

import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import * as worker from "pdfjs-dist/legacy/build/pdf.worker.mjs";
import { files } from "pdf-data";
import { board } from "./files/picture.js";
import { offer } from "../bring.js";

const SCALE = 1.6;
const WIDEST = 1800; // pixels
const MOST = 60; // pages: more are read with a program for them

// pdf.js looks here before it would start a worker, which the door's policy forbids.
Object.assign(globalThis, { pdfjsWorker: worker });

/** Hands pdf.js what it would fetch. */
class Carried {
  /** @param {{filename: string}} asked @returns {Promise<Uint8Array>} */
  async fetch({ filename }) {
    const found = files[filename];
    if (!found) throw new Error("not carried");
    return Uint8Array.from(atob(found), (letter) => letter.charCodeAt(0));
  }
}

const SHUT = {
  BinaryDataFactory: Carried,
  cMapUrl: "./",
  cMapPacked: true,
  standardFontDataUrl: "./",
  useWorkerFetch: false,
  useWasm: false,
  useSystemFonts: false,
  disableFontFace: true,
  disableWorkerRendering: true,
  enableXfa: false,
  stopAtErrors: false,
  verbosity: 0,
};

/** Each page drawn, one after the other; the number of all. @param {Uint8Array} bytes @param {(page: HTMLCanvasElement) => void} drawn @returns {Promise<number>} */
async function drawPages(bytes, drawn) {
  const task = getDocument({ ...SHUT, data: bytes.slice() });
  try {
    const pdf = await task.promise;
    for (let no = 1; no <= Math.min(pdf.numPages, MOST); no += 1) drawn(await drawPage(await pdf.getPage(no)));
    return pdf.numPages;
  } finally {
    await task.destroy();
  }
}

/** @param {import("pdfjs-dist").PDFPageProxy} page */
async function drawPage(page) {
  const wide = page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale: Math.min(SCALE, WIDEST / wide) });
  const canvas = board(viewport.width, viewport.height);
  await page.render({ canvas, viewport, annotationMode: 0 }).promise;
  return canvas;
}

offer("pdf", drawPages);

/** A canvas as a picture file. */

/**
 * `toBlob` waits for an idle moment, which a page at work may not have for four seconds (measured in Chromium); a canvas
 * off the page is encoded at once. Browsers that have none (Safari before 16.4) wait.
 * @param {HTMLCanvasElement} canvas @param {string} type @param {number} quality
 * @returns {Promise<Blob | null>} null where the browser makes none
 */
export async function canvasFile(canvas, type, quality) {
  const apart = offThePage(canvas);
  if (apart) return apart.convertToBlob({ type, quality }).catch(() => null);
  return new Promise((done) => canvas.toBlob(done, type, quality));
}

/** @param {HTMLCanvasElement} canvas */
function offThePage(canvas) {
  if (!globalThis.OffscreenCanvas?.prototype.convertToBlob) return null;
  const apart = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = apart.getContext("2d");
  pen?.drawImage(canvas, 0, 0);
  return pen && apart;
}

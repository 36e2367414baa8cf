/** A stroke over a picture, by finger, pen or mouse, as a mark in the picture's own pixels. */

/** @typedef {import("./picture.js").Mark} Mark */

const LEAST = 4; // pixels: less is a slip

/** Let strokes over a canvas become marks while a tool is chosen. @param {HTMLCanvasElement} canvas @param {() => Mark["how"] | ""} tool @param {(mark: Mark) => void} made */
export function startStrokes(canvas, tool, made) {
  /** @type {{x: number, y: number} | null} */
  let from = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (!tool()) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    from = at(canvas, event);
  });
  canvas.addEventListener("pointerup", (event) => {
    const how = tool();
    if (!from || !how) return;
    const found = between(how, from, at(canvas, event));
    from = null;
    if (found.width >= LEAST && found.height >= LEAST) made(found);
  });
  canvas.addEventListener("pointercancel", () => (from = null));
}

/** @param {HTMLCanvasElement} canvas @param {PointerEvent} event */
function at(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const within = (/** @type {number} */ share, /** @type {number} */ most) =>
    Math.round(Math.min(Math.max(share, 0), 1) * most);
  return { x: within((clientX - left) / width, canvas.width), y: within((clientY - top) / height, canvas.height) };
}

/** @param {Mark["how"]} how @param {{x: number, y: number}} one @param {{x: number, y: number}} other @returns {Mark} */
function between(how, one, other) {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return { how, x, y, width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
}

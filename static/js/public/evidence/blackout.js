/** Boxes over a picture before it is sent: burnt into its pixels, so that what was under them is not in the file. */

import { one, part, show } from "../../dom.js";
import { picture } from "./cleaning.js";
import { blackened, decoded, isGuarded } from "./picture.js";

/** @typedef {import("./picture.js").Box} Box */

const LEAST = 0.004; // of the picture: less is a finger's slip

/** Let her black out parts of a chosen picture. @param {import("./file.js").ChosenFile} file @param {any} words */
export async function blackOut(file, words) {
  const shown = file.cleaned?.look;
  if (!shown || one(".black", file.node)) return;
  if (isGuarded()) return file.become(file.state, words.wrong.guarded);
  const panel = part("black", {});
  file.node.append(panel);
  show(one("[data-file-press]", file.node), false);
  const drawing = new Drawing(one("[data-board]", panel), await decoded(shown, shown.type));
  const close = () => {
    panel.remove();
    show(one("[data-file-press]", file.node));
  };
  one("[data-black-leave]", panel).addEventListener("click", close);
  one("[data-black-undo]", panel).addEventListener("click", () => drawing.undo());
  one("[data-black-done]", panel).addEventListener("click", async () => {
    if (drawing.boxes.length) await burn(file, shown, drawing.boxes);
    close();
  });
}

/** @param {import("./file.js").ChosenFile} file @param {Blob} shown @param {Box[]} boxes */
async function burn(file, shown, boxes) {
  file.cleaned = picture(await blackened(shown, boxes));
  file.black += boxes.length;
  file.attaching = null;
  file.look();
  file.draw();
}

class Drawing {
  /** @param {HTMLCanvasElement} board @param {HTMLCanvasElement} picture */
  constructor(board, picture) {
    this.board = board;
    this.picture = picture;
    this.pen = /** @type {CanvasRenderingContext2D} */ (board.getContext("2d"));
    /** @type {Box[]} */ this.boxes = [];
    /** @type {{x: number, y: number} | null} */ this.from = null;
    const scale = Math.min(1, 1200 / Math.max(picture.width, picture.height));
    board.width = Math.round(picture.width * scale);
    board.height = Math.round(picture.height * scale);
    board.addEventListener("pointerdown", (event) => this.begin(event));
    board.addEventListener("pointermove", (event) => this.move(event));
    board.addEventListener("pointerup", (event) => this.end(event));
    this.draw();
  }

  /** In shares of the picture. @param {PointerEvent} event */
  at(event) {
    const { left, top, width, height } = this.board.getBoundingClientRect();
    const inside = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    return { x: inside((event.clientX - left) / width), y: inside((event.clientY - top) / height) };
  }

  /** @param {PointerEvent} event */
  begin(event) {
    this.board.setPointerCapture(event.pointerId);
    this.from = this.at(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (this.from) this.draw(boxOf(this.from, this.at(event)));
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (!this.from) return;
    const box = boxOf(this.from, this.at(event));
    this.from = null;
    if (box.width > LEAST && box.height > LEAST) this.boxes.push(box);
    this.draw();
  }

  undo() {
    this.boxes.pop();
    this.draw();
  }

  /** @param {Box} [coming] */
  draw(coming) {
    const { width, height } = this.board;
    this.pen.drawImage(this.picture, 0, 0, width, height);
    this.pen.fillStyle = "#000000";
    for (const box of [...this.boxes, ...(coming ? [coming] : [])])
      this.pen.fillRect(box.x * width, box.y * height, box.width * width, box.height * height);
  }
}

/** @param {{x: number, y: number}} one @param {{x: number, y: number}} two @returns {Box} */
function boxOf(one, two) {
  const [x, y] = [Math.min(one.x, two.x), Math.min(one.y, two.y)];
  return { x, y, width: Math.abs(one.x - two.x), height: Math.abs(one.y - two.y) };
}

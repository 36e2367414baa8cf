/** One chosen file on the page: where it stands, what was done to it, what she may press. */

import { sortOf } from "../../core/filetypes.js";
import { all, el, fill, one, part, show } from "../../dom.js";
import { visible } from "../../core/visible.js";

/** @typedef {"cleaning" | "asking" | "ready" | "waiting" | "sending" | "failed" | "refused" | "sent"} State */
/** What each state offers, in order. @type {Record<State, string[]>} */
const PRESS = {
  cleaning: ["drop"],
  asking: ["anyway", "drop"],
  ready: ["black", "drop"],
  waiting: ["drop"],
  sending: ["drop"],
  failed: ["again", "drop"],
  refused: ["away"],
  sent: ["away"],
};
/** Which of the page's words says it; what failed or was refused has its own sentence. @type {Partial<Record<State, string>>} */
const SAYS = { cleaning: "cleaning", ready: "ready", waiting: "waiting", sending: "sending", sent: "sent" };

const LONGEST_NAME = 40;

export class ChosenFile {
  /** @param {Blob} blob @param {any} words @param {(press: string, file: ChosenFile) => void} pressed */
  constructor(blob, words, pressed) {
    this.blob = blob;
    this.words = words;
    this.pressed = pressed;
    this.node = part("file", {});
    /** @type {State} */ this.state = "cleaning";
    this.number = 0;
    this.type = "";
    this.mark = "";
    /** @type {import("./cleaning.js").Cleaned | null} */ this.cleaned = null;
    /** @type {import("../../client/attaching.js").Attaching | null} */ this.attaching = null;
    this.aborting = new AbortController();
    this.arrived = 0;
    this.black = 0;
    this.shown = "";
    // A recording has none. Hers stands on her own screen only, until the file has the name it is sent under.
    this.call(visible([...nameOf(blob)].slice(0, LONGEST_NAME).join("")));
  }

  /** @param {State} state @param {string} [wrong] the sentence that says why it did not work */
  become(state, wrong = "") {
    this.state = state;
    this.#text("[data-file-wrong]", wrong);
    this.draw();
  }

  /** @param {string} name */
  call(name) {
    one("[data-slot=name]", this.node).textContent = name;
    one("[data-size]", this.node).textContent = fill(this.words.now.size, { mb: inMb(this.blob.size) });
  }

  draw() {
    const { words, state } = this;
    const told = [this.cleaned ? words.told[this.cleaned.told] : ""];
    if (this.black) told.push(fill(words.told.black, { n: this.black }));
    this.#text("[data-file-told]", told.filter(Boolean).join(" · "));
    this.#text("[data-file-now]", words.now[SAYS[state] ?? ""] ?? "");
    one("[data-file-press]", this.node).replaceChildren(...this.#offered().map((press) => this.#button(press)));
    this.progress();
  }

  /** What it may be pressed for: blacking out is for pictures. */
  #offered() {
    return PRESS[this.state].filter((press) => press !== "black" || this.cleaned?.look);
  }

  progress() {
    const bar = one("[data-file-progress]", this.node);
    show(bar, this.state === "sending");
    bar.max = this.attaching?.length ?? 1;
    bar.value = this.arrived;
  }

  /** The picture as it will be sent; the one before is let go. */
  look() {
    this.unlook();
    const isSound = sortOf(this.type) === "sound";
    const seen = this.cleaned?.look ?? (isSound ? this.blob : null);
    if (!seen) return;
    this.shown = URL.createObjectURL(seen);
    const node = isSound ? el("audio", { controls: true }) : el("img", { alt: "" });
    node.src = this.shown;
    one(isSound ? "[data-file-hear]" : "[data-slot=look]", this.node).replaceChildren(node);
  }

  unlook() {
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.shown = "";
    for (const slot of all("[data-slot=look], [data-file-hear]", this.node)) slot.replaceChildren();
  }

  /** @param {string} press */
  #button(press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = press === "again" || press === "anyway" ? "button small" : "button quiet small";
    button.dataset.press = press;
    button.textContent = this.words.press[press];
    button.addEventListener("click", () => this.pressed(press, this));
    return button;
  }

  /** @param {string} selector @param {string} words */
  #text(selector, words) {
    const node = one(selector, this.node);
    node.textContent = words;
    show(node, words !== "");
  }
}

/** @param {Blob} blob */
const nameOf = (blob) => (blob instanceof File ? blob.name : "");
/** @param {number} bytes */
const inMb = (bytes) => (bytes < 1e5 ? "0.1" : (bytes / 1e6).toFixed(1));

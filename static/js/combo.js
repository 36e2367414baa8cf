/** The enterprise box: the whole register is fetched when the field is first touched, and searched here, so that no request
 * says whom it is about. Without one it is a plain field. */

import { registerOf, search } from "./core/enterprises.js";
import { el, fill, isComposing, show } from "./dom.js";

const REGISTER = "/api/enterprises"; // of either door
const SHOWN = 6;

/**
 * @typedef {{input: HTMLInputElement, list: HTMLElement}} Field
 * @typedef {{none: string, many: string}} Words what stands in the list where nothing is found, and below the first of many
 * @typedef {(found: {name: string, place: string}) => void} Choose
 */

/** Makes a field one that offers names, from its first focus on, which may be now. @param {Field} field @param {Words} words @param {Choose} choose */
export function startCombo(field, words, choose) {
  const combo = new Combo(field, words, choose);
  const { input } = field;
  input.addEventListener("focus", () => combo.load());
  input.addEventListener("input", () => combo.update());
  input.addEventListener("keydown", (event) => combo.key(event));
  input.addEventListener("blur", () => setTimeout(() => combo.close(), 150));
  if (document.activeElement === input) combo.load();
}

class Combo {
  /** @param {Field} field @param {Words} words @param {Choose} choose */
  constructor({ input, list }, words, choose) {
    this.input = input;
    this.list = list;
    this.words = words;
    this.choose = choose;
    this.register = registerOf(null);
    /** @type {import("./core/enterprises.js").Enterprise[]} */ this.found = [];
    this.asked = false;
    this.at = -1;
  }

  /** The same for everybody; without it the name is simply typed, and the next touch asks again. It may come after the
   * first letters. */
  async load() {
    if (this.asked) return;
    this.asked = true;
    const answer = await fetch(REGISTER, { redirect: "error" }).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    this.asked = told !== null;
    this.register = registerOf(told);
    if (told && !this.register.enterprises.length) this.forget();
    else if (document.activeElement === this.input) this.update();
  }

  /** Nothing to choose from: a plain field of text, to a screen reader as well. */
  forget() {
    for (const name of ["role", "aria-expanded", "aria-autocomplete", "aria-controls"])
      this.input.removeAttribute(name);
  }

  update() {
    if (!this.register.enterprises.length) return;
    const all = search(this.register, this.input.value);
    this.found = all.slice(0, SHOWN);
    this.at = -1;
    this.list.replaceChildren(...this.found.map((found, index) => this.option(found, index)), ...this.more(all.length));
    this.open(this.input.value.trim() !== "");
  }

  /** @param {import("./core/enterprises.js").Enterprise} found @param {number} index */
  option(found, index) {
    const node = el(
      "li",
      { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" },
      found.name,
      el("small", {}, found.place),
    );
    node.addEventListener("mousedown", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.take(index);
    });
    return node;
  }

  /** @param {number} total */
  more(total) {
    const words = total ? fill(this.words.many, { n: total - SHOWN }) : this.words.none;
    return total > SHOWN || !total
      ? [el("li", { className: "soft small", role: "option", "aria-disabled": "true" }, words)]
      : [];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isComposing(event)) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    const step = /** @type {any} */ (moves)[event.key];
    if (step && this.found.length) {
      event.preventDefault();
      this.mark((this.at + step + this.found.length) % this.found.length);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Escape") this.close();
  }

  /** @param {number} index */
  mark(index) {
    this.at = index;
    [...this.list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === index)));
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  /** @param {number} index */
  take(index) {
    const { name, place } = this.found[index];
    this.input.value = name;
    this.choose({ name, place });
    this.close();
  }

  /** @param {boolean} shown */
  open(shown) {
    show(this.list, shown);
    this.input.setAttribute("aria-expanded", String(shown));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.at = -1;
    if (this.register.enterprises.length) this.open(false);
  }
}

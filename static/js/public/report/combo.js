/** The enterprise box: the register is one static file, searched here, so that no request says whom it is about. */

import { el, fill, isComposing, one, show } from "../../dom.js";
import { enterprisesOf, search } from "./search.js";

const SHOWN = 6;

/** @param {any} words */
export function startCombo(words) {
  const combo = new Combo(words);
  combo.input.addEventListener("focus", () => combo.load());
  combo.input.addEventListener("input", () => combo.update());
  combo.input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => combo.key(event));
  combo.input.addEventListener("blur", () => setTimeout(() => combo.close(), 150));
}

class Combo {
  /** @param {any} words */
  constructor(words) {
    this.words = words;
    this.input = one("#enterprise");
    this.list = one("#enterprise-list");
    /** @type {import("./search.js").Enterprise[]} */ this.register = [];
    /** @type {import("./search.js").Enterprise[]} */ this.found = [];
    this.at = -1;
  }

  /** The whole register, the same for everybody; without it the name is simply typed. It may come after the first letters. */
  async load() {
    if (this.register.length) return;
    const answer = await fetch(one("[data-register]").dataset.register, { redirect: "error" }).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    this.register = enterprisesOf(told?.enterprises);
    if (document.activeElement === this.input) this.update();
  }

  update() {
    const all = search(this.register, this.input.value);
    this.found = all.slice(0, SHOWN);
    this.at = -1;
    this.list.replaceChildren(...this.found.map((found, index) => this.option(found, index)), ...this.more(all.length));
    this.open(this.register.length > 0 && this.input.value.trim() !== "");
  }

  /** @param {import("./search.js").Enterprise} found @param {number} index */
  option(found, index) {
    const node = el(
      "li",
      { id: `enterprise-${index}`, role: "option", "aria-selected": "false" },
      found.name,
      el("small", {}, found.place),
    );
    node.addEventListener("mousedown", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.choose(index);
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
      this.choose(this.at);
    } else if (event.key === "Escape") this.close();
  }

  /** @param {number} index */
  mark(index) {
    this.at = index;
    [...this.list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === index)));
    this.input.setAttribute("aria-activedescendant", `enterprise-${index}`);
  }

  /** @param {number} index */
  choose(index) {
    const { name, place } = this.found[index];
    this.input.value = name;
    if (!one("#place").value) one("#place").value = place;
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
    this.open(false);
  }
}

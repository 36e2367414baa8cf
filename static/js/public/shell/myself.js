/** A quiet word when a text seems to name its writer; nothing is changed, sent, or held up. */

import { all, fill, one, show } from "../../dom.js";
import { findMyself } from "./findings.js";

/** Beside every box that `data-myself` names a field for. @param {any} words */
export function watchMyself(words) {
  for (const box of all("[data-myself]")) {
    const field = one(`#${box.dataset.myself}`);
    field.addEventListener("input", () => tellFound(box, field.value, words));
    field.form?.addEventListener("reset", () => tellFound(box, "", words));
  }
}

/** @param {any} box @param {string} text @param {any} words */
function tellFound(box, text, words) {
  const told = findMyself(text).map(({ word, found }) => fill(words.myself[word], { found }));
  show(box, told.length > 0);
  const said = told.length ? fill(words.myself.all, { found: told.join(words.myself.between) }) : "";
  const node = one("[data-myself-text]", box);
  if (node.textContent !== said) node.textContent = said;
}

/** A quiet word when the text seems to name its writer; nothing is changed or sent. */

import { fill, one, show } from "../../dom.js";
import { findMyself } from "./findings.js";

/** @param {any} words */
export function watchMyself(words) {
  one("#text").addEventListener("input", () => {
    const found = findMyself(one("#text").value);
    show(one("[data-myself]"), Boolean(found));
    if (found) one("[data-myself-text]").textContent = fill(words.myself[found.word], { found: found.found });
  });
}

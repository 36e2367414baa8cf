/** 长者模式: larger text and targets. Kept for this tab only, so that the next page opens as this one did. */

import { one } from "../../dom.js";

const NAME = "elder";

function kept() {
  try {
    return sessionStorage.getItem(NAME) === "1";
  } catch {
    return false; // storage is switched off: the mode then lasts for this page
  }
}

/** @param {boolean} on */
function keep(on) {
  try {
    if (on) sessionStorage.setItem(NAME, "1");
    else sessionStorage.removeItem(NAME);
  } catch {
    // as above
  }
}

export function startElder() {
  const button = one("[data-elder]");
  const set = (/** @type {boolean} */ on) => {
    document.documentElement.classList.toggle("elder", on);
    button.setAttribute("aria-pressed", String(on));
  };
  set(kept());
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    set(on);
    keep(on);
  });
}

/** Quick exit: the page goes blank at once, then an ordinary page takes its place in the history. */

import { all, one } from "../../dom.js";

const PRESSES = 3;
const WITHIN = 1500;

/** Said on the window: the front page's code box is opened by a script of its own, and hears it there. */
const LEAVING = "leaving";

/** Drop what the page holds in memory before it is left. @param {() => void} forget */
export function onLeave(forget) {
  window.addEventListener(LEAVING, forget);
}

/** Blank first: a slow network must not leave the words on the screen. */
export function leave() {
  const { href } = one("[data-leave]");
  window.dispatchEvent(new Event(LEAVING));
  document.title = " ";
  document.body.replaceChildren();
  location.replace(href);
}

export function startLeave() {
  for (const link of all("[data-leave]")) {
    link.addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      leave();
    });
  }
  listenForEscape();
  // A page kept whole by the back button must not show what was left in a hurry.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

function listenForEscape() {
  /** @type {number[]} */
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    presses = [...presses.filter((then) => now - then < WITHIN), now];
    if (presses.length >= PRESSES) leave();
  });
}

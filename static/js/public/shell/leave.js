/** Quick exit: the page goes blank at once, then an ordinary page takes its place in the history. */

import { all, isComposing, one } from "../../dom.js";

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
  blank();
  location.replace(href);
}

function blank() {
  window.dispatchEvent(new Event(LEAVING));
  document.title = " ";
  document.body.replaceChildren();
}

export function startLeaveLinks() {
  for (const link of all("[data-leave]")) {
    link.addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      leave();
    });
  }
}

export function startLeave() {
  listenForEscape();
  // A page that the browser keeps whole for the back button is kept empty, and comes back as a new one.
  window.addEventListener("pagehide", blank);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

function listenForEscape() {
  /** @type {number[]} */
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    const now = Date.now();
    presses = [...presses.filter((then) => now - then < WITHIN), now];
    if (presses.length >= PRESSES) leave();
  });
}

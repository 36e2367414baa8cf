/** Where attention goes when the page changes under a person: to the heading of what has come, or into the dialog. */

/** @typedef {import("./types.js").State} State */
/** A place, the node that stands for it, and whether the page starts at its top there. @typedef {[string, string, boolean]} Place */

import { PUT_AWAY } from "./store.js";

let last = "";

/** @param {Pick<State, "route" | "openAct" | "unlock" | "help" | "viewing">} state @returns {Place} */
export function placeOf({ route, openAct, unlock, help, viewing }) {
  if (unlock?.over) return ["locked", ".locked #passphrase", false];
  if (help) return ["help", ".veil button", false];
  if (viewing) return [`${route.id}/file`, "#file-title", false];
  if (openAct && openAct !== PUT_AWAY) return [`${route.id}/${openAct}`, ".actform h3", false];
  if (route.page !== "case") return [route.page, "#main", false];
  const within = last.startsWith(`${route.id}/`);
  return [`${route.id}/`, within ? "#acts h2" : ".casehead h1", !within];
}

/** After each drawing: nothing while the place is the same or not yet drawn. @param {State} state */
export function follow(state) {
  const [place, target, top] = placeOf(state);
  const node = /** @type {HTMLElement | null} */ (document.querySelector(target));
  if (place === last || !node) return;
  const first = last === "";
  last = place;
  if (first) return;
  node.focus({ preventScroll: top });
  if (top) window.scrollTo(0, 0);
}

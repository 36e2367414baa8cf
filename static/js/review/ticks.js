/** Rows of the list that are ticked, for one act on all of them; of the office that is worked for. */

import { changed, onForget } from "./store.js";

export const MOST = 200;

/** @type {Set<string>} */
let ticked = new Set();
onForget(() => (ticked = new Set()));

/** What is to be forgotten once nothing is ticked any more, or other rows than before are. @type {((none: boolean) => void)[]} */
const untied = [];

/** @param {(none: boolean) => void} clear */
export const onTicked = (clear) => void untied.push(clear);

/** @returns {string[]} cases, in the order they were ticked */
export const ticks = () => [...ticked];

/** @param {string} id */
export const isTicked = (id) => ticked.has(id);

/** @param {string[]} ids @param {boolean} on */
export function tick(ids, on) {
  for (const id of ids) {
    if (!on) ticked.delete(id);
    else if (ticked.size < MOST) ticked.add(id);
  }
  told();
}

/** @param {string[]} [ids] what is ticked instead */
export function tickOnly(ids = []) {
  ticked = new Set(ids.slice(0, MOST));
  told();
}

function told() {
  for (const clear of untied) clear(!ticked.size);
  changed();
}

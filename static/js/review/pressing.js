/** A key that was pressed in the list waits for its case to be open. */

import { onForget } from "./store.js";

let waiting = { id: "", key: "" };
onForget(() => (waiting = { id: "", key: "" }));

/** @param {string} id the case @param {string} key */
export function pressLater(id, key) {
  waiting = { id, key };
}

/** The key that waits for this case, once; "" where none does. @param {string} id */
export function pressedFor(id) {
  const { key } = waiting.id === id ? waiting : { key: "" };
  waiting = { id: "", key: "" };
  return key;
}

/** What stands in a page's fields, read and put back: into the page of another language, or from a draft. */

import { all } from "../../dom.js";

/** A field's name, what stands in it, whether it is chosen. @typedef {[string, string, boolean]} Typed */

const FIELDS = "input:not([type=file]), textarea, select";

/** @param {any} field */
const keyOf = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.id || field.name);

/** @param {string} [within] only fields in what this selects @returns {any[]} */
const fields = (within) => (within ? all(within).flatMap((place) => all(FIELDS, place)) : all(FIELDS));

/** @param {string} [within] @returns {Typed[]} */
export const typedIn = (within) => fields(within).map((field) => [keyOf(field), field.value, field.checked === true]);

/** What was typed, told to whoever listens as if it were typed anew. @param {Typed[]} typed @param {string} [within] */
export function putBack(typed, within) {
  const held = new Map(typed.map(([key, ...rest]) => [key, rest]));
  for (const field of fields(within)) {
    const found = held.get(keyOf(field));
    if (!found) continue;
    const [value, checked] = found;
    const changed = field.value !== value || (field.checked === true) !== checked;
    if (field.type !== "radio") field.value = value;
    if (field.value !== value && field.tagName === "SELECT") field.dataset.wanted = value; // its options are still to come
    if ("checked" in field) field.checked = checked;
    if (!changed) continue;
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

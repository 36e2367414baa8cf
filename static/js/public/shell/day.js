/** A day as people read it, in the page's language. */

import { fill } from "../../dom.js";

/** @param {any} words @param {string} day YYYY-MM-DD */
export function dayInWords(words, day) {
  const [y, m, d] = day.split("-").map(Number);
  const month = words.months.names?.[m - 1] ?? m;
  return fill(words.months.day, { y, m, d, month });
}

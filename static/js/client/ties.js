/** Where a reviewer's own ties meet a case: units and names that he declared once, looked for in what he may open. */

import { lowered, plain } from "./searching.js";

const FEWEST = 2; // signs of a tie: one alone would meet everybody

/** @param {string[]} ties @param {{comp: string, kind: string, text: string, data?: Record<string, unknown>}[]} items @returns {string[]} those that stand somewhere in them */
export function met(ties, items) {
  const read = items.filter(({ comp }) => ["card", "report", "work"].includes(comp));
  const said = read.map(({ text, data }) => folded([text, ...Object.values(data ?? {})].join("\n")));
  return ties.filter((tie) => folded(tie).length >= FEWEST && said.some((words) => words.includes(folded(tie))));
}

/** As names are compared: nothing between the signs. @param {string} words */
const folded = (words) => lowered(plain(words)).replace(/\s+/gu, "");

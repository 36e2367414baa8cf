/** What of the fetched rows is shown, and how many there are. Pure. */

import { effective } from "../route.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {Pick<import("../types.js").List, "rows" | "next" | "search" | "filters" | "counts">} List */

/** Rows the person sees: the server's choice, narrowed by what he typed.
 * @param {List} list @param {string} today @param {(id: string, words: string) => boolean} matches */
export function narrowed({ rows, search, filters }, today, matches) {
  const { due } = effective(filters);
  const words = search.normalize("NFKC").trim();
  return rows.filter(
    (row) =>
      (due !== "today" || row.due === today) && (!words || matches(row.case, words) || row.number.includes(words)),
  );
}

/** How many cases the filters leave, as a word key and its number. Where more can be fetched and the server has not
 * counted what these filters leave, the number is what is listed so far, and said to be that.
 * @param {List} list @param {number} listed */
export function totalOf({ next, filters, search, counts }, listed) {
  if (!next || search.trim()) return { key: next ? "inbox.so_far" : "inbox.total", count: listed };
  const { state, order, view, ...narrowing } = effective(filters);
  if (Object.values(narrowing).some(Boolean)) return { key: "inbox.so_far", count: listed };
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { key: "inbox.total", count: state ? (counts[state] ?? 0) : all };
}

/** The month's rate in words: of the steps that ended in it, those that were late. @param {import("../../client/answers.js").Rate} month */
export function rateOf({ month, steps, late }) {
  return { month, steps, late, rate: steps ? `${Math.round((late * 1000) / steps) / 10}%` : "0%" };
}

/** The ledger as the door gives it, page after page. */

import { shaped } from "./shapes.js";
import { getJson } from "./wire.js";

/** The blind rows of a fiscal year, 0 for all, in order. @param {number} year */
export async function ledgerRows(year) {
  const rows = [];
  let after = "";
  do {
    const page = shaped("/api/ledger further", await getJson(`/api/ledger?year=${year}&after=${after}`));
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

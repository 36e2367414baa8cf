/** The colour of a running clock: the twin of whistle/core/calendar.py, which also reckons the days. */

const DAY = 86_400_000;

/** "", amber and red from the table's `warn` per cent on, overdue the day after the last.
 * @param {string} start @param {string} due @param {string} today @param {import("./workflow.js").Workflow} workflow */
export function level(start, due, today, workflow) {
  if (today > due) return "overdue";
  const days = (/** @type {string} */ from, /** @type {string} */ to) => (Date.parse(to) - Date.parse(from)) / DAY;
  const used = (days(start, today) * 100) / Math.max(days(start, due), 1);
  return used >= workflow.warn.red ? "red" : used >= workflow.warn.amber ? "amber" : "";
}

/** The columns of every register, read from the table that all writers share. The twin of whistle/exports/columns.py. */

import { capitals } from "../../core/yuan.js";
import table from "../../../../whistle/exports/registers.json" with { type: "json" };

/**
 * @typedef {{key: string, head: string, kind: string, width: number, words: Record<string, string>, summed: boolean}} Column
 * @typedef {{title: string, sheet: string, notes: string[], columns: Column[], signatures: string[], counts: (row: Row) => boolean}} Register
 * @typedef {Record<string, any>} Row sums in 分
 */

export const SUMS = table.sums;

/** @param {any} told @returns {Register} */
function register(told) {
  const columns = told.columns.map((/** @type {any} */ column) => ({ kind: "text", width: 12, words: {}, summed: false, ...column }));
  const uncounted = Object.entries(told.uncounted ?? {});
  return { title: told.title, sheet: told.sheet, notes: told.notes, columns, signatures: table.signatures, counts: (row) => uncounted.every(([key, values]) => !values.includes(row[key])) };
}

/** @type {Record<string, Register>} */
export const REGISTERS = { reports: register(table.reports), awards: register(table.awards), hazards: register(table.hazards) };

/** @param {Column} column */
export const isSummed = (column) => column.kind === "no" || column.summed;

/** What a cell holds: text, or 分, or the number of the line. @param {Column} column @param {number | string} no @param {Row} row @returns {number | string} */
export function valueOf(column, no, row) {
  if (column.kind === "no") return no;
  if (column.kind === "tax") return 0;
  const value = row[column.key] ?? "";
  if (column.kind === "capitals") return capitals(Number(value));
  return typeof value === "string" ? column.words[value] ?? value : value;
}

/** The last row: what is added up of the rows that count. @param {Register} register @param {Row[]} rows @returns {Row} */
export function sums({ columns, counts }, rows) {
  const counted = rows.filter(counts);
  const added = (/** @type {string} */ key) => counted.reduce((sum, row) => sum + (Number.isInteger(row[key]) ? row[key] : 0), 0);
  return Object.fromEntries(columns.filter(({ summed }) => summed).map(({ key }) => [key, added(key)]));
}

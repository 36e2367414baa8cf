/** The columns of every register, read from the table that all writers share. The twin of whistle/exports/columns.py. */

import { capitals } from "../../core/yuan.js";
import table from "../../../../whistle/exports/registers.json" with { type: "json" };

/**
 * @typedef {{key: string, head: string, kind: string, width: number, words: {[code: string]: string | undefined}, summed: boolean}} Column
 * @typedef {{title: string, sheet: string, notes: string[], columns: Column[], signatures: string[], counts: (row: Row) => boolean, beside: {[key: string]: string | undefined}}} Register `beside`: what the sum row says in a column of text
 * @typedef {Record<string, string | number | null>} Row sums in 分; null: this key does not open it
 * @typedef {{title: string, sheet: string, notes: string[], columns: (Pick<Column, "key" | "head"> & Partial<Column>)[], uncounted?: Record<string, string[]>, beside_sums?: Record<string, string>}} Told as registers.json has one
 */

const SUMS = table.sums;

/** @param {Told} told @returns {Register} */
function register(told) {
  const columns = told.columns.map((column) => ({
    kind: "text",
    width: 12,
    words: {},
    summed: false,
    ...column,
  }));
  const uncounted = Object.entries(told.uncounted ?? {});
  return {
    title: told.title,
    sheet: told.sheet,
    notes: told.notes,
    columns,
    signatures: table.signatures,
    counts: (row) => uncounted.every(([key, values]) => !values.includes(String(row[key]))),
    beside: told.beside_sums ?? {},
  };
}

/** @type {Record<string, Register>} */
export const REGISTERS = {
  reports: register(/** @type {Told} */ (table.reports)),
  awards: register(/** @type {Told} */ (table.awards)),
  hazards: register(/** @type {Told} */ (table.hazards)),
  honours: register(/** @type {Told} */ (table.honours)),
};

/** @param {Column} column */
const isSummed = (column) => column.kind === "no" || column.summed;

/** What a cell holds: text, or 分, or the number of the line. @param {Column} column @param {number | string} no @param {Row} row @returns {number | string} */
export function valueOf(column, no, row) {
  if (column.kind === "no") return no;
  if (column.kind === "tax") return 0;
  const value = row[column.key] ?? "";
  if (value === "") return "";
  if (column.kind === "capitals") return capitals(Number(value));
  return typeof value === "string" ? (column.words[value] ?? value) : value;
}

/** The last row: what is added up of the rows that count. A column of which one cell was not opened (null) has no sum:
 * it would be too small, and nobody could see by how much. @param {Register} register @param {Row[]} rows @returns {Row} */
function sums({ columns, counts }, rows) {
  const counted = rows.filter(counts);
  const fen = (/** @type {Row[string]} */ value) => (typeof value === "number" ? value : 0);
  const added = (/** @type {string} */ key) =>
    counted.some((row) => row[key] === null) ? "" : counted.reduce((sum, row) => sum + fen(row[key]), 0);
  return Object.fromEntries(columns.filter(({ summed }) => summed).map(({ key }) => [key, added(key)]));
}

/** The last row's cells: the sum, or what is said beside it. @param {Register} register @param {Row[]} rows @returns {(number | string)[]} */
export function totals(register, rows) {
  const total = sums(register, rows);
  return register.columns.map((column) =>
    isSummed(column) ? valueOf(column, SUMS, total) : (register.beside[column.key] ?? ""),
  );
}

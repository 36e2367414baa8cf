/** A register as CSV, byte for byte as whistle/exports/writers.py writes it: UTF-8 with a mark, heads, rows, sums. */

import { text as yuan } from "../../core/yuan.js";
import { totals, valueOf } from "./columns.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./columns.js").Row} Row */

/** What a spreadsheet may take for a formula, also in full width, also behind blanks that do not show. */
const DANGER = /^(?:[\s\x1c-\x1f\x85\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n])/;

/** Text that no spreadsheet runs: an apostrophe is the only change. @param {string} text */
export const plain = (text) => (DANGER.test(text) ? `'${text}` : text);

const quoted = (/** @type {string} */ text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** @param {Column} column @param {number | string} value */
function cell(column, value) {
  if (typeof value === "string") return plain(value);
  return column.kind === "no" ? String(value) : yuan(value);
}

/** @param {import("./columns.js").Register} register @param {Row[]} rows @returns {Uint8Array} */
export function csv(register, rows) {
  const { columns } = register;
  const total = totals(register, rows);
  const lines = [
    columns.map(({ head }) => head),
    ...rows.map((row, at) => columns.map((column) => cell(column, valueOf(column, at + 1, row)))),
    columns.map((column, at) => cell(column, total[at])),
  ];
  return new TextEncoder().encode(`\ufeff${lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("")}`);
}

// What a file is, told by its first bytes and never by its name: one table, read by both languages.
// The name a file had on her phone says too much (a place, a date, a person): it gets a plain one.

import table from "../../../whistle/core/filetypes.json" with { type: "json" };

/** @typedef {"picture" | "film" | "sound" | "document"} Sort */
/** @typedef {{at: number, hex: string, and?: {at: number, hex: string}, holds?: string, type?: string}} Row */

export const LOOKED_AT = 8192; // bytes that are enough to tell
export const TYPES = /** @type {Record<string, {sort: Sort, ext: string}>} */ (table.types);
export const SORTS = table.sorts;

/** The media type that the first bytes tell, "" for what is not taken: pages, scripts, archives. @param {Uint8Array} start */
export function typeOf(start) {
  const looked = String.fromCharCode(...start.subarray(0, LOOKED_AT));
  return /** @type {Row[]} */ (table.begins).find((row) => begins(looked, row))?.type ?? "";
}

/** @param {string} start each character a byte @param {Row} row @returns {boolean} */
function begins(start, row) {
  const mark = row.hex.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
  if (!start.startsWith(mark, row.at)) return false;
  return row.and ? begins(start, row.and) : start.includes(row.holds ?? "");
}

/** @param {string} type @returns {Sort | ""} "" for a type that is not in the table */
export const sortOf = (type) => TYPES[type]?.sort ?? "";

/** 图片 1.jpg: sort, number, ending. For a type that is not in the table 文件 1.bin. @param {string} type @param {number} number @param {"zh" | "en"} [language] */
export function plainName(type, number, language = "zh") {
  const { sort, ext } = TYPES[type] ?? { sort: "document", ext: "bin" };
  return `${SORTS[sort][language]} ${number}.${ext}`;
}

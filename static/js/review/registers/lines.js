/** A register for programs, byte for byte as whistle/exports/writers.py writes it: a line of JSON each row, sums in 分. */

import { valueOf } from "./columns.js";

/** The same sum in capitals, or a number of the line, says nothing more. @param {import("./columns.js").Column} column */
const isSaid = ({ key, kind }) => key !== "" && kind !== "capitals" && kind !== "tax";

/** @param {import("./columns.js").Register} register @param {import("./columns.js").Row[]} rows @returns {Uint8Array} */
export function jsonl({ columns }, rows) {
  const said = columns.filter(isSaid);
  const lines = rows.map((row) => Object.fromEntries(said.map((column) => [column.key, valueOf(column, 0, row)])));
  return new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

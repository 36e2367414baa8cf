// Writes registers as the browser does: rows by register from a JSON file, into a folder as CSV, JSON lines and XLSX.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REGISTERS } from "../../static/js/review/registers/columns.js";
import { csv } from "../../static/js/review/registers/csv.js";
import { jsonl } from "../../static/js/review/registers/lines.js";
import { xlsx } from "../../static/js/review/registers/xlsx.js";

const [source, folder] = process.argv.slice(2);
const { heading, registers } = JSON.parse(readFileSync(source, "utf8"));
for (const [name, rows] of Object.entries(registers)) {
  writeFileSync(join(folder, `${name}.csv`), csv(REGISTERS[name], rows));
  writeFileSync(join(folder, `${name}.jsonl`), jsonl(REGISTERS[name], rows));
  writeFileSync(join(folder, `${name}.xlsx`), xlsx(REGISTERS[name], rows, heading));
}

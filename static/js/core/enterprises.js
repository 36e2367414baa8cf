/** Finding an enterprise by what may be typed of it, in a register that is already here: pure, and quick with 20,000. */

import { visible } from "./visible.js";

/**
 * @typedef {{name: string, place: string}} Enterprise
 * @typedef {{text: string, starts: number[]}} Column what is compared, a line for each enterprise, and where lines start
 * @typedef {{enterprises: Enterprise[], key: (text: string) => string, columns: Column[]}} Register
 */

const MOST = 50_000;
const LONGEST = 120;
const HAN = /^\p{Script=Han}$/u;
const [NAME, PLACE, INITIALS] = [0, 1, 2]; // of a row as it is served

/** What of a served register can be offered: names that read as they are. @param {any} told @returns {Register} */
export function registerOf(told) {
  const key = keyed(new Map(Object.entries(told?.traditional ?? {}).filter(isShape)));
  /** @type {string[][]} */
  const rows = Array.isArray(told?.enterprises) ? told.enterprises.slice(0, MOST).filter(isRow) : [];
  return {
    enterprises: rows.map(([name, place]) => ({ name, place })),
    key,
    columns: [NAME, PLACE, INITIALS].map((at) => columnOf(key(rows.map((row) => row[at]).join("\n")))),
  };
}

/** @param {string} text @returns {Column} */
function columnOf(text) {
  const starts = [0];
  for (const line of text.split("\n")) starts.push(starts[starts.length - 1] + line.length + 1);
  return { text, starts };
}

/** @param {unknown[]} shape @returns {shape is [string, string]} */
function isShape(shape) {
  return shape.every((char) => typeof char === "string" && HAN.test(char));
}

/** @param {unknown} row */
function isRow(row) {
  return Array.isArray(row) && row.length === 3 && row[0] !== "" && row.every(isShown);
}

/** @param {unknown} text */
function isShown(text) {
  return typeof text === "string" && text.length <= LONGEST && visible(text) === text && !/[\n\t]/.test(text);
}

/** One spelling of letters, brackets, spaces and traditional characters; lines stay lines. @param {Map<string, string>} simple */
function keyed(simple) {
  const traditional = new RegExp(`[${[...simple.keys()].join("")}]`, "gu");
  const plain = (/** @type {string} */ char) => /** @type {string} */ (simple.get(char));
  return (/** @type {string} */ text) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\S\n]+/g, "")
      .replace(traditional, plain);
}

/** Every match, the best ways first and the register's own order in each. All names are looked through at once: a call for
 * each would keep the owner of an old phone waiting. @param {Register} register @param {string} typed @returns {Enterprise[]} */
export function search({ enterprises, key, columns }, typed) {
  const chars = [...key(typed)].map((char) => `\\u{${/** @type {number} */ (char.codePointAt(0)).toString(16)}}`);
  if (!chars.length) return [];
  const run = chars.join("");
  const scattered = chars.reduce((made, char) => `${made}[^${char}\\n]*${char}`); // in order, in linear time
  /** @type {Set<number>} */
  const found = new Set();
  /** @param {number} column @param {string} pattern that is found within one line */
  const add = (column, pattern) => {
    const { text, starts } = columns[column];
    const looked = new RegExp(pattern, "gmu");
    for (let line = 0; looked.test(text); looked.lastIndex = starts[line + 1]) {
      while (starts[line + 1] < looked.lastIndex) line++;
      found.add(line);
    }
  };
  for (const pattern of [`^${run}`, run]) [NAME, INITIALS].forEach((column) => add(column, pattern));
  add(NAME, scattered);
  add(PLACE, run);
  return [...found].map((line) => enterprises[line]);
}

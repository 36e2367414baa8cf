// Rule packs as their canonical document; the twin of whistle/core/packs.py. The browser reads packs, it never
// makes one: it checks the hash against the directory, and here that the document is whole.

import { refuse } from "./errors.js";
import { isWhole, load } from "./strictjson.js";

/** @typedef {{article: string, mark: string, source: string, origin: string, note: string}} Ground */
/** @typedef {Ground & {name: string, value: number}} Figure */
/** @typedef {Ground & {start: number, end: number, rate: number, fixed: number}} Slab */
/** @typedef {Ground & {item: string, title: string, low: number, high: number, fixed: number}} AnnexItem */
/** @typedef {Ground & {domain: string, formulas: string[]}} Exclusion */
/** @typedef {Ground & {name: string, limit: number, unit: string, extends: string}} Step */
/**
 * @typedef {object} Pack
 * @property {string} id
 * @property {string} title
 * @property {string} document
 * @property {string} issued
 * @property {string} use reward | process | overlay
 * @property {string} banner
 * @property {string} note
 * @property {Figure[]} figures
 * @property {Slab[]} slabs
 * @property {AnnexItem[]} annex
 * @property {Exclusion[]} excluded
 * @property {Step[]} steps
 */

/** @type {Record<string, "bp" | "fen">} every figure a pack may hold, and its unit */
export const FIGURES = {
  rate: "bp",
  floor: "fen",
  cap: "fen",
  no_fine: "fen",
  death_ordinary: "fen",
  death_larger: "fen",
  death_major: "fen",
  death_extreme: "fen",
  cap_concealed: "fen",
  general_min: "fen",
  general_max: "fen",
  uplift: "bp",
  uplift_min: "fen",
};
const TEXTS = ["id", "title", "document", "issued", "use", "banner", "note"];
const GROUND = ["article", "mark", "source", "origin", "note"];
/** @type {Record<string, string[]>} */
const ROWS = {
  figures: ["name", "value", ...GROUND],
  slabs: ["start", "end", "rate", "fixed", ...GROUND],
  annex: ["item", "title", "low", "high", "fixed", ...GROUND],
  excluded: ["domain", "formulas", ...GROUND],
  steps: ["name", "limit", "unit", "extends", ...GROUND],
};
const NUMBERS = ["value", "start", "end", "rate", "fixed", "low", "high", "limit"];
const USES = ["reward", "process", "overlay"];

/** A pack from its canonical document. Throws RuleError for anything else. @param {Uint8Array | string} data @returns {Pack} */
export function parsePack(data) {
  let value;
  try {
    value = load(data);
  } catch {
    return refuse("not_a_pack");
  }
  return isPack(value) ? value : refuse("not_a_pack");
}

/** @param {any} value */
function isPack(value) {
  if (!hasKeys(value, ["v", ...TEXTS, ...Object.keys(ROWS)]) || value.v !== 1 || !USES.includes(value.use))
    return false;
  if (!TEXTS.every((name) => typeof value[name] === "string")) return false;
  const rows = Object.keys(ROWS).every(
    (name) => Array.isArray(value[name]) && value[name].every((/** @type {any} */ row) => isRow(row, ROWS[name])),
  );
  return (
    rows &&
    value.figures.every((/** @type {Figure} */ figure) => Object.keys(FIGURES).includes(figure.name)) &&
    slabsJoin(value.slabs)
  );
}

/** @param {any} row @param {string[]} keys */
function isRow(row, keys) {
  return hasKeys(row, keys) && keys.every((name) => isField(name, row[name]));
}

/** @param {string} name @param {unknown} value */
function isField(name, value) {
  if (NUMBERS.includes(name)) return isWhole(value);
  if (name === "formulas") return Array.isArray(value) && value.every((word) => typeof word === "string");
  return typeof value === "string";
}

/** @param {any} value @param {string[]} keys */
function hasKeys(value, keys) {
  return value !== null && typeof value === "object" && JSON.stringify(Object.keys(value)) === JSON.stringify(keys);
}

/** No fine between two slabs, none in both, the last without end. @param {Slab[]} slabs */
function slabsJoin(slabs) {
  return slabs.every(
    (slab, at) =>
      slab.start === (at ? slabs[at - 1].end : 0) && (slab.end ? slab.end > slab.start : at === slabs.length - 1),
  );
}

/** @param {Pack} pack */
export function isEmpty(pack) {
  return !(pack.figures.length || pack.slabs.length || pack.annex.length);
}

/** @param {Pack} pack @param {string} name @returns {Figure | undefined} */
export function figureOf(pack, name) {
  return pack.figures.find((figure) => figure.name === name);
}

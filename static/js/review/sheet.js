/**
 * What the hazard register asks beyond the public fields of an act: a small JSON item in `work`, sealed. The ground and
 * the penalty's number with a finding; who answers for the rectification, how, with what money and plan with a listing.
 * (五落实; the fifth, the time limit, is the listing's own public day.)
 */

import { part } from "./asking.js";
import { readJson } from "./text.js";

export const GROUND = ["criterion", "penalty"];
export const PLAN = ["owner", "measures", "money", "plan"];

/** The item, empty when nothing was written: whether it was is nobody's business. @param {string[]} names @param {Record<string, string>} values */
export function sheetPart(names, values) {
  const said = Object.fromEntries(names.map((name) => [name, (values[name] ?? "").trim()]));
  return part("work", Object.values(said).some(Boolean) ? JSON.stringify(said) : "", "application/json");
}

/** What the newest act of this kind says, {} where there is none or this key does not open it. @param {any} model @param {string} kind @returns {Record<string, string>} */
export function sheetOf(model, kind) {
  const act = model.acts.filter((/** @type {any} */ one) => one.kind === kind).at(-1);
  const item = model.items.find((/** @type {any} */ one) => one.post === act?.hash && isSheet(one));
  const said = item ? readJson(item.text) ?? {} : {};
  return Object.fromEntries(Object.entries(said).map(([name, value]) => [name, String(value)]));
}

/** @param {any} item */
export function isSheet(item) {
  return item.comp === "work" && ["finding", "list"].includes(item.kind) && item.meta.type === "application/json";
}

/** Questions of a sheet, beginning with what the last act of the kind said. @param {string[]} names @param {string} kind */
export function sheetInputs(names, kind) {
  return names.map((name) => ({
    name, type: name === "measures" ? "text" : "line", rows: 2, sealedFor: "work", start: (/** @type {any} */ model) => sheetOf(model, kind)[name] ?? "",
  }));
}

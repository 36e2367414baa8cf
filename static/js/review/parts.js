/** The sealed items an act makes: its texts, and the sheet that the hazard register asks for. */

import { sheetOf } from "../client/registers.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").Values} Values */

/** A text item, empty when nothing was written. */
export const part = (/** @type {string} */ comp, /** @type {string} */ body, type = "text/plain") => ({
  comp,
  name: "",
  type: body ? type : "",
  body: new TextEncoder().encode(body),
});

/** Sealed even when empty: sizes say nothing. */
export const noteAndReply = (/** @type {Values} */ values) => [part("work", values.note), part("thread", values.reply)];

/*
 * The sheet is what the hazard register asks beyond the public fields of an act: a small JSON item in `work`, sealed.
 * The ground and the penalty's number with a finding; who answers for the rectification, how, with what money and plan
 * with a listing (五落实; the fifth, the time limit, is the listing's own public day).
 */
export const GROUND = ["criterion", "penalty"];
/** Figures that older findings state among the work: whoever co-signs a newer one opens its facts. */
export const FIGURES = ["kind", "fine", "deaths", "deaths_concealed", "annex_item", "domain", "officer_value"];
export const PLAN = ["owner", "measures", "money", "plan"];

/** The item, empty when nothing was written: whether it was is nobody's business. @param {string[]} names @param {Record<string, string>} values */
export function sheetPart(names, values) {
  const said = Object.fromEntries(names.map((name) => [name, (values[name] ?? "").trim()]));
  return part("work", Object.values(said).some(Boolean) ? JSON.stringify(said) : "", "application/json");
}

/** Questions of a sheet, beginning with what the last act of the kind said. @param {string[]} names @param {string} kind */
export function sheetInputs(names, kind) {
  return names.map((name) => ({
    name,
    type: name === "measures" ? "text" : "line",
    rows: 2,
    sealedFor: "work",
    start: (/** @type {Model} */ model) => sheetOf(model, kind)[name] ?? "",
  }));
}

/**
 * The one table of what a reviewer can do: for each kind its questions, the public fields they make, the
 * sealed items, and whatever else is granted. The panel, the sealing and the tests read this table only.
 *
 * A question is {name, type, ...}: `item` says the answer is sealed, `start` what stands there at first,
 * `options` a word prefix or a function, `needed` that it may not stay empty.
 */

import { workflow } from "../../core/table.js";
import { AWARD } from "./acts/award.js";
import { CUSTODY } from "./acts/custody.js";
import { HONOURS } from "./acts/honours.js";
import { KEYS } from "./acts/keys.js";
import { RECEPTION } from "./acts/reception.js";
import { VERIFYING } from "./acts/verifying.js";
import { plainActs } from "./plain.js";
import { unfilled } from "./way.js";

/** @typedef {import("../types.js").ActRow} ActRow */
/** @typedef {import("../types.js").Fold} Fold */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Office} Office */
/** @typedef {import("../types.js").Say} Say */
/** @typedef {import("../types.js").Value} Value */
/** @typedef {import("../types.js").Values} Values */

const WRITTEN = { ...RECEPTION, ...VERIFYING, ...AWARD, ...KEYS, ...CUSTODY, ...HONOURS };

/** Every kind a reviewer may post: those written in the modules beside, the others as the tables say them. @type {Record<string, ActRow>} */
export const ACTS = { ...WRITTEN, ...plainActs(workflow, WRITTEN) };

/** What has to be signed before an act of this kind, null for nothing. @param {string} kind @param {Values} values @param {import("../types.js").Opening} model @returns {import("../../client/office.js").Act | null} */
export const first = (kind, values, model) => ACTS[kind].before?.(values, model) ?? null;

/** What stands in the form before the person types. @param {string} kind @param {Model} model @param {Say} t */
export function startValues(kind, model, t) {
  return Object.fromEntries(ACTS[kind].inputs.map((input) => [input.name, input.start ? input.start(model, t) : ""]));
}

/** The first thing that stands in the way of signing, as a word key, or "". @param {string} kind @param {Values} values @param {Model} model */
export function problem(kind, values, model) {
  const act = ACTS[kind];
  for (const input of act.inputs) {
    const value = values[input.name];
    if (input.needed && isEmpty(value)) return `need.${input.name}`;
    if (input.type === "text" && unfilled(value)) return "problem.unfilled";
    if (input.bytes && new TextEncoder().encode(value).length > input.bytes) return "problem.long";
  }
  return act.problem ? act.problem(values, model) : "";
}

function isEmpty(/** @type {Value} */ value) {
  if (typeof value === "string") return value.trim() === "";
  if (value === null || value === undefined || value === false) return true;
  return (
    typeof value === "object" &&
    Object.values(value).every((inner) => inner === "" || (Array.isArray(inner) && inner.length === 0))
  );
}

/** The act as the sealing wants it. @param {string} kind @param {Values} values @param {Model} model @param {Office} office */
export async function compose(kind, values, model, office) {
  const act = ACTS[kind];
  if (act.ready) await act.ready(values, model, office);
  return {
    kind,
    fields: act.fields(values, model),
    parts: act.parts(values, model),
    extra: act.extra ? act.extra(values, office) : undefined,
  };
}

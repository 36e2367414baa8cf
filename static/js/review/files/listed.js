/** The files of a case: which items they are, and how each is called. A name out of a file is never trusted: it gets a plain one. */

import { NAME as PROOF } from "../../client/onward.js";
import { plainName, sortOf, typeOf } from "../../core/filetypes.js";

/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Act} Act */
/** What the first bytes of a file tell. `type` is "" for what the table does not know. @typedef {{type: string, sort: string, name: string}} Told */
/** A file of the case with the act that brought it, and its number in the case. @typedef {{item: Item, act: Act, number: number}} Filed */

/** An item that is a file and no words. @param {Item} item */
export const isFile = (item) => item.apart || item.meta.name !== "";

/** Every file of the case this reader has a key to, in the order of the posts. @param {Model} model @returns {Filed[]} */
export function filesOf(model) {
  const acts = new Map(model.acts.map((act) => [act.hash, act]));
  return model.items
    .filter((item) => isFile(item) && !(model.inside && item.meta.name === PROOF)) // what was verified is told in words
    .map((item, at) => ({ item, act: /** @type {Act} */ (acts.get(item.post)), number: at + 1 }));
}

/** @param {Uint8Array} start @param {number} number @returns {Told} */
export function toldBy(start, number) {
  const type = typeOf(start);
  return { type, sort: sortOf(type), name: plainName(type, number) };
}

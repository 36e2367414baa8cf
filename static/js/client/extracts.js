/** An extract as it is written: what of her own words stands in it, and what else may point at her. The twin of
 * whistle/client/extracts.py. */

import { isWhole, places } from "../core/telltale.js";

/** @typedef {import("../core/telltale.js").Place} Place */
/** @typedef {Pick<import("./reading.js").Opened, "comp" | "author" | "kind" | "document" | "text" | "data">} Item */

const HERS = ["report", "thread"]; // compartments her words stand in
/** Of the second card, what is words; and the extract itself. */
export const SHOWN = ["enterprise", "place", "line", "text"];

/** Passages to look at before these words are signed, in the line of the card or the "text" of this name.
 * @param {Item[]} items @param {string} name @param {string} said @returns {Place[]} */
export const telltales = (items, name, said) => places(said, originals(items, name));

/** The same passages in the newest extract, for whoever opens it: names, numbers and hours, and what it copies of her words
 * that this person holds, such as her objection. @param {(Item & {post: string})[]} items @returns {{why: string, said: string}[]} */
export function marksIn(items) {
  const post = items.filter(({ kind, comp }) => kind === "extract" && comp === "work").slice(-1)[0]?.post;
  const [text = "", card = {}] = ["", "card"].map((document) => {
    const item = items.find((one) => one.post === post && one.comp === "work" && one.document === document);
    return document ? item?.data : item?.text;
  });
  const said = /** @type {Record<string, string>} */ ({ ...card, text });
  return SHOWN.flatMap((name) =>
    telltales(items, name, said[name] ?? "").map(({ why, start, end }) => ({
      why,
      said: [...said[name]].slice(start, end).join(""),
    })),
  );
}

/** Whether the text is something of hers, letter for letter. @param {Item[]} items @param {string} text */
export const isReport = (items, text) => originals(items, "text").some((words) => isWhole(text, words));

/** What she wrote; for the line of the card also the line of hers, which is the beginning of her text.
 * @param {Item[]} items @param {string} name @returns {string[]} */
function originals(items, name) {
  const words = items.filter(({ comp, author, text }) => HERS.includes(comp) && author === "reporter" && text);
  const cards = items.filter(({ kind, document }) => kind === "report" && document === "card");
  return [...words.map(({ text }) => text), ...(name === "line" ? cards.map(({ data }) => data.line ?? "") : [])];
}

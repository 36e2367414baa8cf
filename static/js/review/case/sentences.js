/** Below words to the reporter: sentences that the office has for everybody, and those that this reviewer keeps. */

import { html, nothing } from "lit";
import { SENTENCE, added, refused } from "../../client/drawer.js";
import { visible } from "../../core/visible.js";
import { keep, kept } from "../drawer.js";
import { formatHash } from "../route.js";
import { tell } from "../store.js";
import { t, under } from "../words.js";

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Put} Put */

const SHORT = 14; // signs of a sentence on its button

/** @param {Input} input @param {Put} put */
export function sentences(input, put) {
  if (input.sealedFor !== "reporter") return nothing;
  const fixed = input.snippets ? under(`${input.snippets}.`) : [];
  const { sentences: own } = kept();
  return html`<div class="snippets">
    ${fixed.map((id) => chip(t(`${input.snippets}_name.${id}`), t(`${input.snippets}.${id}`), put))}
    ${own.map((words) => chip(short(words), words, put))}
    <button type="button" class="small" data-keep @click=${keepWords}>${t("sentences.keep")}</button>
    ${own.length ? html`<a href=${formatHash("own")}>${t("sentences.all")}</a>` : nothing}
  </div>`;
}

/** A button that writes these words into the field beside it: as a line of their own behind others, unless they stand
 * `within` one. @param {string} label @param {string} words @param {Put} put @param {boolean} [within] */
export const chip = (label, words, put, within = false) =>
  html`<button type="button" class="chip" title=${visible(words)} @click=${insert(words, put, within)}>
    ${visible(label)}
  </button>`;

/** @param {string} words */
function short(words) {
  const signs = [...words.replace(/\s+/g, " ")];
  return signs.length > SHORT ? `${signs.slice(0, SHORT).join("")}…` : signs.join("");
}

const fieldOf = (/** @type {Event} */ event) =>
  /** @type {HTMLTextAreaElement} */ (
    /** @type {HTMLElement} */ (event.currentTarget).closest("[data-written]")?.querySelector("textarea")
  );

/** The words stand where the cursor was, in place of what was chosen.
 * @param {string} words @param {Put} put @param {boolean} within */
const insert = (words, put, within) => (/** @type {Event} */ event) => {
  const field = fieldOf(event);
  const { selectionStart: from, selectionEnd: to, value } = field;
  const before = value.slice(0, from);
  const breaks = !within && from === value.length && before && !before.endsWith("\n");
  const said = breaks ? `\n${words}` : words;
  put(before + said + value.slice(to));
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(from + said.length, from + said.length);
  });
};

/** What is chosen in the field, else all of it, is kept. @param {Event} event */
async function keepWords(event) {
  const { selectionStart: from, selectionEnd: to, value } = fieldOf(event);
  const words = (value.slice(from, to) || value).trim();
  const wrong = refused(words);
  const error = wrong ? t(wrong, { most: SENTENCE }) : await keep(added(words));
  tell(error || t("sentences.kept"), error ? "bad" : "good");
}

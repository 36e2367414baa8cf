/** What may point at the reporter in words that others will read: marked as they are written, and listed before they go out. */

import { html, nothing } from "lit";
import { telltales } from "../client/extracts.js";
import { visible } from "../core/visible.js";
import { t } from "./words.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {Model["items"]} Items */

/** What she wrote, beside the empty sheet: to read, not to copy. @param {Model} model */
export const original = (model) =>
  model.report
    ? html`<div class="original words" role="note" aria-label=${t("extract.original")}>${visible(model.report)}</div>`
    : nothing;

/** The words once more, every such place in them marked. @param {Items} items @param {string} name @param {string} said */
export function marked(items, name, said) {
  const found = merged(telltales(items, name, said));
  if (!found.length) return nothing;
  const chars = [...said];
  const between = (/** @type {number} */ from, /** @type {number} */ to) => visible(chars.slice(from, to).join(""));
  const starts = [0, ...found.map(({ end }) => end)];
  return html`<p class="marked" role="status">
    ${found.map(({ start, end }, at) => html`${between(starts[at], start)}<mark>${between(start, end)}</mark>`)}${between(starts[found.length], chars.length)}
  </p>`;
}

/** Passages that overlap as one. @param {import("../core/telltale.js").Place[]} found */
const merged = (found) =>
  found.reduce((/** @type {{start: number, end: number}[]} */ all, { start, end }) => {
    const last = all[all.length - 1];
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
    return all;
  }, []);

/** Every such place of these words, by what it is. @param {Items} items @param {Record<string, string>} said by name @returns {{why: string, said: string}[]} */
export const placesIn = (items, said) =>
  Object.entries(said).flatMap(([name, words]) =>
    telltales(items, name, words).map(({ why, start, end }) => ({ why, said: [...words].slice(start, end).join("") })),
  );

/** The list of them, and the box of who has looked at each. @param {{why: string, said: string}[]} found @param {string} name @param {boolean} looked @param {(looked: boolean) => void} put */
export const list = (found, name, looked, put) =>
  html`<fieldset class="field radios say bad telltales">
    <legend>${t("extract.found")}</legend>
    <ul>
      ${found.map(({ why, said }) => html`<li><b>${t(`telltale.${why}`)}</b> ${visible(said)}</li>`)}
    </ul>
    <label class="pick"
      ><input
        type="checkbox"
        name=${name}
        .checked=${looked}
        @change=${(/** @type {Event} */ event) => put(/** @type {HTMLInputElement} */ (event.target).checked)}
      /><span>${t("extract.looked")}</span></label
    >
  </fieldset>`;

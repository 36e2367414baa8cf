/** What an opened item says on the screen: its words, or the lines of a sheet (五落实, what a finding rests on). */

import { html, nothing } from "lit";
import { isSheet } from "../../client/registers.js";
import { visible } from "../../core/visible.js";
import { GROUND, PLAN } from "../parts.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Item} Item */

/** @param {Item} item */
export function itemWords(item) {
  if (!isSheet(item)) return html`<p class="words">${visible(item.text)}</p>`;
  const said = Object.entries(/** @type {Record<string, string>} */ (item.data)).filter(
    ([name, value]) => value && [...GROUND, ...PLAN].includes(name),
  );
  return said.length
    ? html`<dl class="facts">
        ${said.map(
          ([name, value]) =>
            html`<dt>${t(`field.${name}`)}</dt>
              <dd>${visible(String(value))}</dd>`,
        )}
      </dl>`
    : nothing;
}

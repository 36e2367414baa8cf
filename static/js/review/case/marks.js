/** An extract as those read it who never hold her words: what in it may point at her is marked for them as it was for
 * whoever wrote it, so that a hasty or dishonest hand does not pass it through unnoticed. */

import { html, nothing } from "lit";
import { marksIn } from "../../client/extracts.js";
import { visible } from "../../core/visible.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Value} Value */

/** Nothing for whoever wrote it: he has the original and was asked. @param {Model} model */
export function marksBlock(model) {
  const found = model.report === null ? marksIn(model.items) : [];
  if (!found.length) return nothing;
  return html`<section class="say warn telltales" data-marks>
    <b>${t("extract.found")}</b>
    <ul>
      ${found.map(({ why, said }) => html`<li><b>${t(`telltale.${why}`)}</b> ${visible(said)}</li>`)}
    </ul>
    <p>${t("extract.replayed")}</p>
  </section>`;
}

/** Above the signature of who agrees on it or decides by it. @param {Input} _input @param {Value} _value @param {Put} _put @param {Model} model */
export const marksField = (_input, _value, _put, model) => marksBlock(model);

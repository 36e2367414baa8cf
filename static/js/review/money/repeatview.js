/** Whether this payee or this matter was paid before, as payout sees it before he proposes or checks. */

import { html, nothing } from "lit";
import { isDue, lookBack, repeatsOf } from "./repeats.js";
import { formatHash } from "../route.js";
import { office } from "../session.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../types.js").Value} Value */

/** The card of the case page. @param {Model} model */
export function repeats(model) {
  if (!isDue(model)) return nothing;
  const { found, count, whole, busy, error, unread } = repeatsOf(model);
  return html`<section class="card" data-repeats=${whole ? "done" : "busy"}>
    <h2>${t("repeat.title")}</h2>
    ${found.map((other) => html`<p class="say bad"><a href=${formatHash("case", other.id)}>${other.number || t("inbox.no_number")}</a> ${t(other.paid ? "repeat.paid" : "repeat.awarded")}<br />${other.why.map((why) => t(`repeat.${why}`)).join("；")}</p>`)}
    ${unread ? html`<p class="say bad">${t("repeat.unread", { count: unread })}</p>` : nothing}
    ${error ? html`<p class="say bad">${t("repeat.error")} <button type="button" class="small" @click=${() => lookBack(office())}>${t("inbox.again")}</button></p>` : nothing}
    <p class="quietly" role="status">
      ${busy ? t("repeat.busy", { count }) : whole ? t(found.length ? "repeat.look" : "repeat.none", { count }) : nothing}
    </p>
    <small class="sealed">${t("repeat.here")}</small>
  </section>`;
}

/** In the form of an act: nothing to tick while nothing looks alike. */
export function repeatsField(
  /** @type {Input} */ _input,
  /** @type {Value} */ value,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const { found } = repeatsOf(model);
  if (!found.length) return nothing;
  return html`<fieldset class="field group">
    <legend>${t("field.repeats")}</legend>
    <p class="say bad">${t("repeat.warning", { numbers: found.map(({ number }) => number).join("、") })}</p>
    <label class="pick"
      ><input
        type="checkbox"
        name="repeats"
        .checked=${value === true}
        @change=${(/** @type {Typed} */ event) => put(event.target.checked)}
      /><span>${t("repeat.i_looked")}</span></label
    >
  </fieldset>`;
}

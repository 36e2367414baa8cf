/** A number that another payment bears already: shown before it is signed, and asked, never refused. */

import { html, nothing } from "lit";
import { bearing } from "../../core/vouchers.js";
import { visible } from "../../core/visible.js";
import { state } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../types.js").Value} Value */
/** @typedef {import("../types.js").Values} Values */
/** @typedef {import("../../core/vouchers.js").Shared} Shared */

/** Which of the numbers typed into a payment others bear. @param {Model} model @param {Values} values */
const found = (model, { voucher = "", treasury = "" }) =>
  bearing(model.payments, Number(model.today.slice(0, 4)), voucher, treasury);

/** What was looked at and confirmed: another number, or another payment under it, is asked for anew. @param {Shared[]} alike */
export const mark = (alike) => alike.map(({ number, payments }) => [number, ...payments.map(({ no }) => no)]).join();

/** @param {Model} model @param {Values} values */
export const numbersFault = (model, values) =>
  (values.numbers ?? "") === mark(found(model, values)) ? "" : "problem.numbers";

/** In the form of a payment: nothing to tick while no other payment bears its numbers. @param {Input} _input @param {Value} value @param {Put} put @param {Model} model */
export function numbersField(_input, value, put, model) {
  return sharedBlock(found(model, state.drafts.get(`${model.id}/pay`)?.values ?? {}), value, put);
}

/** @param {Shared[]} alike @param {string} confirmed @param {Put} put */
export function sharedBlock(alike, confirmed, put) {
  if (!alike.length) return nothing;
  return html`<fieldset class="field group" data-numbers>
    <legend>${t("numbers.title")}</legend>
    ${alike.map(({ name, number, payments }) => html`<p class="say bad">${t(`numbers.${name}`, { number: visible(number), cases: payments.map((one) => one.case).join("、") })}</p>`)}
    <label class="pick"
      ><input
        type="checkbox"
        name="numbers"
        .checked=${confirmed === mark(alike)}
        @change=${(/** @type {Typed} */ event) => put(event.target.checked ? mark(alike) : "")}
      /><span>${t("numbers.sure")}</span></label
    >
  </fieldset>`;
}

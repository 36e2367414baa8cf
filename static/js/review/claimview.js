/** At the counter: the code and the passphrase the claimant says, against what was agreed. Never the ticket. */

import { html, nothing } from "lit";
import { ENTERED } from "../client/entering.js";
import { grouped } from "./awardview.js";
import { advised, claimOf, hasDeclared } from "./claims.js";
import { visible } from "./text.js";
import { t } from "./words.js";

/** @param {any} model */
export function claimCard(model) {
  const { agreed, claim } = claimOf(model);
  if (!claim) return nothing;
  const same = agreed !== "" && agreed === claim.passphrase;
  return html`${ENTERED.includes(model.fold.source) ? html`<p class="say bad">${t("claim.taken")}</p>` : nothing}<dl class="facts claim">
    <dt>${t("claim.code")}</dt><dd class="code big">${visible(String(claim.code ?? ""))}</dd>
    <dt>${t("claim.passphrase")}</dt><dd>${visible(String(claim.passphrase ?? "")) || t("claim.none")}
      <small class=${same ? "good" : "warn"}>${t(same ? "claim.as_agreed" : agreed ? "claim.not_as_agreed" : "claim.nothing_agreed")}</small></dd>
    <dt>${t("claim.payee")}</dt><dd>${visible(String(claim.payee ?? "")) || t("claim.none")}</dd>
    <dt>${t("claim.declared")}</dt><dd class=${hasDeclared(claim) ? "good" : "warn"}>${t(hasDeclared(claim) ? "declared.claim" : "declared.none")}</dd>
    ${claim.note ? html`<dt>${t("claim.note")}</dt><dd>${visible(String(claim.note))}</dd>` : nothing}</dl>`;
}

export function claimField(/** @type {any} */ _input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) {
  return html`<fieldset class="field group"><legend>${t("field.agreed")}</legend>${claimCard(model)}
    <label class="pick"><input type="checkbox" name="agreed" .checked=${value === true} @change=${(/** @type {any} */ event) => put(event.target.checked)}><span>${t("claim.i_checked")}</span></label></fieldset>`;
}

/** Who is paid: of a joint report the first signatory, or another on a written authority; and the declaration. */
export function receiverField(/** @type {any} */ _input, /** @type {any} */ form, /** @type {any} */ put, /** @type {any} */ model) {
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) => put({ ...form, [name]: event.target.value });
  return html`<fieldset class="field group"><legend>${t("field.receiver")}</legend>
    <label class="field half"><span>${t("field.signatories")}</span><input name="signatories" inputmode="numeric" class="num" .value=${form.signatories} @input=${set("signatories")}></label>
    ${Number(form.signatories) > 1 ? joint(form, put, model) : nothing}
    ${form.declared === "claim" ? html`<p class="say good">${t("claim.has_declared")}</p>` : html`<p class="say bad">${t("claim.not_declared")}</p>
      <label class="pick"><input type="checkbox" name="declared" .checked=${form.declared === "counter"} @change=${(/** @type {any} */ event) => put({ ...form, declared: event.target.checked ? "counter" : "" })}><span>${t("claim.declared_here")}</span></label>`}
    <small class="sealed">${t("sealed.award")}</small></fieldset>`;
}

function joint(/** @type {any} */ form, /** @type {any} */ put, /** @type {any} */ model) {
  return html`${["first", "authorised"].map((id) => html`<label class="pick"><input type="radio" name="recipient" value=${id} .checked=${form.recipient === id} @change=${() => put({ ...form, recipient: id })}><span>${t(`recipient.${id}`)}</span></label>`)}
    ${form.recipient === "authorised" ? html`<label class="field"><span>${t("field.authority")}</span><input name="authority" autocomplete="off" .value=${form.authority} @input=${(/** @type {any} */ event) => put({ ...form, authority: event.target.value })}><small>${t("claim.authority_hint")}</small></label>` : nothing}
    ${sharesLine(model.fold.awarded, form.signatories)}`;
}

/** Equal shares, as advice only. @param {number} fen @param {string | number} people */
export function sharesLine(fen, people) {
  const advice = advised(fen, people);
  if (!advice) return nothing;
  return html`<p class="hint">${t("claim.shares", { first: grouped(advice.first), each: grouped(advice.each), others: advice.others })}</p>`;
}

/** Who was paid, after the check. @param {any} receiver @param {number} fen */
export function receiverTable(receiver, fen) {
  return html`<dl class="facts"><dt>${t("field.receiver")}</dt><dd>${receiver.signatories > 1 ? t("claim.joint", { people: receiver.signatories }) : t("claim.single")} · ${t(`recipient.${receiver.recipient}`)}${receiver.authority ? html` · ${visible(receiver.authority)}` : nothing}</dd>
    <dt>${t("claim.declared")}</dt><dd>${t(`declared.${receiver.declared}`)}</dd></dl>${sharesLine(fen, receiver.signatories)}`;
}

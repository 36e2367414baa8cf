/** At the counter: the code and the passphrase the claimant says, against what was agreed. Never the ticket. */

import { html, nothing } from "lit";
import { ENTERED } from "../client/entering.js";
import { readJson, visible } from "./text.js";
import { t } from "./words.js";

/** What the reporter sealed for payout: at filing and with the claim. @param {any} model */
export function claimOf(model) {
  const items = model.items.filter((/** @type {any} */ item) => item.comp === "payout");
  const filing = items.find((/** @type {any} */ item) => item.kind === "report");
  const claim = items.filter((/** @type {any} */ item) => item.kind === "claim").at(-1);
  return { agreed: readJson(filing?.text ?? "")?.passphrase ?? "", claim: readJson(claim?.text ?? "") };
}

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
    ${claim.note ? html`<dt>${t("claim.note")}</dt><dd>${visible(String(claim.note))}</dd>` : nothing}</dl>`;
}

export function claimField(/** @type {any} */ _input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) {
  return html`<fieldset class="field group"><legend>${t("field.agreed")}</legend>${claimCard(model)}
    <label class="pick"><input type="checkbox" .checked=${value === true} @change=${(/** @type {any} */ event) => put(event.target.checked)}><span>${t("claim.i_checked")}</span></label></fieldset>`;
}

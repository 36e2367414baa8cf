/** At the counter: the code and the passphrase the claimant says, against what was agreed. Never the ticket. */

import { grouped } from "../../core/yuan.js";
import { html, nothing } from "lit";
import { TRANSCRIBED } from "../../client/transcribing.js";

import { KNOWN_BY, advised, claimOf, claimsOf, hasDeclared } from "../../client/claims.js";
import { visible } from "../../core/visible.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../../client/claims.js").Claim} Claim */
/** @typedef {import("../../client/claims.js").ReceiverForm} ReceiverForm */
/** @typedef {import("../../client/claims.js").Standing} Standing */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../types.js").Value} Value */

/** Of several claims: a warning, and all of them; else the one there is. @param {Model} model */
export function claimCard(model) {
  const { agreed, claim } = claimOf(model);
  const claims = claimsOf(model);
  if (claims.length < 2) return claim ? oneClaim(model, agreed, claim) : nothing;
  return html`<p class="say bad" data-several>${t("claim.several", { count: claims.length })}</p>
    ${claims.map(
      ({ data }, index) =>
        html`<h3>${t("claim.number", { n: index + 1 })}${data === claim ? html` · ${t("claim.shown")}` : nothing}</h3>
          ${oneClaim(model, agreed, data)}`,
    )}`;
}

function oneClaim(/** @type {Model} */ model, /** @type {string} */ agreed, /** @type {Claim} */ claim) {
  const same = agreed !== "" && agreed === claim.passphrase;
  return html`${TRANSCRIBED.includes(model.fold.source) ? html`<p class="say bad">${t("claim.taken")}</p>` : nothing}
    <dl class="facts claim">
      <dt>${t("claim.code")}</dt>
      <dd class="code big">${visible(String(claim.code ?? ""))}</dd>
      <dt>${t("claim.passphrase")}</dt>
      <dd>
        ${visible(String(claim.passphrase ?? "")) || t("claim.none")}
        <small class=${same ? "good" : "warn"}
          >${t(same ? "claim.as_agreed" : agreed ? "claim.not_as_agreed" : "claim.nothing_agreed")}</small
        >
      </dd>
      <dt>${t("claim.payee")}</dt>
      <dd>${visible(String(claim.payee ?? "")) || t("claim.none")}</dd>
      <dt>${t("claim.declared")}</dt>
      <dd class=${hasDeclared(claim) ? "good" : "warn"}>
        ${t(hasDeclared(claim) ? "declared.claim" : "declared.none")}
      </dd>
      ${
        claim.note
          ? html`<dt>${t("claim.note")}</dt>
              <dd>${visible(String(claim.note))}</dd>`
          : nothing
      }
    </dl>`;
}

export function claimField(
  /** @type {Input} */ _input,
  /** @type {Value} */ value,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  return html`<fieldset class="field group">
    <legend>${t("field.agreed")}</legend>
    ${claimCard(model)}
    <label class="pick"
      ><input
        type="checkbox"
        name="agreed"
        .checked=${value === true}
        @change=${(/** @type {Typed} */ event) => put(event.target.checked)}
      /><span>${t("claim.i_checked")}</span></label
    >
  </fieldset>`;
}

/** Which of several claims is hers, and by what that is known; nothing is asked where there is one. */
export function standingField(
  /** @type {Input} */ _input,
  /** @type {Standing} */ form,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const claims = claimsOf(model);
  if (claims.length < 2) return nothing;
  const pick = (/** @type {keyof Standing} */ name, /** @type {string} */ value, /** @type {string} */ words) =>
    html`<label class="pick"
      ><input
        type="radio"
        name=${`standing-${name}`}
        value=${value}
        .checked=${form[name] === value}
        @change=${() => put({ ...form, [name]: value })}
      /><span>${words}</span></label
    >`;
  return html`<fieldset class="field group">
    <legend>${t("field.standing")}</legend>
    ${claims.map(({ post, data }, index) => pick("claim", post, t("claim.of_code", { n: index + 1, code: data.code ?? "" })))}
    ${KNOWN_BY.map((by) => pick("by", by, t(`claim.by_${by}`)))}
    <small class="sealed">${t("sealed.award")}</small>
  </fieldset>`;
}

/** Who is paid: of a joint report the first signatory, or another on a written authority; and the declaration. */
export function receiverField(
  /** @type {Input} */ _input,
  /** @type {ReceiverForm} */ form,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const set = (/** @type {string} */ name) => (/** @type {Typed} */ event) =>
    put({ ...form, [name]: event.target.value });
  return html`<fieldset class="field group">
    <legend>${t("field.receiver")}</legend>
    <label class="field half"
      ><span>${t("field.signatories")}</span
      ><input
        name="signatories"
        inputmode="numeric"
        class="num"
        .value=${form.signatories}
        @input=${set("signatories")}
    /></label>
    ${Number(form.signatories) > 1 ? joint(form, put, model) : nothing}
    ${
      form.declared === "claim"
        ? html`<p class="say good">${t("claim.has_declared")}</p>`
        : html`<p class="say bad">${t("claim.not_declared")}</p>
            <label class="pick"
              ><input
                type="checkbox"
                name="declared"
                .checked=${form.declared === "counter"}
                @change=${(/** @type {Typed} */ event) => put({ ...form, declared: event.target.checked ? "counter" : "" })}
              /><span>${t("claim.declared_here")}</span></label
            >`
    }
    <small class="sealed">${t("sealed.award")}</small>
  </fieldset>`;
}

function joint(/** @type {ReceiverForm} */ form, /** @type {Put} */ put, /** @type {Model} */ model) {
  return html`${["first", "authorised"].map((id) => html`<label class="pick"><input type="radio" name="recipient" value=${id} .checked=${form.recipient === id} @change=${() => put({ ...form, recipient: id })} /><span>${t(`recipient.${id}`)}</span></label>`)}
  ${form.recipient === "authorised" ? authorityField(form, put) : nothing}
  ${sharesLine(model.fold.awarded, form.signatories)}`;
}

/** @param {ReceiverForm} form @param {Put} put */
function authorityField(form, put) {
  const type = (/** @type {Typed} */ event) => put({ ...form, authority: event.target.value });
  return html`<label class="field"
    ><span>${t("field.authority")}</span
    ><input name="authority" autocomplete="off" .value=${form.authority} @input=${type} /><small
      >${t("claim.authority_hint")}</small
    ></label
  >`;
}

/** Equal shares, as advice only. @param {number} fen @param {string | number} people */
export function sharesLine(fen, people) {
  const advice = advised(fen, people);
  if (!advice) return nothing;
  return html`<p class="hint">
    ${t("claim.shares", { first: grouped(advice.first), each: grouped(advice.each), others: advice.others })}
  </p>`;
}

/** Who was paid, after the check. @param {import("../../core/entitlement.js").Receiver} receiver @param {number} fen */
export function receiverTable(receiver, fen) {
  return html`<dl class="facts">
      <dt>${t("field.receiver")}</dt>
      <dd>
        ${receiver.signatories > 1 ? t("claim.joint", { people: receiver.signatories }) : t("claim.single")} ·
        ${t(`recipient.${receiver.recipient}`)}${receiver.authority ? html` · ${visible(receiver.authority)}` : nothing}
      </dd>
      <dt>${t("claim.declared")}</dt>
      <dd>${t(`declared.${receiver.declared}`)}</dd>
    </dl>
    ${sharesLine(fen, receiver.signatories)}`;
}

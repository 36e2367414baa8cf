/** The questions of an act as form fields, by type. `put` writes into the draft; nothing else is remembered. */

import { html, nothing } from "lit";
import { awardField, factsField, recheckField } from "./awardview.js";
import { claimField, receiverField } from "./claimview.js";
import { cards } from "./inbox.js";
import { repeatsField } from "./repeatview.js";
import { has, t, under, word } from "./words.js";

/** Reason codes and other closed lists, from the one table or, for what it does not list, from the words. */
function options(/** @type {any} */ input, /** @type {any} */ model) {
  const { reasons, categories, sectors, kinds } = model.workflow;
  if (reasons[input.options]) return reasons[input.options].map((/** @type {string} */ code) => [code, word(`reason.${code}`, code)]);
  const ids = { category: categories, sector: sectors, outcome: Object.keys(kinds.finding.to.outcome), ...listed(model.workflow) };
  return ids[/** @type {keyof typeof ids} */ (input.options)].map((/** @type {string} */ id) => [id, t(`${input.options}.${id}`)]);
}

/** Closed lists of the further acts. */
const listed = (/** @type {any} */ workflow) => ({
  action: workflow.actions, level: workflow.levels, result: workflow.results, objection_outcome: Object.keys(workflow.kinds["objection.decide"].to.outcome),
});

const label = (/** @type {any} */ input) => {
  if (input.label) return t(`field.${input.label}`);
  const named = `field.${input.name}_${input.sealedFor}`;
  return has(named) ? t(named) : t(`field.${input.name}`);
};

const seal = (/** @type {any} */ input) => input.sealedFor ? html`<small class="sealed">${t(`sealed.${input.sealedFor}`)}</small>` : nothing;

function frame(/** @type {any} */ input, /** @type {any} */ control) {
  return html`<label class="field"><span>${label(input)}${input.needed ? nothing : html` <em>${t("field.optional")}</em>`}</span>${control}${seal(input)}</label>`;
}

/** @type {Record<string, any>} */
const TYPES = {
  line: (/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put) => frame(input, html`<input .value=${value} @input=${(/** @type {any} */ event) => put(event.target.value)} autocomplete="off">`),
  day: (/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put) => frame(input, html`<input type="date" .value=${value} @input=${(/** @type {any} */ event) => put(event.target.value)}>`),
  text: textarea,
  redact: redactor,
  select: (/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) => frame(input, html`<select @change=${(/** @type {any} */ event) => put(event.target.value)}>
    ${options(input, model).map((/** @type {string[]} */ [id, words]) => html`<option value=${id} ?selected=${id === value}>${words}</option>`)}</select>`),
  radio: radios,
  packs: packBoxes,
  seats: seatBoxes,
  facts: factsField,
  award: awardField,
  recheck: recheckField,
  claim: claimField,
  receiver: receiverField,
  repeats: repeatsField,
  parent: (/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) => frame(input, html`<select @change=${(/** @type {any} */ event) => put(event.target.value)}><option value=""></option>
    ${cards.others(model.id).map((/** @type {any} */ row) => html`<option value=${row.id} ?selected=${row.id === value}>${row.number} ${row.card.enterprise ?? ""} ${row.card.line ?? ""}</option>`)}</select>`),
};

/** @param {any} input @param {any} value @param {(value: any) => void} put @param {any} model */
export function field(input, value, put, model) {
  return TYPES[input.type](input, value, put, model);
}

function textarea(/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put) {
  const snippets = input.snippets ? html`<div class="snippets">${under(`${input.snippets}.`).map((id) => html`<button type="button" class="chip"
    @click=${() => put(value ? `${value}\n${t(`${input.snippets}.${id}`)}` : t(`${input.snippets}.${id}`))}>${t(`${input.snippets}_name.${id}`)}</button>`)}</div>` : nothing;
  return html`${frame(input, html`<textarea rows=${input.rows ?? 4} .value=${value} @input=${(/** @type {any} */ event) => put(event.target.value)}></textarea>`)}${snippets}`;
}

/** The report's words to cut from: marking a passage blacks it out, so that nothing has to be typed again. */
function redactor(/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put) {
  const strike = (/** @type {Event} */ event) => {
    const area = /** @type {HTMLTextAreaElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest(".redact")?.querySelector("textarea"));
    const { selectionStart: from, selectionEnd: to } = area;
    if (to > from) put(`${value.slice(0, from)}${t("redact.mark")}${value.slice(to)}`);
  };
  return html`<div class="redact">${textarea(input, value, put)}<div class="snippets"><button type="button" class="chip" @click=${strike}>${t("redact.button")}</button><small>${t("redact.hint")}</small></div></div>`;
}

function radios(/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) {
  return html`<fieldset class="field radios"><legend>${label(input)}</legend>
    ${options(input, model).map((/** @type {string[]} */ [id, words]) => html`<label class="pick"><input type="radio" name=${`${input.name}`} .checked=${id === value}
      @change=${() => put(id)}><span>${words}${/^[A-Z]{2}\d\d$/.test(id) ? html` <small class="code">${id}</small>` : nothing}</span></label>`)}</fieldset>`;
}

function packBoxes(/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) {
  const has_ = (/** @type {any} */ pack) => value.some((/** @type {string[]} */ pair) => pair[1] === pack.sha256);
  const flip = (/** @type {any} */ pack) => put(has_(pack) ? value.filter((/** @type {string[]} */ pair) => pair[1] !== pack.sha256) : [...value, [pack.id, pack.sha256]]);
  // Only a leader may pin what pays nothing yet: until the directory lists it, it reckons on trial.
  const offered = model.packs.filter((/** @type {any} */ pack) => pack.pays || (input.trial && pack.rewards));
  return html`<fieldset class="field radios"><legend>${label(input)}</legend>${offered.map((/** @type {any} */ pack) => html`
    <label class="pick"><input type="checkbox" .checked=${has_(pack)} @change=${() => flip(pack)}><span>${pack.id}${pack.pays ? nothing : html` <em>${t("award.trial")}</em>`}${pack.note ? html`<small class="note">${pack.note}</small>` : nothing}</span></label>`)}</fieldset>`;
}

function seatBoxes(/** @type {any} */ input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) {
  const flip = (/** @type {string} */ role, /** @type {string} */ person) => {
    const now = value[role] ?? [];
    put({ ...value, [role]: now.includes(person) ? now.filter((/** @type {string} */ one) => one !== person) : [...now, person] });
  };
  return html`<div class="seats">${["verifier", "leader", "payout", "intake"].map((role) => html`<fieldset class="field radios"><legend>${t(`role.${role}`)}</legend>
    ${model.people(role).map((/** @type {any} */ person) => html`<label class="pick"><input type="checkbox" .checked=${(value[role] ?? []).includes(person.person)}
      @change=${() => flip(role, person.person)}><span>${person.label}${person.name ? html` <b>${person.name}</b>` : nothing}</span></label>`)}</fieldset>`)}
    <p class="hint">${t("seats.hint")}</p></div>`;
}

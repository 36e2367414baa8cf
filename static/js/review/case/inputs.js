/** The questions of an act as form fields, by type. `put` writes into the draft; nothing else is remembered. */

import { html, nothing } from "lit";
import { SHOWN } from "../../client/extracts.js";
import { awardField, factsField, recheckField } from "../money/awardview.js";
import { figuresField } from "../money/basisview.js";
import { claimField, receiverField, standingField } from "../money/claimview.js";
import { cards } from "../inbox/page.js";
import { bothCases } from "./beside.js";
import { withdrawal } from "./custody.js";
import { digestsField } from "./digests.js";
import { groundsField } from "./honours.js";
import { marksField } from "./marks.js";
import { numbersField } from "../money/numbersview.js";
import { repeatsField } from "../money/repeatview.js";
import { meanable } from "./notes.js";
import { sentences } from "./sentences.js";
import { peers, reasonsFor, remaining } from "./way.js";
import { state } from "../store.js";
import { list, marked, original, placesIn } from "../telltales.js";
import { listed as offered } from "../../core/newposts.js";
import { visible } from "../../core/visible.js";
import { has, t, word } from "../words.js";

/** @typedef {import("../types.js").Workflow} Workflow */

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Pack} Pack */
/** @typedef {import("../types.js").Person} Person */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../types.js").Value} Value */

/** Reason codes and other closed lists, from the one table or, for what it does not list, from the words. */
function options(/** @type {Input} */ input, /** @type {Model} */ model) {
  const { reasons, sectors, kinds } = model.workflow;
  const list = input.options ?? "";
  if (input.choices) return input.choices(model).map((id) => [id, t(`${list}.${id}`)]);
  if (reasons[list])
    return reasonsFor(model, list).map((/** @type {string} */ code) => [code, word(`reason.${code}`, code)]);
  const ids = {
    category: offered(model.workflow, model.officeKind, "categories"),
    sector: sectors,
    outcome: offered(model.workflow, model.officeKind, "outcomes"),
    ...listed(model.workflow),
  };
  return ids[/** @type {keyof typeof ids} */ (list)].map((/** @type {string} */ id) => [id, t(`${list}.${id}`)]);
}

/** The outcomes that decide where a case goes. @param {import("../../core/shapes.js").Kind} kind */
const outcomes = ({ to }) => Object.keys(/** @type {{outcome: object}} */ (to).outcome);

/** Closed lists of the further acts. */
const listed = (/** @type {Workflow} */ workflow) => ({
  action: workflow.actions,
  honour: workflow.honours,
  level: workflow.levels,
  result: workflow.results,
  objection_outcome: outcomes(workflow.kinds["objection.decide"]),
});

const label = (/** @type {Input} */ input) => {
  if (input.label) return t(`field.${input.label}`);
  const named = `field.${input.name}_${input.sealedFor}`;
  return has(named) ? t(named) : t(`field.${input.name}`);
};

const seal = (/** @type {Input} */ input) =>
  input.sealedFor ? html`<small class="sealed">${t(`sealed.${input.sealedFor}`)}</small>` : nothing;

function frame(/** @type {Input} */ input, /** @type {unknown} */ control) {
  return html`<label class="field"
    ><span>${label(input)}${input.needed ? nothing : html` <em>${t("field.optional")}</em>`}</span
    >${control}${seal(input)}</label
  >`;
}

/** @type {Record<string, (input: Input, value: Value, put: Put, model: Model) => unknown>} */
const TYPES = {
  line: (input, value, put) =>
    frame(
      input,
      html`<input
        .value=${value}
        @input=${(/** @type {Typed} */ event) => put(event.target.value)}
        autocomplete="off"
      />`,
    ),
  day: (input, value, put) =>
    frame(
      input,
      html`<input type="date" .value=${value} @input=${(/** @type {Typed} */ event) => put(event.target.value)} />`,
    ),
  text: textarea,
  note: (input, value, put, model) =>
    html`<div data-written>${frame(input, area(input, value, put))}${meanable(model, put)}</div>`,
  extract: shown,
  shown,
  telltales: telltalesField,
  marks: marksField,
  select: (input, value, put, model) =>
    frame(
      input,
      html`<select @change=${(/** @type {Typed} */ event) => put(event.target.value)}>
        ${options(input, model).map((/** @type {string[]} */ [id, words]) => html`<option value=${id} ?selected=${id === value}>${words}</option>`)}
      </select>`,
    ),
  radio: radios,
  packs: packBoxes,
  seats: seatBoxes,
  remaining: remainingList,
  colleague: (input, value, put, model) =>
    frame(
      input,
      html`<select @change=${(/** @type {Typed} */ event) => put(event.target.value)}>
          <option value="">${t("handover.choose")}</option>
          ${peers(model).map((one) => html`<option value=${one.person} ?selected=${one.person === value}>${one.label} ${one.name}</option>`)}
        </select>
        <p class="hint">${t("handover.one")}</p>`,
    ),
  withdraws: (_input, _value, _put, model) => html`<p class="say">${withdrawal(model)}</p>`,
  digests: digestsField,
  again: (input, value, put, model) => (handsOn(model) ? TYPES.confirm(input, value, put, model) : nothing),
  grounds: groundsField,
  confirm: (input, value, put) =>
    html`<label class="pick"
      ><input
        type="checkbox"
        name=${input.name}
        .checked=${Boolean(value)}
        @change=${(/** @type {Event} */ event) => put(/** @type {HTMLInputElement} */ (event.target).checked)}
      /><span>${t(`field.${input.name}`)}</span></label
    >`,
  facts: factsField,
  figures: figuresField,
  award: awardField,
  recheck: recheckField,
  claim: claimField,
  receiver: receiverField,
  standing: standingField,
  repeats: repeatsField,
  numbers: numbersField,
  parent: (input, value, put, model) =>
    html`${frame(
      input,
      html`<select @change=${(/** @type {Typed} */ event) => put(event.target.value)}>
        <option value=""></option>
        ${cards.others(model.id).map((row) => html`<option value=${row.id} ?selected=${row.id === value}>${row.number || t("inbox.no_number")} ${row.card.enterprise ?? ""} ${row.card.line ?? ""}</option>`)}
      </select>`,
    )}${bothCases(model, value)}`,
};

/** Whether keys of earlier items were handed to anybody yet: before that there is nothing to hand again. @param {Model} model */
const handsOn = (model) => model.acts.some(({ kind }) => ["assign", "handover", "regrant"].includes(kind));

/** @param {Input} input @param {Value} value @param {Put} put @param {Model} model */
export function field(input, value, put, model) {
  return TYPES[input.type](input, value, put, model);
}

function textarea(/** @type {Input} */ input, /** @type {Value} */ value, /** @type {Put} */ put) {
  return html`<div data-written>${frame(input, area(input, value, put))}${sentences(input, put)}</div>`;
}

const area = (/** @type {Input} */ input, /** @type {Value} */ value, /** @type {Put} */ put) =>
  html`<textarea
    rows=${input.rows ?? 4}
    .value=${value}
    @input=${(/** @type {Typed} */ event) => put(event.target.value)}
  ></textarea>`;

/** Words for those who never hold hers: what may point at her is marked below them as they are written.
 * @param {Input} input @param {Value} value @param {Put} put @param {Model} model */
function shown(input, value, put, model) {
  const asked =
    input.type === "shown" ? TYPES.line(input, value, put, model) : [original(model), textarea(input, value, put)];
  return html`<div class="extract">${asked}${marked(model.items, input.name, value)}</div>`;
}

/** Everything marked once more, in one list, before anybody signs. @param {Input} input @param {Value} value @param {Put} put @param {Model} model */
function telltalesField(input, value, put, model) {
  const typed = state.drafts.get(`${model.id}/extract`)?.values ?? {};
  const found = placesIn(model.items, Object.fromEntries(SHOWN.map((name) => [name, typed[name] ?? ""])));
  return found.length ? list(found, input.name, Boolean(value), put) : nothing;
}

function radios(
  /** @type {Input} */ input,
  /** @type {Value} */ value,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  return html`<fieldset class="field radios">
    <legend>${label(input)}</legend>
    ${options(input, model).map(
      (/** @type {string[]} */ [id, words]) =>
        html`<label class="pick"
          ><input type="radio" name=${`${input.name}`} .checked=${id === value} @change=${() => put(id)} /><span
            >${words}${/^[A-Z]{2}\d\d$/.test(id) ? html` <small class="code">${id}</small>` : nothing}</span
          ></label
        >`,
    )}
  </fieldset>`;
}

function packBoxes(
  /** @type {Input} */ input,
  /** @type {Value} */ value,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const has_ = (/** @type {Pack} */ pack) => value.some((/** @type {string[]} */ pair) => pair[1] === pack.sha256);
  const flip = (/** @type {Pack} */ pack) =>
    put(
      has_(pack)
        ? value.filter((/** @type {string[]} */ pair) => pair[1] !== pack.sha256)
        : [...value, [pack.id, pack.sha256]],
    );
  // Only a leader may pin what pays nothing yet: until the directory lists it, it reckons on trial.
  const offered = model.packs.filter((/** @type {Pack} */ pack) => pack.pays || (input.trial && pack.rewards));
  return html`<fieldset class="field radios">
    <legend>${label(input)}</legend>
    ${offered.map(
      (/** @type {Pack} */ pack) =>
        html` <label class="pick"
          ><input type="checkbox" .checked=${has_(pack)} @change=${() => flip(pack)} /><span
            >${pack.id}${pack.pays ? nothing : html` <em>${t("award.trial")}</em>`}${pack.note ? html`<small class="note">${pack.note}</small>` : nothing}</span
          ></label
        >`,
    )}
  </fieldset>`;
}

function seatBoxes(
  /** @type {Input} */ input,
  /** @type {Value} */ value,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const flip = (/** @type {string} */ role, /** @type {string} */ person) => {
    const now = value[role] ?? [];
    put({
      ...value,
      [role]: now.includes(person) ? now.filter((/** @type {string} */ one) => one !== person) : [...now, person],
    });
  };
  return html`<div class="seats">
    ${["verifier", "leader", "payout", "intake"].map(
      (role) =>
        html`<fieldset class="field radios">
          <legend>${t(`role.${role}`)}</legend>
          ${model
            .people(role)
            .map(
              (/** @type {Person} */ person) =>
                html`<label class="pick"
                  ><input
                    type="checkbox"
                    .checked=${(value[role] ?? []).includes(person.person)}
                    @change=${() => flip(role, person.person)}
                  /><span>${person.label}${person.name ? html` <b>${person.name}</b>` : nothing}</span></label
                >`,
            )}
        </fieldset>`,
    )}
    <p class="hint">${t("seats.hint")}</p>
  </div>`;
}

/** Whom the case is left to, role by role; where there is nobody, what has to be done before. */
function remainingList(
  /** @type {Input} */ _input,
  /** @type {Value} */ _value,
  /** @type {Put} */ _put,
  /** @type {Model} */ model,
) {
  return html`<div class="field">
    <span>${t("field.remaining")}</span>
    ${remaining(model).map(({ role, others }) => {
      const who = others.map(({ name, label }) => name || label).join("、");
      const said = { role: t(`role.${role}`), who };
      return html`<p class=${others.length ? "" : "say bad"}>
        ${t(others.length ? "recuse.left" : "recuse.nobody", said)}
      </p>`;
    })}
    ${model.sole.length ? html`<p class="say bad" data-sole>${t("recuse.sole", { what: model.sole.map((comp) => t(`compartment.${comp}`)).join("、") })}</p>` : nothing}
  </div>`;
}

/** Facts, sum and trace on the screen: what was typed, which clause speaks, what comes out. */

import { html, nothing } from "lit";
import { capitals, text as yuan } from "../core/yuan.js";
import { taxStep } from "../core/tax.js";
import { grouped as apart } from "../figures.js";
import { confirmedOf } from "./claims.js";
import { choices, preview, questions, recheck } from "./money.js";
import { visible } from "./text.js";
import { has, t, word } from "./words.js";

const KINDS = ["major_hazard", "violation", "general_hazard", "concealed_accident"];

/** A sum, right-aligned, its 大写 for whoever rests on it. @param {number} fen */
export function money(fen) {
  return html`<span class="money" title=${capitals(fen)}>¥ ${grouped(fen)}</span>`;
}

/** @param {number} fen */
export function grouped(fen) {
  return apart(yuan(fen));
}

function figure(/** @type {any} */ name, /** @type {any} */ form, /** @type {any} */ put, mode = "decimal") {
  return html`<label class="field half"><span>${t(`field.${name}`)}</span><input inputmode=${mode} class="num" .value=${form[name]}
    @input=${(/** @type {any} */ event) => put({ ...form, [name]: event.target.value })}></label>`;
}

/** @type {Record<string, any>} */
const FIGURES = {
  fine: (/** @type {any} */ form, /** @type {any} */ put) => figure("fine", form, put),
  officer_value: (/** @type {any} */ form, /** @type {any} */ put) => figure("officer_value", form, put),
  deaths: (/** @type {any} */ form, /** @type {any} */ put) => figure("deaths", form, put, "numeric"),
  deaths_concealed: (/** @type {any} */ form, /** @type {any} */ put) => figure("deaths_concealed", form, put, "numeric"),
  reason: (/** @type {any} */ form, /** @type {any} */ put) => html`<label class="field"><span>${t("field.officer_reason")}</span><input .value=${form.reason} @input=${(/** @type {any} */ event) => put({ ...form, reason: event.target.value })}></label>`,
};

function factsForm(/** @type {any} */ form, /** @type {any} */ put) {
  return html`<label class="field"><span>${t("field.facts_kind")}</span><select @change=${(/** @type {any} */ event) => put({ ...form, kind: event.target.value })}>
      ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === form.kind}>${t(`category.${kind}`)}</option>`)}</select></label>
    <div class="pair">${questions(form.kind).map((name) => FIGURES[name](form, put))}</div>`;
}

/** The verifier's figures. */
export function factsField(/** @type {any} */ _input, /** @type {any} */ form, /** @type {any} */ put) {
  return html`<fieldset class="field group"><legend>${t("field.facts")}</legend>${factsForm(form, put)}<small class="sealed">${t("sealed.award")}</small></fieldset>`;
}

/** Payout's sum, computed while typing. */
export function awardField(/** @type {any} */ _input, /** @type {any} */ form, /** @type {any} */ put, /** @type {any} */ model) {
  const facts = (/** @type {any} */ next) => put({ ...form, facts: next });
  const result = preview(form, model);
  return html`<fieldset class="field group"><legend>${t("field.award")}</legend>
    <label class="field"><span>${t("field.pack")}</span><select @change=${(/** @type {any} */ event) => put({ ...form, pack: event.target.value })}>
      ${choices(model).map((/** @type {any} */ pack) => html`<option value=${pack.id} ?selected=${pack.id === result.pack?.id}>${pack.id}${pack.pays ? "" : ` · ${t("award.trial")}`}</option>`)}</select></label>
    ${factsForm(form.facts, facts)}
    <label class="pick"><input type="checkbox" .checked=${form.facts.employee} @change=${(/** @type {any} */ event) => facts({ ...form.facts, employee: event.target.checked })}><span>${t("field.employee")}</span></label>
    ${partField(form, put)}${sumBox(result)}${result.error ? nothing : largeMark(model, Number(result.fen))}</fieldset>`;
}

/** Only what was confirmed is rewarded: all of it, or which part. */
function partField(/** @type {any} */ form, /** @type {any} */ put) {
  return html`<div class="field radios" role="radiogroup" aria-label=${t("field.part")}><span>${t("field.part")}</span>${["whole", "partial"].map((id) => html`<label class="pick"><input type="radio" name="part" value=${id} .checked=${form.part === id} @change=${() => put({ ...form, part: id })}><span>${t(`part.${id}`)}</span></label>`)}
    ${form.part === "partial" ? html`<label class="field"><span>${t("field.confirmed")}</span><textarea rows="2" name="confirmed" .value=${form.confirmed} @input=${(/** @type {any} */ event) => put({ ...form, confirmed: event.target.value })}></textarea><small>${t("award.confirmed_hint")}</small></label>` : nothing}</div>`;
}

/** What the sum is for, where a proposal says it. @param {any} model */
export function partLine(model) {
  const confirmed = confirmedOf(model);
  if (!confirmed) return nothing;
  return html`<p class=${confirmed.part === "partial" ? "say bad" : "quietly"}>${t(`part.${confirmed.part}`)}${confirmed.text ? html`<br>${visible(confirmed.text)}` : nothing}</p>`;
}

/** The sum large, then how it came about. @param {any} result */
export function sumBox(result) {
  if (result.error) return html`<p class="say bad">${word(`error.rule_${result.error}`, t("error.rule"))}</p>`;
  const trial = result.pack && !result.pack.pays;
  return html`<div class=${trial ? "sum trial" : "sum"}>
    ${trial ? html`<p class="banner">${t("award.trial_banner")}</p>` : nothing}
    ${result.pack?.banner ? html`<p class="banner calm">${result.pack.banner}</p>` : nothing}
    ${result.pack?.note ? html`<p class="banner calm">${result.pack.note}</p>` : nothing}
    <p class="big">${money(Number(result.fen))}</p><p class="capitals">${capitals(Number(result.fen))}</p>${trace([...result.trace, taxStep(result.facts)])}</div>`;
}

/** Where a figure stands; what nobody read in a text is the platform's own, never an article. @param {any} step */
function ground(step) {
  if (step.source === "default") return step.step === "round" ? "" : t("award.default");
  return `${step.origin} ${step.clause || t("award.no_article")}`;
}

/** @param {any[]} steps */
export function trace(steps) {
  const figures = (/** @type {any} */ step) => Object.fromEntries(Object.entries(step.figures).map(([name, value]) => [name, apart(String(value))]));
  return html`<ol class="trace">${steps.map((step) => html`<li><span>${has(`trace.${step.words}`) ? t(`trace.${step.words}`, figures(step)) : step.words}</span>
    ${step.figures.result ? html`<b class="money">${apart(step.figures.result)}</b>` : nothing}<small>${ground(step)}</small></li>`)}</ol>`;
}

/** The leader's own sum beside the proposed one. */
export function recheckField(/** @type {any} */ _input, /** @type {any} */ value, /** @type {any} */ put, /** @type {any} */ model) {
  const result = recheck(model);
  const proposed = result.proposal?.fields.fen ?? 0;
  return html`<fieldset class="field group"><legend>${t("field.recheck")}</legend>
    <dl class="facts"><dt>${t("award.proposed")}</dt><dd>${money(proposed)}</dd></dl>${partLine(model)}
    ${result.error ? html`<p class="say bad">${word(`error.rule_${result.error}`, t("error.rule"))}</p>` : sumBox(result)}
    ${largeMark(model, proposed)}
    <p class=${result.same ? "say good" : "say bad"}>${t(result.same ? "award.same" : "award.differs")}</p>
    <label class="pick"><input type="checkbox" .checked=${value === true} @change=${(/** @type {any} */ event) => put(event.target.checked)} ?disabled=${!result.same}><span>${t("award.i_checked")}</span></label></fieldset>`;
}

/** Beside a sum that is weighed: that finance decides on it too. @param {any} model @param {number} fen */
export function largeMark(model, fen) {
  return model.large && fen >= model.large ? html`<p class="say warn">${t("large.mark", { sum: grouped(model.large) })}</p>` : nothing;
}

/** Facts as read from a sealed item. @param {any} facts */
export function factsTable(facts) {
  const rows = [["kind", t(`category.${facts.kind}`)], ["fine", money(facts.fine)]];
  if (facts.officer_value) rows.push(["officer_value", money(facts.officer_value)]);
  for (const name of ["deaths", "deaths_concealed"]) if (facts[name]) rows.push([name, String(facts[name])]);
  rows.push(["employee", t(facts.employee ? "yes" : "no")]);
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${t(has(`fact.${name}`) ? `fact.${name}` : `field.${name}`)}</dt><dd>${value}</dd>`)}</dl>`;
}

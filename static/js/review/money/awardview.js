/** Facts, sum and trace on the screen: what was typed, which clause speaks, what comes out. */

import { html, nothing } from "lit";
import { apart, capitals, grouped, read as readSum } from "../../core/yuan.js";
import { taxStep } from "../../core/tax.js";
import { confirmedOf } from "../../client/claims.js";
import { choices, foundFacts, preview, proposalFrom, questions, recheck, situations, unlike } from "./award.js";
import { differsBlock, differsTable, newsBlock, standing } from "./basisview.js";
import { visible } from "../../core/visible.js";
import { has, t, word } from "../words.js";

/** @typedef {import("../types.js").Facts} Facts */
/** @typedef {import("../types.js").FactsForm} FactsForm */
/** @typedef {import("../types.js").ProposalForm} ProposalForm */
/** @typedef {import("../types.js").Result} Result */
/** @typedef {import("../types.js").Step} Step */

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Pack} Pack */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../types.js").Value} Value */

const KINDS = ["major_hazard", "violation", "general_hazard", "concealed_accident"];

/** A sum, right-aligned, its 大写 for whoever rests on it. @param {number} fen */
export function money(fen) {
  return html`<span class="money" title=${capitals(fen)}>¥ ${grouped(fen)}</span>`;
}

function figure(
  /** @type {"fine" | "officer_value" | "deaths" | "deaths_concealed"} */ name,
  /** @type {FactsForm} */ form,
  /** @type {Put} */ put,
  mode = "decimal",
) {
  return html`<label class="field half"
    ><span>${t(`field.${name}`)}</span
    ><input
      inputmode=${mode}
      class="num"
      .value=${form[name]}
      @input=${(/** @type {Typed} */ event) => put({ ...form, [name]: event.target.value })}
    />${mode === "decimal" ? spelled(form[name]) : nothing}</label
  >`;
}

/** The sum typed, in 分; 0 while it is none. @param {string} typed */
function sumOf(typed) {
  try {
    return readSum(typed);
  } catch {
    return 0;
  }
}

/** A sum in words while it is typed: a nought too many is heard when it is read. @param {string} typed */
function spelled(typed) {
  const fen = sumOf(typed);
  return fen ? html`<small class="capitals">${grouped(fen)} ${capitals(fen)}</small>` : nothing;
}

/** What payout itself adds to a general hazard's facts. */
const OWN = ["officer_value", "reason"];
/** @type {Record<string, (form: FactsForm, put: Put) => unknown>} */
const FIGURES = {
  fine: (form, put) => figure("fine", form, put),
  officer_value: (form, put) => figure("officer_value", form, put),
  deaths: (form, put) => figure("deaths", form, put, "numeric"),
  deaths_concealed: (form, put) => figure("deaths_concealed", form, put, "numeric"),
  reason: (form, put) =>
    html`<label class="field"
      ><span>${t("field.officer_reason")}</span
      ><input
        .value=${form.reason}
        @input=${(/** @type {Typed} */ event) => put({ ...form, reason: event.target.value })}
    /></label>`,
};

/** Which listed situation it is, where a pack of the case lists any; one that was found stays to be seen. @param {FactsForm} form @param {Put} put @param {Model} model */
function situationField(form, put, model) {
  const listed = situations(model);
  if (form.annex_item && !listed.has(form.annex_item)) listed.set(form.annex_item, visible(form.annex_item));
  if (!listed.size || form.kind === "concealed_accident") return nothing;
  return html`<label class="field"
    ><span>${t("fact.annex_item")}</span
    ><select
      name="annex_item"
      @change=${(/** @type {Typed} */ event) => put({ ...form, annex_item: event.target.value })}
    >
      <option value="" ?selected=${!form.annex_item}>${t("field.annex_none")}</option>
      ${[...listed].map(([item, title]) => html`<option value=${item} ?selected=${item === form.annex_item}>${visible(title)}</option>`)}
    </select></label
  >`;
}

function factsForm(/** @type {FactsForm} */ form, /** @type {Put} */ put, /** @type {Model} */ model) {
  return html`<label class="field"
      ><span>${t("field.facts_kind")}</span
      ><select @change=${(/** @type {Typed} */ event) => put({ ...form, kind: event.target.value })}>
        ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === form.kind}>${t(`category.${kind}`)}</option>`)}
      </select></label
    >
    ${situationField(form, put, model)}
    <div class="pair">${questions(form.kind).map((name) => FIGURES[name](form, put))}</div>`;
}

/** The verifier's figures. */
export function factsField(
  /** @type {Input} */ _input,
  /** @type {FactsForm} */ form,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  return html`<fieldset class="field group">
    <legend>${t("field.facts")}</legend>
    ${factsForm(form, put, model)}<small class="sealed">${t("sealed.award")}</small>
  </fieldset>`;
}

/** Payout's sum, computed while typing. */
export function awardField(
  /** @type {Input} */ _input,
  /** @type {ProposalForm} */ form,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const facts = (/** @type {FactsForm} */ next) => put({ ...form, facts: next });
  const result = preview(form, model);
  return html`<fieldset class="field group">
    <legend>${t("field.award")}</legend>
    <label class="field"
      ><span>${t("field.pack")}</span
      ><select @change=${(/** @type {Typed} */ event) => put({ ...form, pack: event.target.value })}>
        ${choices(model).map((/** @type {Pack} */ pack) => html`<option value=${pack.id} ?selected=${pack.id === result.pack?.id}>${pack.id}${pack.pays ? "" : ` · ${t("award.trial")}`}</option>`)}
      </select></label
    >
    ${newsBlock(model, "award.propose", form.seen, () => put({ ...proposalFrom(model), pack: form.pack, part: form.part, confirmed: form.confirmed }))}
    ${takenOver(form, put, model, result)}
    <label class="pick"
      ><input
        type="checkbox"
        .checked=${form.facts.employee}
        @change=${(/** @type {Typed} */ event) => facts({ ...form.facts, employee: event.target.checked })}
      /><span>${t("field.employee")}</span></label
    >
    ${partField(form, put)}${sumBox(result, model.officeKind)}${result.error ? nothing : largeMark(model, Number(result.fen))}
  </fieldset>`;
}

/** The finding's facts as they are taken over; payout's own are typed, and all of them where it says they must differ. @param {ProposalForm} form @param {Put} put @param {Model} model @param {Result} result */
function takenOver(form, put, model, result) {
  const facts = (/** @type {FactsForm} */ next) => put({ ...form, facts: next });
  const found = foundFacts(model);
  const differs = found === null || form.differs;
  const unlikes = differs && !result.error ? unlike(model, /** @type {Facts} */ (result.facts)) : [];
  return html`${
    differs
      ? factsForm(form.facts, facts, model)
      : html`<section class="taken">
          <p class="quietly">${t("basis.taken")}</p>
          ${factsTable(found)}
          ${found.kind === "general_hazard" && !found.fine ? OWN.map((name) => FIGURES[name](form.facts, facts)) : nothing}
        </section>`
  }
  ${
    found
      ? html`<label class="pick"
          ><input
            type="checkbox"
            name="differs"
            .checked=${form.differs}
            @change=${(/** @type {Typed} */ event) => put({ ...form, differs: event.target.checked })}
          /><span>${t("basis.must_differ")}</span></label
        >`
      : html`<p class="say warn">${t("basis.no_facts")}</p>`
  }
  ${
    unlikes.length
      ? html`<section class="say bad differs">
          <b>${t("basis.differs")}</b>${differsTable(unlikes)}
          <label class="field"
            ><span>${t("basis.why")}</span
            ><textarea
              rows="2"
              name="why"
              .value=${form.why}
              @input=${(/** @type {Typed} */ event) => put({ ...form, why: event.target.value })}
            ></textarea>
            <small>${t("basis.why_hint")}</small></label
          >
        </section>`
      : nothing
  }`;
}

/** Only what was confirmed is rewarded: all of it, or which part. */
function partField(/** @type {ProposalForm} */ form, /** @type {Put} */ put) {
  return html`<div class="field radios" role="radiogroup" aria-label=${t("field.part")}>
    <span>${t("field.part")}</span
    >${["whole", "partial"].map((id) => html`<label class="pick"><input type="radio" name="part" value=${id} .checked=${form.part === id} @change=${() => put({ ...form, part: id })} /><span>${t(`part.${id}`)}</span></label>`)}
    ${form.part === "partial" ? confirmedField(form, put) : nothing}
  </div>`;
}

/** @param {ProposalForm} form @param {Put} put */
function confirmedField(form, put) {
  const type = (/** @type {Typed} */ event) => put({ ...form, confirmed: event.target.value });
  return html`<label class="field"
    ><span>${t("field.confirmed")}</span
    ><textarea rows="2" name="confirmed" .value=${form.confirmed} @input=${type}></textarea
    ><small>${t("award.confirmed_hint")}</small></label
  >`;
}

/** What the sum is for, where a proposal says it. @param {Model} model */
export function partLine(model) {
  const confirmed = confirmedOf(model);
  if (!confirmed) return nothing;
  return html`<p class=${confirmed.part === "partial" ? "say bad" : "quietly"}>
    ${t(`part.${confirmed.part}`)}${confirmed.text ? html`<br />${visible(confirmed.text)}` : nothing}
  </p>`;
}

/** The sum large, then how it came about. @param {Result} result @param {string} office its kind */
export function sumBox(result, office) {
  if (result.error) return html`<p class="say bad">${word(`error.rule_${result.error}`, t("error.rule"))}</p>`;
  const trial = result.pack && !result.pack.pays;
  return html`<div class=${trial ? "sum trial" : "sum"}>
    ${trial ? html`<p class="banner">${t("award.trial_banner")}</p>` : nothing}
    ${result.pack?.banner ? html`<p class="banner calm">${result.pack.banner}</p>` : nothing}
    ${result.pack?.note ? html`<p class="banner calm">${result.pack.note}</p>` : nothing}
    <p class="big">${money(Number(result.fen))}</p>
    <p class="capitals">${capitals(Number(result.fen))}</p>
    ${trace([...result.trace, taxStep(/** @type {Facts} */ (result.facts), office)])}
  </div>`;
}

/** Where a figure stands; what nobody read in a text is the platform's own, never an article. @param {Step} step */
function ground(step) {
  if (step.source === "default") return step.step === "round" ? "" : t("award.default");
  return `${step.origin} ${step.clause || t("award.no_article")}`;
}

/** @param {Step[]} steps */
export function trace(steps) {
  const figures = (/** @type {Step} */ step) =>
    Object.fromEntries(Object.entries(step.figures).map(([name, value]) => [name, apart(String(value))]));
  return html`<ol class="trace">
    ${steps.map(
      (step) =>
        html`<li>
          <span>${has(`trace.${step.words}`) ? t(`trace.${step.words}`, figures(step)) : step.words}</span>
          ${step.figures.result ? html`<b class="money">${apart(step.figures.result)}</b>` : nothing}<small
            >${ground(step)}</small
          >
        </li>`,
    )}
  </ol>`;
}

/** The leader's own sum beside the proposed one. */
export function recheckField(
  /** @type {Input} */ _input,
  /** @type {Value} */ value,
  /** @type {Put} */ put,
  /** @type {Model} */ model,
) {
  const result = recheck(model);
  const proposed = result.proposal?.fields.fen ?? 0;
  const proposal = result.proposal?.hash ?? "";
  return html`<fieldset class="field group">
    <legend>${t("field.recheck")}</legend>
    <dl class="facts">
      <dt>${t("award.proposed")}</dt>
      <dd>${money(proposed)}</dd>
    </dl>
    ${newsBlock(model, "award.approve", value.seen, () => put({ seen: model.chain.newest, checked: "" }))}
    ${differsBlock(model)}${partLine(model)}
    ${result.error ? html`<p class="say bad">${word(`error.rule_${result.error}`, t("error.rule"))}</p>` : sumBox(result, model.officeKind)}
    ${largeMark(model, proposed)}${budgetLine(model, proposed)} ${verdict(model, result)}
    <label class="pick"
      ><input
        type="checkbox"
        .checked=${value.checked !== "" && value.checked === proposal}
        @change=${(/** @type {Typed} */ event) => put({ ...value, checked: event.target.checked ? proposal : "" })}
        ?disabled=${!result.same}
      /><span>${t("award.i_checked")}</span></label
    >
  </fieldset>`;
}

/** What the second reckoning says; green only where the award rests on the finding's own figures. @param {Model} model @param {Result} result */
export function verdict(model, result) {
  if (!result.same) return html`<p class="say bad">${t("award.differs")}</p>`;
  return standing(model).differs.length
    ? html`<p class="say warn">${t("award.same_apart")}</p>`
    : html`<p class="say good">${t("award.same")}</p>`;
}

/** Beside a sum that is weighed: that finance decides on it too. @param {Model} model @param {number} fen */
export function largeMark(model, fen) {
  return model.large && fen >= model.large
    ? html`<p class="say warn">
        ${model.large === 1 ? t("large.mark_all") : t("large.mark", { sum: grouped(model.large) })}
      </p>`
    : nothing;
}

/** What is left of the year's budget beside the sum, and what stays once it is approved. @param {Model} model @param {number} fen */
function budgetLine({ budget }, fen) {
  if (!budget) return html`<p class="quietly">${t("budget.unknown")}</p>`;
  const left = Math.max(0, budget.left - budget.waiting);
  return html`<dl class="facts budget">
      <dt>${t("budget.left")}</dt>
      <dd>${money(left)}</dd>
      <dt>${t("budget.after")}</dt>
      <dd>${left < fen ? "—" : money(left - fen)}</dd>
    </dl>
    ${left < fen ? html`<p class="say warn">${t("budget.short")}</p>` : nothing}`;
}

/** Facts as read from a sealed item. @param {Facts} facts */
export function factsTable(facts) {
  const rows = [
    ["kind", t(`category.${facts.kind}`)],
    ["fine", money(facts.fine)],
  ];
  const counts = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (facts));
  if (facts.officer_value) rows.push(["officer_value", money(facts.officer_value)]);
  for (const name of ["deaths", "deaths_concealed"]) if (counts[name]) rows.push([name, String(counts[name])]);
  if (facts.annex_item) rows.push(["annex_item", visible(facts.annex_item)]);
  rows.push(["employee", t(facts.employee ? "yes" : "no")]);
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${t(has(`fact.${name}`) ? `fact.${name}` : `field.${name}`)}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

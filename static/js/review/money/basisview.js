/** What a sum rests on, on the screen: what differs from the finding, in red, and what came in since one looked. */

import { html, nothing } from "lit";
import { cameIn, differing, factsIn, figures, findingBefore, rests } from "../../client/basis.js";
import { visible } from "../../core/visible.js";
import { FIGURES } from "../parts.js";
import { has, t, word } from "../words.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {import("../types.js").Value} Value */

/** @typedef {import("../../client/basis.js").Difference} Difference */

/** The leader's form as it begins: what he is shown, and no tick. @param {Model} model */
export const approvalFrom = (model) => ({ seen: model.chain.newest, checked: "" });

/** What keeps a leader from signing: news he did not look at, no tick under this very proposal, an unexplained difference. @param {Value} value @param {Model} model */
export function approvalFault(value, model) {
  if (cameIn(model.acts, "award.approve", value.seen).length) return "problem.look";
  if (!standing(model).isExplained) return "problem.basis_missing";
  return value.checked === model.fold.proposal?.hash ? "" : "need.check";
}

/** How the newest proposal stands to its finding. @param {Model} model */
export function standing(model) {
  const proposal = model.acts.filter((/** @type {Act} */ act) => act.kind === "award.propose").slice(-1)[0];
  return rests(model.acts, model.items, proposal?.hash ?? "");
}

/** What differs and why, in red; nothing where everything was taken over. @param {Model} model */
export function differsBlock(model) {
  const found = standing(model);
  if (!found.differs.length) return nothing;
  return html`<section class="say bad differs" role="alert">
    <b>${t("basis.differs")}</b>${differsTable(found.differs)}
    <p>${found.isExplained ? html`${t("basis.why")}：${visible(found.reason)}` : t("basis.unsaid")}</p>
  </section>`;
}

/** @param {Difference[]} differs */
export function differsTable(differs) {
  return html`<table class="small">
    <thead>
      <tr>
        <th></th>
        <th scope="col">${t("basis.finding")}</th>
        <th scope="col">${t("basis.award")}</th>
      </tr>
    </thead>
    <tbody>
      ${differs.map(
        (one) =>
          html`<tr>
            <th scope="row">${factName(one.name)}</th>
            <td class="num">${spoken(one.name, one.found)}</td>
            <td class="num">${spoken(one.name, one.own)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What came in since this form was opened, to be looked at before anything is signed. @param {Model} model @param {string} kind @param {string} seen @param {() => void} look */
export function newsBlock(model, kind, seen, look) {
  const came = cameIn(model.acts, kind, seen);
  if (!came.length) return nothing;
  return html`<section class="say bad news" role="alert">
    <b>${t("basis.news")}</b>
    <ul>
      ${came.map((act) => html`<li>${t(`kind.${act.kind}`)} · ${model.who(act).label} · ${act.day}${changedFacts(model, act)}</li>`)}
    </ul>
    <button type="button" class="quiet small" @click=${look}>${t("basis.looked")}</button>
  </section>`;
}

/** Of a finding, its figures beside those of the one before it. @param {Model} model @param {Act} act */
function changedFacts(model, act) {
  const own = act.kind === "finding" ? factsIn(model.items, act.hash) : null;
  const before = own ? factsIn(model.items, findingBefore(model.acts, act.hash)) : null;
  return own && before
    ? html`<table class="small">
        <tbody>
          ${differing(before, own).map(
            ({ name, found, own: now }) =>
              html`<tr>
                <th scope="row">${factName(name)}</th>
                <td class="num">${spoken(name, found)} → ${spoken(name, now)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    : nothing;
}

/** The figures of an older finding, which stand among the work, {} where he wrote none. @param {Model} model @param {string} finding @returns {Record<string, string>} */
export function figuresOf(model, finding) {
  /** @type {import("../../client/reading.js").Opened[]} */
  const items = model.items;
  const said = items.find((item) => item.post === finding && item.document === "ground")?.data ?? {};
  return Object.fromEntries(FIGURES.filter((name) => said[name]).map((name) => [name, said[name]]));
}

/** @param {Record<string, string>} stated */
export function figuresTable(stated) {
  return html`<dl class="facts figures">
    ${Object.entries(stated).map(
      ([name, value]) =>
        html`<dt>${factName(name)}</dt>
          <dd>${spoken(name, value)}</dd>`,
    )}
  </dl>`;
}

/** What the co-signing inspector puts his name to. @param {Input} _input @param {Value} _value @param {Put} _put @param {Model} model */
export function figuresField(_input, _value, _put, model) {
  const { finding } = model.fold;
  const sealed = factsIn(model.items, finding);
  const stated = sealed ? figures(sealed) : figuresOf(model, finding); // an older finding states them among the work
  return html`<fieldset class="field group">
    <legend>${t("basis.cosigned")}</legend>
    ${Object.keys(stated).length ? figuresTable(stated) : html`<p class="quietly">${t("basis.no_figures")}</p>`}
  </fieldset>`;
}

const factName = (/** @type {string} */ name) => t(has(`fact.${name}`) ? `fact.${name}` : `field.${name}`);

/** A fact's value in words: a kind has a name, what is not stated a dash. @param {string} name @param {string} value */
const spoken = (name, value) =>
  name === "kind" ? word(`category.${value}`, visible(value)) : value ? visible(value) : "—";

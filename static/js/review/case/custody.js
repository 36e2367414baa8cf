/** How long the case is kept, what of it is gone, and who asked for more to go. */

import { html, nothing } from "lit";
import { addDays } from "../days.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Model} Model */

/** Whether what stood in a compartment is gone, by this case's chain or by a destruction that a restore took out of it.
 * @param {Model} model @param {string} comp */
export const isGone = ({ fold, workflow, buried }, comp) =>
  buried.has(comp) || fold.destroyed.some((scope) => workflow.scopes[scope].includes(comp));

/** Nothing while the case is open and nothing of it was withdrawn. @param {Model} model */
export function custodyCard(model) {
  const { fold, kept } = model;
  const said = [...holds(model), ...withdrawn(model), ...gone(model), ...lost(model)];
  if (!kept.length && !said.length) return nothing;
  return html`<section class="card custody">
    <h2>${t("custody.title")}</h2>
    ${said.map((line) => html`<p class="hint">${line}</p>`)}
    ${
      kept.length
        ? html`<dl>
            ${kept.map(({ scope, until }) => {
              const ask = fold.destructions.find((each) => each.scope === scope);
              return html`<dt>${t(`scope.${scope}`)}</dt>
                <dd>${t("custody.until", { day: until })}</dd>
                ${ask ? html`<dd>${t("custody.asked", { day: ask.day, from: addDays(ask.day, model.workflow.days.destroy) })}</dd>` : nothing}`;
            })}
          </dl>`
        : nothing
    }
  </section>`;
}

/** @param {Model} model */
const holds = ({ fold: { marks } }) =>
  ["hold", "audit.hold"].filter((mark) => marks.includes(mark)).map((mark) => t(`custody.${mark}`));

/** What the reporter wants to take back, and from when on. @param {Model} model */
export const withdrawal = ({ fold, workflow }) =>
  t(`custody.withdraws_${fold.withdraws}`, { from: addDays(fold.withdrawnOn, workflow.days["withdraw.take"]) });

/** @param {Model} model */
function withdrawn(model) {
  const { fold } = model;
  const waiting = fold.withdrawal ? [withdrawal(model)] : [];
  return [...waiting, ...(fold.withdrawn ? [t(`custody.withdrawn_${fold.withdrawn}`, { day: fold.takenOn })] : [])];
}

/** @param {Model} model */
const lost = ({ buried }) =>
  buried.size ? [t("custody.buried", { what: [...buried].map((comp) => t(`compartment.${comp}`)).join("、") })] : [];

/** @param {Model} model */
const gone = ({ fold: { destroyed }, destroying }) =>
  destroyed.length
    ? [
        t(destroying ? "custody.destroying" : "custody.destroyed", {
          what: destroyed.map((one) => t(`scope.${one}`)).join("、"),
        }),
      ]
    : [];

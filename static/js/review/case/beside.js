/** Another case beside the open one: before two are merged both are read, and afterwards the earlier one is named. */

import { html, nothing } from "lit";
import { visible } from "../../core/visible.js";
import { isOtherUnit } from "../inbox/search.js";
import { formatHash } from "../route.js";
import { office, signedIn } from "../session.js";
import { changed, state } from "../store.js";
import { t, word } from "../words.js";

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../../client/office.js").Model} Opened */

/** The case, fetched and verified once; undefined until it is here, null where this person may not open it.
 * @param {string} id @returns {Opened | null | undefined} */
function other(id) {
  if (!state.beside.has(id)) {
    state.beside.set(id, undefined);
    signedIn(() => office().openCase(id))
      .catch(() => null)
      .then((/** @type {Opened | null} */ found) => {
        state.beside.set(id, found);
        changed();
      });
  }
  return state.beside.get(id);
}

const cardOf = (/** @type {Opened["items"]} */ items) =>
  items.filter(({ document }) => document === "card").slice(-1)[0];

/** Two cases that name different enterprises may still be one matter (a workshop let to another firm): said, not refused.
 * @param {Model} model @param {Opened} found */
function otherUnit(model, found) {
  const [mine, theirs] = [model, found].map(({ items }) => cardOf(items)?.data.enterprise);
  return isOtherUnit(mine, theirs)
    ? html`<p class="say warn" role="status" data-other-unit>
        ${t("beside.other_unit", { mine: visible(mine), theirs: visible(theirs) })}
      </p>`
    : nothing;
}

/** What is known of a case at a glance. @param {Pick<Opened, "number" | "fold" | "items">} model */
function glance({ number, fold, items }) {
  const report = items.find(({ comp, kind, text }) => comp === "report" && kind === "report" && text);
  const card = cardOf(items);
  const facts = [card?.data.enterprise, card?.data.place, word(`category.${fold.category || card?.data.category}`, "")];
  return html`<div class="glance">
    <h3>${number || t("inbox.no_number")} <span class=${`state s-${fold.state}`}>${t(`state.${fold.state}`)}</span></h3>
    <p>${visible(facts.filter(Boolean).join(" · "))}</p>
    ${report ? html`<p class="words">${visible(report.text)}</p>` : nothing}
  </div>`;
}

/** Both cases side by side, this one and the one it would be merged into. @param {Model} model @param {string} id "" while none is chosen */
export function bothCases(model, id) {
  if (!id) return nothing;
  const found = other(id);
  if (!found) return html`<p class="hint">${t(found === null ? "beside.closed" : "case.opening")}</p>`;
  return html`${otherUnit(model, found)}
    <div class="beside">${glance(model)}${glance(found)}</div>`;
}

/** The case this one was merged into, by name. @param {Model} model */
export function parentCard({ fold: { parent } }) {
  if (!parent) return nothing;
  const found = other(parent);
  return html`<section class="card" data-parent>
    <h2>${t("beside.parent")}</h2>
    ${found ? html`<a href=${formatHash("case", parent)}>${t("beside.open")}</a>${glance(found)}` : html`<p class="quietly">${t(found === null ? "beside.closed" : "case.opening")}</p>`}
  </section>`;
}

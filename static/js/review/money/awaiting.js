/** The approved awards that wait: for money in the year's budget, and the large ones for the finance department. */

import { grouped } from "../../core/yuan.js";
import { html, nothing } from "lit";
import { book } from "../../client/booking.js";
import { money } from "./awardview.js";
import { emptyForm, keptForm } from "../forms.js";
import { office, sentence, signedIn } from "../session.js";
import { changed, set, tell } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../../client/answers.js").Large} Large */
/** @typedef {import("../../client/answers.js").Waiting} Waiting */
/** @typedef {import("../types.js").Typed} Typed */

const concurring = keptForm("concurring", { approval: "", document: "", busy: false, error: "" });

/** Another of finance was quicker: nothing is left to concur in. @param {Large} large */
export function dropConcurred({ awards, next }) {
  if (!next && !awards.some(({ approval }) => approval === concurring.approval)) emptyForm(concurring);
}

/** How many wait for money, since when, what is lacking; the oldest first. @param {Waiting} waiting */
export function waitingCard(waiting) {
  if (!waiting.count) return nothing;
  return html`<section class="card waits">
    <h2>${t("waiting.title")}</h2>
    <p>${t("waiting.said", { count: waiting.count, sum: grouped(waiting.fen), day: waiting.since })}</p>
    <p class=${waiting.short ? "say bad" : "say good"}>
      ${waiting.short ? t("waiting.short", { sum: grouped(waiting.short) }) : t("waiting.enough")}
    </p>
    <table class="small">
      <tbody>
        ${waiting.awards.map(
          (award) =>
            html`<tr>
              <th scope="row">${award.number}<small>${award.day}</small></th>
              <td class="num">${money(award.fen)}</td>
              <td>${t(award.borne ? "waiting.borne" : "waiting.lacking")}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** The large awards nobody of finance has concurred in; what is asked of whom, where no sum is set. @param {Large} large @param {boolean} mine @param {() => Promise<void>} reload */
export function largeCard(large, mine, reload) {
  if (!large.from) return html`<p class="hint">${t("large.unset")}</p>`;
  return html`<section class="card waits">
    <h2>${t("large.title")}</h2>
    <p class="quietly">${large.from === 1 ? t("large.hint_all") : t("large.hint", { sum: grouped(large.from) })}</p>
    ${
      large.awards.length
        ? html`<table class="small">
            <tbody>
              ${large.awards.map(
                (award) =>
                  html`<tr>
                    <th scope="row">${award.number}<small>${award.day}</small></th>
                    <td class="num">${money(award.fen)}</td>
                    <td>
                      ${mine ? html`<button class="quiet small" @click=${() => set({ approval: award.approval, document: "", error: "" }, concurring)}>${t("large.open")}</button>` : t("large.awaited")}
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>`
        : html`<p>${t("large.none")}</p>`
    }
    ${mine ? concurForm(large, reload) : nothing}
  </section>`;
}

function concurForm(/** @type {Large} */ large, /** @type {() => Promise<void>} */ reload) {
  const award = large.awards.find((one) => one.approval === concurring.approval);
  if (!award) return nothing;
  return html`<form class="concur" @submit=${(/** @type {Event} */ event) => concur(event, award, reload)}>
    <h3>${t("large.sign", { number: award.number })}</h3>
    <label class="field"
      ><span>${t("large.document")}</span
      ><input
        maxlength="20"
        .value=${concurring.document}
        @input=${(/** @type {Typed} */ event) => set({ document: event.target.value, error: "" }, concurring)}
    /></label>
    ${concurring.error ? html`<p class="say bad" role="alert">${concurring.error}</p>` : nothing}
    <div class="row">
      <button class="main" ?disabled=${concurring.busy}>${t("large.enter")}</button
      ><button type="button" class="quiet" data-close @click=${putAway}>${t("large.leave")}</button>
    </div>
  </form>`;
}

function putAway() {
  emptyForm(concurring);
  changed();
}

async function concur(
  /** @type {Event} */ event,
  /** @type {Large["awards"][number]} */ award,
  /** @type {() => Promise<void>} */ reload,
) {
  event.preventDefault();
  if (!concurring.document.trim()) {
    set({ error: t("large.need") }, concurring);
    return;
  }
  set({ busy: true }, concurring);
  try {
    await signedIn(() =>
      book(office(), "concur", {
        number: award.number,
        approval: award.approval,
        memo: concurring.document.trim(),
      }),
    );
    emptyForm(concurring);
    tell(t("large.done"));
    await reload();
  } catch (error) {
    set({ error: sentence(error) }, concurring);
  }
  set({ busy: false }, concurring);
}

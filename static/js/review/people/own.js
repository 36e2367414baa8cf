/** 我的抽屉: what this person keeps for himself in this office; sealed to his key, seen by nobody else. */

import { html, nothing } from "lit";
import { SENTENCE, added, refused, tiedTo, withoutView } from "../../client/drawer.js";
import { visible } from "../../core/visible.js";
import { keep, kept, load, standing } from "../drawer.js";
import { emptyForm, keptForm } from "../forms.js";
import { formatHash } from "../route.js";
import { set, tell } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Typed} Typed */

/** The sentence that is written, and the one it will stand in place of. */
const form = keptForm("sentence", { words: "", was: "", busy: false, error: "" });

/** The lines of the ties once somebody began to write in them, and those he began from. */
const tying = keptForm("ties", { words: "", was: "", begun: false, busy: false, error: "" });

export function ownPage() {
  const { sentences, views, ties } = kept();
  const { busy, broken, error } = standing();
  return html`<div class="page own" aria-busy=${busy ? "true" : "false"}>
    <header class="pagehead"><h1 tabindex="-1">${t("drawer.title")}</h1></header>
    <p class="hint">${t("drawer.rule")}</p>
    ${error ? fault(error, broken) : html`${listed(sentences)}${writing()}${viewsCard(views)}${tiesCard(ties)}`}
  </div>`;
}

/** @param {string} error @param {boolean} broken */
function fault(error, broken) {
  return html`<p class="say bad" role="alert">${error}</p>
    <button class="quiet" @click=${load}>${t("inbox.again")}</button>
    ${broken ? html`<button class="stop" data-anew @click=${() => change((now) => now, "", true)}>${t("drawer.anew")}</button>` : nothing}`;
}

/** @param {string[]} sentences */
function listed(sentences) {
  return html`<section class="card">
    <h2>${t("sentences.title")}</h2>
    ${sentences.length ? nothing : html`<p class="quietly">${t("sentences.none")}</p>`}
    <ul class="sentences" data-own>
      ${sentences.map(
        (words) =>
          html`<li>
            <p class="words">${visible(words)}</p>
            <div class="row">
              <button class="small" data-edit @click=${() => set({ words, was: words, error: "" }, form)}>
                ${t("sentences.edit")}</button
              ><button class="small" data-drop @click=${() => change(without(words), t("sentences.dropped"))}>
                ${t("sentences.drop")}
              </button>
            </div>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {string} words */
const without = (words) => (/** @type {import("../../client/drawer.js").Kept} */ now) => ({
  ...now,
  sentences: now.sentences.filter((one) => one !== words),
});

/** @param {import("../../client/drawer.js").View[]} views */
function viewsCard(views) {
  return html`<section class="card" data-views>
    <h2>${t("views.title")}</h2>
    <p class="quietly">${t(views.length ? "views.rule" : "views.none")}</p>
    <ul class="sentences">
      ${views.map(
        ({ name, filters }) =>
          html`<li>
            <a class="words" href=${formatHash("inbox", "", filters)}>${visible(name)}</a>
            <button class="small" data-drop @click=${() => change(withoutView(name), t("sentences.dropped"))}>
              ${t("sentences.drop")}
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** Ties of one's own, a line each. @param {string[]} ties */
function tiesCard(ties) {
  const lines = ties.join("\n");
  const isFetched = standing().kept !== null; // until then the list would seem empty, and be begun from nothing
  const write = (/** @type {Typed} */ event) =>
    set({ words: event.target.value, was: tying.begun ? tying.was : lines, begun: true, error: "" }, tying);
  return html`<form class="card" data-ties-form @submit=${keepTies} aria-busy=${tying.busy ? "true" : "false"}>
    <h2>${t("ties.title")}</h2>
    <label class="field"
      ><span>${t("ties.words")}</span
      ><textarea
        name="ties"
        rows="3"
        ?disabled=${!isFetched}
        .value=${tying.begun ? tying.words : lines}
        @input=${write}
      ></textarea
      ><small class="sealed">${t("ties.sealed")}</small></label
    >
    ${tying.error ? html`<p class="say bad" role="alert">${tying.error}</p>` : nothing}
    <div class="row"><button class="main" ?disabled=${!isFetched || tying.busy}>${t("sentences.save")}</button></div>
  </form>`;
}

/** @param {Event} event */
async function keepTies(event) {
  event.preventDefault();
  const { was, words } = tying;
  if (!(await change(tiedTo(was, words), t("sentences.kept"), false, tying))) return;
  if (tying.words === words) emptyForm(tying);
  else set({ was: words }, tying); // he wrote on meanwhile
  set({});
}

function writing() {
  return html`<form class="card writing" @submit=${submit} aria-busy=${form.busy ? "true" : "false"}>
    <h2>${t(form.was ? "sentences.change" : "sentences.new")}</h2>
    <label class="field"
      ><span>${t("sentences.words")}</span
      ><textarea
        rows="3"
        .value=${form.words}
        @input=${(/** @type {Typed} */ event) => set({ words: event.target.value, error: "" }, form)}
      ></textarea
      ><small class="sealed">${t("sentences.sealed")}</small></label
    >
    ${form.error ? html`<p class="say bad" role="alert">${form.error}</p>` : nothing}
    <div class="row">
      <button class="main" ?disabled=${form.busy}>${t("sentences.save")}</button>
      ${form.words || form.was ? html`<button type="button" class="quiet" data-close @click=${forgo}>${t("sentences.forgo")}</button>` : nothing}
    </div>
  </form>`;
}

function forgo() {
  emptyForm(form);
  set({});
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const words = form.words.trim();
  const wrong = refused(words);
  if (wrong) return set({ error: t(wrong, { most: SENTENCE }) }, form);
  if (await change(added(words, form.was), t("sentences.kept"))) forgo();
}

/** @param {(now: import("../../client/drawer.js").Kept) => import("../../client/drawer.js").Kept} work @param {string} done @param {boolean} [anew] @param {{busy: boolean, error: string}} [of] the form that says so */
async function change(work, done, anew = false, of = form) {
  if (of.busy) return false;
  set({ busy: true, error: "" }, of);
  const error = await keep(work, anew);
  set({ busy: false, error }, of);
  if (!error && done) tell(done);
  return !error;
}

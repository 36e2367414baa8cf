/** 检索: words looked for in everything this reader may open. The question stands in no address: a browser keeps those. */

import { html, nothing } from "lit";
import { visible } from "../../core/visible.js";
import { isComposing } from "../../dom.js";
import { formatHash } from "../route.js";
import { set, state } from "../store.js";
import { t, word } from "../words.js";
import { clock, gather } from "./gathering.js";

/** @typedef {import("../types.js").Gathering} Gathering */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../../client/searching.js").Hit} Hit */
/** @typedef {import("../../client/searching.js").Found} Found */

export function searchPage() {
  const { question, gathered } = state.search;
  return html`<div class="page search" @keydown=${arrows}>
    <header class="pagehead"><h1>${t("search.title")}</h1></header>
    <form class="ask" role="search" @submit=${asked}>
      <label class="field"
        ><span>${t("search.words")}</span
        ><input
          id="search"
          type="search"
          autocomplete="off"
          spellcheck="false"
          maxlength="200"
          .value=${question}
          @input=${(/** @type {Typed & InputEvent} */ event) => event.isComposing || set({ question: event.target.value }, state.search)}
          @compositionend=${(/** @type {Typed} */ event) => set({ question: event.target.value }, state.search)}
        /><small>${t("search.hint")}</small></label
      >
    </form>
    ${scope(gathered)} ${gathered && question.trim() ? results(gathered, question) : nothing}
  </div>`;
}

/** Enter opens the first that was found; before anything was gathered it begins that. @param {Event} event */
function asked(event) {
  event.preventDefault();
  if (!state.search.gathered) gather();
  else links()[0]?.click();
}

/** What is searched, and how far it is there. @param {Gathering | null} gathered */
function scope(gathered) {
  if (!gathered) {
    return html`<div class="card">
      <p>${t("search.rule")}</p>
      <button class="main" @click=${gather}>${t("search.make")}</button>
    </div>`;
  }
  const { library, busy, whole, all, error } = gathered;
  const unread = library.unread.size;
  return html`${error ? html`<p class="say bad" role="alert">${error}</p>` : nothing}
    ${
      busy
        ? html`<p class="quietly" role="status">${t("search.busy", { done: library.seen, all: all || "…" })}</p>
            <progress max=${all || 1} .value=${library.seen} aria-label=${t("search.title")}></progress>`
        : html`<p class="quietly" role="status">
            ${t(whole ? "search.made" : "search.part", { count: library.entries.size, at: clock(gathered) })}
          </p>`
    }
    ${unread ? html`<p class="say warn" data-unread>${t("search.unread", { count: unread })}</p>` : nothing}
    <p class="acts">
      ${
        busy
          ? html`<button class="quiet" @click=${() => set({ stopped: true }, gathered)}>${t("search.stop")}</button>`
          : html`<button class="quiet" data-gather @click=${gather}>
              ${t(whole ? "search.anew" : "search.go_on")}
            </button>`
      }
    </p>`;
}

/** What was found last, for as long as it may be looked through: the words are read once for a question, and again when
 * cases came. @type {WeakMap<object, {key: string, found: Found}>} */
const answers = new WeakMap();

/** @param {Gathering} gathered @param {string} question @returns {Found} */
function foundFor({ library }, question) {
  const key = `${library.version} ${question}`;
  const known = answers.get(library);
  if (known?.key === key) return known.found;
  const found = library.find(question);
  answers.set(library, { key, found });
  return found;
}

/** @param {Gathering} gathered @param {string} question */
function results(gathered, question) {
  const { hits, count, near } = foundFor(gathered, question);
  if (!count) {
    return html`<p class="empty" role="status">${t(gathered.whole ? "search.none" : "search.none_yet")}</p>`;
  }
  return html`<p role="status" data-count>
      ${t(near ? "search.near" : "search.count", { count })}${count > hits.length ? ` ${t("search.first", { count: hits.length })}` : nothing}
    </p>
    <ol class="hits">
      ${hits.map((hit) => line(hit))}
    </ol>`;
}

/** @param {Hit} hit */
function line({ id, number, state: now, day, card, passages }) {
  return html`<li>
    <a class="hit" href=${formatHash("case", id)}
      ><b>${visible(card.enterprise || t("inbox.no_enterprise"))}</b>
      <span class=${`state s-${now}`}>${t(`state.${now}`)}</span
      ><small>${number || t("inbox.no_number")} · ${day}${card.place ? ` · ${visible(card.place)}` : nothing}</small></a
    >
    ${passages.map(
      ({ where, pieces }) =>
        html`<p class="passage">
          <span class="tag">${word(`search_in.${where}`, where)}</span>
          ${pieces.map(({ text, hit }) => (hit ? html`<mark>${visible(text)}</mark>` : visible(text)))}
        </p>`,
    )}
  </li>`;
}

const field = () => /** @type {HTMLInputElement | null} */ (document.querySelector("#search"));
const links = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".hits a.hit")]);

/** From the question down into what was found, and back. @param {KeyboardEvent} event */
function arrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || isComposing(event)) return;
  if (move(step)) event.preventDefault();
}

/** @param {number} step */
function move(step) {
  const all = [/** @type {HTMLElement | null} */ (field()), ...links()];
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = all[Math.max(0, at + step)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

/** @param {KeyboardEvent} event */
export function searchKeys(event) {
  const keys = { j: () => move(1), k: () => move(-1), "/": () => field()?.focus() };
  const act = keys[/** @type {keyof typeof keys} */ (event.key)];
  if (!act) return;
  event.preventDefault();
  act();
}

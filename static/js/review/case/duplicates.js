/** 可能重复: before a report is taken up, what else was gathered that may be the same matter; read beside it, merged from here. */

import { html, nothing } from "lit";
import { duplicates } from "../../client/duplicates.js";
import { entryOf } from "../../client/searching.js";
import { visible } from "../../core/visible.js";
import { cards } from "../inbox/page.js";
import { formatHash } from "../route.js";
import { clock, gather } from "../search/gathering.js";
import { draftOf, set, state } from "../store.js";
import { t, word } from "../words.js";
import { startValues } from "./acts.js";
import { bothCases } from "./beside.js";
import { offered } from "./panel.js";

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Gathering} Gathering */
/** @typedef {import("../../client/duplicates.js").Likely} Likely */

const BEFORE = "received"; // the state before it is taken up
const MOST = 5;
const LONGEST = 50; // once all are asked for
/** States in which nobody works on a case any more. */
const OVER = new Set(["not_accepted", "transferred", "refused", "paid", "forfeited", "closed"]);

/** @param {Model} model */
export function duplicatesCard(model) {
  if (model.fold.state !== BEFORE || !model.roles.includes("intake")) return nothing;
  const { gathered } = state.search;
  return html`<section class="card" data-duplicates=${gathered?.whole ? "done" : gathered?.busy ? "busy" : "none"}>
    <h2>${t("duplicates.title")}</h2>
    ${gathered?.whole ? likely(model, gathered) : waiting(gathered)}
  </section>`;
}

/** @param {Gathering | null} gathered */
function waiting(gathered) {
  if (gathered?.busy)
    return html`<p class="quietly" role="status">
      ${t("duplicates.busy", { done: gathered.library.seen, all: gathered.all || "…" })}
    </p>`;
  return html`${gathered?.error ? html`<p class="say bad" role="alert">${gathered.error}</p>` : nothing}
    <p class="hint">${t("duplicates.rule")}</p>
    <button type="button" class="small" data-gather @click=${gather}>
      ${t(gathered ? "search.go_on" : "search.make")}
    </button>`;
}

/** What was compared last, for as long as it may be searched. @type {WeakMap<object, {key: string, found: Likely[]}>} */
const compared = new WeakMap();

/** @param {Model} model @param {Gathering} gathered @returns {Likely[]} */
function found(model, { library }) {
  const key = `${library.version} ${model.id} ${model.chain.newest}`;
  const known = compared.get(library);
  if (known?.key === key) return known.found;
  const likely = duplicates(entryOf(model), library.entries.values());
  compared.set(library, { key, found: likely });
  return likely;
}

/** @param {Model} model @param {Gathering} gathered */
function likely(model, gathered) {
  const all = found(model, gathered);
  const { library } = gathered;
  const unread = library.unread.size;
  const count = library.entries.size - (library.entries.has(model.id) ? 1 : 0);
  const open = all
    .filter(({ why }) => why.includes("unit"))
    .flatMap(({ entry, same }) => [entry, ...same])
    .filter(({ state: now }) => !OVER.has(now)).length;
  const shown = all.slice(0, state.search.listed === model.id ? LONGEST : MOST);
  const more = all.slice(shown.length).reduce((sum, { same }) => sum + 1 + same.length, 0);
  const at = clock(gathered);
  return html`${open ? html`<p class="say warn" role="status" data-open>${t("duplicates.open", { count: open })}</p>` : nothing}
    ${shown.map((one) => line(model, one))}
    ${more && shown.length < LONGEST ? html`<p><button type="button" class="quiet small" data-all @click=${() => set({ listed: model.id }, state.search)}>${t("duplicates.all", { count: more })}</button></p>` : nothing}
    ${more && shown.length >= LONGEST ? html`<p class="quietly">${t("duplicates.more", { count: more })}</p>` : nothing}
    ${unread ? html`<p class="say warn">${t("search.unread", { count: unread })}</p>` : nothing}
    <p class="quietly" role="status" data-compared>
      ${t(all.length ? "duplicates.look" : "duplicates.nothing", { count, at })}
    </p>
    <p><button type="button" class="quiet small" data-gather @click=${gather}>${t("search.anew")}</button></p>`;
}

/** Others that say nearly the same, folded away: one line, however many they are. @param {import("../../client/searching.js").Entry[]} same */
function others(same) {
  if (!same.length) return nothing;
  return html`<details data-same>
    <summary>${t("duplicates.same", { count: same.length })}</summary>
    <p>
      ${same.slice(0, LONGEST).map(({ id, number, day }) => html`<a href=${formatHash("case", id)}>${number || t("inbox.no_number")}</a> <small>${day}</small> `)}
      ${same.length > LONGEST ? t("duplicates.more", { count: same.length - LONGEST }) : nothing}
    </p>
  </details>`;
}

/** @param {Model} model @param {Likely} likely */
function line(model, { entry, why, share, same }) {
  const open = state.search.beside === entry.id;
  const says = why.map((one) => t(`duplicates.${one}`, { share: Math.round(share * 100) }));
  return html`<div class="likely">
    <p>
      <a href=${formatHash("case", entry.id)}>${entry.number || t("inbox.no_number")}</a>
      <span class=${`state s-${entry.state}`}>${word(`state.${entry.state}`, entry.state)}</span>
      ${visible(entry.card.enterprise || t("inbox.no_enterprise"))}
      <small>${entry.day} · ${says.join("，")}</small>
    </p>
    <p class="acts">
      <button
        type="button"
        class="small"
        aria-expanded=${open ? "true" : "false"}
        @click=${() => set({ beside: open ? "" : entry.id }, state.search)}
      >
        ${t(open ? "duplicates.fold" : "duplicates.beside")}
      </button>
      ${offered(model).includes("merge") ? html`<button type="button" class="small" data-merge @click=${() => merge(model, entry)}>${t("kind.merge")}</button>` : nothing}
    </p>
    ${others(same)} ${open ? bothCases(model, entry.id) : nothing}
  </div>`;
}

/** The form of the merge, with the other case chosen; nothing is signed. @param {Model} model @param {import("../../client/searching.js").Entry} entry */
function merge(model, { id, number, card }) {
  cards.add(id, number, card);
  const draft = draftOf(model.id, "merge", () => startValues("merge", model, t));
  draft.values.parent = id;
  draft.touched = true;
  set({ openAct: "merge" });
}

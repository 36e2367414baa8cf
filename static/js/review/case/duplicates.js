/** 可能重复: before a report is taken up, what else was gathered that may be the same matter; read beside it, merged from here. */

import { html, nothing } from "lit";
import { duplicates } from "../../client/duplicates.js";
import { entryOf } from "../../client/searching.js";
import { visible } from "../../core/visible.js";
import { cards } from "../inbox/page.js";
import { formatHash } from "../route.js";
import { gather } from "../search/gathering.js";
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
  const open = all.filter(({ why, entry }) => why.includes("unit") && !OVER.has(entry.state)).length;
  return html`${open ? html`<p class="say warn" role="status" data-open>${t("duplicates.open", { count: open })}</p>` : nothing}
    ${all.slice(0, MOST).map((one) => line(model, one))}
    ${all.length > MOST ? html`<p class="quietly">${t("duplicates.more", { count: all.length - MOST })}</p>` : nothing}
    ${unread ? html`<p class="say warn">${t("search.unread", { count: unread })}</p>` : nothing}
    <p class="quietly" role="status">${t(all.length ? "duplicates.look" : "duplicates.nothing", { count })}</p>`;
}

/** @param {Model} model @param {Likely} likely */
function line(model, { entry, why, share }) {
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
    ${open ? bothCases(model, entry.id) : nothing}
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

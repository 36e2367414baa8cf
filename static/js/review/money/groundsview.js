/** Papers that awards have to have before they are told or paid, where the operator asks for them: a collective
 * decision, a filing, the ground for cash. Finance enters their numbers; each is a row of the ledger. */

import { grouped } from "../../core/yuan.js";
import { html, nothing } from "lit";
import { book } from "../../client/booking.js";
import { money } from "./awardview.js";
import { emptyForm, keptForm } from "../forms.js";
import { office, sentence, signedIn } from "../session.js";
import { changed, set, tell } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../../client/answers.js").Papers} Papers */
/** @typedef {import("../types.js").Typed} Typed */

const KINDS = ["meeting", "filing", "cash"];
const entering = keptForm("entering", { approval: "", kind: "", document: "", memo: "", busy: false, error: "" });

/** Another of finance was quicker: the paper is there. @param {Papers} papers */
export function dropEntered({ awards, next }) {
  const isAsked = awards.some(({ approval, asks }) => approval === entering.approval && asks.includes(entering.kind));
  if (!next && !isAsked) emptyForm(entering);
}

/** What is asked for, from which sum on, and what lacks it. @param {Papers} papers @param {boolean} mine @param {() => Promise<void>} reload */
export function papersCard(papers, mine, reload) {
  const asked = KINDS.filter((kind) => papers.from[kind]);
  if (!asked.length) return html`<p class="hint">${t("grounds.unset")}</p>`;
  return html`<section class="card waits">
    <h2>${t("grounds.title")}</h2>
    ${asked.map((kind) => html`<p class="quietly">${t(`grounds.from_${kind}`, { sum: grouped(papers.from[kind]) })}</p>`)}
    ${
      papers.awards.length
        ? html`<table class="small">
            <tbody>
              ${papers.awards.map((award) => line(award, mine))}
            </tbody>
          </table>`
        : html`<p>${t("grounds.none")}</p>`
    }
    ${mine ? form(papers, reload) : nothing}
  </section>`;
}

/** @param {Papers["awards"][number]} award @param {boolean} mine */
function line(award, mine) {
  const begin = (/** @type {string} */ kind) => () =>
    set({ approval: award.approval, kind, document: "", memo: "", error: "" }, entering);
  return html`<tr>
    <th scope="row">${award.number}<small>${award.day}</small></th>
    <td class="num">${money(award.fen)}</td>
    <td>
      ${award.asks
        .filter((kind) => KINDS.includes(kind))
        .map((kind) =>
          mine
            ? html`<button class="quiet small" @click=${begin(kind)}>${t(`grounds.enter_${kind}`)}</button> `
            : html`<span class="tag">${t(`grounds.lacks_${kind}`)}</span> `,
        )}
    </td>
  </tr>`;
}

/** @param {Papers} papers @param {() => Promise<void>} reload */
function form(papers, reload) {
  const award = papers.awards.find((one) => one.approval === entering.approval);
  if (!award || !award.asks.includes(entering.kind)) return nothing;
  const field = (/** @type {"document" | "memo"} */ name, /** @type {unknown} */ label) =>
    html`<label class="field"
      ><span>${label}</span
      ><input
        name=${name}
        maxlength="20"
        .value=${entering[name]}
        @input=${(/** @type {Typed} */ event) => set({ [name]: event.target.value, error: "" }, entering)}
    /></label>`;
  return html`<form class="concur" @submit=${(/** @type {Event} */ event) => enter(event, award, reload)}>
    <h3>${t(`grounds.enter_${entering.kind}`)} ${award.number}</h3>
    ${field("document", t(`grounds.document_${entering.kind}`))}${entering.kind === "cash" ? field("memo", t("grounds.reason")) : nothing}
    ${entering.error ? html`<p class="say bad" role="alert">${entering.error}</p>` : nothing}
    <div class="row">
      <button class="main" ?disabled=${entering.busy}>${t("grounds.enter")}</button
      ><button type="button" class="quiet" data-close @click=${putAway}>${t("grounds.leave")}</button>
    </div>
  </form>`;
}

function putAway() {
  emptyForm(entering);
  changed();
}

async function enter(
  /** @type {Event} */ event,
  /** @type {Papers["awards"][number]} */ award,
  /** @type {() => Promise<void>} */ reload,
) {
  event.preventDefault();
  const { kind } = entering;
  const document = entering.document.trim();
  const memo = entering.memo.trim();
  if (!document || (kind === "cash" && !memo)) {
    set({ error: t(kind === "cash" ? "grounds.need_cash" : "grounds.need") }, entering);
    return;
  }
  set({ busy: true }, entering);
  try {
    /** @type {Record<string, string>} */
    const said = kind === "cash" ? { source: document, memo } : { memo: document };
    await signedIn(() => book(office(), kind, { number: award.number, approval: award.approval, ...said }));
    emptyForm(entering);
    tell(t("grounds.done"));
    await reload();
  } catch (error) {
    set({ error: sentence(error) }, entering);
  }
  set({ busy: false }, entering);
}

/** What finance enters itself: a budget by its source, a budget row taken back, a month closed. */

import { html, nothing } from "lit";
import { capitals, parse } from "../core/yuan.js";
import { postJson } from "../client/door.js";
import { money } from "./awardview.js";
import { closable } from "./closable.js";
import { zoneDay } from "./days.js";
import { sentence, signedIn } from "./session.js";
import { set, tell } from "./store.js";
import { visible } from "./text.js";
import { t } from "./words.js";

const budget = { year: zoneDay().slice(0, 4), source: "", sum: "", busy: false, error: "" };
const back = { no: 0, memo: "", busy: false, error: "" };
const closing = { month: "", sure: false, busy: false, error: "" };

/** @param {any} form */
const put = (form) => (/** @type {string} */ name) => (/** @type {any} */ event) => set({ [name]: event.target.value, error: "" }, form);

/** One entry made: what is posted, what is said, the page read again. @param {any} form @param {string} path @param {any} said @param {string} done @param {() => Promise<void>} reload */
async function enter(form, path, said, done, reload) {
  set({ busy: true, error: "" }, form);
  try {
    await signedIn(() => postJson(path, said));
    Object.assign(form, { no: 0, memo: "", sum: "", source: "", sure: false, month: "" });
    tell(done);
    await reload();
  } catch (error) {
    set({ error: sentence(error) }, form);
  }
  set({ busy: false }, form);
}

const problem = (/** @type {any} */ form) => (form.error ? html`<p class="say bad" role="alert">${form.error}</p>` : nothing);

/** @param {any} ledger @param {() => Promise<void>} reload */
export function budgetForm(ledger, reload) {
  const said = put(budget);
  const known = [...new Set(ledger.sources.map((/** @type {any} */ one) => one.source))];
  return html`<form class="card budget" @submit=${(/** @type {Event} */ event) => enterBudget(event, reload)}><h2>${t("budget.title")}</h2><p class="quietly">${t("budget.hint")}</p><div class="pair">
      <label class="field"><span>${t("budget.year")}</span><input inputmode="numeric" .value=${budget.year} @input=${said("year")}></label>
      <label class="field"><span>${t("budget.source")}</span><input list="sources" .value=${budget.source} @input=${said("source")}><datalist id="sources">${known.map((source) => html`<option value=${source}></option>`)}</datalist></label>
      <label class="field"><span>${t("budget.sum")}</span><input class="num" inputmode="decimal" .value=${budget.sum} @input=${said("sum")}></label></div>
    <p class="capitals">${typed() ? capitals(typed()) : ""}</p>${problem(budget)}
    <button class="main" ?disabled=${budget.busy}>${t("budget.enter")}</button></form>`;
}

/** The sum typed, in 分; 0 while it is none. */
function typed() {
  const plain = budget.sum.normalize("NFKC").replace(/[,\s¥]/g, "");
  try {
    return Number(parse(plain.includes(".") ? plain : `${plain}.00`));
  } catch {
    return 0;
  }
}

/** @param {Event} event @param {() => Promise<void>} reload */
async function enterBudget(event, reload) {
  event.preventDefault();
  const fen = typed();
  if (!fen || !/^\d{4}$/.test(budget.year) || !budget.source.trim()) {
    set({ error: t("budget.need") }, budget);
    return;
  }
  await enter(budget, "/api/budget", { year: Number(budget.year), source: budget.source.trim(), fen }, t("budget.done"), reload);
}

function openBack(/** @type {number} */ no) {
  set({ no, memo: "", error: "" }, back);
  requestAnimationFrame(() => document.getElementById("back-memo")?.focus()); // the form stands above a long table
}

/** The button beside a budget row that still stands. @param {any} row */
export function takeBackButton(row) {
  return html`<button class="quiet small" @click=${() => openBack(row.no)}>${t("back.open")}</button>`;
}

/** Why the chosen budget row is taken back. @param {any} ledger @param {() => Promise<void>} reload */
export function takeBackForm(ledger, reload) {
  const row = ledger.rows.find((/** @type {any} */ one) => one.no === back.no);
  if (!row) return nothing;
  const post = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!back.memo.trim()) set({ error: t("back.need") }, back);
    else enter(back, "/api/ledger/reverse", { no: back.no, memo: back.memo.trim() }, t("back.done"), reload);
  };
  return html`<form class="card budget back" @submit=${post}><h2>${t("back.title", { no: row.no })}</h2><p class="quietly">${t("back.hint")}</p>
    <dl class="facts"><dt>${t("budget.source")}</dt><dd>${visible(row.source)}</dd><dt>${t("budget.sum")}</dt><dd>${money(row.fen)}</dd></dl>
    <label class="field"><span>${t("back.memo")}</span><input id="back-memo" maxlength="20" .value=${back.memo} @input=${put(back)("memo")}></label>${problem(back)}
    <div class="row"><button class="main" ?disabled=${back.busy}>${t("back.enter")}</button><button type="button" class="quiet" @click=${() => set({ no: 0 }, back)}>${t("back.leave")}</button></div></form>`;
}

/** @param {any} ledger @param {() => Promise<void>} reload */
export function lockForm(ledger, reload) {
  const months = closable(ledger, zoneDay());
  const month = months.includes(closing.month) ? closing.month : months[0];
  const post = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!closing.sure) set({ error: t("lock.need") }, closing);
    else enter(closing, "/api/ledger/lock", { month }, t("lock.done", { month }), reload);
  };
  return html`<form class="card budget" @submit=${post}><h2>${t("lock.title")}</h2><p class="quietly">${t("lock.hint")}</p>
    ${ledger.locked ? html`<p>${t("lock.until", { month: ledger.locked })}</p>` : nothing}
    ${month ? html`<label class="field"><span>${t("lock.month")}</span><select @change=${put(closing)("month")}>${months.map((one) => html`<option value=${one} ?selected=${one === month}>${one}</option>`)}</select></label>
    <label class="pick"><input type="checkbox" .checked=${closing.sure} @change=${(/** @type {any} */ event) => set({ sure: event.target.checked, error: "" }, closing)}><span>${t("lock.sure")}</span></label>${problem(closing)}
    <button class="main" ?disabled=${closing.busy}>${t("lock.enter")}</button>` : html`<p class="quietly">${t("lock.none")}</p>`}</form>`;
}

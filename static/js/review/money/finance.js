/** What finance enters itself: a budget by its source, a budget row taken back, a month closed. */

import { html, nothing } from "lit";
import { capitals, read } from "../../core/yuan.js";
import { book } from "../../client/booking.js";
import { ledgerRows } from "../../client/ledger.js";
import { bearing, payments } from "../../core/vouchers.js";
import { money } from "./awardview.js";
import { mark, sharedBlock } from "./numbersview.js";
import { monthsBetween, zoneDay } from "../days.js";
import { emptyForm, keptForm } from "../forms.js";
import { office, sentence, signedIn } from "../session.js";
import { changed, onForget, set, tell } from "../store.js";
import { visible } from "../../core/visible.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Ledger} Ledger */
/** @typedef {Ledger["rows"][number]} Row */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {{busy: boolean, error: string}} Form what every form of this page has */

const budget = keptForm("budget", { year: zoneDay().slice(0, 4), source: "", sum: "", busy: false, error: "" });
const back = keptForm("back", { no: 0, memo: "", busy: false, error: "" });
const closing = keptForm("closing", { month: "", sure: false, busy: false, error: "" });

/** @template {Form} F @param {F} form */
const put = (form) => (/** @type {keyof F} */ name) => (/** @type {Typed} */ event) =>
  set(/** @type {Partial<F>} */ ({ [name]: event.target.value, error: "" }), form);

/** One booking: what is signed, what is said, the page read again. @param {Form} form @param {string} act @param {Record<string, string | number>} said @param {string} done @param {() => Promise<void>} reload */
async function enter(form, act, said, done, reload) {
  set({ busy: true, error: "" }, form);
  try {
    await signedIn(() => book(office(), act, said));
    emptyForm(form);
    tell(done);
    await reload();
  } catch (error) {
    set({ error: sentence(error) }, form);
  }
  set({ busy: false }, form);
}

/** @param {Form} form */
function putAway(form) {
  emptyForm(form);
  changed();
}

const problem = (/** @type {Form} */ form) =>
  form.error ? html`<p class="say bad" role="alert">${form.error}</p>` : nothing;

/** @param {Ledger} ledger @param {() => Promise<void>} reload */
export function budgetForm(ledger, reload) {
  const said = put(budget);
  const known = [...new Set(ledger.sources.map(({ source }) => source))];
  return html`<form class="card budget" @submit=${(/** @type {Event} */ event) => enterBudget(event, reload)}>
    <h2>${t("budget.title")}</h2>
    <p class="quietly">${t("budget.hint")}</p>
    <div class="pair">
      <label class="field"
        ><span>${t("budget.year")}</span><input inputmode="numeric" .value=${budget.year} @input=${said("year")}
      /></label>
      <label class="field"
        ><span>${t("budget.source")}</span
        ><input list="sources" .value=${budget.source} @input=${said("source")} /><datalist id="sources">
          ${known.map((source) => html`<option value=${source}></option>`)}
        </datalist></label
      >
      <label class="field"
        ><span>${t("budget.sum")}</span
        ><input class="num" inputmode="decimal" .value=${budget.sum} @input=${said("sum")}
      /></label>
    </div>
    <p class="capitals">${typed() ? capitals(typed()) : ""}</p>
    ${problem(budget)} <button class="main" ?disabled=${budget.busy}>${t("budget.enter")}</button>
  </form>`;
}

/** The sum typed, in 分; 0 while it is none. */
function typed() {
  try {
    return read(budget.sum);
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
  await enter(
    budget,
    "budget",
    { year: Number(budget.year), source: budget.source.trim(), fen },
    t("budget.done"),
    reload,
  );
}

function openBack(/** @type {number} */ no) {
  set({ no, memo: "", error: "" }, back);
  requestAnimationFrame(() => document.getElementById("back-memo")?.focus()); // the form stands above a long table
}

/** The button beside a budget row that still stands. @param {Row} row */
export function takeBackButton(row) {
  return html`<button class="quiet small" @click=${() => openBack(row.no)}>${t("back.open")}</button>`;
}

/** Why the chosen budget row is taken back. @param {Ledger} ledger @param {() => Promise<void>} reload */
export function takeBackForm(ledger, reload) {
  const row = ledger.rows.find((one) => one.no === back.no);
  if (!row) return nothing;
  const post = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!back.memo.trim()) set({ error: t("back.need") }, back);
    else enter(back, "reverse", { no: back.no, memo: back.memo.trim() }, t("back.done"), reload);
  };
  return html`<form class="card budget back" @submit=${post}>
    <h2>${t("back.title", { no: row.no })}</h2>
    <p class="quietly">${t("back.hint")}</p>
    <dl class="facts">
      <dt>${t("budget.source")}</dt>
      <dd>${visible(row.source)}</dd>
      <dt>${t("budget.sum")}</dt>
      <dd>${money(row.fen)}</dd>
    </dl>
    <label class="field"
      ><span>${t("back.memo")}</span
      ><input id="back-memo" maxlength="20" .value=${back.memo} @input=${put(back)("memo")} /></label
    >${problem(back)}
    <div class="row">
      <button class="main" ?disabled=${back.busy}>${t("back.enter")}</button
      ><button type="button" class="quiet" data-close @click=${() => putAway(back)}>${t("back.leave")}</button>
    </div>
  </form>`;
}

const amending = keptForm("amending", {
  no: 0,
  voucher: "",
  treasury: "",
  memo: "",
  numbers: "",
  busy: false,
  error: "",
});

/** @param {Row} row a payment, or money that came back @param {Row[]} rows */
export function amendButton(row, rows) {
  const { voucher, treasury } = rows.reduce(
    (newest, one) => (one.kind === "amend" && one.corrects === row.no ? one : newest),
    row,
  );
  const open = () => {
    paid = unread();
    set({ no: row.no, voucher, treasury, memo: "", numbers: "", error: "" }, amending);
  };
  return html`<button class="quiet small" data-amend=${row.no} @click=${open}>${t("amend.open")}</button>`;
}

/** Voucher and treasury number as they are right: a row of its own, the wrong ones stay readable.
 * @param {Pick<Ledger, "rows">} ledger @param {() => Promise<void>} reload */
export function amendForm(ledger, reload) {
  if (!amending.no) return nothing;
  const { no, voucher, treasury, memo } = amending;
  const every = everyPayment();
  const alike = alsoBorne(every ?? []);
  const post = (/** @type {Event} */ event) => {
    event.preventDefault();
    const said = { no, number: voucher.trim(), source: treasury.trim(), memo: memo.trim() };
    if (!said.memo || !keepsNumbers(ledger.rows, said)) set({ error: t("amend.need") }, amending);
    else if (amending.numbers !== mark(alike)) set({ error: t("problem.numbers") }, amending);
    else enter(amending, "amend", said, t("amend.done"), reload);
  };
  const line = (/** @type {"voucher" | "treasury" | "memo"} */ name, /** @type {string} */ label, most = 64) =>
    html`<label class="field"
      ><span>${label}</span
      ><input name=${name} maxlength=${most} .value=${amending[name]} @input=${put(amending)(name)}
    /></label>`;
  return html`<form class="card budget amend" @submit=${post}>
    <h2>${t("amend.title", { no })}</h2>
    <p class="quietly">${t("amend.hint")}</p>
    ${line("voucher", t("book.voucher"))}${line("treasury", t("book.treasury"))}${line("memo", t("amend.memo"), 20)}
    ${sharedBlock(alike, amending.numbers, (numbers) => set({ numbers, error: "" }, amending))} ${problem(amending)}
    <div class="row">
      <button class="main" ?disabled=${amending.busy || !every}>${t("amend.enter")}</button
      ><button type="button" class="quiet" data-close @click=${() => putAway(amending)}>${t("amend.leave")}</button>
    </div>
  </form>`;
}

/** A number is put right, not struck out. @param {Row[]} rows @param {{no: number, number: string, source: string}} said */
function keepsNumbers(rows, { no, number, source }) {
  const row = rows.find((one) => one.no === no);
  return Boolean((number || !row?.voucher) && (source || !row?.treasury));
}

/** Every payment with its numbers, read to the end of the ledger for the form; null until it is here.
 * @returns {{asked: boolean, every: import("../../core/vouchers.js").Payment[] | null}} */
const unread = () => ({ asked: false, every: null });

let paid = unread();
onForget(() => (paid = unread()));

function everyPayment() {
  const here = paid;
  if (here.asked) return here.every;
  here.asked = true;
  signedIn(() => ledgerRows(0))
    .then((rows) => set({ every: payments(rows) }, here))
    .catch((error) => here === paid && set({ error: sentence(error) }, amending));
  return null;
}

/** Of the corrected numbers, those that other payments bear; a receipt for money that came back is of another series.
 * @param {import("../../core/vouchers.js").Payment[]} every */
function alsoBorne(every) {
  const { no, voucher, treasury } = amending;
  const own = every.find((one) => one.no === no);
  const others = every.filter((one) => one.no !== no);
  return own ? bearing(others, own.year, voucher, treasury) : [];
}

/** The months that can be closed: those that are over, after the newest closed one. @param {Pick<Ledger, "months" | "locked">} ledger @param {string} today */
export function closable(ledger, today) {
  const [last] = monthsBetween("", today.slice(0, 7));
  const first = ledger.months[0]?.month ?? last;
  return monthsBetween(ledger.locked || (first < last ? first : last), last).filter((month) => month > ledger.locked);
}

/** Another of finance was quicker: the month that was chosen is closed. @param {Ledger} ledger */
export function dropClosed(ledger) {
  if (!closable(ledger, zoneDay()).includes(closing.month)) closing.month = "";
}

/** @param {Ledger} ledger @param {() => Promise<void>} reload */
export function lockForm(ledger, reload) {
  const months = closable(ledger, zoneDay());
  const month = months.includes(closing.month) ? closing.month : months[0];
  // The first is what stands there unasked: who goes back to it has begun nothing.
  const choose = (/** @type {Typed} */ { target: { value } }) =>
    set({ month: value === months[0] ? "" : value, error: "" }, closing);
  const post = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!closing.sure) set({ error: t("lock.need") }, closing);
    else enter(closing, "lock", { month }, t("lock.done", { month }), reload);
  };
  return html`<form class="card budget" @submit=${post}>
    <h2>${t("lock.title")}</h2>
    <p class="quietly">${t("lock.hint")}</p>
    ${ledger.locked ? html`<p>${t("lock.until", { month: ledger.locked })}</p>` : nothing}
    ${
      month
        ? html`<label class="field"
              ><span>${t("lock.month")}</span
              ><select @change=${choose}>
                ${months.map((one) => html`<option value=${one} ?selected=${one === month}>${one}</option>`)}
              </select></label
            >
            <label class="pick"
              ><input
                type="checkbox"
                .checked=${closing.sure}
                @change=${(/** @type {Typed} */ event) => set({ sure: event.target.checked, error: "" }, closing)}
              /><span>${t("lock.sure")}</span></label
            >${problem(closing)} <button class="main" ?disabled=${closing.busy}>${t("lock.enter")}</button>`
        : html`<p class="quietly">${t("lock.none")}</p>`
    }
  </form>`;
}

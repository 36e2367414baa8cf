/** The money: what is there, what is bound, what was paid; rows that are only ever added to. Numbers name nobody. */

import { html, nothing } from "lit";
import { ZONE } from "../../core/offices.js";
import { capitals, grouped } from "../../core/yuan.js";
import { ClientError } from "../../client/errors.js";
import { getJson } from "../../client/wire.js";
import { shaped } from "../../client/shapes.js";
import { money } from "./awardview.js";
import { cashCard, signed } from "./cashview.js";
import { dropConcurred, largeCard, waitingCard } from "./awaiting.js";
import { dropEntered, papersCard } from "./groundsview.js";
import { zoneDay } from "../days.js";
import { budgetForm, dropClosed, lockForm, takeBackButton, takeBackForm, amendButton, amendForm } from "./finance.js";
import { fetchFile } from "../files.js";
import { office, sameOffice, sentence, signedIn } from "../session.js";
import { onForget, set, state } from "../store.js";
import { visible } from "../../core/visible.js";
import { t, word } from "../words.js";

/** @typedef {import("../types.js").Typed} Typed */

/** @typedef {import("../../client/answers.js").Account} Account */
/** @typedef {import("../../client/answers.js").Balance} Balance */
/** @typedef {import("../types.js").Ledger} Shown */

/** @type {(keyof Balance)[]} */
const CARDS = ["budget", "approved", "paid", "open", "forfeited", "revoked", "left", "cancelled"];
/** @type {(keyof Balance)[]} */
const MOVED = ["budget", "approved", "paid", "forfeited", "revoked", "cancelled"];
const thisYear = () => zoneDay().slice(0, 4);
const chosen = { year: thisYear() }; // the fiscal year shown, "0" for all
onForget(() => (chosen.year = thisYear()));
const NO_CASH = { year: 0, brought: 0, approved: 0, cancelled: 0, forfeited: 0, paid: 0, returned: 0, carried: 0 };
/** @type {Account} */
const NOTHING = {
  rows: [],
  next: "",
  count: 0,
  years: [],
  balance: { budget: 0, approved: 0, paid: 0, open: 0, forfeited: 0, revoked: 0, left: 0, cancelled: 0 },
  sources: [],
  months: [],
  locked: "",
  account: { now: "", set: false },
  cash: { lines: [], total: NO_CASH },
  waiting: { count: 0, fen: 0, since: "", short: 0, awards: [], next: "" },
  large: { from: 0, awards: [], next: "" },
  papers: { from: {}, awards: [], next: "" },
};

/** What can be saved, of the year that is shown. @param {string} year */
const filesOf = (year) => [
  ...["xlsx", "csv"].map((name) => ({
    name,
    path: `/api/ledger/export?format=${name}&year=${year}`,
    file: `award-ledger${year === "0" ? "" : `-${year}`}.${name}`,
  })),
  { name: "jsonl", path: "/api/ledger/export?format=jsonl", file: "award-ledger.jsonl" }, // a chain is whole or nothing
  { name: "anchor", path: "/api/ledger/anchor", file: `ledger-anchor-${zoneDay()}.json` },
];

const PAGE = 100;
const pageOf = (/** @type {string} */ after) =>
  signedIn(() => getJson(`/api/ledger?year=${chosen.year}&order=newest&limit=${PAGE}&after=${after}`));

/** The page behind `next`, in order. @param {Account["rows"]} rows those shown, which it stands before @param {string} next */
async function pageBefore(rows, next) {
  const page = shaped("/api/ledger further", await pageOf(next));
  const before = rows[0]?.no ?? 0; // a page that does not lead back would be asked for without an end
  if (!page.rows.length || page.rows.some(({ no }) => no >= before)) throw new ClientError("server_lies");
  return { rows: page.rows.reverse(), next: page.next };
}

let asked = 0;

/** The newest rows, in order, with the sums of the whole year. An answer that is late is of a year no longer chosen, of
 * another office's ledger, or older than one that was asked for since. */
export async function loadLedger() {
  const { year } = chosen;
  const isHere = sameOffice();
  const mine = ++asked;
  const isAwaited = () => mine === asked && isHere() && year === chosen.year;
  try {
    const first = shaped("/api/ledger", await pageOf(""));
    if (!isAwaited()) return;
    set({ ledger: { ...first, rows: first.rows.reverse(), error: "" } });
    dropConcurred(first.large);
    dropEntered(first.papers);
    dropClosed(/** @type {Shown} */ (state.ledger));
  } catch (error) {
    if (isAwaited()) set({ ledger: { ...NOTHING, error: sentence(error) } });
  }
}

/** In the place of the one it came from, if that is shown still: another is of another year or office.
 * @param {Shown} from @param {Shown} ledger */
function replace(from, ledger) {
  if (state.ledger === from) set({ ledger });
}

/** What stands before the rows that are shown; what corrects a row stands behind it, so it is always there.
 * @param {Shown} ledger */
async function loadEarlier(ledger) {
  const { year } = chosen;
  try {
    const { rows, next } = await pageBefore(ledger.rows, ledger.next);
    if (year === chosen.year) replace(ledger, { ...ledger, rows: [...rows, ...ledger.rows], next });
  } catch (error) {
    replace(ledger, { ...ledger, error: sentence(error) });
  }
}

/** Every row of the year, drawn once all are here; until then how many are. Whether they are. @param {Shown} ledger */
async function loadAll(ledger) {
  const { year } = chosen;
  let here = ledger;
  let { rows, next } = ledger;
  try {
    while (next) {
      set({ ledger: (here = { ...here, loaded: rows.length }) });
      const page = await pageBefore(rows, next);
      if (state.ledger !== here || year !== chosen.year) return false; // another one is on its way
      rows = [...page.rows, ...rows];
      next = page.next;
    }
    set({ ledger: { ...here, rows, next, loaded: 0 } });
    return true;
  } catch (error) {
    replace(here, { ...ledger, error: sentence(error) });
    return false;
  }
}

/** On paper stands the whole year, or what is missing is said there. @param {Shown} ledger */
async function printAll(ledger) {
  if (await loadAll(ledger)) requestAnimationFrame(() => window.print());
}

/** The next of those that wait, for money, the finance department or a paper. @template {"waiting" | "large" | "papers"} What
 * @param {Shown} ledger @param {What} what */
async function loadAwaited(ledger, what) {
  const list = ledger[what];
  try {
    const told = await signedIn(() => getJson(`/api/ledger/${what}?limit=${PAGE}&after=${list.next}`));
    const { awards, next } = shaped(`/api/ledger/${what}`, told);
    const longer = { ...list, awards: [...list.awards, ...awards], next };
    replace(ledger, { ...ledger, [what]: longer });
  } catch (error) {
    replace(ledger, { ...ledger, error: sentence(error) });
  }
}

/** The button that brings the next page, nothing at the end. @param {string} next @param {string} words @param {() => void} load */
const more = (next, words, load) =>
  next ? html`<p class="center"><button class="quiet" @click=${load}>${words}</button></p>` : nothing;

export function ledgerPage() {
  const { ledger } = state;
  if (!ledger) return html`<div class="page"><p class="loading">${t("ledger.busy")}</p></div>`;
  return html`<div class="page ledger">
    <header class="pagehead">
      <h1>${t("ledger.title")}</h1>
      <p class="onpaper">${t("ledger.on_paper", { period: periodOf(chosen.year), day: zoneDay() })}</p>
      ${ledger.next ? html`<p class="onpaper missing">${t("ledger.on_paper_part", { shown: ledger.rows.length, count: ledger.count })}</p>` : nothing}
      <div class="row">
        ${yearChoice(ledger.years)}
        <button class="quiet" ?disabled=${ledger.loaded} @click=${() => printAll(ledger)}>${t("ledger.print")}</button>
        ${reportLink(chosen.year)}
        ${filesOf(chosen.year).map(({ name, path, file }) => html`<button class="quiet" title=${word(`ledger.${name}_hint`, "")} @click=${() => fetchFile(path, file)}>${t(`ledger.${name}`)}</button>`)}
      </div>
      <p class="hint">${t("ledger.csv_hint")}</p>
    </header>
    ${ledger.error ? html`<p class="say bad">${ledger.error}</p>` : nothing}
    <div class="balance">
      ${CARDS.map((name) => html`<div class=${`stat st-${name}`}><span>${t(`balance.${name}`)}</span><b>${money(ledger.balance[name])}</b><small>${capitals(ledger.balance[name])}</small></div>`)}
    </div>
    <p class="hint">${t("ledger.rule")}</p>
    <p class="hint">${accountOf(ledger.account)}</p>
    ${waitingCard(ledger.waiting)}${more(ledger.waiting.next, t("ledger.further"), () => loadAwaited(ledger, "waiting"))}
    ${largeCard(ledger.large, isFinance(), loadLedger)}${more(ledger.large.next, t("ledger.further"), () => loadAwaited(ledger, "large"))}
    ${papersCard(ledger.papers, isFinance(), loadLedger)}${more(ledger.papers.next, t("ledger.further"), () => loadAwaited(ledger, "papers"))}
    ${ledger.rows.length ? html`<div class="sums">${sourcesTable(ledger.sources)}${monthsTable(ledger.months)}</div>` : nothing}
    ${cashCard(ledger.cash, chosen.year, zoneDay())}
    ${isFinance() ? takeBackForm(ledger, loadLedger) : nothing}${isFinance() ? amendForm(ledger, loadLedger) : nothing}
    ${
      ledger.rows.length
        ? [earlier(ledger), rowsTable(ledger.rows)]
        : ledger.cash.lines.length
          ? html`<p class="hint">${t("ledger.none_of_year")}</p>`
          : html`<div class="empty">
              <h2>${t("ledger.empty")}</h2>
              <p>${t("ledger.empty_more")}</p>
            </div>`
    }
    ${isFinance() ? html`<div class="sums">${budgetForm(ledger, loadLedger)}${lockForm(ledger, loadLedger)}</div>` : nothing}
  </div>`;
}

/** How many rows are shown, and what brings those before; nothing once the whole year is. @param {Shown} ledger */
function earlier(ledger) {
  if (!ledger.next) return nothing;
  const { loaded, count } = ledger;
  return html`<p class="center earlier">
    <span role="status"
      >${loaded ? t("ledger.loading", { done: loaded, count }) : t("ledger.shown", { shown: ledger.rows.length, count })}</span
    >
    <button class="quiet" ?disabled=${loaded} @click=${() => loadEarlier(ledger)}>${t("ledger.earlier")}</button>
    <button class="quiet" ?disabled=${loaded} @click=${() => loadAll(ledger)}>${t("ledger.whole")}</button>
  </p>`;
}

/** @param {string} year "0" for all */
const periodOf = (year) => (year === "0" ? t("ledger.all_years") : t("ledger.year", { year }));

function yearChoice(/** @type {number[]} */ years) {
  const show = (/** @type {Typed} */ event) => {
    chosen.year = event.target.value;
    loadLedger();
  };
  return html`<select aria-label=${t("budget.year")} @change=${show}>
    ${[...years.map(String).reverse(), "0"].map((year) => html`<option value=${year} ?selected=${year === chosen.year}>${periodOf(year)}</option>`)}
  </select>`;
}

/** @param {Account["account"]} account */
function accountOf({ now, set: isSet }) {
  if (now) return t("ledger.account", { account: visible(now) });
  return t(isSet ? "ledger.no_account_year" : "ledger.no_account");
}

const REPORTED = ["finance", "leader", "auditor"]; // who reads the yearly report

/** It is a page of its own and needs no key: it opens beside this one, which stays unlocked. @param {string} year */
function reportLink(year) {
  const { me, serves } = office();
  if (year === "0" || !me.channels.some(({ roles }) => roles.some((role) => REPORTED.includes(role)))) return nothing;
  const asked = new URLSearchParams({ ...(serves === ZONE ? {} : { office: serves }), year });
  const address = `${location.pathname.replace(/\/?$/, "/yearly")}?${asked}`;
  return html`<a class="button quiet" href=${address} target="_blank" rel="noopener">${t("ledger.yearly")}</a>`;
}

const isFinance = () => office().me.channels.some(({ roles }) => roles.includes("finance"));

function sourcesTable(/** @type {Account["sources"]} */ sources) {
  return html`<section class="card">
    <h2>${t("ledger.sources")}</h2>
    <table class="small">
      <tbody>
        ${sources.map(
          (one) =>
            html`<tr>
              <th scope="row">${visible(one.source)}</th>
              <td class="num">${signed(one.fen)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="quietly">${t("ledger.sources_hint")}</p>
  </section>`;
}

function monthsTable(/** @type {Account["months"]} */ months) {
  return html`<section class="card">
    <h2>${t("ledger.months")}</h2>
    <div class="scroll flat" tabindex="0" role="region" aria-label=${t("ledger.months")}>
      <table class="small">
        <thead>
          <tr>
            <th></th>
            ${MOVED.map((name) => html`<th class="num">${t(`balance.${name}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${months.map(
            (one) =>
              html`<tr>
                <th scope="row">
                  ${one.month}${one.locked ? html` <span class="state b-lock">${t("ledger.locked")}</span>` : nothing}
                </th>
                ${MOVED.map((name) => html`<td class="num">${signed(one[name])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Rows whose voucher and treasury number can be corrected, as whistle/core/books.py has it. */
const AMENDABLE = ["pay", "clawback"];

function rowsTable(/** @type {Account["rows"]} */ rows) {
  const gone = new Set(rows.map((row) => row.corrects));
  const mine = isFinance();
  const corrected = (/** @type {Account["rows"][number]} */ { kind, corrects: no }) =>
    no ? html`<small>${t(kind === "amend" ? "amend.of" : "back.of", { no })}</small>` : nothing;
  const correction = (/** @type {Account["rows"][number]} */ row) => {
    if (AMENDABLE.includes(row.kind)) return amendButton(row, rows);
    return row.kind === "budget" && !gone.has(row.no) ? takeBackButton(row) : nothing;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("ledger.title")}>
    <table class="book">
      <thead>
        <tr>
          ${["no", "day", "kind", "case", "basis", "fen", "voucher", "treasury", "memo"].map((name) => html`<th class=${name === "fen" ? "num" : ""}>${t(`book.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <td>${row.no}</td>
              <td>${row.day}</td>
              <td><span class=${`state b-${row.kind}`}>${word(`entry.${row.kind}`, row.kind)}</span></td>
              <td>${row.case}</td>
              <td>
                ${row.pack ? html`${row.pack}<small>${[word(`formula.${row.formula}`, row.formula), row.clause].filter(Boolean).join(" · ")}</small>` : visible(row.source ?? "")}
              </td>
              <td class="num" title=${row.fen ? capitals(row.fen) : ""}>${row.fen ? grouped(row.fen) : ""}</td>
              <td>${visible(row.voucher ?? "")}</td>
              <td>${visible(row.treasury ?? "")}</td>
              <td>
                ${word(`reason.${row.memo}`, visible(row.memo ?? ""))}${corrected(row)}${mine ? correction(row) : nothing}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

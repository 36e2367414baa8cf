/** The money: what is there, what is bound, what was paid; rows that are only ever added to. Numbers name nobody. */

import { html, nothing } from "lit";
import { capitals } from "../core/yuan.js";
import { getJson } from "../client/door.js";
import { grouped, money } from "./awardview.js";
import { largeCard, waitingCard } from "./awaiting.js";
import { zoneDay } from "./days.js";
import { budgetForm, lockForm, takeBackButton, takeBackForm } from "./finance.js";
import { office, sentence, signedIn } from "./session.js";
import { set, state, tell } from "./store.js";
import { visible } from "./text.js";
import { t, word } from "./words.js";

const CARDS = ["budget", "approved", "paid", "open", "forfeited", "revoked", "left"];
const MOVED = ["budget", "approved", "paid", "forfeited", "revoked"];
const chosen = { year: zoneDay().slice(0, 4) }; // the fiscal year shown, "0" for all
const NOTHING = { rows: [], years: [], balance: {}, sources: [], months: [], locked: "" };

export async function loadLedger() {
  try {
    set({ ledger: { ...(await signedIn(() => getJson(`/api/ledger?year=${chosen.year}`))), error: "" } });
  } catch (error) {
    set({ ledger: { ...NOTHING, error: sentence(error) } });
  }
}

export function ledgerPage() {
  const { ledger } = state;
  if (!ledger) return html`<div class="page"><p class="loading">${t("ledger.busy")}</p></div>`;
  return html`<div class="page ledger"><header class="pagehead"><h1>${t("ledger.title")}</h1><div class="row">${yearChoice(ledger.years)}
      <a class="button" href="/api/ledger/export?format=xlsx" download>${t("ledger.xlsx")}</a><a class="button" href="/api/ledger/export?format=csv" download>${t("ledger.csv")}</a><a class="button" href="/api/ledger/export?format=jsonl" download>${t("ledger.jsonl")}</a><a class="button" href="/api/ledger/anchor" download title=${t("ledger.anchor_hint")}>${t("ledger.anchor")}</a></div></header>
    ${ledger.error ? html`<p class="say bad">${ledger.error}</p>` : nothing}
    <div class="balance">${CARDS.map((name) => html`<div class=${`stat st-${name}`}><span>${t(`balance.${name}`)}</span><b>${money(fenOf(ledger.balance[name]))}</b><small>${capitals(fenOf(ledger.balance[name]))}</small></div>`)}</div>
    <p class="hint">${t("ledger.rule")}</p>
    ${waitingCard(ledger.waiting)}${largeCard(ledger.large, isFinance(), loadLedger)}
    ${ledger.rows.length ? html`<div class="sums">${sourcesTable(ledger.sources)}${monthsTable(ledger.months)}</div>` : nothing}
    ${isFinance() ? takeBackForm(ledger, loadLedger) : nothing}
    ${ledger.rows.length ? rowsTable(ledger.rows) : html`<div class="empty"><h2>${t("empty.ledger")}</h2><p>${t("empty.ledger_more")}</p></div>`}
    ${isFinance() ? html`<div class="sums">${budgetForm(ledger, loadLedger)}${lockForm(ledger, loadLedger)}</div>` : nothing}</div>`;
}

function yearChoice(/** @type {number[]} */ years) {
  const show = (/** @type {any} */ event) => {
    chosen.year = event.target.value;
    loadLedger();
  };
  return html`<select aria-label=${t("budget.year")} @change=${show}>${[...years.map(String).reverse(), "0"].map((year) => html`<option value=${year} ?selected=${year === chosen.year}>${year === "0" ? t("ledger.all_years") : t("ledger.year", { year })}</option>`)}</select>`;
}

const isFinance = () => office().me.channels.some((/** @type {any} */ one) => one.roles.includes("finance"));

const fenOf = (/** @type {unknown} */ value) => (typeof value === "number" ? value : 0);

/** A sum that may be below zero: what a month took back. @param {number} fen */
const signed = (fen) => (fen < 0 ? `−${grouped(-fen)}` : grouped(fen));

function sourcesTable(/** @type {any[]} */ sources) {
  return html`<section class="card"><h2>${t("ledger.sources")}</h2><table class="small"><tbody>${sources.map((one) => html`<tr><th scope="row">${visible(one.source)}</th><td class="num">${signed(one.fen)}</td></tr>`)}</tbody></table>
    <p class="quietly">${t("ledger.sources_hint")}</p></section>`;
}

function monthsTable(/** @type {any[]} */ months) {
  return html`<section class="card"><h2>${t("ledger.months")}</h2><div class="scroll flat" tabindex="0" role="region" aria-label=${t("ledger.months")}><table class="small"><thead><tr><th></th>${MOVED.map((name) => html`<th class="num">${t(`balance.${name}`)}</th>`)}</tr></thead>
    <tbody>${months.map((one) => html`<tr><th scope="row">${one.month}${one.locked ? html` <span class="state b-lock">${t("ledger.locked")}</span>` : nothing}</th>${MOVED.map((name) => html`<td class="num">${signed(one[name])}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

function rowsTable(/** @type {any[]} */ rows) {
  const gone = new Set(rows.map((row) => row.corrects));
  const mine = isFinance();
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("ledger.title")}><table class="book"><thead><tr>${["no", "day", "kind", "case", "basis", "fen", "voucher", "treasury", "memo"].map((name) => html`<th class=${name === "fen" ? "num" : ""}>${t(`book.${name}`)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr><td>${row.no}</td><td>${row.day}</td><td><span class=${`state b-${row.kind}`}>${word(`entry.${row.kind}`, row.kind)}</span></td><td>${row.case}</td>
      <td>${row.pack ? html`${row.pack}<small>${[word(`formula.${row.formula}`, row.formula), row.clause].filter(Boolean).join(" · ")}</small>` : visible(row.source ?? "")}</td>
      <td class="num" title=${row.fen ? capitals(row.fen) : ""}>${row.fen ? grouped(row.fen) : ""}</td><td>${visible(row.voucher ?? "")}</td><td>${visible(row.treasury ?? "")}</td><td>${word(`reason.${row.memo}`, visible(row.memo ?? ""))}${row.corrects ? html`<small>${t("back.of", { no: row.corrects })}</small>` : nothing}${mine && row.kind === "budget" && !gone.has(row.no) ? takeBackButton(row) : nothing}</td></tr>`)}</tbody></table></div>`;
}

/** The money: what is there, what is bound, what was paid; rows that are only ever added to. Numbers name nobody. */

import { html, nothing } from "lit";
import { capitals, parse } from "../core/yuan.js";
import { getJson, postJson } from "../client/door.js";
import { grouped, money } from "./awardview.js";
import { zoneDay } from "./days.js";
import { office, sentence, signedIn } from "./session.js";
import { set, state, tell } from "./store.js";
import { visible } from "./text.js";
import { t, word } from "./words.js";

const CARDS = ["budget", "approved", "paid", "open", "forfeited", "left"];
const budget = { year: zoneDay().slice(0, 4), source: "", sum: "", busy: false, error: "" };

export async function loadLedger() {
  try {
    set({ ledger: { ...(await signedIn(() => getJson("/api/ledger"))), error: "" } });
  } catch (error) {
    set({ ledger: { rows: [], balance: {}, error: sentence(error) } });
  }
}

export function ledgerPage() {
  const { ledger } = state;
  if (!ledger) return html`<div class="page"><p class="loading">${t("ledger.busy")}</p></div>`;
  return html`<div class="page ledger"><header class="pagehead"><h1>${t("ledger.title")}</h1><div class="row">
      <a class="button" href="/api/ledger/export?format=xlsx" download>${t("ledger.xlsx")}</a><a class="button" href="/api/ledger/export?format=csv" download>${t("ledger.csv")}</a><a class="button" href="/api/ledger/export?format=jsonl" download>${t("ledger.jsonl")}</a></div></header>
    ${ledger.error ? html`<p class="say bad">${ledger.error}</p>` : nothing}
    <div class="balance">${CARDS.map((name) => html`<div class=${`stat st-${name}`}><span>${t(`balance.${name}`)}</span><b>${money(fenOf(ledger.balance[name]))}</b><small>${capitals(fenOf(ledger.balance[name]))}</small></div>`)}</div>
    <p class="hint">${t("ledger.rule")}</p>
    ${ledger.rows.length ? rowsTable(ledger.rows) : html`<div class="empty"><h2>${t("empty.ledger")}</h2><p>${t("empty.ledger_more")}</p></div>`}
    ${office().me.channels.some((/** @type {any} */ one) => one.roles.includes("finance")) ? budgetForm() : nothing}</div>`;
}

const fenOf = (/** @type {unknown} */ value) => (typeof value === "number" ? value : 0);

function rowsTable(/** @type {any} */ rows) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("ledger.title")}><table class="book"><thead><tr>${["no", "day", "kind", "case", "basis", "fen", "voucher", "treasury", "memo"].map((name) => html`<th class=${name === "fen" ? "num" : ""}>${t(`book.${name}`)}</th>`)}</tr></thead>
    <tbody>${rows.map((/** @type {any} */ row) => html`<tr><td>${row.no}</td><td>${row.day}</td><td><span class=${`state b-${row.kind}`}>${word(`entry.${row.kind}`, row.kind)}</span></td><td>${row.case}</td>
      <td>${row.pack ? html`${row.pack}<small>${[word(`formula.${row.formula}`, row.formula), row.clause].filter(Boolean).join(" · ")}</small>` : visible(row.source ?? "")}</td>
      <td class="num" title=${capitals(row.fen)}>${grouped(row.fen)}</td><td>${visible(row.voucher ?? "")}</td><td>${visible(row.treasury ?? "")}</td><td>${word(`reason.${row.memo}`, visible(row.memo ?? ""))}</td></tr>`)}</tbody></table></div>`;
}

function budgetForm() {
  const put = (/** @type {string} */ name) => (/** @type {any} */ event) => set({ [name]: event.target.value, error: "" }, budget);
  return html`<form class="card budget" @submit=${enter}><h2>${t("budget.title")}</h2><p class="quietly">${t("budget.hint")}</p><div class="pair">
      <label class="field"><span>${t("budget.year")}</span><input inputmode="numeric" .value=${budget.year} @input=${put("year")}></label>
      <label class="field"><span>${t("budget.source")}</span><input .value=${budget.source} @input=${put("source")}></label>
      <label class="field"><span>${t("budget.sum")}</span><input class="num" inputmode="decimal" .value=${budget.sum} @input=${put("sum")}></label></div>
    <p class="capitals">${typed() ? capitals(typed()) : ""}</p>${budget.error ? html`<p class="say bad" role="alert">${budget.error}</p>` : nothing}
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

/** @param {Event} event */
async function enter(event) {
  event.preventDefault();
  const fen = typed();
  if (!fen || !/^\d{4}$/.test(budget.year) || !budget.source.trim()) {
    set({ error: t("budget.need") }, budget);
    return;
  }
  set({ busy: true }, budget);
  try {
    await signedIn(() => postJson("/api/budget", { year: Number(budget.year), source: budget.source.trim(), fen }));
    Object.assign(budget, { sum: "", source: "" });
    tell(t("budget.done"));
    await loadLedger();
  } catch (error) {
    set({ error: sentence(error) }, budget);
  }
  set({ busy: false }, budget);
}

/** The back office: one page, its parts by hash. */

import { html, nothing, render } from "lit";
import { postJson } from "../client/door.js";
import { casePage, loadCase } from "./case.js";
import { follow } from "./focus.js";
import { enterPage, leaveEntry, loadEntry } from "./enter.js";
import { closePaper } from "./papers/page.js";
import { inboxKeys, inboxPage, loadInbox } from "./inbox.js";
import { ledgerPage, loadLedger } from "./ledger.js";
import { leaveRegisters, loadRegisters, registersOf, registersPage } from "./registers/page.js";
import { formatHash, parseHash } from "./route.js";
import { secureHere } from "./start.js";
import { onChange, set, state } from "./store.js";
import { loadDemo, overlay, welcome } from "./unlock.js";
import { block, setWords, t } from "./words.js";

const PAGES = {
  inbox: { view: inboxPage, load: () => loadInbox(state.route.filters) },
  case: { view: casePage, load: () => loadCase(state.route.id) },
  enter: { view: enterPage, load: async () => loadEntry() },
  ledger: { view: ledgerPage, load: loadLedger },
  registers: { view: registersPage, load: loadRegisters },
  help: { view: inboxPage, load: () => loadInbox({}) },
};
const MONEY_ROLES = ["finance", "leader", "auditor"];

const page = () => PAGES[/** @type {keyof typeof PAGES} */ (state.route.page)];
const root = /** @type {HTMLElement} */ (document.getElementById("app"));

function view() {
  if (!state.office) return welcome();
  const over = Boolean(state.unlock || state.help); // what lies under a dialog is out of reach
  return html`${bar(over)}<main id="main" tabindex="-1" ?inert=${over}>${page().view()}</main>${state.unlock ? overlay() : nothing}${state.help ? help() : nothing}
    <div class="notices" role="status" aria-live="polite">${state.notice ? html`<p class=${`notice ${state.notice.tone}`}>${state.notice.text}</p>` : nothing}</div>`;
}

/** @param {boolean} over */
function bar(over) {
  const { me } = state.office;
  const roles = [...new Set(me.channels.flatMap((/** @type {any} */ one) => one.roles))];
  const link = (/** @type {string} */ name) => html`<a href=${formatHash(name)} aria-current=${state.route.page === name || (name === "inbox" && state.route.page === "case") ? "page" : "false"}>${t(`nav.${name}`)}</a>`;
  return html`<div class="subbar" ?inert=${over}><nav aria-label=${t("nav.main")}>${link("inbox")}${roles.includes("intake") ? link("enter") : nothing}${roles.some((role) => MONEY_ROLES.includes(role)) ? html`${link("ledger")}${bulletin()}` : nothing}${registersOf(roles).length ? link("registers") : nothing}</nav>
    <div class="person"><span><b>${me.label}</b> ${roles.map((role) => t(`role.${role}`)).join("、")}</span><button class="quiet" @click=${lock}>${t("nav.lock")}</button></div></div>`;
}

/** The bulletin is a page of its own and needs no key: it opens beside this one, which stays unlocked. */
const bulletin = () => html`<a href=${location.pathname.replace(/\/?$/, "/bulletin")} target="_blank" rel="noopener">${t("nav.bulletin")}</a>`;

/** Locking forgets by leaving: a fresh page holds no seed and no text. */
async function lock() {
  await postJson("/api/logout", {}).catch(() => null);
  location.reload();
}

function help() {
  return html`<div class="veil" role="dialog" aria-modal="true" aria-labelledby="help-title" @click=${() => set({ help: false })}><section class="gatecard"><h1 id="help-title">${t("help.title")}</h1>
    <dl class="keys">${["j", "k", "Enter", "/", "u", "?"].map((key) => html`<dt><kbd>${key}</kbd></dt><dd>${t(`help.${KEY_WORDS[/** @type {keyof typeof KEY_WORDS} */ (key)]}`)}</dd>`)}</dl>
    <button class="main" @click=${() => set({ help: false })}>${t("help.close")}</button></section></div>`;
}
const KEY_WORDS = { j: "down", k: "up", Enter: "open", "/": "search", u: "back", "?": "this" };

/** @param {KeyboardEvent} event */
function keys(event) {
  if (!state.office || state.unlock || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") set({ help: false });
  // On a link or a button Enter is its own; letters are still ours.
  const own = event.key === "Enter" ? "input, textarea, select, button, a, summary" : "input, textarea, select";
  if (/** @type {HTMLElement} */ (event.target).closest(own)) return;
  if (event.key === "?") set({ help: !state.help });
  else if (event.key === "u" && state.route.page === "case") location.hash = formatHash("inbox", "", state.inbox.filters);
  else if (state.route.page === "inbox") inboxKeys(event);
}

function routed() {
  leaveEntry();
  leaveRegisters();
  closePaper();
  set({ route: parseHash(location.hash), openAct: "" });
  if (state.office) page().load();
}

function start() {
  root.replaceChildren();
  onChange(() => {
    render(view(), root);
    follow(state);
  });
  window.addEventListener("hashchange", routed);
  window.addEventListener("case-changed", (event) => loadCase(/** @type {CustomEvent} */ (event).detail));
  window.addEventListener("keydown", keys);
  window.addEventListener("beforeunload", (event) => {
    if (!state.entry?.touched && !state.entry?.done && ![...state.drafts.values()].some((draft) => draft.touched)) return;
    event.preventDefault();
    event.returnValue = ""; // Chrome before 119 heeds nothing else
  });
  set({ route: parseHash(location.hash) });
  loadDemo();
}

setWords(block("words", {}));
if (secureHere()) start();

/** The back office: one page, its parts by hash. */

import { html, nothing, render } from "lit";
import { postJson } from "../client/wire.js";
import { ZONE } from "../core/offices.js";
import { isComposing, startHalfWidth } from "../dom.js";
import { bulkPage, loadBulk } from "./bulk/page.js";
import { caseKeys } from "./case/keys.js";
import { caseDialog, casePage, loadCase, lookAgain } from "./case/page.js";
import { close as closeFile } from "./files/viewing.js";
import { follow } from "./focus.js";
import { transcribePage, leaveTranscription, loadTranscription } from "./inbox/transcribe.js";
import { closePaper } from "./papers/page.js";
import { inboxKeys, inboxPage, loadInbox } from "./inbox/page.js";
import { ledgerPage, loadLedger } from "./money/ledger.js";
import { leaveRegisters, loadRegisters, registersOf, registersPage } from "./registers/page.js";
import { loadRetention, mayDestroy, retentionPage } from "./registers/retention.js";
import { forgetDrafts, keepDrafts } from "./drafts.js";
import { formatHash, parseHash } from "./route.js";
import { auditPage, loadAudit } from "./people/audit.js";
import { handoverPage, hasColleagues, loadHandover } from "./people/handover.js";
import { readersMark } from "./people/mark.js";
import { loadNotices, noticesPage } from "./people/notices.js";
import { officeShut, officeSwitch } from "./people/offices.js";
import { ownPage } from "./people/own.js";
import { startQuiet } from "./people/quiet.js";
import { searchKeys, searchPage } from "./search/page.js";
import { startTabs } from "./people/tabs.js";
import { office } from "./session.js";
import { secureHere } from "./start.js";
import { changed, onChange, set, state } from "./store.js";
import { loadDemo, overlay, welcome } from "./people/unlock.js";
import { block, setWords, t } from "./words.js";

const PAGES = {
  inbox: { view: inboxPage, load: () => loadInbox(state.route.filters) },
  case: { view: casePage, load: () => loadCase(state.route.id) },
  transcribe: { view: transcribePage, load: async () => loadTranscription() },
  ledger: { view: ledgerPage, load: loadLedger },
  registers: { view: registersPage, load: loadRegisters },
  notices: { view: noticesPage, load: loadNotices },
  handover: { view: handoverPage, load: loadHandover },
  audit: { view: auditPage, load: loadAudit },
  search: { view: searchPage, load: async () => {} },
  retention: { view: retentionPage, load: loadRetention },
  own: { view: ownPage, load: async () => {} },
  bulk: { view: bulkPage, load: loadBulk },
  help: { view: inboxPage, load: () => loadInbox({}) },
};
const MONEY_ROLES = ["finance", "leader", "auditor"];

const seesMoney = (/** @type {string[]} */ roles) => roles.some((role) => MONEY_ROLES.includes(role));
/** What the bar leads to, and whom. @type {[string, (roles: string[]) => boolean][]} */
const NAV = [
  ["inbox", () => true],
  ["search", () => true],
  ["transcribe", (roles) => roles.includes("intake")],
  ["ledger", seesMoney],
  ["bulletin", seesMoney],
  ["registers", (roles) => registersOf(roles).length > 0],
  ["retention", mayDestroy],
  ["notices", () => true],
  ["own", () => true],
  ["handover", () => hasColleagues()],
  ["audit", (roles) => roles.includes("auditor")],
];

const page = () => PAGES[/** @type {keyof typeof PAGES} */ (state.route.page)];
const root = /** @type {HTMLElement} */ (document.getElementById("app"));

function view() {
  if (!state.office) return welcome();
  const folded = Boolean(state.unlock); // what lies behind is neither printed nor found
  const over = Boolean(folded || state.help || state.viewing); // what lies under a dialog is out of reach
  return html`${bar(over)}
    <main id="main" tabindex="-1" ?inert=${over} ?hidden=${folded}>${page().view()}</main>
    ${state.viewing ? html`<div ?inert=${folded} ?hidden=${folded}>${caseDialog()}</div>` : nothing}${state.unlock ? overlay() : nothing}${state.help ? help() : nothing}
    ${folded ? nothing : readersMark()}
    <div class="notices" role="status" aria-live="polite">
      ${state.notice ? html`<p class=${`notice ${state.notice.tone}`}>${state.notice.text}</p>` : nothing}
    </div>`;
}

/** @param {boolean} over */
function bar(over) {
  const { me } = office();
  const roles = [...new Set(me.channels.flatMap(({ roles: held }) => held))];
  const link = (/** @type {string} */ name) =>
    html`<a
      href=${formatHash(name)}
      aria-current=${state.route.page === name || (name === "inbox" && ["case", "bulk"].includes(state.route.page)) ? "page" : "false"}
      >${t(`nav.${name}`)}</a
    >`;
  return html`<div class="subbar" ?inert=${over}>
    <nav aria-label=${t("nav.main")}>
      ${NAV.filter(([, isFor]) => isFor(roles)).map(([name]) => (name === "bulletin" ? bulletin() : link(name)))}
    </nav>
    <div class="person">
      ${officeSwitch()}<span><b>${me.label}</b> ${roles.map((role) => t(`role.${role}`)).join("、")}</span
      ><button class="quiet" @click=${lock}>${t("nav.lock")}</button>
    </div>
    ${officeShut()}
  </div>`;
}

/** The office that an address asks for, where it is not the zone's own. */
const asked = () => (office().serves === ZONE ? "" : `?office=${office().serves}`);

/** The bulletin is a page of its own and needs no key: it opens beside this one, which stays unlocked. */
const bulletin = () =>
  html`<a href=${location.pathname.replace(/\/?$/, "/bulletin") + asked()} target="_blank" rel="noopener"
    >${t("nav.bulletin")}</a
  >`;

/** Locking forgets by leaving: a fresh page holds no seed and no text. */
async function lock() {
  forgetDrafts();
  await postJson("/api/logout", {}).catch(() => null);
  location.reload();
}

function help() {
  return html`<div
    class="veil"
    role="dialog"
    aria-modal="true"
    aria-labelledby="help-title"
    @click=${() => set({ help: false })}
  >
    <section class="gatecard">
      <h1 id="help-title">${t("help.title")}</h1>
      <dl class="keys">
        ${KEYS.map(
          (key) =>
            html`<dt><kbd>${key}</kbd></dt>
              <dd>${t(`help.${KEY_WORDS[/** @type {keyof typeof KEY_WORDS} */ (key)]}`)}</dd>`,
        )}
      </dl>
      <button class="main" data-close @click=${() => set({ help: false })}>${t("help.close")}</button>
    </section>
  </div>`;
}
const KEY_WORDS = {
  j: "down",
  k: "up",
  Enter: "open",
  x: "tick",
  a: "assign",
  r: "reply",
  e: "export",
  n: "next",
  "/": "search",
  u: "back",
  "?": "this",
};
const KEYS = Object.keys(KEY_WORDS);

/** @param {KeyboardEvent} event */
function keys(event) {
  if (!state.office || state.unlock || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && /** @type {HTMLElement} */ (event.target).id === "search") return leaveField(event);
  if (event.key === "Escape") return closeTop(/** @type {HTMLElement} */ (event.target));
  if ((state.viewing || state.help) && event.key !== "?") return; // what lies under a dialog is out of reach of keys too
  // On a link or a button Enter is its own; letters are still ours.
  const own = event.key === "Enter" ? "input, textarea, select, button, a, summary" : "input, textarea, select";
  if (/** @type {HTMLElement} */ (event.target).closest(own)) return;
  if (event.key === "?") set({ help: !state.help });
  else if (event.key === "u" && state.route.page === "case")
    location.hash = formatHash("inbox", "", state.inbox.filters);
  else if (state.route.page === "case") caseKeys(event);
  else if (state.route.page === "inbox") inboxKeys(event);
  else if (state.route.page === "search") searchKeys(event);
}

/** Out of the field in which one looks for a case: what was found stays, and letters are keys again. @param {KeyboardEvent} event */
function leaveField(event) {
  event.preventDefault(); // it would empty the field
  /** @type {HTMLElement} */ (event.target).blur();
}

/** Escape is the button that closes what lies on top: a dialog, the form one is in, the form of the open act.
 * @param {HTMLElement} from */
function closeTop(from) {
  const within = document.querySelector(".veil") ?? from.closest("form") ?? document;
  /** @type {HTMLButtonElement | null} */ (within.querySelector("[data-close]"))?.click();
}

function comeBack() {
  if (state.office && !state.unlock && state.route.page === "case" && !document.hidden) lookAgain(state.route.id);
}

function routed() {
  const from = state.route.page;
  if (from === "inbox") state.inbox.scroll = window.scrollY;
  leaveTranscription();
  leaveRegisters();
  closePaper();
  closeFile();
  set({ route: parseHash(location.hash), openAct: "" });
  if (state.office) page().load();
  if (state.route.page === "inbox" && from !== "inbox")
    requestAnimationFrame(() => window.scrollTo(0, state.inbox.scroll));
}

function start() {
  root.replaceChildren();
  onChange(() => {
    render(view(), root);
    follow(state);
    keepDrafts(state);
  });
  window.addEventListener("hashchange", routed);
  window.addEventListener("case-changed", (event) => loadCase(/** @type {CustomEvent} */ (event).detail));
  window.addEventListener("beforeprint", changed); // a page left open since yesterday is printed with the day of printing
  window.addEventListener("keydown", keys);
  window.addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("beforeunload", (event) => {
    if (
      !state.transcription?.touched &&
      !state.transcription?.done &&
      ![...state.drafts.values()].some((draft) => draft.touched)
    )
      return;
    event.preventDefault();
    event.returnValue = ""; // Chrome before 119 heeds nothing else
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  startTabs();
  startQuiet();
  startHalfWidth();
  set({ route: parseHash(location.hash) });
  loadDemo();
}

/** A page kept for going back shows nobody's case, whatever answer still comes: it is loaded anew when it is back. */
function leave() {
  onChange(() => {});
  render(nothing, root);
}

setWords(block("words"));
if (secureHere()) start();

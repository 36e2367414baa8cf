/** The page's memory and its one way to change: set, then draw again. Nothing here is ever written anywhere. */

import { clearForms } from "./forms.js";

/** What modules hold of their own, and how it goes. @type {(() => void)[]} */
const forgetting = [];

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").State} State */

/** Earlier claims as they were compared in this page: see money/repeats.js. @returns {State["traces"]} */
function fresh() {
  return { rows: new Map(), whole: false, busy: false, error: false, unread: 0 };
}

/** What `openAct` says when the person put the open form away: the next step does not come up by itself again. */
export const PUT_AWAY = "-";

/** A list nobody has fetched yet. @returns {State["inbox"]} */
const noRows = () => ({
  rows: [],
  next: "",
  counts: {},
  unread: 0,
  grew: false,
  years: {},
  busy: false,
  error: "",
  cursor: 0,
  search: "",
  filters: {},
  scroll: 0,
});

/** Nothing asked, nothing gathered. @returns {State["search"]} */
const noSearch = () => ({ question: "", gathered: null, beside: "", listed: "" });

/** What was gathered goes, with all that was made of it. @returns {State["search"]} */
export function dropSearch() {
  state.search.gathered?.library.drop();
  return noSearch();
}

/** @type {State} */
export const state = {
  route: { page: "inbox", id: "", filters: {} },
  office: null,
  unlock: { over: false, resume: null },
  login: { name: "", slots: null, fileName: "", busy: false, error: "" },
  demo: null,
  inbox: noRows(),
  cases: new Map(),
  drafts: new Map(),
  beside: new Map(),
  openAct: "",
  transcription: null,
  paper: null,
  ledger: null,
  registers: null,
  destinations: null,
  audit: null,
  openings: new Map(),
  retention: null,
  notice: null,
  viewing: null,
  help: false,
  traces: fresh(),
  search: noSearch(),
};

/** @type {() => void} */
let draw = () => {};
let waiting = false;

/** @param {() => void} fn */
export function onChange(fn) {
  draw = fn;
}

/** Draw once after all changes of this turn. */
export function changed() {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    draw();
  });
}

/** Change what the page remembers, or a part of it. @template {object} [T=State] @param {Partial<T>} part @param {T} [of] */
export function set(part, of) {
  Object.assign(of ?? state, part);
  changed();
}

let fading = 0;

/** A short line at the foot of the page; it goes by itself. @param {string} text @param {"good" | "bad" | "plain"} tone */
export function tell(text, tone = "good") {
  set({ notice: { text, tone } });
  window.clearTimeout(fading);
  fading = window.setTimeout(() => set({ notice: null }), tone === "bad" ? 12_000 : 6_000);
}

/** What the person had begun to write for an act, kept until it is signed. @param {string} id @param {string} kind @param {() => Draft["values"]} start @returns {Draft} */
export function draftOf(id, kind, start) {
  const key = `${id}/${kind}`;
  const draft = state.drafts.get(key);
  if (draft) return draft;
  const fresh = { values: start(), since: Date.now(), touched: false, sealed: null, busy: false, error: "" };
  state.drafts.set(key, fresh);
  return fresh;
}

/** A draft taken up from before the page was loaded anew. @param {string} key @param {Record<string, unknown>} values */
export function putDraft(key, values) {
  state.drafts.set(key, { values, since: 0, touched: true, sealed: null, busy: false, error: "" });
}

/** A case was read anew: forms that nobody touched begin again from what it says now; an act that had become impossible
 * and is offered again can be signed with what was typed. @param {string} id @param {string[]} offered */
export function renewDrafts(id, offered) {
  for (const kind of offered) {
    const draft = state.drafts.get(`${id}/${kind}`);
    if (draft) set({ lost: false }, draft);
  }
  for (const [key, { touched, sealed, busy, lost }] of state.drafts)
    if (key.startsWith(`${id}/`) && !touched && !sealed && !busy && !lost) state.drafts.delete(key);
}

/** @param {string} id @param {string} kind */
export function dropDraft(id, kind) {
  state.drafts.delete(`${id}/${kind}`);
}

/** What a module keeps beside `state` goes with it. @param {() => void} clear */
export function onForget(clear) {
  forgetting.push(clear);
}

/** Everything a person had opened goes: when somebody else unlocks the page, or he himself works for another office. */
export function forget() {
  for (const clear of forgetting) clear();
  state.cases.clear();
  state.drafts.clear();
  state.beside.clear();
  clearForms();
  set({
    openAct: "",
    transcription: null,
    paper: null,
    viewing: null,
    traces: fresh(),
    search: dropSearch(),
    ledger: null,
    registers: null,
    destinations: null,
    audit: null,
    openings: new Map(),
    retention: null,
    inbox: noRows(),
  });
}

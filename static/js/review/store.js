/** The page's memory and its one way to change: set, then draw again. Nothing here is ever written anywhere. */

/** Earlier claims as they were compared in this page: see repeats.js. */
function fresh() {
  return { rows: new Map(), whole: false, busy: false, error: false, unread: 0 };
}

/** @type {Record<string, any>} */
export const state = {
  route: { page: "inbox", id: "", filters: {} },
  office: null,
  /** @type {null | {over: boolean, resume: null | (() => void)}} */
  unlock: { over: false, resume: null },
  login: { name: "", slots: null, fileName: "", busy: false, error: "" },
  demo: null,
  inbox: { rows: [], next: "", counts: {}, busy: false, error: "", cursor: 0, search: "", filters: {} },
  cases: new Map(),
  drafts: new Map(),
  openAct: "",
  /** @type {any} */ entry: null,
  /** @type {any} */ paper: null,
  ledger: null,
  /** @type {any} */ registers: null,
  notice: null,
  help: false,
  traces: fresh(),
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

/** @param {Record<string, any>} part @param {any} [of] */
export function set(part, of = state) {
  Object.assign(of, part);
  changed();
}

let fading = 0;

/** A short line at the foot of the page; it goes by itself. @param {string} text @param {"good" | "bad" | "plain"} tone */
export function tell(text, tone = "good") {
  set({ notice: { text, tone } });
  window.clearTimeout(fading);
  fading = window.setTimeout(() => set({ notice: null }), tone === "bad" ? 12_000 : 6_000);
}

/** What the person had begun to write for an act, kept until it is signed. @param {string} id @param {string} kind @param {() => any} start */
export function draftOf(id, kind, start) {
  const key = `${id}/${kind}`;
  if (!state.drafts.has(key)) state.drafts.set(key, { values: start(), touched: false, sealed: null, busy: false, error: "" });
  return state.drafts.get(key);
}

/** @param {string} id @param {string} kind */
export function dropDraft(id, kind) {
  state.drafts.delete(`${id}/${kind}`);
}

/** Everything a person had opened goes, for instance when somebody else unlocks the page. */
export function forget() {
  state.cases.clear();
  state.drafts.clear();
  set({ openAct: "", entry: null, paper: null, traces: fresh(), ledger: null, registers: null, inbox: { rows: [], next: "", counts: {}, busy: false, error: "", cursor: 0, search: "", filters: {} } });
}

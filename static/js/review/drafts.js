/**
 * What was written and not signed yet survives a reload: sealed to its writer's own key, in this tab's storage. Without
 * his passphrase it is noise; locking the page, or somebody else unlocking it, takes it away.
 */

import { b64, text, unb64, utf8 } from "../crypto/encoding.js";
import { seal } from "../crypto/keys.js";
import { typedIn } from "./forms.js";

const PLACE = "drafts";
const INFO = utf8("whistle: drafts of this page v1");
const PAUSE = 400; // ms without a change before it is sealed again

/** @typedef {{values: Record<string, unknown>, touched: boolean}} Draft */
/** Drafts and forms by their key; `serves`: the office that was worked for, "" where that is not known.
 * @typedef {{serves: string, written: [string, Record<string, unknown>][]}} Kept */
/** @typedef {import("../crypto/keys.js").KeyPair} Keys */

let timer = 0;
/** What waits for the typing to pause. @type {(() => Promise<void>) | null} */ let waiting = null;
let kept = "";

/** Seal what was touched, once the typing pauses. @param {import("./types.js").State} state */
export function keepDrafts(state) {
  const { office } = state;
  if (!office?.keys) return;
  const { keys } = office;
  const written = writtenIn(state, typedIn(), office.offices().length > 1 ? office.serves : "");
  if (written === kept) return;
  kept = written;
  window.clearTimeout(timer);
  waiting = () => store(keys, written);
  timer = window.setTimeout(storeNow, PAUSE);
}

/** Without waiting: what somebody threw away does not come back with a reload in the same breath. */
export function storeNow() {
  window.clearTimeout(timer);
  const store_ = waiting;
  waiting = null;
  store_?.();
}

/** The touched drafts of acts, and what was typed in other forms, as text, with the office of whoever sits in several;
 * "" where there is neither.
 * @param {Pick<import("./types.js").State, "drafts">} state @param {[string, Record<string, unknown>][]} [typed] @param {string} [serves] */
export function writtenIn({ drafts }, typed = [], serves = "") {
  const touched = [...drafts].filter(([, draft]) => draft.touched && !draft.lost);
  const written = [...touched.map(([key, { values }]) => [key, values]), ...typed];
  return written.length || serves ? JSON.stringify({ serves, written }) : "";
}

/** @param {Keys} keys @param {string} written */
async function store(keys, written) {
  if (!written) return sessionStorage.removeItem(PLACE);
  const sealed = await seal(keys.kem, utf8(written), INFO);
  if (written === kept) sessionStorage.setItem(PLACE, b64(sealed));
}

/** What this person had written before the page was loaded anew; nothing where nothing opens.
 * @param {Keys} keys @returns {Promise<Kept>} */
export async function storedDrafts(keys) {
  const sealed = sessionStorage.getItem(PLACE);
  if (!sealed) return { serves: "", written: [] };
  try {
    kept = text(await keys.open(unb64(sealed), INFO));
    const found = JSON.parse(kept);
    // A release before this one kept the drafts alone.
    const { serves, written } = Array.isArray(found) ? { serves: "", written: found } : found;
    return { serves: String(serves), written: Object.entries(Object.fromEntries(written)) };
  } catch {
    forgetDrafts(); // another person's, or spoiled
    return { serves: "", written: [] };
  }
}

export function forgetDrafts() {
  window.clearTimeout(timer);
  waiting = null;
  kept = "";
  sessionStorage.removeItem(PLACE);
}

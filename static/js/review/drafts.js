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
/** @typedef {import("../crypto/keys.js").KeyPair} Keys */

let timer = 0;
let kept = "";

/** Seal what was touched, once the typing pauses. @param {import("./types.js").State} state */
export function keepDrafts(state) {
  const written = writtenIn(state, typedIn());
  const keys = state.office?.keys;
  if (written === kept || !keys) return;
  kept = written;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => store(keys, written), PAUSE);
}

/** The touched drafts of acts, and what was typed in other forms, as text; "" where there are none.
 * @param {Pick<import("./types.js").State, "drafts">} state @param {[string, Record<string, unknown>][]} [typed] */
export function writtenIn({ drafts }, typed = []) {
  const touched = [...drafts].filter(([, draft]) => draft.touched && !draft.lost);
  const all = [...touched.map(([key, { values }]) => [key, values]), ...typed];
  return all.length ? JSON.stringify(all) : "";
}

/** @param {Keys} keys @param {string} written */
async function store(keys, written) {
  if (!written) return sessionStorage.removeItem(PLACE);
  const sealed = await seal(keys.kem, utf8(written), INFO);
  if (written === kept) sessionStorage.setItem(PLACE, b64(sealed));
}

/** What this person had written before the page was loaded anew: drafts by their key, {} where nothing opens.
 * @param {Keys} keys @returns {Promise<Record<string, Record<string, unknown>>>} */
export async function storedDrafts(keys) {
  const sealed = sessionStorage.getItem(PLACE);
  if (!sealed) return {};
  try {
    const found = Object.fromEntries(JSON.parse(text(await keys.open(unb64(sealed), INFO))));
    kept = JSON.stringify(Object.entries(found));
    return found;
  } catch {
    forgetDrafts(); // another person's, or spoiled
    return {};
  }
}

export function forgetDrafts() {
  window.clearTimeout(timer);
  kept = "";
  sessionStorage.removeItem(PLACE);
}

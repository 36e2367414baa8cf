/** This person's drawer in the office he works for, as the pages read and change it. */

import { nothingKept, openDrawer, sealDrawer } from "../client/drawer.js";
import { ClientError } from "../client/errors.js";
import { shaped } from "../client/shapes.js";
import { getJson, postJson } from "../client/wire.js";
import { EnvelopeError } from "../crypto/errors.js";
import { office, sameOffice, sentence, signedIn } from "./session.js";
import { onForget, set } from "./store.js";
import { t } from "./words.js";

/** @typedef {import("../client/drawer.js").Kept} Kept */

const TRIES = 4;

/** `kept` is null until the box was opened; `broken`: it does not open with this key. */
const fresh = () => ({ kept: /** @type {Kept | null} */ (null), busy: false, broken: false, error: "" });

let own = fresh();
onForget(() => (own = fresh()));

/** What lies in it: nothing until it was fetched, which the first look begins. @returns {Kept} */
export function kept() {
  if (!own.kept && !own.busy && !own.error && office().keys) load();
  return own.kept ?? nothingKept();
}

/** How the drawer stands, for the page that shows it. */
export const standing = () => own;

/** Fetch it once more. */
export async function load() {
  const here = own;
  set({ busy: true, broken: false, error: "" }, here);
  try {
    const { found } = await fetched();
    if (here === own) set({ kept: found, busy: false }, here);
  } catch (error) {
    if (here !== own) return;
    // a page locked meanwhile has no fault: whoever unlocks it fetches the drawer anew
    set({ busy: false, ...(office().keys ? fault(error) : {}) }, here);
  }
}

/** Once more, where the last time it did not come: a case that is opened is compared with what lies in it. */
export function retry() {
  if (own.error && !own.busy && !own.broken && office().keys) load();
}

const fault = (/** @type {unknown} */ error) =>
  error instanceof EnvelopeError
    ? { broken: true, error: t("drawer.broken") }
    : { broken: false, error: sentence(error) };

/** With the keys of the person who asks: they may be dropped before the answer comes. */
async function fetched(where = place()) {
  const answer = shaped("/api/drawer", await signedIn(() => getJson("/api/drawer")));
  return { rev: answer.rev, found: await openDrawer({ ...where, rev: answer.rev }, answer.sealed) };
}

function place() {
  const { keys, rid, serves } = office();
  if (!keys) throw new ClientError("not_signed_in");
  return { keys, rid, office: serves };
}

/** Change what lies in it: `change` is asked of what lies there now, once more where another page was quicker, so that
 * neither loses anything. "" or the sentence of what went wrong. @param {(now: Kept) => Kept} change @param {boolean} [anew] from nothing, where it does not open */
export async function keep(change, anew = false) {
  const [here, same] = [own, sameOffice()];
  try {
    const where = place();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { rev, found } = await (anew ? replaced() : fetched(where));
      if (!same()) return "";
      const next = change(found);
      const sealed = await sealDrawer({ ...where, rev: rev + 1 }, next);
      if (!sealed) return t("drawer.full");
      if (!same()) return "";
      if (await put(rev, sealed)) {
        if (here === own) set({ kept: next, broken: false, error: "" }, here);
        return "";
      }
    }
    return t("error.busy", { seconds: 1 });
  } catch (error) {
    return fault(error).error;
  }
}

/** What cannot be opened goes: the number of the box alone is asked. */
async function replaced() {
  const { rev } = shaped("/api/drawer", await signedIn(() => getJson("/api/drawer")));
  return { rev, found: nothingKept() };
}

/** Whether nobody was quicker. @param {number} rev @param {string} sealed */
async function put(rev, sealed) {
  try {
    await signedIn(() => postJson("/api/drawer", { rev, sealed }));
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.code === "conflict") return false;
    throw error;
  }
}

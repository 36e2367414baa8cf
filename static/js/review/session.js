/** A request that meets an expired session waits for the unlock dialog and then goes on. */

import { ClientError } from "../client/errors.js";
import { Refused } from "../core/case.js";
import { EnvelopeError } from "../crypto/errors.js";
import { dropSearch, set, state } from "./store.js";
import { has, t } from "./words.js";

const PATIENCE = 5; // seconds

/** Works that met the end of the session: whose they are, how each goes on, and how it ends without.
 * @type {{of: import("./types.js").Office | null, go: (value: null) => void, end: (why: unknown) => void}[]} */
let waiting = [];

/** Several works may wait at once. They go on for the reader who began them, for nobody else. */
function resume() {
  const mine = waiting.filter(({ of }) => of === state.office);
  waiting = [];
  for (const { go } of mine) go(null);
}

/** What waited was begun for an office that its reader does not work for any more: it ends where it stood. */
export function giveUpWaiting() {
  const all = waiting;
  waiting = [];
  for (const { end } of all) end(new ClientError("not_signed_in"));
}

/** Asked before a question goes out: whether the page is still of this person and of this office. An answer that comes
 * later is nobody's. @returns {() => boolean} */
export function sameOffice() {
  const mine = office();
  const { serves } = mine;
  return () => office() === mine && mine.serves === serves;
}

/** The keys are dropped and the page stands behind the dialog, as it was, for whoever unlocks it again; what was gathered
 * for search goes.
 * @param {Partial<NonNullable<import("./types.js").State["unlock"]>>} why */
export function fold(why) {
  state.office?.lock();
  set({ search: dropSearch() });
  set({ unlock: { over: true, resume: null, at: window.scrollY, ...state.unlock, ...why } });
}

/**
 * Run what needs a session. When it has ended, the dialog opens over the page and the same work continues.
 * @template T @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function signedIn(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "not_signed_in") throw error;
      await new Promise((go, end) => {
        waiting.push({ of: state.office, go, end });
        fold({ resume });
      });
    }
  }
}

/** A session that ends on the way is unlocked and the same asked again; a busy door asks for patience. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
export async function patiently(work) {
  for (;;) {
    try {
      return await signedIn(work);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "too_many") throw error;
      await new Promise((go) => window.setTimeout(go, 1000 * Math.min(PATIENCE, error.facts.retry ?? PATIENCE)));
    }
  }
}

/** A fault in words: never data, never a stack. @param {unknown} error */
export function sentence(error) {
  const { code = "fault", facts } = /** @type {Partial<ClientError>} */ (error ?? {});
  const reason = facts?.reason;
  if (reason && has(`error.refused_${reason}`)) return t(`error.refused_${reason}`);
  if (reason) return t("error.refused", { reason });
  const places = { seconds: facts?.retry ?? 10 };
  return has(`error.${code}`) ? t(`error.${code}`, places) : t("error.other", { code });
}

/** Why a case did not open. Only a record that does not verify, or does not fold, is said to be one: a fault of the page
 * must not send anybody to look for a forger. @param {unknown} error */
export function openingFault(error) {
  if (error instanceof ClientError) return sentence(error);
  return t(error instanceof EnvelopeError || error instanceof Refused ? "error.chain" : "error.page");
}

/** Whether the page stands behind the dialog or without keys: nothing more is begun for a person who is not there. */
export const isShut = () => Boolean(state.unlock) || !state.office?.keys;

/** The office of this page: nothing that asks for it is drawn before somebody has unlocked it. @returns {import("./types.js").Office} */
export function office() {
  return /** @type {import("./types.js").Office} */ (state.office);
}

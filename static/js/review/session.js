/** A request that meets an expired session waits for the unlock dialog and then goes on. */

import { DoorError } from "../client/door.js";
import { set, state } from "./store.js";
import { has, t } from "./words.js";

/** Works that met the end of the session: whose they are, and how each goes on. @type {{of: any, go: () => void}[]} */
let waiting = [];

/** Several works may wait at once. They go on for the reader who began them, for nobody else. */
function resume() {
  const mine = waiting.filter(({ of }) => of === office());
  waiting = [];
  for (const { go } of mine) go();
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
      if (!(error instanceof DoorError) || error.code !== "not_signed_in") throw error;
      office()?.lock();
      await new Promise((go) => {
        waiting.push({ of: office(), go: () => go(null) });
        set({ unlock: { over: true, resume } });
      });
    }
  }
}

/** A fault in words: never data, never a stack. @param {any} error */
export function sentence(error) {
  const code = error?.code ?? "fault";
  const reason = error?.facts?.reason;
  if (reason && has(`error.refused_${reason}`)) return t(`error.refused_${reason}`);
  if (reason) return t("error.refused", { reason });
  const places = { seconds: error?.facts?.retry ?? 10 };
  return has(`error.${code}`) ? t(`error.${code}`, places) : t("error.other", { code });
}

/** The office of this page. @returns {any} */
export function office() {
  return state.office;
}

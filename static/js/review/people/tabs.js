/**
 * One browser holds one session: whoever unlocks a second tab takes it from the first. The first is told whose it is
 * now, before a request of his goes out in another's name and comes back as a riddle.
 */

import { fold } from "../session.js";
import { state } from "../store.js";

const CHANNEL = "whistle-office";

/** @type {BroadcastChannel | null} */
let channel = null;

/** Hear who unlocks in other tabs of this browser. */
export function startTabs() {
  channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
  channel?.addEventListener("message", ({ data }) => heard(data));
}

/** Tell the other tabs who holds the session now. @param {{rid: string, label: string}} who */
export const tellTabs = ({ rid, label }) => channel?.postMessage({ rid, label });

/** @param {{rid?: unknown, label?: unknown}} said by another tab of the same origin */
function heard(said) {
  if (!state.office || typeof said?.rid !== "string" || said.rid === state.office.rid) return;
  fold({ other: String(said.label) });
}

/**
 * Everything this reader may open, fetched page by page and opened here, for search. What was gathered lives in this page's
 * memory: it goes when the screen is folded or somebody else unlocks it, and nothing is added to what has gone.
 */

import { ClientError } from "../../client/errors.js";
import { Library } from "../../client/searching.js";
import { shaped } from "../../client/shapes.js";
import { getJson } from "../../client/wire.js";
import { zoneDay } from "../days.js";
import { lookForMentions } from "../mentions.js";
import { office, patiently, sentence } from "../session.js";
import { set, state } from "../store.js";

/** @typedef {import("../../client/answers.js").SearchedCase} SearchedCase */
/** @typedef {import("../types.js").Gathering} Gathering */

const AT_ONCE = 4; // cases opened side by side: the browser's own cryptography uses what cores there are

/** @returns {Gathering} */
const fresh = () => ({
  library: new Library(),
  busy: false,
  whole: false,
  next: "",
  all: 0,
  error: "",
  made: 0,
  stopped: false,
});

/** Begin, or go on where a lost connection or the reader himself ended it; anew once all was gathered. */
export async function gather() {
  const { gathered } = state.search;
  if (gathered?.busy) return;
  const mine = gathered && !gathered.whole ? gathered : fresh();
  if (gathered !== mine) gathered?.library.drop();
  set({ gathered: mine }, state.search);
  set({ busy: true, error: "", stopped: false }, mine);
  try {
    await through(mine);
  } catch (error) {
    set({ error: sentence(error) }, mine);
  }
  set({ busy: false }, mine);
}

/** It is this page's still: neither folded away, nor begun anew. @param {Gathering} mine */
const isKept = (mine) => state.search.gathered === mine && !mine.stopped;

/** The next page is on its way while this one is opened. @param {Gathering} mine */
async function through(mine) {
  let coming = page(mine.next);
  for (;;) {
    const { cases, next, all } = await coming;
    if (!isKept(mine)) return;
    set({ all }, mine);
    if (next) {
      coming = page(next);
      coming.catch(() => null); // told when it is awaited
    }
    for (let at = 0; at < cases.length; at += AT_ONCE) {
      await Promise.all(cases.slice(at, at + AT_ONCE).map((one) => take(one, mine)));
      if (!isKept(mine)) return;
      set({}, mine);
    }
    set({ next, whole: !next, made: next ? 0 : Date.now() }, mine);
    if (!next) return;
  }
}

/** @param {string} after */
async function page(after) {
  const path = /** @type {"/api/search"} */ (`/api/search?after=${after}`);
  return shaped("/api/search", await patiently(() => getJson(path)));
}

/** A case that does not open is counted and said, and the others are read all the same.
 * @param {SearchedCase} one @param {Gathering} mine */
async function take({ case: id, number, posts }, mine) {
  try {
    const view = await office().openServed(id, { posts, number, today: zoneDay(), clocks: [] });
    if (!isKept(mine)) return;
    mine.library.put(view);
    lookForMentions(view);
  } catch (error) {
    if (error instanceof ClientError) throw error;
    if (isKept(mine)) mine.library.unread.add(id); // else the keys went meanwhile: nothing was wrong with the case
  }
}

/** A case that was opened by itself is known as it is now. @param {import("../../client/view.js").View} view */
export function renew(view) {
  const { gathered } = state.search;
  if (gathered?.whole) gathered.library.put(view);
}

/** When all was gathered, for people. @param {Gathering} gathered */
export const clock = ({ made }) =>
  made ? new Date(made).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }) : "";

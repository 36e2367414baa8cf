/** A round through every case that this reader may see in the office he works for. */

import { html, nothing } from "lit";
import { ClientError } from "../../client/errors.js";
import { getJson } from "../../client/wire.js";
import { isShut, office, signedIn } from "../session.js";
import { changed, onForget } from "../store.js";
import { t } from "../words.js";

const PAGE = 200;

/** @typedef {{case: string, number: string, state: string, day: string}} Row of the inbox */

/** What is under way. @type {Set<object>} */
const running = new Set();
onForget(() => running.clear());

/** Whether a round is under way: meanwhile nobody works for another office. */
export const isOnRound = () => running.size > 0;

/** Work that is a round as well, through a list made before. @param {() => Promise<void>} work */
export async function onRound(work) {
  const mine = {};
  running.add(mine);
  try {
    await work();
  } finally {
    running.delete(mine);
    changed(); // the choice of the office is free again
  }
}

/** Page after page. @returns {AsyncGenerator<Row>} */
export async function* everyCase() {
  const mine = {};
  running.add(mine);
  try {
    for (let after = ""; ;) {
      const page = await signedIn(() => getJson(`/api/inbox?${new URLSearchParams({ after, limit: String(PAGE) })}`));
      for (const row of page.rows) {
        if (isShut()) throw new ClientError("not_signed_in"); // behind a folded page nothing more is begun
        yield row;
      }
      after = page.next;
      if (!after) return;
    }
  } finally {
    running.delete(mine);
  }
}

/** Told where he sits in other offices too: a round is of this one alone. */
export function elsewhere() {
  const { seats, serves } = office();
  const others = new Set(seats.filter((seat) => seat.office !== serves).map(({ channel }) => channel.label));
  return others.size
    ? html`<p class="say">${t("handover.elsewhere", { others: [...others].join("、") })}</p>`
    : nothing;
}

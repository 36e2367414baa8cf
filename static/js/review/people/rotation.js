/** The card of 换钥: every case this key opens is handed to the person's other keys, one after the other. */

import { html, nothing } from "lit";
import { handOver, hasOtherKey } from "../../client/rotation.js";
import { elsewhere, everyCase } from "./rounds.js";
import { office, signedIn } from "../session.js";
import { set } from "../store.js";
import { t } from "../words.js";

/** @type {{busy: boolean, over: boolean, seen: number, done: number, stayed: string[]}} `stayed`: numbers of what was not handed over */
const round = { busy: false, over: false, seen: 0, done: 0, stayed: [] };

/** All of them; a case that cannot be handed over does not hold up the others. */
async function handAll() {
  const mine = office();
  set({ busy: true, over: false, seen: 0, done: 0, stayed: [] }, round);
  try {
    for await (const row of everyCase()) {
      const handed = await signedIn(() => handOver(mine, row.case)).catch(() => null);
      round.seen += 1;
      if (handed) round.done += 1;
      if (handed === null) round.stayed.push(row.number || t("inbox.no_number"));
      set({}, round);
    }
    set({ busy: false, over: true }, round);
  } catch {
    set({ busy: false, stayed: [...round.stayed, "…"] }, round); // the list itself broke off
  }
}

/** On the list, while another key of this person is listed. */
export function rotationCard() {
  if (!hasOtherKey(office())) return nothing;
  const { busy, over, seen, done, stayed } = round;
  return html`<section class="card rotation" aria-busy=${busy ? "true" : "false"}>
    <h2>${t("rotation.title")}</h2>
    <p class="quietly">${t("rotation.hint")}</p>
    ${elsewhere()}
    <button class="main" ?disabled=${busy} @click=${handAll}>${t(busy ? "rotation.busy" : "rotation.start")}</button>
    <p role="status">
      ${busy ? t("rotation.so_far", { seen, done }) : over && !stayed.length ? t(office().offices().length > 1 ? "rotation.done_here" : "rotation.done", { seen, done }) : nothing}
    </p>
    ${
      stayed.length
        ? html`<p class="say bad" role="alert">
            ${t("rotation.stayed", { count: stayed.length, numbers: [...new Set(stayed)].join("、") })}
          </p>`
        : nothing
    }
  </section>`;
}

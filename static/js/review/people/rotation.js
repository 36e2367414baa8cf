/** The card of 换钥: every case this key opens is handed to the person's other keys, one after the other. */

import { html, nothing } from "lit";
import { handOver, hasOtherKey } from "../../client/rotation.js";
import { elsewhere, everyCase } from "./rounds.js";
import { office, signedIn } from "../session.js";
import { onForget, set } from "../store.js";
import { t } from "../words.js";

/** `stayed`: numbers of what was not handed over.
 * @returns {{busy: boolean, over: boolean, seen: number, done: number, stayed: string[]}} */
const fresh = () => ({ busy: false, over: false, seen: 0, done: 0, stayed: [] });

let round = fresh();
onForget(() => (round = fresh()));

/** All of them; a case that cannot be handed over does not hold up the others. */
async function handAll() {
  const mine = office();
  const here = round;
  set({ ...fresh(), busy: true }, here);
  try {
    for await (const row of everyCase()) {
      if (here !== round) return; // the page is of another office now, or of another person
      const handed = await signedIn(() => handOver(mine, row.case)).catch(() => null);
      here.seen += 1;
      if (handed) here.done += 1;
      if (handed === null) here.stayed.push(row.number || t("inbox.no_number"));
      set({}, here);
    }
    set({ busy: false, over: true }, here);
  } catch {
    set({ busy: false, stayed: [...here.stayed, "…"] }, here); // the list itself broke off
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

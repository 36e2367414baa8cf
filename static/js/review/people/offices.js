/** Whoever sits in several offices works for one at a time: the list, the ledger and the registers are that one's. */

import { html, nothing } from "lit";
import { formatHash } from "../route.js";
import { office } from "../session.js";
import { forget, state } from "../store.js";
import { t } from "../words.js";
import { isOnRound } from "./rounds.js";

/** The name of an office he sits in: that of its first channel, as the zone signed it. @param {string} name */
const labelOf = (name) => office().seats.find((seat) => seat.office === name)?.channel.label || name;

/** The choice in the bar; nothing for who sits in one office. A report that is being taken down, and a round through
 * all cases, are finished first: they are of the office they were begun for. */
export function officeSwitch() {
  const offices = office().offices();
  if (offices.length < 2) return nothing;
  const busy = Boolean(state.transcription?.touched) || isOnRound();
  return html`<select
    class="office"
    aria-label=${t("nav.office")}
    title=${busy ? t("nav.office_busy") : t("nav.office")}
    ?disabled=${busy}
    @change=${(/** @type {Event} */ event) => workFor(/** @type {HTMLSelectElement} */ (event.target).value)}
  >
    ${offices.map((name) => html`<option value=${name} ?selected=${name === office().serves}>${labelOf(name)}</option>`)}
  </select>`;
}

/** What was opened for the other office goes; what was written waits in its forms. @param {string} name */
function workFor(name) {
  office().serve(name);
  const drafts = [...state.drafts];
  forget();
  for (const [key, draft] of drafts) state.drafts.set(key, draft);
  const list = formatHash("inbox");
  if (location.hash === list) window.dispatchEvent(new Event("hashchange"));
  else location.hash = list;
}

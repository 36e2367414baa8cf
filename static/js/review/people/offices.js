/** Whoever sits in several offices works for one at a time: the list, the ledger and the registers are that one's. */

import { html, nothing } from "lit";
import { formatHash } from "../route.js";
import { office } from "../session.js";
import { putBack, typedIn } from "../forms.js";
import { forget, set, state } from "../store.js";
import { t } from "../words.js";
import { isWorking } from "./quiet.js";
import { isOnRound } from "./rounds.js";

/** The name of an office he sits in: that of its first channel, as the zone signed it. @param {string} name */
const labelOf = (name) => office().seats.find((seat) => seat.office === name)?.channel.label || name;

/** What is of the office it was begun for and is finished, or put away, first: a round through all cases, what is being
 * sealed, sent or made, what stands in a form that no case keeps, a code that is not handed over yet. */
const isBusy = () => isOnRound() || isWorking() || typedIn().length > 0 || Boolean(state.transcription?.done);

/** The choice in the bar; nothing for who sits in one office. */
export function officeSwitch() {
  const offices = office().offices();
  if (offices.length < 2) return nothing;
  const busy = isBusy();
  return html`<select
    class="office"
    aria-label=${t("nav.office")}
    aria-describedby=${busy ? "office-why" : nothing}
    ?disabled=${busy}
    @change=${(/** @type {Event} */ event) => workFor(/** @type {HTMLSelectElement} */ (event.target).value)}
  >
    ${offices.map((name) => html`<option value=${name} ?selected=${name === office().serves}>${labelOf(name)}</option>`)}
  </select>`;
}

/** Why the choice is shut, where a finger finds it. */
export function officeShut() {
  const shut = office().offices().length > 1 && isBusy();
  return shut ? html`<p class="why" id="office-why">${t("nav.office_busy")}</p>` : nothing;
}

/** @param {string} name */
function workFor(name) {
  if (isBusy()) return;
  office().serve(name);
  leaveOffice();
  const list = formatHash("inbox");
  if (location.hash === list) window.dispatchEvent(new Event("hashchange"));
  else location.hash = list;
}

/** What was opened for the office he worked for goes; what was written about a case waits in its draft, a report that was
 * being taken down in its sheet, and a code that was not handed over yet stays in sight. */
export function leaveOffice() {
  const drafts = [...state.drafts];
  const typed = typedIn();
  const { transcription } = state;
  forget();
  for (const [key, draft] of drafts) state.drafts.set(key, draft);
  for (const [key, values] of typed) putBack(key, values, false);
  set({ transcription: transcription?.done ? transcription : null });
}

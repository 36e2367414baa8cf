/** What hardly changes in a session, fetched once: the packs, and the working-day tables of the years. */

import { shaped } from "../client/shapes.js";
import { getJson } from "../client/wire.js";

/** @type {ReturnType<typeof fetched> | null} */
let asked = null;

async function fetched() {
  const [packs, calendar] = await Promise.all([getJson("/api/packs"), getJson("/api/calendar")]);
  return { packs: shaped("/api/packs", packs).packs, years: shaped("/api/calendar", calendar).years };
}

/** One question for all who ask; asked again after a failure. */
export function reference() {
  asked ??= fetched().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

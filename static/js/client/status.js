/** What the door says of a case beside its posts: the day, and when each step is due. The twin of whistle/client/status.py. */

import { day as isDay } from "../crypto/strict.js";
import { refuse } from "../crypto/errors.js";

/** @typedef {import("../core/record.js").Clock} Clock */
/** When a step ends, as the door's calendar gives it; it runs while `stop` is "".
 * @typedef {{step: string, start: string, due: string, stop: string, provisional: boolean}} Due */

/** A refusal after an award was told is another thing than one by the rules: why it was taken back, "" where the case is
 * not refused for that. @param {{seen: string}} folded @param {{kind: string, fields: Record<string, any>}[]} acts @returns {string} */
export function cancelledFor({ seen }, acts) {
  const last = acts.filter(({ kind }) => kind === "award.cancel" || kind === "award.refuse").pop();
  return seen === "refused" && last?.kind === "award.cancel" ? last.fields.reason : "";
}

/** In which role the author of a post speaks to her: a kind that she is shown has one, a talk one for each of its
 * compartments. "" for herself. @param {{kind: string, author: string, fields: Record<string, any>}} act @param {any} workflow @returns {string} */
export function roleOf({ kind, author, fields }, { kinds }) {
  if (author === "reporter") return "";
  const { roles, roles_by: by } = kinds[kind];
  return (by?.comp?.[fields.comp] ?? roles).find((/** @type {string} */ role) => role !== "reporter") ?? "";
}

/** The zone's day. @param {unknown} served @returns {string} */
export function todayOf(served) {
  return isDay(served);
}

/** The days that are told of clocks which the posts themselves started and stopped: of any other the door may say what it
 * likes. The due day is its word (a calendar is behind it), but never before the clock began.
 * @param {unknown} served @param {readonly Pick<Clock, "step" | "start" | "stop">[]} clocks of the fold @returns {Due[]} */
export function duesOf(served, clocks) {
  const known = new Set(clocks.map(({ step, start, stop }) => `${step} ${start} ${stop}`));
  return shapes(served).filter((one) => known.has(`${one.step} ${one.start} ${one.stop}`));
}

/** When the first answer is due after filing, null when the door says nothing that can be. @param {unknown} served @param {string} filed the day of the report @returns {Due | null} */
export function firstDue(served, filed) {
  return shapes(served).find(({ step, start, stop }) => step === "accept" && start === filed && !stop) ?? null;
}

/** @param {unknown} served @returns {Due[]} */
function shapes(served) {
  if (!Array.isArray(served)) return refuse("malformed");
  return served.map(shape).filter(({ due, start }) => due === "" || due >= start);
}

/** @param {Record<string, unknown>} one @returns {Due} */
function shape(one) {
  if (one === null || typeof one !== "object" || typeof one.step !== "string") return refuse("malformed");
  const [due, stop] = [one.due, one.stop].map((value) => (value === "" ? "" : isDay(value)));
  return { step: one.step, start: isDay(one.start), due, stop, provisional: one.provisional === true };
}

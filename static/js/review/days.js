/** Days as text, in the zone's time (UTC+08:00), and how far away they are. */

import { zoneDay } from "../core/clock.js";

const DAY = 86_400_000;
const ZONE = 8 * 3_600_000;

export { zoneDay };

/** A post's `when` (day, or UTC minute) as the zone reads it. @param {string} when */
export function zoneTime(when) {
  if (when.length === 10) return when;
  return new Date(Date.parse(when) + ZONE).toISOString().slice(0, 16).replace("T", " ");
}

/** The day `count` days later. @param {string} day @param {number} count */
export function addDays(day, count) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

/** The months from one to another, both taken in; from "" the last and the one before it. @param {string} from @param {string} to @returns {string[]} */
export function monthsBetween(from, to) {
  const number = (/** @type {string} */ month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const first = from ? number(from) : number(to) - 1;
  const name = (/** @type {number} */ at) => `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  return Array.from({ length: Math.max(0, number(to) - first + 1) }, (_, at) => name(first + at));
}

/** Whole days from one day to another, negative when past. @param {string} from @param {string} to */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/** @typedef {import("../client/answers.js").Year} Year */

/** True on a working day by a year's table, or by weekends alone when the year is not known. @param {string} day @param {Record<string, Year>} years */
function working(day, years) {
  const table = years[day.slice(0, 4)];
  if (table && table.rest.includes(day)) return false;
  if (table && table.work.includes(day)) return true;
  if (!table && day.endsWith("-01-01")) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** The working days after one day up to another, which is counted. @param {string} from @param {string} to @param {Record<string, Year>} years */
export function workingDays(from, to, years) {
  const all = Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, at) => addDays(from, at + 1));
  return all.filter((day) => working(day, years)).length;
}

/**
 * How long is left, as a word key and its numbers, days and working days: colour never speaks alone. Time that is the
 * reporter's own (`hers`) passes, and nobody is late.
 * @param {string} due @param {string} today @param {Record<string, Year>} years @param {boolean} [hers] @returns {{key: string, days: number, work: number}}
 */
export function remaining(due, today, years, hers = false) {
  if (!due) return { key: "left.none", days: 0, work: 0 };
  const days = daysBetween(today, due);
  const work = workingDays(today, due, years);
  if (days < 0) return { key: hers ? "left.past" : "left.over", days: -days, work };
  if (days === 0) return { key: "left.today", days, work };
  return { key: days === 1 ? "left.tomorrow" : "left.days", days, work };
}

/**
 * The last day of a limit in calendar days: the day of the event is not counted, and an end on a rest day
 * moves to the next working day.
 * @param {string} start @param {number} limit @param {Record<string, Year>} years
 */
export function dueDay(start, limit, years) {
  let day = addDays(start, limit);
  while (!working(day, years)) day = addDays(day, 1);
  return { day, provisional: !years[day.slice(0, 4)] };
}

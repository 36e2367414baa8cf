// The zone's day; the twin of whistle/core/clock.py.

const ZONE = 8 * 3_600_000; // UTC+08:00

/** The zone's day of a moment. @param {number} [now] milliseconds @returns {string} YYYY-MM-DD */
export function zoneDay(now = Date.now()) {
  return new Date(now + ZONE).toISOString().slice(0, 10);
}

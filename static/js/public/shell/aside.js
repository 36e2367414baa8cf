/** A report put aside on this phone: sealed under a word of hers, kept for a day, and only where she asked for it. */

const NAME = "draft";
const HOUR = 3_600_000; // milliseconds
const DAY = 24 * HOUR;

/** What lies there, "" for nothing. One whose day is over goes, and one from a clock that was set back since. */
export function aside() {
  try {
    const kept = localStorage.getItem(NAME) ?? "";
    const left = Number.parseInt(kept, 10) - Date.now();
    if (left > 0 && left <= DAY) return kept.slice(kept.indexOf(":") + 1);
    if (kept) drop();
  } catch {
    // A browser that keeps nothing has nothing.
  }
  return "";
}

/** Its end, at most a day ahead, stands beside it as a whole hour: whoever finds the phone learns no minute at which she wrote. Throws where the
 * browser keeps nothing. @param {string} sealed */
export const putAside = (sealed) =>
  localStorage.setItem(NAME, `${Math.floor((Date.now() + DAY) / HOUR) * HOUR}:${sealed}`);

export function drop() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // As above.
  }
}

/** Other people's words on our page: shown exactly, with what would deceive the eye made visible. */

const HIDDEN = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** Bidi controls as their code points: a name must not read differently from what it is. @param {string} text */
export function visible(text) {
  return text.replace(HIDDEN, (mark) => `⟦U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`);
}

/** A JSON item, or null: what a person sealed may be anything. @param {string} text @returns {any} */
export function readJson(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** @param {number} bytes */
export function fileSize(bytes) {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

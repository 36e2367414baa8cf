/**
 * Characters that do not show but change what is read, by the one list hidden.json: shown as their code, so that nobody
 * is fooled by a name. The twin of whistle/core/visible.py.
 */

import list from "../../../whistle/core/hidden.json" with { type: "json" };

const HIDDEN = new RegExp(`[${list.ranges.map(([from, to]) => `\\u{${from}}-\\u{${to}}`).join("")}]`, "u");
const EVERY = new RegExp(HIDDEN.source, "gu");

/** The text with every hidden character as ⟦U+200B⟧. @param {string} text */
export function visible(text) {
  return text.replace(EVERY, (char) => `⟦${codePoint(char)}⟧`);
}

/** The text without its hidden characters. @param {string} text */
export function unhidden(text) {
  return text.replace(EVERY, "");
}

/** The text cut into pieces that show and characters that do not. @param {string} text @returns {{text: string, hidden: boolean}[]} */
export function pieces(text) {
  /** @type {{text: string, hidden: boolean}[]} */
  const out = [];
  for (const char of text) {
    const hidden = HIDDEN.test(char);
    const last = out[out.length - 1];
    if (!hidden && last && !last.hidden) last.text += char;
    else out.push({ text: hidden ? codePoint(char) : char, hidden });
  }
  return out;
}

/** @param {string} char */
function codePoint(char) {
  return "U+" + /** @type {number} */ (char.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0");
}

/** Whether a writer may send this text as it stands (line breaks and tabs may stay). @param {string} text */
export function isClean(text) {
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]/u.test(text);
}

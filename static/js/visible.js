/** Characters that do not show but change what is read: shown as their code, so that nobody is fooled by a name. */

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

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

/** A node that shows the text whole, with each hidden character marked. @param {string} text @param {string} label */
export function shown(text, label) {
  const node = document.createDocumentFragment();
  for (const piece of pieces(text)) {
    if (!piece.hidden) node.append(piece.text);
    else node.append(Object.assign(document.createElement("span"), { className: "odd", title: label, textContent: piece.text }));
  }
  return node;
}

/** Who is meant in a note 提到: a label behind an @, in the sealed words and nowhere else. */

/** @typedef {import("../crypto/chain.js").Act} Act */
/** A stretch of a note; `label`: whom it means, "" for plain words. @typedef {{text: string, label: string}} Stretch */

/** The words, cut where somebody is meant; of labels that begin alike the longest that stands there.
 * @param {string} text @param {string[]} labels @returns {Stretch[]} */
export function stretches(text, labels) {
  const longest = [...labels].filter(Boolean).sort((one, other) => other.length - one.length);
  /** @type {Stretch[]} */
  const found = [];
  let plain = "";
  for (let at = 0; at < text.length;) {
    const label = (text[at] === "@" && longest.find((one) => text.startsWith(one, at + 1))) || "";
    if (label) {
      if (plain) found.push({ text: plain, label: "" });
      found.push({ text: `@${label}`, label });
      plain = "";
    } else plain += text[at];
    at += label ? label.length + 1 : 1;
  }
  return plain ? [...found, { text: plain, label: "" }] : found;
}

/** Whether a note means this person, and he has done nothing on the case since. A note of his own means nobody.
 * @param {{acts: Act[], items: import("./reading.js").Opened[]}} view @param {string} person @param {string} mine his label @param {string[]} labels of everybody who may be meant */
export function isMeant({ acts, items }, person, mine, labels) {
  const last = acts.reduce((at, act, place) => (act.person === person ? place : at), -1);
  const since = new Set(acts.slice(last + 1).map(({ hash }) => hash));
  return items.some(
    ({ kind, post, text }) =>
      kind === "note" && since.has(post) && stretches(text, labels).some(({ label }) => label === mine),
  );
}

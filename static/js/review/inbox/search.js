/** Search and likely duplicates over the cards opened in this browser; the words never leave it. */

/** @param {string} text */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

export class CardIndex {
  constructor() {
    /** @type {Map<string, {number: string, card: Record<string, string>, text: string}>} */
    this.rows = new Map();
  }

  /** @param {string} id @param {string} number @param {Record<string, string>} card */
  add(id, number, card) {
    const words = [number, card.enterprise, card.place, card.line, card.sector, card.category];
    this.rows.set(id, { number, card, text: fold(words.filter(Boolean).join("\n")) });
  }

  /** A case that was opened here before it had its number has got it. @param {string} id @param {string} number */
  renumber(id, number) {
    const row = this.rows.get(id);
    if (row && row.number !== number) this.add(id, number, row.card);
  }

  /** Does the case hold every word of the query? @param {string} id @param {string} query */
  matches(id, query) {
    const row = this.rows.get(id);
    const words = query.split(/\s+/).map(fold).filter(Boolean);
    return words.every((part) => row !== undefined && row.text.includes(part));
  }

  /** The other cases opened here, likely duplicates first. @param {string} id */
  others(id) {
    const alike = new Set(this.alike(id));
    const rows = [...this.rows]
      .filter(([other]) => other !== id)
      .map(([other, { number, card }]) => ({ id: other, number, card }));
    return [...rows.filter((row) => alike.has(row.id)), ...rows.filter((row) => !alike.has(row.id))];
  }

  /** Other cases on the same enterprise: a hint, never a decision. @param {string} id @returns {string[]} */
  alike(id) {
    const own = this.rows.get(id);
    const name = own ? fold(own.card.enterprise || "") : "";
    if (name.length < 2) return [];
    return [...this.rows]
      .filter(([other, row]) => other !== id && sameUnit(name, fold(row.card.enterprise || "")))
      .map(([other]) => other);
  }
}

/** Both name an enterprise, and neither name is part of the other. @param {string | undefined} one @param {string | undefined} two */
export function isOtherUnit(one, two) {
  const [first, second] = [fold(one || ""), fold(two || "")];
  return first !== "" && second !== "" && first !== second && !sameUnit(first, second);
}

function sameUnit(/** @type {string} */ one, /** @type {string} */ two) {
  return two.length >= 2 && (one.includes(two) || two.includes(one));
}

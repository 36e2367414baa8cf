/**
 * The page's words: one JSON block rendered with the page, so that no sentence stands in script and every
 * language is a template away.
 */

/** @type {Record<string, string>} */
let table = {};

/** Take the words of a block, tables within tables; the page does it once. @param {Record<string, any>} words */
export function setWords(words) {
  table = Object.fromEntries(flat(words, ""));
}

/** @param {Record<string, any>} words @param {string} before @returns {[string, string][]} */
function flat(words, before) {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [/** @type {[string, string]} */ ([before + key, value])] : flat(value, `${before}${key}.`));
}

/** Read the JSON script block of that id, or the fallback when the page has none. @param {string} id @param {any} fallback */
export function block(id, fallback = null) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent || "null") : fallback;
}

/** True when a word exists. @param {string} key */
export function has(key) {
  return Object.prototype.hasOwnProperty.call(table, key);
}

/**
 * The word under `key`, its `{name}` places filled. A missing word shows its key: ugly, never wrong.
 * @param {string} key @param {Record<string, string | number>} [places]
 */
export function t(key, places = {}) {
  const word = has(key) ? table[key] : key;
  return word.replace(/\{(\w+)\}/g, (whole, name) => (name in places ? String(places[name]) : whole));
}

/** Keys under a prefix, in the order of the block, without it. @param {string} prefix */
export function under(prefix) {
  return Object.keys(table).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** The word, or a plain fallback such as free text that is no known id. @param {string} key @param {string} fallback */
export function word(key, fallback) {
  return has(key) ? t(key) : fallback;
}

/**
 * The page's words: one JSON block rendered with the page, so that no sentence stands in script and every
 * language is a template away.
 */

/** Words by key, tables within tables. @typedef {{[key: string]: string | Words}} Words */

/** @type {Record<string, string>} */
let table = {};

/** Take the words of a block, tables within tables; the page does it once. @param {Words} words */
export function setWords(words) {
  table = Object.fromEntries(flat(words, ""));
}

/** @param {Words} words @param {string} before @returns {[string, string][]} */
function flat(words, before) {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string"
      ? [/** @type {[string, string]} */ ([before + key, value])]
      : flat(value, `${before}${key}.`),
  );
}

/** The words of the JSON script block of that id, none when the page has no such block. @param {string} id @returns {Words} */
export function block(id) {
  return JSON.parse(document.getElementById(id)?.textContent || "{}");
}

/** @type {Map<string, string> | null} */
let official = null;

/** The office's own words in Chinese, whatever the page's language: papers and registers are written in no other. "" for
 * what is none. @param {string} key */
export function say(key) {
  official ??= new Map(flat(block("official"), ""));
  return official.get(key) ?? "";
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
  return Object.keys(table)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

/** The word, or a plain fallback such as free text that is no known id. @param {string} key @param {string} fallback */
export function word(key, fallback) {
  return has(key) ? t(key) : fallback;
}

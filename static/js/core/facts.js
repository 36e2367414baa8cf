// The facts a sum rests on; the twin of whistle/core/facts.py. Keys stay those of the sealed document.

import { RuleError, refuse } from "./errors.js";
import { dump, isPlain, load } from "./strictjson.js";
import { checkFen, parse } from "./yuan.js";

/**
 * @typedef {object} Facts
 * @property {string} kind
 * @property {number} fine fen decided for the reported matter
 * @property {boolean} employee true only when employment is proven
 * @property {number} officer_value fen, inside the band of a general hazard
 * @property {string} reason
 * @property {number} deaths fixes the accident's grade
 * @property {number} deaths_concealed are paid for
 * @property {string} annex_item
 * @property {string} domain
 */

export const KINDS = ["major_hazard", "violation", "general_hazard", "concealed_accident"];
export const MAX_DEATHS = 100000;
export const MONEY = ["fine", "officer_value"]; // in fen
/** What a proposal takes over from the finding; the rest (employment, officer's value and its reason) is payout's own. */
export const TAKEN_OVER = ["kind", "fine", "deaths", "deaths_concealed", "annex_item", "domain"];
/** @type {Facts} in the order of the document */
const EMPTY = {
  kind: "",
  fine: 0,
  employee: false,
  officer_value: 0,
  reason: "",
  deaths: 0,
  deaths_concealed: 0,
  annex_item: "",
  domain: "",
};
const NAMES = Object.keys(EMPTY);
// A fact that the kind of case has no use for is a slip of the pen: refused, never ignored.
/** @type {Record<string, string[]>} */
const ONLY = {
  officer_value: ["general_hazard"],
  reason: ["general_hazard"],
  deaths: ["concealed_accident"],
  deaths_concealed: ["concealed_accident"],
  annex_item: ["major_hazard", "violation", "general_hazard"],
};
/** @type {Record<string, number>} */
const SIZES = { reason: 600, annex_item: 64 };
const DOMAIN = /^[a-z0-9_]{0,32}$/;

/** The same facts, whole and in order, or RuleError with the code of what cannot be. @param {Partial<Facts>} given @returns {Facts} */
export function checkFacts(given) {
  const facts = { ...EMPTY, ...given };
  checkTypes(facts);
  if (!KINDS.includes(facts.kind)) return refuse("kind_unknown");
  checkFen(facts.fine);
  checkFen(facts.officer_value);
  const { deaths, deaths_concealed: concealed, kind } = facts;
  if (deaths < 0 || deaths > MAX_DEATHS) return refuse("deaths_range", { deaths });
  if (concealed < 0 || concealed > deaths) return refuse("more_concealed_than_dead", { deaths, concealed });
  for (const [fact, kinds] of Object.entries(ONLY)) {
    if (valueOf(facts, fact) && !kinds.includes(kind)) return refuse("fact_unused", { fact, kind });
  }
  if (facts.officer_value && facts.fine) return refuse("fact_unused", { fact: "officer_value", kind });
  return facts;
}

/** @param {Facts} facts @param {string} name @returns {unknown} */
function valueOf(facts, name) {
  return facts[/** @type {keyof Facts} */ (name)];
}

/** The names of the facts not taken over from the finding; all of them where it states none. @param {Facts | null} found @param {Facts} proposed */
export function differences(found, proposed) {
  return TAKEN_OVER.filter((name) => found === null || valueOf(found, name) !== valueOf(proposed, name));
}

/** @param {Facts} facts */
function checkTypes(facts) {
  for (const name of NAMES) {
    const value = valueOf(facts, name);
    if (typeof value !== typeof valueOf(EMPTY, name)) refuse("fact_type", { fact: name });
    if (typeof value === "number" && !Number.isSafeInteger(value)) refuse("fact_type", { fact: name });
  }
  for (const [name, size] of Object.entries(SIZES)) {
    if (!isPlain(String(valueOf(facts, name)), size)) refuse("fact_text", { fact: name });
  }
  if (!DOMAIN.test(facts.domain)) refuse("fact_text", { fact: "domain" });
}

/** Facts as people write them: JSON with sums as text in yuan. @param {string} typed @returns {Facts} */
export function factsFromYuan(typed) {
  const value = parseObject(typed);
  const names = Object.keys(value);
  if (!names.includes("kind")) return refuse("kind_missing");
  if (!names.every((name) => NAMES.includes(name))) return refuse("fact_unknown");
  return checkFacts(
    Object.fromEntries(names.map((name) => [name, MONEY.includes(name) ? parse(value[name]) : value[name]])),
  );
}

/** @param {string} typed @returns {Record<string, unknown>} */
function parseObject(typed) {
  let value;
  try {
    value = JSON.parse(typed);
  } catch {
    return refuse("facts_json");
  }
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : refuse("facts_json");
}

/** The body of the `award` item: strict JSON, the salt first. @param {Partial<Facts>} facts @param {Uint8Array} salt 32 bytes */
export function factsDocument(facts, salt) {
  if (salt.length !== 32) return refuse("salt_size");
  const checked = checkFacts(facts);
  return dump(Object.fromEntries([["salt", b64(salt)], ...NAMES.map((name) => [name, valueOf(checked, name)])]));
}

/** A facts document back into facts and salt; anything but the one spelling is refused. @param {Uint8Array | string} data @returns {[Facts, Uint8Array]} */
export function parseFacts(data) {
  const value = orRefuse("facts_json", () => load(data));
  const keys = value !== null && typeof value === "object" ? Object.keys(value) : [];
  if (JSON.stringify(keys) !== JSON.stringify(["salt", ...NAMES])) return refuse("facts_keys");
  const { salt, ...facts } = value;
  return [checkFacts(facts), unb64(salt)];
}

/** @template T @param {string} code @param {() => T} run @returns {T} */
function orRefuse(code, run) {
  try {
    return run();
  } catch (error) {
    if (error instanceof RuleError) throw error;
    return refuse(code);
  }
}

/** @param {Uint8Array} bytes */
function b64(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/** @param {unknown} text */
function unb64(text) {
  const raw = orRefuse("salt_size", () => atob(String(text).replace(/-/g, "+").replace(/_/g, "/")));
  const salt = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  return salt.length === 32 && b64(salt) === text ? salt : refuse("salt_size");
}

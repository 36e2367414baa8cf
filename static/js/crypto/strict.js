// Strict JSON (envelope.md section 2): a document is valid only if writing its parse again gives the same bytes.
// A schema is a function: it returns the value, keys in order, or refuses it.

import { text, unb64, utf8 } from "./encoding.js";
import { EnvelopeError, refuse } from "./errors.js";

/**
 * @template T
 * @typedef {(value: unknown) => T} Check
 */

/**
 * @template T
 * @typedef {{limit: number, check: Check<T>}} Schema
 */

// Controls and marks that turn the direction of text: a name must not show as another.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MINUTE = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\dZ$/;

/** @param {number} max bytes of UTF-8 @returns {Check<string>} */
export const string = (max) => (value) => {
  if (typeof value !== "string" || FORBIDDEN.test(value) || LONE_SURROGATE.test(value)) return refuse("malformed");
  return utf8(value).length <= max ? value : refuse("malformed");
};

/** @type {Check<number>} 0 … 2^53 − 1 */
export const integer = (value) => {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0
    ? /** @type {number} */ (value)
    : refuse("malformed");
};

/** @type {Check<boolean>} */
export const boolean = (value) => (typeof value === "boolean" ? value : refuse("malformed"));

/** @template {string | number} T @param {...T} allowed @returns {Check<T>} */
export const oneOf =
  (...allowed) =>
  (value) => {
    return allowed.includes(/** @type {T} */ (value)) ? /** @type {T} */ (value) : refuse("malformed");
  };

/** An id, key, hash, salt or signature: canonical base64url of exactly `size` bytes. @param {number} size @returns {Check<string>} */
export const bytes = (size) => (value) => {
  try {
    unb64(value, size);
  } catch (error) {
    if (error instanceof EnvelopeError) return refuse("malformed");
    throw error;
  }
  return /** @type {string} */ (value);
};

/** What is absent is "". @param {Check<string>} check @returns {Check<string>} */
export const orEmpty = (check) => (value) => (value === "" ? "" : check(value));

/** @type {Check<string>} a real day, YYYY-MM-DD */
export const day = (value) => {
  if (typeof value !== "string" || !DAY.test(value) || value < "0001") return refuse("malformed");
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) ? value : refuse("malformed");
};

/** @type {Check<string>} a UTC minute, YYYY-MM-DDThh:mmZ */
export const minute = (value) => {
  const found = typeof value === "string" ? MINUTE.exec(value) : null;
  if (!found) return refuse("malformed");
  day(found[1]);
  return /** @type {string} */ (value);
};

/** @template T @param {Check<T>} check @param {number} [max] @returns {Check<T[]>} */
export const list =
  (check, max = Infinity) =>
  (value) => {
    if (!Array.isArray(value) || value.length > max) return refuse("malformed");
    return value.map((each) => check(each));
  };

/** Maps keyed by data are arrays of pairs. @template A, B @param {Check<A>} first @param {Check<B>} second @returns {Check<[A, B]>} */
export const pair = (first, second) => (value) => {
  return Array.isArray(value) && value.length === 2 ? [first(value[0]), second(value[1])] : refuse("malformed");
};

/**
 * Fixed keys in this order; `halves` is the one key that may be missing.
 * @template {Record<string, Check<any>>} S
 * @param {S} fields
 * @param {string[]} [optional]
 * @returns {Check<{[K in keyof S]: ReturnType<S[K]>}>}
 */
export const record =
  (fields, optional = []) =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("malformed");
    const given = /** @type {Record<string, unknown>} */ (value);
    /** @type {Record<string, unknown>} */
    const out = {};
    for (const [name, check] of Object.entries(fields)) {
      const present = Object.prototype.hasOwnProperty.call(given, name);
      if (present) out[name] = check(given[name]);
      else if (!optional.includes(name)) refuse("malformed");
    }
    if (Object.keys(given).length !== Object.keys(out).length) refuse("malformed");
    return /** @type {any} */ (out);
  };

/** A check with a further rule on the whole. @template T @param {Check<T>} check @param {(value: T) => boolean} rule @returns {Check<T>} */
export const such = (check, rule) => (value) => {
  const out = check(value);
  return rule(out) ? out : refuse("malformed");
};

/** @template T @param {number} limit bytes of the whole document @param {Check<T>} check @returns {Schema<T>} */
export const schema = (limit, check) => ({ limit, check });

/** @param {string} source @returns {unknown} */
function parseJson(source) {
  try {
    return JSON.parse(source);
  } catch {
    return refuse("malformed"); // also the RangeError of deep nesting
  }
}

/** The document these bytes are, or EnvelopeError. @template T @param {Schema<T>} of @param {Uint8Array} data @returns {T} */
export function parse(of, data) {
  if (data.length > of.limit) refuse("too_long");
  const source = text(data);
  const value = of.check(parseJson(source));
  return JSON.stringify(value) === source ? value : refuse("malformed");
}

/** The bytes of a document we write, keys in order; text must be NFC. @template T @param {Schema<T>} of @param {T} value */
export function dump(of, value) {
  const checked = of.check(value);
  checkNfc(checked);
  const out = utf8(JSON.stringify(checked));
  return out.length <= of.limit ? out : refuse("too_long");
}

/**
 * Writers spell names in NFC; readers never ask, for it differs between Unicode versions.
 * @param {unknown} value
 */
export function checkNfc(value) {
  if (typeof value === "string" && value.normalize("NFC") !== value) refuse("not_nfc");
  if (typeof value === "object" && value !== null) Object.values(value).forEach(checkNfc);
}

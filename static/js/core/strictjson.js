// Strict JSON for money documents (envelope.md section 2); the twin of whistle/core/strictjson.py.

// Controls and bidi controls could make a sum or a name read differently from what was signed.
const REFUSED = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;
// JSON.parse moves such a key before all others, so a document with one has two spellings.
const INDEX = /^(0|[1-9][0-9]*)$/;
const DEEPEST = 6;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The one spelling of a value. Throws TypeError for what strict JSON cannot hold. @param {unknown} value */
export function dump(value) {
  check(value, 1);
  return encoder.encode(JSON.stringify(value));
}

/** Parse, and refuse every spelling but the one `dump` gives. Throws TypeError only. @param {Uint8Array | string} data @returns {any} */
export function load(data) {
  try {
    const text = typeof data === "string" ? data : decoder.decode(data);
    const value = JSON.parse(text);
    check(value, 1);
    if (JSON.stringify(value) === text) return value;
  } catch {
    // whatever a parser says of the bytes tells more than we want told
  }
  throw new TypeError("not strict JSON");
}

/** Whether a string may stand in a document: at most `size` bytes, nothing invisible that steers. @param {string} text @param {number} size */
export function isPlain(text, size) {
  return !REFUSED.test(text) && encoder.encode(text).length <= size;
}

/** @param {unknown} value @param {number} depth */
function check(value, depth) {
  if (depth > DEEPEST) throw new TypeError("too deep");
  if (Array.isArray(value)) return value.forEach((inner) => check(inner, depth + 1));
  if (value !== null && typeof value === "object") {
    return Object.entries(value).forEach(([key, inner]) => (checkKey(key, depth), check(inner, depth + 1)));
  }
  if (typeof value === "string" ? REFUSED.test(value) : typeof value !== "boolean" && !isWhole(value)) {
    throw new TypeError("neither text nor a whole number");
  }
}

/** @param {string} key @param {number} depth */
function checkKey(key, depth) {
  if (INDEX.test(key)) throw new TypeError("a key that is a number");
  check(key, depth);
}

/** @param {unknown} value */
export function isWhole(value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
}

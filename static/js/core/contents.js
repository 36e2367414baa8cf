/**
 * What may stand in an opened item, by the one table contents.json: whoever sealed it may have sealed anything.
 * Nothing that came out of decryption is read before `parse` took it. The twin of whistle/core/contents.py; both run
 * tests/vectors/hostile.json.
 */

import { RuleError, refuse } from "./errors.js";
import { own } from "./workflow.js";
import table from "../../../whistle/core/contents.json" with { type: "json" };

/** @typedef {{name: string, type: string, size: number}} Meta */
/** @typedef {(body: Uint8Array) => unknown} Parser throws RuleError */
/** @typedef {Record<string, string>} Flat a document of strings by name */
/**
 * An item's words as text ("" for a file), and for JSON the name of its document and what it says.
 * @typedef {{text: string, document: string, data: unknown}} Content
 */

const TEXT = "text/plain";
const JSON_TYPE = "application/json";
const SURROGATE = /\p{Cs}/u;

const EMPTY = Object.freeze({ text: "", document: "", data: null });
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * What an item of a post of this kind says. RuleError("content") for what no writer of ours seals there. A file is
 * whatever it is: it is offered for saving and never read.
 * @param {string} kind @param {string} comp @param {Meta} meta @param {Uint8Array | Blob} body of a text: its bytes
 * @param {Record<string, Parser>} computed parsers of the documents that rules compute with; the reporter is granted none
 * @returns {Content}
 */
export function parse(kind, comp, meta, body, computed = {}) {
  if (meta.name || !(meta.type || meta.size)) return EMPTY;
  const bytes = /** @type {Uint8Array} */ (body);
  const text = textOf(bytes);
  if (meta.type === TEXT && table.text.includes(comp)) return { text, document: "", data: null };
  if (meta.type === JSON_TYPE) return documentOf(kind, comp, text, bytes, computed);
  return refuse("content");
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return refuse("content");
  }
}

/** The first of the documents that may stand there and that this is.
 * @param {string} kind @param {string} comp @param {string} text @param {Uint8Array} bytes
 * @param {Record<string, Parser>} computed @returns {Content} */
function documentOf(kind, comp, text, bytes, computed) {
  const rows = table.json.filter((row) => row.comp === comp && row.kinds.includes(kind));
  for (const name of rows.flatMap((row) => row.documents)) {
    try {
      return { text, document: name, data: table.computed.includes(name) ? computed[name](bytes) : flat(name, text) };
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
    }
  }
  return refuse("content");
}

/** A document of strings by name. What a writer left out is absent, but of a whole one nothing is; what the table does not name is refused.
 * @param {string} name @param {string} text @returns {Flat} */
function flat(name, text) {
  const value = parsed(text);
  const fields = /** @type {Record<string, Record<string, string>>} */ (table.documents)[name];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("content");
  for (const [key, said] of Object.entries(value)) if (!fits(own(fields, key), said)) return refuse("content");
  const isWhole = Object.keys(fields).every((key) => own(value, key) !== undefined);
  if (table.whole.includes(name) && !isWhole) return refuse("content");
  return value;
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("content");
  }
}

/** @param {string | undefined} form @param {unknown} value */
function fits(form, value) {
  if (form === undefined || typeof value !== "string" || SURROGATE.test(value)) return false;
  const { pattern, most } = /** @type {Record<string, {pattern: string, most: number}>} */ (table.forms)[form];
  if (pattern && !new RegExp(`^(?:${pattern})$`, "u").test(value)) return false;
  return new TextEncoder().encode(value).length <= most;
}

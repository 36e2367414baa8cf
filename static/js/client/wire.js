/** Talking to a door: JSON or bytes in, JSON out, one error with the door's own code. The twin of whistle/client/wire.py. */

import { ClientError } from "./errors.js";

const NAME = /^[A-Za-z0-9_.:-]{1,64}$/;

// Every request ends: without an answer, or with one that never ends. In milliseconds, and bytes a millisecond.
const UNTIL_ANSWER = 60_000;
const UNTIL_END = 300_000;
const SLOWEST_UPLOAD = 2;

/** The office that a reviewer works for: every request is for it. "" at the public door. */
let office = "";

/** Ask everything from now on for this office. @param {string} name */
export function askFor(name) {
  office = name;
}

/** What is on its way now. @type {Set<AbortController>} */
const running = new Set();

/** End what is on its way: it may have arrived all the same. */
export function giveUp() {
  for (const each of running) each.abort();
}

/** @template {string} A @typedef {import("./answers.js").Answer<A>} Answer */

/** @template {string} A @param {A} path @param {RequestInit} options @returns {Promise<Answer<A>>} */
async function call(path, options) {
  const [answer, body] = await bounded(path, options, (said) => said.json().catch(() => null));
  if (answer.ok && body !== null) return body;
  throw refused(answer.status, body);
}

/** @template T @param {string} path @param {RequestInit} options @param {(answer: Response) => Promise<T>} read
 * @returns {Promise<[Response, T]>} */
async function bounded(path, options, read) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const { body } = options;
  const size = body instanceof Uint8Array || typeof body === "string" ? body.length : 0;
  let timer = setTimeout(abort, UNTIL_ANSWER + size / SLOWEST_UPLOAD);
  running.add(stop);
  try {
    const answer = await ask(path, { ...options, signal: stop.signal });
    clearTimeout(timer);
    timer = setTimeout(abort, UNTIL_END);
    return [answer, await read(answer)];
  } finally {
    clearTimeout(timer);
    running.delete(stop);
  }
}

/** @param {string} path @param {RequestInit} options */
function ask(path, options) {
  const headers = { ...(office && { "Whistle-Office": office }), ...options.headers };
  const how = { ...options, headers };
  return fetch(path, { cache: "no-store", credentials: "same-origin", redirect: "error", ...how }).catch(offline);
}

/** @returns {never} */
function offline() {
  throw new ClientError("offline");
}

/** @param {number} status @param {{error?: string, [fact: string]: unknown} | null} body what the door said, null for nothing readable */
function refused(status, body) {
  const { error = status === 404 ? "not_found" : "fault", ...facts } = body || {};
  return new ClientError(NAME.test(error) ? error : "fault", publicFacts(facts), status);
}

/** What a refusal may tell beside its code: whole numbers and names of the program's own. A sentence of the server's would
 * stand on our page as ours. @param {Record<string, unknown>} facts */
function publicFacts(facts) {
  const may = (/** @type {unknown} */ value) =>
    typeof value === "string" ? NAME.test(value) : Number.isSafeInteger(value);
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => may(value)));
}

/** @template {string} A @param {A} path @param {Record<string, string>} [headers] @returns {Promise<Answer<A>>} */
export function getJson(path, headers = {}) {
  return call(path, { method: "GET", headers });
}

/** A document of the zone's that is the same for everybody: the browser keeps it, and asks whether it still holds.
 * @template {string} A @param {A} path @returns {Promise<Answer<A>>} */
export function getPublished(path) {
  return call(path, { method: "GET", cache: "no-cache" });
}

/** The bytes of a document exactly as served, for hashing. @param {string} path @returns {Promise<import("../crypto/encoding.js").Bytes>} */
export async function getBytes(path) {
  const answer = await ask(path, { cache: "default" });
  if (!answer.ok) throw new ClientError(answer.status === 401 ? "not_signed_in" : "not_found", {}, answer.status);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Sealed bytes of a case: never from a cache. A refusal is told as JSON. @param {string} path @param {Record<string, string>} headers @returns {Promise<import("../crypto/encoding.js").Bytes>} */
export async function getSealed(path, headers) {
  const read = (/** @type {Response} */ said) =>
    said.ok ? said.arrayBuffer().catch(offline) : said.json().catch(() => null);
  const [answer, body] = await bounded(path, { method: "GET", headers }, read);
  if (!answer.ok) throw refused(answer.status, body);
  return new Uint8Array(body);
}

/** @template {string} A @param {A} path @param {object} value @param {Record<string, string>} [headers] @returns {Promise<Answer<A>>} */
export function postJson(path, value, headers = {}) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(value),
  });
}

/** @template {string} A @param {A} path @param {Uint8Array} bytes @param {Record<string, string>} [headers] @returns {Promise<Answer<A>>} */
export function postBytes(path, bytes, headers = {}) {
  const sent = /** @type {BodyInit} */ (/** @type {unknown} */ (bytes));
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", ...headers },
    body: sent,
  });
}

/** @param {string} path @param {Uint8Array} bytes @param {Record<string, string>} headers */
export function putBytes(path, bytes, headers) {
  const sent = /** @type {BodyInit} */ (/** @type {unknown} */ (bytes));
  return call(path, { method: "PUT", headers: { "Content-Type": "application/octet-stream", ...headers }, body: sent });
}

/** @param {string} path @param {Record<string, string>} headers */
export function remove(path, headers) {
  return call(path, { method: "DELETE", headers });
}

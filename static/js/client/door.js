/** Talking to a door: JSON or bytes in, JSON out, one error type with the door's own code. */

export class DoorError extends Error {
  /** @param {string} code one of the API's codes, or "offline" @param {Record<string, any>} [facts] @param {number} [status] */
  constructor(code, facts = {}, status = 0) {
    super(code);
    this.code = code;
    this.facts = facts;
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} options @returns {Promise<any>} */
async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "same-origin", redirect: "error", ...options });
  } catch {
    throw new DoorError("offline");
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body !== null) return body;
  const { error = answer.status === 404 ? "not_found" : "fault", ...facts } = body || {};
  throw new DoorError(String(error), facts, answer.status);
}

/** @param {string} path @param {Record<string, string>} [headers] */
export function getJson(path, headers = {}) {
  return call(path, { method: "GET", headers });
}

/** The bytes of a document exactly as served, for hashing. @param {string} path @returns {Promise<Uint8Array>} */
export async function getBytes(path) {
  const answer = await fetch(path, { cache: "default", credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (!answer) throw new DoorError("offline");
  if (!answer.ok) throw new DoorError(answer.status === 401 ? "not_signed_in" : "not_found", {}, answer.status);
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {string} path @param {any} value @param {Record<string, string>} [headers] */
export function postJson(path, value, headers = {}) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(value) });
}

/** @param {string} path @param {Uint8Array} bytes @param {Record<string, string>} [headers] */
export function postBytes(path, bytes, headers = {}) {
  const sent = /** @type {BodyInit} */ (/** @type {unknown} */ (bytes));
  return call(path, { method: "POST", headers: { "Content-Type": "application/octet-stream", ...headers }, body: sent });
}

/** A draft under a word: the key by PBKDF2-SHA-256 (RFC 8018), the box AES-256-GCM, and nothing told by its length. */

import { b64, concat, random, text, unb64, utf8 } from "../../crypto/encoding.js";

const ROUNDS = 1_000_000; // about a second on a slow phone: a word is all that stands before it
const SALT = 16;
const IV = 12;
const TAG = 16;
const STEP = 32 * 1024; // bytes: any report that can be sent fits one or two

/** A word's key and the salt it was made with. @typedef {{key: CryptoKey, salt: Uint8Array<ArrayBuffer>}} Keyed */

/** @param {string} word @param {Uint8Array<ArrayBuffer>} [salt] @returns {Promise<Keyed>} */
export async function keyed(word, salt = random(SALT)) {
  const typed = utf8(word.normalize("NFKC").trim());
  const from = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return { key, salt };
}

/** @param {Keyed} keyed @param {unknown} draft @returns {Promise<string>} base64url of salt, IV, box */
export async function sealed({ key, salt }, draft) {
  const plain = utf8(JSON.stringify(draft));
  const padded = new Uint8Array(Math.ceil(plain.length / STEP) * STEP).fill(0x20);
  padded.set(plain);
  const iv = random(IV);
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, padded);
  return b64(concat(salt, iv, new Uint8Array(box)));
}

/** What lies in it, and its key for the next time. Null for another word, and for what is no draft of ours.
 * @param {string} word @param {string} kept @returns {Promise<{keyed: Keyed, draft: unknown} | null>} */
export async function opened(word, kept) {
  try {
    const bytes = unb64(kept);
    if (bytes.length < SALT + IV + TAG) return null;
    const found = await keyed(word, bytes.slice(0, SALT));
    const iv = bytes.slice(SALT, SALT + IV);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, found.key, bytes.slice(SALT + IV));
    return { keyed: found, draft: JSON.parse(text(new Uint8Array(plain))) };
  } catch {
    return null;
  }
}

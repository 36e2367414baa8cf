// HPKE base mode (RFC 9180), one-shot: X-Wing, HKDF-SHA256, AES-256-GCM. All context goes into `info`; no AAD.

import { concat, hmac, utf8 } from "./encoding.js";
import { orRefuse, refuse } from "./errors.js";
import { ENC_SIZE, encap } from "./xwing.js";

export { nativeKem, setNative } from "./native.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

const SUITE_ID = concat(utf8("HPKE"), [0x64, 0x7a, 0, 1, 0, 2]);
const VERSION = utf8("HPKE-v1");
const NOTHING = new Uint8Array(0);
const ZERO_SALT = new Uint8Array(32); // HMAC pads an empty key with zeros; some engines refuse an empty one

/** @param {Bytes} salt @param {string} label @param {Bytes} secret */
function extract(salt, label, secret) {
  return hmac(salt, concat(VERSION, SUITE_ID, utf8(label), secret));
}

/** One HMAC block is enough: nothing here is longer than 32 bytes. @param {Bytes} prk @param {string} label @param {Bytes} info @param {number} size */
async function expand(prk, label, info, size) {
  const block = await hmac(prk, concat([0, size], VERSION, SUITE_ID, utf8(label), info, [1]));
  return block.slice(0, size);
}

/** @param {Bytes} shared @param {Bytes} info @returns {Promise<{key: CryptoKey, nonce: Bytes}>} */
async function schedule(shared, info) {
  const [pskHash, infoHash, secret] = await Promise.all([
    extract(ZERO_SALT, "psk_id_hash", NOTHING),
    extract(ZERO_SALT, "info_hash", info),
    extract(shared, "secret", NOTHING),
  ]);
  const context = concat([0], pskHash, infoHash);
  const [key, nonce] = await Promise.all([
    expand(secret, "key", context, 32),
    expand(secret, "base_nonce", context, 12),
  ]);
  return { key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]), nonce };
}

/** Encapsulation (1,120 bytes) ‖ ciphertext. @param {Bytes} open @param {Bytes} plain @param {Bytes} info @returns {Promise<Bytes>} */
export function sealTo(open, plain, info) {
  return orRefuse("bad_key", async () => {
    const { enc, shared } = await encap(open);
    const { key, nonce } = await schedule(shared, info);
    return concat(enc, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, plain)));
  });
}

/** @param {import("./xwing.js").KemKey} secret @param {Bytes} sealed @param {Bytes} info @returns {Promise<Bytes>} */
export function openWith(secret, sealed, info) {
  if (sealed.length < ENC_SIZE + 16) refuse("cannot_open");
  return orRefuse("cannot_open", async () => {
    const { key, nonce } = await schedule(await secret.decap(sealed.slice(0, ENC_SIZE)), info);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, sealed.subarray(ENC_SIZE));
    return new Uint8Array(plain);
  });
}

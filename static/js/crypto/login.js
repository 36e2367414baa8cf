// Signing in is a signature: no password stands anywhere (envelope.md, LOGIN and ENROL).

import { SUITE, TAG, unb64 } from "./encoding.js";
import { verify } from "./keys.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {import("./keys.js").KeyPair} KeyPair */
/**
 * `origin` is the one this client was configured with, never what a header says: else a login is relayed.
 * @typedef {object} Login
 * @property {Bytes} zone
 * @property {string} origin
 * @property {string} rid b64u
 * @property {string} dir b64u
 * @property {Bytes} serverNonce 32 bytes
 * @property {Bytes} clientNonce 32 bytes
 * @property {number} expires unix seconds
 */

/** @param {Login} login @returns {import("./keys.js").Fields} */
export function loginFields({ zone, origin, rid, dir, serverNonce, clientNonce, expires }) {
  return [SUITE, zone, "review", origin, unb64(rid, 16), unb64(dir, 32), serverNonce, clientNonce, expires];
}

/** @param {KeyPair} keys @param {Login} login */
export function signLogin(keys, login) {
  return keys.sign(TAG.LOGIN, loginFields(login));
}

/** @param {Bytes} sigPublic @param {Login} login @param {Bytes} sig */
export function verifyLogin(sigPublic, login, sig) {
  return verify(sigPublic, TAG.LOGIN, loginFields(login), sig);
}

/** @param {KeyPair} keys the new ones @param {Bytes} zone @param {Bytes} invite 16 bytes */
export function signEnrol(keys, zone, invite) {
  return keys.sign(TAG.ENROL, [SUITE, zone, keys.kem, keys.sig, invite]);
}

/** It proves neither the KEM key nor the person. @param {Bytes} zone @param {Bytes} kem @param {Bytes} sig @param {Bytes} invite @param {Bytes} proof */
export function verifyEnrol(zone, kem, sig, invite, proof) {
  return verify(sig, TAG.ENROL, [SUITE, zone, kem, sig, invite], proof);
}

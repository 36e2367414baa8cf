// X-Wing (ML-KEM-768 and X25519): the browser's own under its WebCrypto name, else noble's ML-KEM with X25519.

import { x25519 } from "@noble/curves/ed25519.js";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";

import { concat, random } from "./encoding.js";
import { littleEndian } from "./ed25519.js";
import { refuse } from "./errors.js";
import { KEM, nativeKem, nativeX25519 } from "./native.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {{public: Bytes, decap: (enc: Bytes) => Promise<Bytes>}} KemKey */

export const PUBLIC_SIZE = 1216;
export const ENC_SIZE = 1120;
const ML_PUBLIC = 1184;
const ML_CIPHERTEXT = 1088;
const ML_VECTOR = 1152; // the 768 coefficients of t, 12 bits each
const Q = 3329;
const LABEL = [0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c];
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];
const P = 2n ** 255n - 19n;
const SMALL_ORDER = new Set([
  0n,
  1n,
  P - 1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
]);

/** @type {any} the calls for key encapsulation are not in every engine's types yet */
const subtle = crypto.subtle;

/** Libraries disagree on bad keys, so they are refused before any call (envelope.md section 2, Key checks). @param {Uint8Array} key */
export function checkKemPublic(key) {
  if (key.length !== PUBLIC_SIZE) refuse("bad_key");
  let any = 0;
  for (let i = 0; i < ML_VECTOR; i += 3) {
    const low = key[i] | ((key[i + 1] & 15) << 8);
    const high = (key[i + 1] >> 4) | (key[i + 2] << 4);
    if (low >= Q || high >= Q) refuse("bad_key");
    any |= low | high;
  }
  const u = (littleEndian(key.subarray(ML_PUBLIC)) & ((1n << 255n) - 1n)) % P;
  if (any === 0 || SMALL_ORDER.has(u)) refuse("bad_key");
}

/** @param {Bytes} secret @param {Bytes} open @returns {Promise<Bytes>} */
async function diffieHellman(secret, open) {
  if (!(await nativeX25519())) return new Uint8Array(x25519.getSharedSecret(secret, open));
  const mine = await subtle.importKey("pkcs8", concat(PKCS8, secret), { name: "X25519" }, false, ["deriveBits"]);
  const theirs = await subtle.importKey("raw", open, { name: "X25519" }, true, []);
  return new Uint8Array(await subtle.deriveBits({ name: "X25519", public: theirs }, mine, 256));
}

/** @param {Bytes} secret */
function basePoint(secret) {
  return diffieHellman(secret, concat([9], new Uint8Array(31)));
}

/** @param {Uint8Array} ml @param {Bytes} x @param {Bytes} encX @param {Bytes} openX @returns {Bytes} */
function combine(ml, x, encX, openX) {
  if (!x.some((byte) => byte !== 0)) refuse("bad_key");
  return new Uint8Array(sha3_256(concat(ml, x, encX, openX, LABEL)));
}

/** @param {Bytes} seed @returns {Promise<KemKey>} */
async function nativeKey(seed) {
  const secret = await subtle.importKey("raw-seed", seed, KEM, false, ["decapsulateBits"]);
  const open = await subtle.getPublicKey(secret, ["encapsulateBits"]);
  return {
    public: new Uint8Array(await subtle.exportKey("raw-public", open)),
    decap: async (enc) => new Uint8Array(await subtle.decapsulateBits(KEM, secret, enc)),
  };
}

/** @param {Bytes} seed @returns {Promise<KemKey>} */
async function nobleKey(seed) {
  const expanded = new Uint8Array(shake256(seed, { dkLen: 96 }));
  const ml = ml_kem768.keygen(expanded.subarray(0, 64));
  const secretX = expanded.slice(64);
  const openX = await basePoint(secretX);
  return {
    public: concat(ml.publicKey, openX),
    decap: async (enc) => {
      const encX = enc.slice(ML_CIPHERTEXT);
      const shared = ml_kem768.decapsulate(enc.subarray(0, ML_CIPHERTEXT), ml.secretKey);
      return combine(shared, await diffieHellman(secretX, encX), encX, openX);
    },
  };
}

/** The key pair of a 32-byte seed. @param {Bytes} seed @returns {Promise<KemKey>} */
export async function kemKey(seed) {
  if (seed.length !== 32) refuse("bad_key");
  return (await nativeKem()) ? nativeKey(seed) : nobleKey(seed);
}

/** @param {Bytes} open @returns {Promise<{enc: Bytes, shared: Bytes}>} */
async function nativeEncap(open) {
  const key = await subtle.importKey("raw-public", open, KEM, true, ["encapsulateBits"]);
  const out = await subtle.encapsulateBits(KEM, key);
  return { enc: new Uint8Array(out.ciphertext), shared: new Uint8Array(out.sharedKey) };
}

/** @param {Bytes} open @returns {Promise<{enc: Bytes, shared: Bytes}>} */
async function nobleEncap(open) {
  const ml = ml_kem768.encapsulate(open.subarray(0, ML_PUBLIC), random(32));
  const secretX = random(32);
  const openX = open.slice(ML_PUBLIC);
  const encX = await basePoint(secretX);
  const shared = combine(ml.sharedSecret, await diffieHellman(secretX, openX), encX, openX);
  return { enc: concat(ml.cipherText, encX), shared };
}

/** A fresh shared secret for the holder of this public key. @param {Bytes} open */
export async function encap(open) {
  checkKemPublic(open);
  return (await nativeKem()) ? nativeEncap(open) : nobleEncap(open);
}

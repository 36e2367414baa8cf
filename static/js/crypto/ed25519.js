// Ed25519 over raw bytes: the browser's own, else noble's curve. Verification is cofactorless everywhere
// (envelope.md section 2, Key checks), so that no browser believes a post another refuses.

import { ed25519 } from "@noble/curves/ed25519.js";

import { concat, sameBytes, unb64 } from "./encoding.js";
import { EnvelopeError, orRefuse, refuse } from "./errors.js";
import { nativeEd25519 } from "./native.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {{public: Bytes, sign: (message: Bytes) => Promise<Bytes>}} Signer */

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const ORDER_8 = [
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];
const SMALL_ORDER = new Set([0n, 1n, P - 1n, ...ORDER_8]);
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/** @param {Uint8Array} bytes little-endian */
export function littleEndian(bytes) {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}

/** A key or R that no honest signer makes: y ≥ p, or of small order, so valid for every message. @param {Uint8Array} point */
export function checkPoint(point) {
  if (point.length !== 32) refuse("bad_key");
  const y = littleEndian(point) & ((1n << 255n) - 1n);
  if (y >= P || SMALL_ORDER.has(y)) refuse("bad_key");
}

/** @param {Bytes} seed @returns {Promise<Signer>} */
async function nativeSigner(seed) {
  const bytes = concat(PKCS8, seed);
  const exportable = await crypto.subtle.importKey("pkcs8", bytes, { name: "Ed25519" }, true, ["sign"]);
  const jwk = await crypto.subtle.exportKey("jwk", exportable);
  const secret = await crypto.subtle.importKey("pkcs8", bytes, { name: "Ed25519" }, false, ["sign"]);
  return {
    public: unb64(jwk.x, 32),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", secret, message)),
  };
}

/** @param {Bytes} seed @returns {Signer} */
function nobleSigner(seed) {
  const secret = seed.slice();
  return {
    public: new Uint8Array(ed25519.getPublicKey(secret)),
    sign: async (message) => new Uint8Array(ed25519.sign(message, secret)),
  };
}

/** @param {Bytes} seed 32 bytes @returns {Promise<Signer>} */
export async function signer(seed) {
  if (seed.length !== 32) refuse("bad_key");
  return orRefuse("bad_key", async () => ((await nativeEd25519()) ? nativeSigner(seed) : nobleSigner(seed)));
}

/** @param {Bytes} open @param {Bytes} message @param {Bytes} sig */
async function nativeVerify(open, message, sig) {
  const key = await crypto.subtle.importKey("raw", open, { name: "Ed25519" }, true, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, sig, message);
}

/**
 * The encoding of [S]B − [k]A equals R byte for byte. noble's own `verify` multiplies by 8 and would accept more.
 * @param {Bytes} open @param {Bytes} message @param {Bytes} sig
 */
async function nobleVerify(open, message, sig) {
  const R = sig.subarray(0, 32);
  const hash = await crypto.subtle.digest("SHA-512", concat(R, open, message));
  const k = littleEndian(new Uint8Array(hash)) % L;
  const A = ed25519.Point.fromBytes(open);
  const sum = ed25519.Point.BASE.multiplyUnsafe(littleEndian(sig.subarray(32))).subtract(A.multiplyUnsafe(k));
  return sameBytes(sum.toBytes(), R);
}

/** Return if the signature is good, else EnvelopeError("bad_signature"). @param {Bytes} open @param {Bytes} message @param {Bytes} sig */
export async function verifyRaw(open, message, sig) {
  const good = await orRefuse("bad_signature", async () => {
    if (sig.length !== 64 || littleEndian(sig.subarray(32)) >= L) refuse("bad_signature");
    checkPoint(open);
    checkPoint(sig.subarray(0, 32));
    return (await nativeEd25519()) ? nativeVerify(open, message, sig) : nobleVerify(open, message, sig);
  }).catch(() => {
    throw new EnvelopeError("bad_signature");
  });
  if (!good) refuse("bad_signature");
}

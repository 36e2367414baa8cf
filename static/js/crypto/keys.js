// Key pairs, their checks, signatures with tags, and the ids made of keys (envelope.md section 2).

import { SUITE, concat, digest, hmac, lp, utf8 } from "./encoding.js";
import { checkPoint, signer, verifyRaw } from "./ed25519.js";
import { refuse } from "./errors.js";
import { openWith, sealTo } from "./hpke.js";
import { checkKemPublic, kemKey } from "./xwing.js";

export { checkKemPublic };

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {(Uint8Array | string | number)[]} Fields */

/** @param {Uint8Array} key 32 bytes */
export function checkSigPublic(key) {
  checkPoint(key);
}

/** What is signed: a tag, then a document or the fields for `lp`; never raw bytes alone. @param {string} tag @param {Bytes | Fields} doc */
function signed(tag, doc) {
  return concat(utf8(tag), doc instanceof Uint8Array ? doc : lp(...doc));
}

/** A zone's root key: it signs directories and opens nothing. */
export class RootKey {
  /** @type {import("./ed25519.js").Signer} */
  #signer;

  /** @param {import("./ed25519.js").Signer} made */
  constructor(made) {
    this.#signer = made;
    this.public = made.public;
  }

  /** @param {string} tag @param {Bytes | Fields} doc */
  sign(tag, doc) {
    return this.#signer.sign(signed(tag, doc));
  }
}

/** A person's keys: one to be sealed to, one to sign. Neither secret can be read back. */
export class KeyPair {
  /** @type {import("./xwing.js").KemKey} */
  #kem;
  /** @type {import("./ed25519.js").Signer} */
  #signer;

  /** @param {import("./xwing.js").KemKey} kem @param {import("./ed25519.js").Signer} made */
  constructor(kem, made) {
    this.#kem = kem;
    this.#signer = made;
    this.kem = kem.public;
    this.sig = made.public;
  }

  /** @param {string} tag @param {Bytes | Fields} doc */
  sign(tag, doc) {
    return this.#signer.sign(signed(tag, doc));
  }

  /** What `seal` made for this key with the same info. @param {Bytes} sealed @param {Bytes} info */
  open(sealed, info) {
    return openWith(this.#kem, sealed, info);
  }
}

/** @param {Bytes} kemSeed @param {Bytes} sigSeed */
export async function keyPair(kemSeed, sigSeed) {
  const [kem, made] = await Promise.all([kemKey(kemSeed), signer(sigSeed)]);
  return new KeyPair(kem, made);
}

/** A reviewer's key pair from the one seed in his key slots. @param {Bytes} seed 32 bytes */
export async function reviewerKeys(seed) {
  if (seed.length !== 32) refuse("bad_key");
  /** @param {string} label */
  const out = (label) => hmac(seed, concat(lp("reviewer v1", SUITE, label), [1]));
  return keyPair(await out("kem seed"), await out("sig seed"));
}

/** @param {Bytes} seed 32 bytes */
export async function rootKey(seed) {
  return new RootKey(await signer(seed));
}

/** Return if good, else EnvelopeError("bad_signature"). @param {Bytes} open @param {string} tag @param {Bytes | Fields} doc @param {Bytes} sig */
export function verify(open, tag, doc, sig) {
  return verifyRaw(open, signed(tag, doc), sig);
}

/** @param {Bytes} kemPublic @param {Bytes} plain @param {Bytes} info */
export function seal(kemPublic, plain, info) {
  return sealTo(kemPublic, plain, info);
}

/** @param {Bytes} rootPublic @returns {Promise<Bytes>} 16 bytes */
export async function zoneId(rootPublic) {
  return (await digest(lp("zone v1", rootPublic))).slice(0, 16);
}

/** @param {Bytes} zone @param {Bytes} kem @param {Bytes} sig @returns {Promise<Bytes>} 16 bytes */
export async function reviewerId(zone, kem, sig) {
  return (await digest(lp("rid v1", SUITE, zone, kem, sig))).slice(0, 16);
}

/** The reporter's own keys name the case. @param {Bytes} zone @param {Bytes} kem @param {Bytes} sig @returns {Promise<Bytes>} 32 bytes */
export function caseId(zone, kem, sig) {
  return digest(lp("case v1", SUITE, zone, kem, sig));
}

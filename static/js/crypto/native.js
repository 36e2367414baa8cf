// What this browser can do itself. A probe tries the real call: a name in a list proves nothing.

import { TAG, unb64, utf8 } from "./encoding.js";

// Two signatures of "post v1\0{}" that a verifier with cofactor believes: torsion in R, torsion in A.
const DOUBTFUL = [
  [
    "rqy_qZ3qhiBCu27y0FMzwgXy5kUKyweM9cOhaFN3oFs",
    "y2M19Wo5Z_jUjQuWpM1cDFVlZsU4rkgGxeGIx5Y75PzC98nOgtMpSyuyvH2xLtCBqIdWjle7tnUDucGo-nmBAA",
  ],
  [
    "pwH7z-KXOgvsM6ga83uE6DLCAhqNcxFKCy80yzdOZVM",
    "hKy9OXX83OjgT-W69HKc9RsZxSysW-OKQ4bYo_CfyJGQTAjAUyQTF8F41o8htQrAe2UBHfiOO1S7ozhDhmhhAQ",
  ],
];

export const KEM = Object.freeze({ name: "MLKEM768-X25519" });

let allowed = true;
/** @type {Map<string, Promise<boolean>>} */
const known = new Map();

/** Tests force the fallback with false. It holds for keys made from now on. @param {boolean} native */
export function setNative(native) {
  allowed = native;
}

/** @param {string} name @param {() => Promise<boolean>} probe */
async function can(name, probe) {
  if (!allowed) return false;
  if (!known.has(name))
    known.set(
      name,
      probe().catch(() => false),
    );
  return /** @type {Promise<boolean>} */ (known.get(name));
}

/** X-Wing under its WebCrypto name. */
export function nativeKem() {
  return can("kem", async () => {
    // Not in every engine's types yet.
    const subtle = /** @type {any} */ (crypto.subtle);
    const secret = await subtle.importKey("raw-seed", new Uint8Array(32), KEM, false, ["decapsulateBits"]);
    const open = await subtle.getPublicKey(secret, ["encapsulateBits"]);
    return (await subtle.exportKey("raw-public", open)).byteLength === 1216;
  });
}

export function nativeX25519() {
  return can("x25519", async () => {
    const raw = new Uint8Array(32);
    raw[0] = 9;
    await crypto.subtle.importKey("raw", raw, { name: "X25519" }, true, []);
    return true;
  });
}

/** @param {string[]} doubtful public key and signature */
async function believes([open, sig]) {
  const key = await crypto.subtle.importKey("raw", unb64(open), { name: "Ed25519" }, true, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, unb64(sig), utf8(`${TAG.POST}{}`));
}

/** Ed25519, if it verifies without cofactor (envelope.md section 2, Key checks). */
export function nativeEd25519() {
  return can("ed25519", async () => !(await Promise.all(DOUBTFUL.map(believes))).includes(true));
}

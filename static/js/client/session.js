/** A reviewer's session at the review door: login by signature. No key leaves here. The twin of whistle/client/session.py. */

import { b64, random, unb64 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { signLogin } from "../crypto/login.js";
import { openSlot } from "../crypto/slots.js";
import { postJson } from "./wire.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/slots.js").Slot} Slot */
/** Who is signed in, as the door says.
 * @typedef {{rid: string, person: string, label: string, channels: {id: string, label: string, roles: string[]}[], [more: string]: unknown}} Me */

/** Slots of a login name; an unknown name looks like any other. @param {string} name @returns {Promise<Slot[]>} */
export async function slotsOf(name) {
  return (await postJson("/api/slots", { login: name })).slots;
}

/** The first slot this passphrase opens. A wrong one costs as long as a right one. @param {Slot[]} slots @param {string} passphrase */
export async function openAny(slots, passphrase) {
  /** @type {unknown} */
  let last = new EnvelopeError("slot");
  for (const slot of slots.filter((one) => one.kind === "passphrase")) {
    try {
      return { slot, seed: await openSlot(slot, passphrase) };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Sign the server's nonce and ours for this page's own origin, zone and directory (envelope.md LOGIN).
 * @param {import("../crypto/keys.js").KeyPair} keys @param {Bytes} zone @param {string} rid @param {string} dir hash of the newest directory
 * @returns {Promise<Me>} */
export async function login(keys, zone, rid, dir) {
  const { nonce, expires, origin } = await postJson("/api/login/challenge", {});
  if (origin !== location.origin) throw new EnvelopeError("origin");
  const ours = random(32);
  const sig = await signLogin(keys, {
    zone,
    origin: location.origin,
    rid,
    dir,
    serverNonce: unb64(nonce),
    clientNonce: ours,
    expires,
  });
  return postJson("/api/login", { rid, dir, nonce, client_nonce: b64(ours), expires, sig: b64(sig) });
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { b64, concat, random, unb64 } from "../../static/js/crypto/encoding.js";
import { reviewerId, reviewerKeys } from "../../static/js/crypto/keys.js";
import * as slots from "../../static/js/crypto/slots.js";
import { hex, refused, reviewer, toHex, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);
const vector = {
  v: 1, suite: "X1", zone: b64(zone), rid: b64(hex(reviewer("intake1").rid)), slot: b64(hex(x1.slot.slot)), kind: "passphrase",
  iterations: x1.slot.iterations, salt: b64(hex(x1.slot.salt)), rp: "", credential: "", sealed: b64(hex(x1.slot.sealed)),
}; // prettier-ignore

async function person() {
  const seed = random(32);
  const { kem, sig } = await reviewerKeys(seed);
  return { seed, rid: b64(await reviewerId(zone, kem, sig)) };
}

test("it works", async () => {
  assert.equal(toHex(await slots.openSlot(vector, x1.slot.passphrase)), reviewer("intake1").seed);
  assert.equal(toHex(await slots.slotKey(vector, { passphrase: x1.slot.passphrase })), x1.slot.key);
  assert.equal(
    toHex(await slots.slotKey({ ...vector, kind: "passkey" }, { prf: new Uint8Array(32) })),
    x1.slot.prf_key_of_zeros,
  );
  assert.equal(toHex(await slots.openSlot(vector, `\t正确 \r\n ｈorse `)), reviewer("intake1").seed);
});

test("each kind opens with its own secret", async () => {
  const { seed, rid } = await person();
  const [stick, prf] = [random(32), random(32)];
  const file = await slots.sealFileSlot(zone, rid, seed, "1234", stick);
  assert.deepEqual(await slots.openSlot(slots.parseSlot(slots.dumpSlot(file)), "1234", stick), seed);
  await refused(() => slots.openSlot(file, "1234", random(32)), "cannot_open");
  await refused(() => slots.openSlot(file, "1234"), "cannot_open");
  const passkey = await slots.sealPasskeySlot(zone, rid, seed, "review.example", random(32), prf);
  assert.deepEqual(await slots.openSlot(passkey, "", null, prf), seed);
  await refused(() => slots.openSlot({ ...passkey, rp: "other.example" }, "", null, prf), "cannot_open");
  const phrase = slots.newPassphrase();
  const typed = await slots.sealSlot(zone, rid, seed, phrase);
  assert.deepEqual(await slots.openSlot(typed, phrase), seed);
  await refused(() => slots.openSlot(typed, "wrong"), "cannot_open");
});

test("weaker parameters from a hostile server are refused", async () => {
  const weak = [
    { iterations: 1999999 },
    { iterations: 2 ** 31 },
    { iterations: 0 },
    { salt: "" },
    { rp: "x" },
    { kind: "passkey" },
    { credential: "AAAA" },
  ];
  for (const change of weak)
    await refused(() => slots.openSlot({ ...vector, ...change }, x1.slot.passphrase), "weak_slot");
  for (const change of [{ kind: "none" }, { sealed: "" }, { v: 2 }, { more: 1 }]) {
    await refused(() => slots.openSlot({ ...vector, ...change }, x1.slot.passphrase), "malformed");
  }
});

test("a seed that is not this reviewer's is refused", async () => {
  const { seed } = await person();
  const other = await slots.sealSlot(zone, vector.rid, seed, "phrase");
  await refused(() => slots.openSlot(other, "phrase"), "wrong_slot");
});

test("a generated passphrase is twenty letters and digits, ninety-nine bits", () => {
  const phrases = Array.from({ length: 30 }, slots.newPassphrase);
  assert.ok(phrases.every((phrase) => /^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/.test(phrase)));
  assert.equal(new Set(phrases).size, 30);
});

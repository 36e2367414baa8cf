import assert from "node:assert/strict";
import { test } from "node:test";

import { TAG, lp, random, utf8 } from "../../static/js/crypto/encoding.js";
import { setNative } from "../../static/js/crypto/hpke.js";
import * as keys from "../../static/js/crypto/keys.js";
import { BOTH, hex, refused, toHex, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);

for (const [name, native] of BOTH) {
  test(`it works (${name})`, async () => {
    setNative(native);
    const root = await keys.rootKey(hex(x1.zone.root_seed));
    assert.equal(toHex(root.public), x1.zone.root);
    assert.equal(toHex(await keys.zoneId(root.public)), x1.zone.zone);
    for (const { seed, kem, sig, rid } of x1.reviewers) {
      const pair = await keys.reviewerKeys(hex(seed));
      assert.equal(toHex(pair.kem), kem);
      assert.equal(toHex(pair.sig), sig);
      assert.equal(toHex(await keys.reviewerId(zone, pair.kem, pair.sig)), rid);
    }
  });

  test(`what is sealed to a key opens with it and its info alone (${name})`, async () => {
    setNative(native);
    const [alice, bob] = [await keys.reviewerKeys(random(32)), await keys.reviewerKeys(random(32))];
    const sealed = await keys.seal(alice.kem, utf8("words"), utf8("info"));
    assert.equal(toHex(await alice.open(sealed, utf8("info"))), toHex(utf8("words")));
    await refused(() => alice.open(sealed, utf8("other")), "cannot_open");
    await refused(() => bob.open(sealed, utf8("info")), "cannot_open");
    await refused(() => alice.open(sealed.slice(0, 1135), utf8("info")), "cannot_open");
    for (const at of [0, 1090, 1119, 1125]) {
      const bent = sealed.slice();
      bent[at] ^= 1;
      await refused(() => alice.open(bent, utf8("info")), "cannot_open");
    }
    // The X25519 half of the encapsulation is a point of small order: some engines throw, some give zeros.
    const zeroed = sealed.slice();
    zeroed.fill(0, 1088, 1120);
    await refused(() => alice.open(zeroed, utf8("info")), "cannot_open");
  });

  test(`a signature is over its tag and document (${name})`, async () => {
    setNative(native);
    const pair = await keys.reviewerKeys(random(32));
    const sig = await pair.sign(TAG.POST, utf8("{}"));
    await keys.verify(pair.sig, TAG.POST, utf8("{}"), sig);
    await keys.verify(pair.sig, TAG.ENROL, lp("a", 1), await pair.sign(TAG.ENROL, ["a", 1]));
    await refused(() => keys.verify(pair.sig, TAG.LOGIN, utf8("{}"), sig), "bad_signature");
    await refused(() => keys.verify(pair.sig, TAG.POST, utf8("{ }"), sig), "bad_signature");
    await refused(() => keys.verify(pair.sig, TAG.POST, utf8("{}"), sig.slice(1)), "bad_signature");
    const bigS = sig.slice();
    bigS[63] |= 0xf0;
    await refused(() => keys.verify(pair.sig, TAG.POST, utf8("{}"), bigS), "bad_signature");
  });

  test(`signatures that only a verifier with cofactor believes are refused (${name})`, async () => {
    setNative(native);
    for (const { public: open, signed, sig } of x1.refused_signatures) {
      const doc = hex(signed).slice(utf8(TAG.POST).length);
      await refused(() => keys.verify(hex(open), TAG.POST, doc, hex(sig)), "bad_signature");
    }
  });

  test(`keys valid for every message are refused (${name})`, async () => {
    setNative(native);
    for (const bad of x1.bad_ed25519) {
      await refused(() => keys.checkSigPublic(hex(bad)), "bad_key");
      const forged = new Uint8Array([...hex(bad), ...new Uint8Array(32)]);
      await refused(() => keys.verify(hex(bad), TAG.POST, utf8("{}"), forged), "bad_signature");
      await refused(() => keys.verify(hex(x1.zone.root), TAG.POST, utf8("{}"), forged), "bad_signature");
    }
    for (const { at, bytes } of x1.bad_kem_patches) {
      const kem = hex(x1.ticket.kem);
      kem.set(hex(bytes), at);
      await refused(() => keys.checkKemPublic(kem), "bad_key");
      await refused(() => keys.seal(kem, utf8("x"), utf8("")), "bad_key");
    }
    await refused(() => keys.checkKemPublic(new Uint8Array(1215)), "bad_key");
    await refused(() => keys.reviewerKeys(new Uint8Array(31)), "bad_key");
  });
}

test("the fallback and the browser's own calls open each other's seals", async () => {
  const seed = random(32);
  for (const [, sealing] of BOTH) {
    for (const [, opening] of BOTH) {
      setNative(opening);
      const pair = await keys.reviewerKeys(seed);
      setNative(sealing);
      const sealed = await keys.seal(pair.kem, utf8("words"), utf8("info"));
      assert.equal(toHex(await pair.open(sealed, utf8("info"))), toHex(utf8("words")));
    }
  }
});

test("a key pair does not show its secrets", async () => {
  setNative(false);
  const seed = random(32);
  const pair = await keys.reviewerKeys(seed);
  assert.deepEqual(Object.keys(pair), ["kem", "sig"]);
  assert.ok(!JSON.stringify(pair).includes(Buffer.from(seed).toString("hex")));
});

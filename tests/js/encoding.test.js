import assert from "node:assert/strict";
import { test } from "node:test";

import { TAG, b64, lp, random, sameBytes, tagged, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { hex, refused, toHex, x1 } from "./vectors.js";

test("it works", async () => {
  for (const { fields, out } of x1.lp) {
    assert.equal(toHex(lp(...fields.map((field) => (field.hex ? hex(field.hex) : field)))), out);
  }
  assert.equal(toHex(await tagged(TAG.FACTS, utf8(x1.facts.body))), x1.facts.facts);
});

test("base64url has one spelling", async () => {
  assert.equal(b64(unb64("AAE", 2)), "AAE");
  for (const bad of ["AAF", "A", "AA==", "A A", "A+8", "A/8", "AAE\n", "ä", 7, null]) await refused(() => unb64(bad));
  await refused(() => unb64("AAE", 3));
});

test("a field is bytes, text or a whole number, and not too long", async () => {
  for (const bad of [-1, 1.5, 2 ** 60, new Uint8Array(65536)]) await refused(() => lp(bad));
});

test("no two tags are the same", () => {
  assert.equal(new Set(Object.values(TAG)).size, Object.keys(TAG).length);
  assert.ok(Object.values(TAG).every((tag) => tag.endsWith(" v1\0")));
});

test("randomness comes in any length", () => {
  assert.equal(random(200000).length, 200000);
  assert.ok(!sameBytes(random(32), random(32)));
  assert.ok(
    random(70000)
      .slice(65536)
      .some((byte) => byte !== 0),
  );
});

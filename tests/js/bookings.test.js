// What finance signs for the ledger: the same vectors as tests/crypto/test_bookings.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BOOKING, USES, draft, signBooking, verifyBooking } from "../../static/js/crypto/bookings.js";
import { b64, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { reviewerKeys } from "../../static/js/crypto/keys.js";
import { parse } from "../../static/js/crypto/strict.js";
import { hex, read, refused } from "./vectors.js";

const vectors = JSON.parse(read("tests/vectors/bookings.json"));
const keys = await reviewerKeys(hex(vectors.seed));

for (const { act, bytes, sig } of vectors.valid) {
  test(`a signed ${act}`, async () => {
    const document = await verifyBooking(keys.sig, utf8(bytes), unb64(sig));
    const said = Object.fromEntries(USES[act].map((name) => [name, document[name]]));
    assert.deepEqual(draft(document, act, said), document);
    const again = await signBooking(keys, document);
    assert.deepEqual([text(again.bytes), b64(again.sig)], [bytes, sig]);
  });
}

test("what is no booking is refused", async () => {
  for (const bad of vectors.invalid) await refused(() => parse(BOOKING, utf8(bad)));
});

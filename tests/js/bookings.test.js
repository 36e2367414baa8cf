// What finance signs for the ledger: the same vectors as tests/crypto/test_bookings.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BOOKING, USES, draft, signBooking, verifyBooking } from "../../static/js/crypto/bookings.js";
import { b64, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { book } from "../../static/js/client/booking.js";
import { askFor } from "../../static/js/client/wire.js";
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

test("a booking is entered for the office it was begun for, whatever is asked for meanwhile", async () => {
  const { zone, dir, author } = JSON.parse(vectors.valid[0].bytes);
  const office = { zone: unb64(zone), rid: author, serves: "traffic", keys, directories: { newestHash: dir } };
  office.refreshDirectory = async () => {
    office.serves = "zone";
    askFor("zone");
  };
  const asked = [];
  globalThis.fetch = async (_path, { headers }) => {
    asked.push(headers["Whistle-Office"]);
    const stale = asked.length === 1;
    return { ok: !stale, status: stale ? 409 : 200, json: async () => (stale ? { error: "stale_directory" } : {}) };
  };
  askFor("traffic");
  await book(office, "budget", { year: 2026, source: "专项", fen: 100 });
  assert.deepEqual(asked, ["traffic", "traffic"]);
});

// What a client believes of directories and receipts: the same vectors as tests/crypto/test_trust.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { refuseMoved } from "../../static/js/client/trust.js";
import { Directories } from "../../static/js/crypto/directory.js";
import { unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { readReceipt } from "../../static/js/crypto/receipts.js";
import { directories as vectors, refused } from "./vectors.js";

const signed = vectors.directories.map(({ bytes, sig }) => ({ bytes: utf8(bytes), sig: unb64(sig) }));
const told = (places) => Directories.verify(unb64(vectors.zone), places.map((place) => signed[place])); // prettier-ignore

test("directories go on from what was seen, or go back", async () => {
  for (const { before, told: now, good } of vectors.seen) {
    assert.equal((await told(now)).extends(await told(before)), good, `${before} then ${now}`);
  }
});

test("a directory holds through its last day", async () => {
  for (const { told: now, today, expired } of vectors.expires) {
    assert.equal((await told(now)).isExpired(today), expired, today);
  }
});

for (const { what, bytes, sig, good } of vectors.receipts) {
  test(`a receipt signed by ${what}`, async () => {
    const reading = readReceipt(await told([0, 1, 2, 3]), utf8(bytes), unb64(sig));
    if (good) assert.equal((await reading).door, "public");
    else await refused(() => reading, "unknown_door");
  });
}

for (const { what, zone, directories, channels, good } of vectors.moved) {
  test(`a channel belongs to one office for ever: ${what}`, async () => {
    const served = directories.map(({ bytes, sig }) => ({ bytes: utf8(bytes), sig: unb64(sig) }));
    const known = await Directories.verify(unb64(zone), served);
    for (const channel of channels) await known.addChannel(utf8(channel));
    const looking = async () => refuseMoved(known, "east");
    if (good) await looking();
    else await refused(looking, "moved_channel");
  });
}

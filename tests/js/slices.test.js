import assert from "node:assert/strict";
import { test } from "node:test";

import { digest, b64, concat } from "../../static/js/crypto/encoding.js";
import * as items from "../../static/js/crypto/items.js";
import * as slices from "../../static/js/crypto/slices.js";
import { hex, read, refused, toHex } from "./vectors.js";

const vectors = JSON.parse(read("tests/vectors/slices.json"));
const nine = vectors.files.at(-1);

const bodyOf = ({ size }) => new Uint8Array(size).map((_, i) => i % 251);
const drawnOf = ({ key, salt }) => ({ key: hex(key), salt: hex(salt) });
const placeOf = ({ author, index }) => ({
  zone: hex(vectors.zone),
  caseId: hex(vectors.case),
  author,
  pid: hex(vectors.pid),
  index,
});
const entryOf = ({ id, comp, len, tree }) => ({ id, comp, len, tree });

function* pieces(body, size) {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

/** The vector's file, sealed by the program from pieces of this size. */
async function sealed(file, size = items.SLICE) {
  const parts = [];
  for await (const part of slices.sealSlices(placeOf(file), file, drawnOf(file), pieces(bodyOf(file), size)))
    parts.push(part.slice());
  return parts;
}

const hashesOf = async (parts) => concat(...(await Promise.all(parts.map(digest))));
const cut = (blob) =>
  Array.from({ length: slices.sliceCount(blob.length) }, (_, i) => blob.slice(i * items.SLICE, (i + 1) * items.SLICE));

/** An opener of what was sealed, whatever it is. */
async function start(file, parts, { entry = entryOf(file), key = hex(file.key), place = placeOf(file) } = {}) {
  return slices.SliceOpener.start(place, entry, key, await hashesOf(parts));
}

async function opened(opener, parts) {
  const out = [];
  for (const part of parts) out.push(await opener.add(part));
  return concat(...out, await opener.finish());
}

for (const file of vectors.files) {
  test(`the vectors are sealed and opened slice by slice: ${file.title}`, async () => {
    for (const size of [items.SLICE, 700001]) {
      const parts = await sealed(file, size);
      assert.deepEqual((await Promise.all(parts.map(digest))).map(toHex), file.slices);
      assert.deepEqual(await slices.entryOf(file, parts[0], await hashesOf(parts)), entryOf(file));
      const opener = await start(file, parts);
      assert.deepEqual(await opened(opener, parts), bodyOf(file));
      assert.deepEqual(opener.meta, { name: file.name, type: file.type, size: file.size });
    }
    assert.equal(slices.blobOf(file), file.len);
  });
}

test("what is sealed in slices opens whole, and the other way round", async () => {
  const { zone, caseId, author, pid, index } = placeOf(nine);
  const parts = await sealed(nine);
  const whole = await items.openItem(zone, caseId, author, pid, index, entryOf(nine), hex(nine.key), concat(...parts));
  assert.deepEqual(whole.body, bodyOf(nine));
  const part = { comp: "report", name: "a.jpg", type: "image/jpeg", body: bodyOf({ size: 1_200_000 }) };
  const { entry, blob, key } = await items.sealItem(zone, caseId, author, pid, index, part);
  const again = cut(blob);
  assert.deepEqual(await opened(await start(nine, again, { entry, key }), again), part.body);
});

test("nothing is opened from a wrong slice on", async () => {
  const parts = await sealed(nine);
  const opener = await start(nine, parts);
  for (const part of parts.slice(0, 4)) await opener.add(part);
  const wrong = parts[4].slice();
  wrong[0] ^= 1;
  await refused(() => opener.add(wrong), "wrong_item");
});

test("slices come in order and all of them", async () => {
  const parts = await sealed(nine);
  await refused(async () => (await start(nine, parts)).add(parts[1]), "wrong_item");
  const short = await start(nine, parts);
  for (const part of parts.slice(0, -1)) await short.add(part);
  await refused(() => short.finish(), "wrong_item");
});

test("a list of slices that the author did not sign is refused", async () => {
  const parts = await sealed(nine);
  const hashes = await hashesOf(parts);
  const changed = hashes.slice();
  changed[0] ^= 1;
  const entry = entryOf(nine);
  for (const [given, list] of [
    [entry, changed],
    [entry, hashes.subarray(32)],
    [{ ...entry, tree: b64(new Uint8Array(32)) }, hashes],
    [{ ...entry, len: entry.len + items.SLICE }, hashes],
  ])
    await refused(() => slices.SliceOpener.start(placeOf(nine), given, hex(nine.key), list), "wrong_item");
});

test("another key or another place opens nothing", async () => {
  const parts = await sealed(nine);
  const elsewhere = { ...placeOf(nine), index: nine.index + 1 };
  for (const given of [{ key: new Uint8Array(32) }, { place: elsewhere }])
    await refused(async () => (await start(nine, parts, given)).add(parts[0]), "cannot_open");
});

test("a file that changes while it is read is not sealed", async () => {
  for (const size of [99, 101])
    await refused(async () => {
      const shape = { ...nine, size: 100 };
      for await (const part of slices.sealSlices(placeOf(nine), shape, slices.draw(), [new Uint8Array(size)]))
        assert.ok(part.length > 0);
    }, "changed");
});

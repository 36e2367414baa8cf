import assert from "node:assert/strict";
import { test } from "node:test";

import { decrypt, encrypt } from "../../static/js/crypto/cobblestone.js";
import { b64, random, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import * as items from "../../static/js/crypto/items.js";
import { hex, refused, toHex, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);
const place = [zone, random(32), "reporter", random(16), 3];

/** The post that carries a vector's item, and the item's index in it. */
function carrierOf(entry) {
  for (const { head, body } of x1.posts) {
    const index = JSON.parse(body).items.findIndex(({ id }) => id === entry.id);
    if (index >= 0) return { ...JSON.parse(head), index };
  }
  throw new Error("no carrier");
}

/** The vector's blob, made again from its key and salt. */
async function vectorBlob({ key, context, salt, meta, body, entry }) {
  const plain = items.packPlain({ ...meta, comp: entry.comp, body: utf8(body) });
  return encrypt(hex(key), hex(context), plain, hex(salt));
}

test("it works", async () => {
  for (const vector of x1.items) {
    const { entry, key, meta, body } = vector;
    const blob = await vectorBlob(vector);
    assert.equal(toHex(blob.slice(0, 80)), vector.blob_head);
    assert.equal(b64(await items.tree(blob)), entry.tree);
    const { case: id, author, pid, index } = carrierOf(entry);
    const opened = await items.openItem(zone, unb64(id), author, unb64(pid), index, entry, hex(key), blob);
    assert.deepEqual(opened.meta, meta);
    assert.equal(text(opened.body), body);
  }
});

test("the vectors' contexts and halves are ours", async () => {
  for (const { entry, context, key, half1 } of x1.items) {
    const { case: id, author, pid, index } = carrierOf(entry);
    assert.equal(toHex(items.itemContext(zone, unb64(id), author, unb64(pid), entry.comp, index)), context);
    if (!entry.halves) continue;
    const half2 = hex(key).map((byte, i) => byte ^ hex(half1)[i]);
    await items.checkHalf(entry, 1, hex(half1));
    await items.checkHalf(entry, 2, half2);
    assert.equal(toHex(items.joinHalves(hex(half1), half2)), key);
    await refused(() => items.checkHalf(entry, 2, hex(half1)), "bad_half");
    await refused(() => items.checkHalf(entry, 3, hex(half1)), "bad_half");
  }
});

test("files are padded to few sizes, texts to one", async () => {
  for (const [size, padded] of x1.padme) assert.equal(items.paddedSize("report", "a.jpg", size), padded);
  assert.equal(items.paddedSize("work", "a.pdf", 10), 16384);
  assert.equal(items.paddedSize("card", "", 4096), 4096);
  assert.equal(items.paddedSize("report", "", 5), 16384);
  await refused(() => items.paddedSize("card", "", 4097), "too_long");
  for (const comp of ["card", "identity", "award"])
    await refused(() => items.paddedSize(comp, "a.jpg", 5), "bad_compartment");
  await refused(() => items.paddedSize("toString", "", 5));
});

test("a blob has a length its compartment permits", async () => {
  for (const { entry } of x1.items) items.checkLength(entry.comp, entry.len);
  items.checkLength("report", items.blobSize(17408));
  for (const bad of [0, 71, 4167, 4169, 16472, items.blobSize(17409)])
    await refused(() => items.checkLength("card", bad), "bad_length");
  await refused(() => items.checkLength("report", items.blobSize(16385)), "bad_length");
});

test("what is sealed opens in its place", async () => {
  for (const size of [0, 1, 300]) {
    const sealed = await items.sealItem(...place, { comp: "thread", name: "", type: "text/plain", body: random(size) });
    assert.equal(sealed.entry.len, 4168);
    assert.equal((await items.openItem(...place, sealed.entry, sealed.key, sealed.blob)).meta.size, size);
  }
});

test("a file of several mebibytes keeps its bytes, as bytes and as a Blob", async () => {
  for (const size of [16384, 3000000]) {
    const body = random(size);
    const file = { comp: "report", name: "现场.mp4", type: "video/mp4" };
    const one = await items.sealItem(...place, { ...file, body });
    const two = await items.sealItem(...place, { ...file, body: new Blob([body]) });
    assert.ok(two.blob instanceof Blob);
    assert.equal(one.entry.len, two.entry.len);
    const bytes = new Uint8Array(await two.blob.arrayBuffer());
    assert.deepEqual((await items.openItem(...place, two.entry, two.key, bytes)).body, body);
    const opened = await items.openItem(...place, one.entry, one.key, new Blob([one.blob]));
    assert.deepEqual(new Uint8Array(await opened.body.arrayBuffer()), body);
    assert.equal(opened.meta.name, "现场.mp4");
  }
});

test("a file name from a Mac is spelled in NFC", async () => {
  const sealed = await items.sealItem(...place, { comp: "report", name: "e\u0301.jpg", type: "", body: random(9) });
  assert.equal((await items.openItem(...place, sealed.entry, sealed.key, sealed.blob)).meta.name, "\u00e9.jpg");
});

test("a text too long for its compartment is refused, never cut", async () => {
  const part = { comp: "identity", name: "", type: "", body: random(4096) };
  await refused(() => items.sealItem(...place, part), "too_long");
});

test("an item is cut into chunks, the last one shorter", async () => {
  const [key, context] = [random(32), utf8("here")];
  for (const size of [0, 16383, 16384, 16385, 64 * 16384, 65 * 16384 + 1]) {
    const plain = random(size);
    const blob = await encrypt(key, context, plain);
    assert.equal(blob.length, items.blobSize(size));
    assert.deepEqual(await decrypt(key, context, blob), plain);
    for (const cut of [1, 16, 16400])
      if (blob.length > 56 + cut) await refused(() => decrypt(key, context, blob.slice(0, -cut)));
  }
  await refused(() => decrypt(key, context, new Uint8Array(71)), "cannot_open");
});

test("two chunks cannot change places", async () => {
  const [key, context] = [random(32), utf8("")];
  const blob = await encrypt(key, context, random(40000));
  const swapped = blob.slice();
  swapped.set(blob.subarray(56, 16456), 16456);
  swapped.set(blob.subarray(16456, 32856), 56);
  await refused(() => decrypt(key, context, swapped), "cannot_open");
});

test("padding that is not zeros, a size or a meta that lies are refused", async () => {
  const entry = { comp: "thread" };
  const seal = async (plain) => {
    const blob = await encrypt(place[1], items.itemContext(...place.slice(0, 4), "thread", 3), plain);
    return { ...entry, id: b64(blob.slice(24, 56)), len: blob.length, tree: b64(await items.tree(blob)), blob };
  };
  const good = items.packPlain({ comp: "thread", name: "", type: "", body: utf8("hi") });
  const noisy = good.slice();
  noisy[4095] = 1;
  const lying = utf8(text(good).replace('"size":2', '"size":9'));
  const huge = good.slice();
  huge[0] = 0xff;
  for (const plain of [
    noisy,
    good.slice(0, 4000),
    lying.fill(7, 60, 64),
    huge,
    new Uint8Array(4096),
    new Uint8Array(2),
  ]) {
    const { blob, ...sealed } = await seal(plain);
    await refused(() => items.openItem(...place, sealed, place[1], blob));
  }
});

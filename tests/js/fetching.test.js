import assert from "node:assert/strict";
import { test } from "node:test";

import { ClientError } from "../../static/js/client/errors.js";
import { fetched, slicesAt, whole } from "../../static/js/client/fetching.js";
import { openItems } from "../../static/js/client/reading.js";
import { b64, concat, digest } from "../../static/js/crypto/encoding.js";
import { wholeKeys } from "../../static/js/client/sealing.js";
import { SLICE } from "../../static/js/crypto/items.js";
import { sealSlices } from "../../static/js/crypto/slices.js";
import { hex, read } from "./vectors.js";

const vectors = JSON.parse(read("tests/vectors/slices.json"));
const file = vectors.files.at(-1);
const body = new Uint8Array(file.size).map((_, i) => i % 251);
const where = { zone: hex(vectors.zone), case: hex(vectors.case) };
const entry = { id: file.id, comp: file.comp, len: file.len, tree: file.tree };
const items = Array.from({ length: file.index + 1 }, () => entry);
const post = { author: file.author, pid: b64(hex(vectors.pid)), items };
const item = { index: file.index, key: hex(file.key), spare: [], length: entry.len };

const blob = await (async () => {
  const parts = [];
  const drawn = { key: hex(file.key), salt: hex(file.salt) };
  const place = { zone: where.zone, caseId: where.case, author: file.author, pid: hex(vectors.pid), index: file.index };
  for await (const part of sealSlices(place, file, drawn, [body])) parts.push(part.slice());
  return concat(...parts);
})();

async function hashesOf(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length; at += SLICE) all.push(await digest(bytes.slice(at, at + SLICE)));
  return concat(...all);
}

/** A door that has these bytes and says these hashes. */
const door = (bytes, hashes = hashesOf(blob)) => ({
  hashes: async () => hashes,
  piece: async (first, last) => bytes.slice(first, last + 1),
});
const code = (wanted) => (error) => error instanceof ClientError && error.code === wanted;

test("a large file comes out as it went in, told as it comes", async () => {
  const shares = [];
  const got = await whole(await fetched(where, post, item, door(blob)), blob.length, (...share) => shares.push(share));
  assert.deepEqual(got, body);
  assert.equal(shares.at(-1)[0], body.length);
});

test("hashes that the author did not sign are the server's lie", async () => {
  const hashes = await hashesOf(blob);
  hashes[0] ^= 1;
  await assert.rejects(fetched(where, post, item, door(blob, hashes)), code("server_lies"));
  await assert.rejects(fetched(where, post, item, door(blob, new Uint8Array())), code("server_lies"));
});

test("a changed slice is broken, and nothing from it on is given out", async () => {
  const bent = blob.slice();
  bent[3 * SLICE + 5] ^= 1;
  let seen = 0;
  const file = await fetched(where, post, item, door(bent));
  await assert.rejects(async () => {
    for await (const piece of file.pieces()) seen += piece.length;
  }, code("broken"));
  assert.ok(seen > 0 && seen <= 3 * SLICE);
});

test("a key that opens nothing is broken, none at all too, and too large is said before anything is fetched", async () => {
  const wrong = { ...item, key: new Uint8Array(32) };
  await assert.rejects(async () => whole(await fetched(where, post, wrong, door(blob)), 1e9), code("broken"));
  await assert.rejects(fetched(where, post, { ...item, key: null }, door(blob)), code("broken"));
  await assert.rejects(async () => whole(await fetched(where, post, item, door(blob)), 1000), code("too_large"));
});

test("a false key that was granted first keeps nobody from the file, and every key is handed on", async () => {
  const two = { ...item, key: new Uint8Array(32), spare: [new Uint8Array(32).fill(1), item.key] };
  const file = await fetched(where, post, two, door(blob));
  assert.deepEqual(await whole(file, 1e9), await whole(await fetched(where, post, item, door(blob)), 1e9));
  assert.deepEqual(wholeKeys(two).map(({ key }) => key), [two.key, ...two.spare]); // prettier-ignore
  await assert.rejects(
    async () => whole(await fetched(where, post, { ...two, spare: [two.key] }, door(blob)), 1e9),
    code("broken"),
  );
});

test("slices are asked for by item and range, the ticket or the case in a header", async () => {
  const asked = [];
  globalThis.fetch = async (path, { headers }) => {
    asked.push([path, headers]);
    return new Response(Uint8Array.of(1, 2));
  };
  const slices = slicesAt({ Authorization: "t" }, "item");
  assert.deepEqual([...(await slices.hashes())], [1, 2]);
  await slices.piece(0, 9);
  assert.deepEqual(asked, [
    ["/api/slices", { Authorization: "t", "Whistle-Item": "item" }],
    ["/api/item", { Authorization: "t", "Whistle-Item": "item", Range: "bytes=0-9" }],
  ]);
  globalThis.fetch = async () => Response.json({ error: "not_found" }, { status: 404 });
  await assert.rejects(slices.hashes(), code("not_found"));
  globalThis.fetch = async () => Promise.reject(new TypeError("down"));
  await assert.rejects(slices.hashes(), code("offline"));
});

test("reading lists a large item apart, with the key that opens it; without one it is broken", async () => {
  const large = { ...post, hash: "h", kind: "evidence", grants: [{ to: "r", items: [[entry.id, 0]] }], items: [entry] };
  const given = [{ post: large, grants: new Map(), items: new Map() }];
  const key = item.key;
  const listed = (keys) => openItems({ ...where, name: "r" }, given, keys);
  const [found] = await listed(new Map([[entry.id, new Map([[0, [key]]])]]));
  assert.deepEqual([found.apart, found.length, found.broken, found.key], [true, entry.len, false, key]);
  const [shut] = await listed(new Map());
  assert.deepEqual([shut.apart, shut.broken, shut.key], [true, true, null]);
});

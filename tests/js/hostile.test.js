// A case in which a stranger and then colleagues sealed what does not open is read as Python reads it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { carried, heldIn, openItems, openKeys } from "../../static/js/client/reading.js";
import { unb64 } from "../../static/js/crypto/encoding.js";
import { reviewerKeys } from "../../static/js/crypto/keys.js";
import { hostile } from "./vectors.js";

const { zone, id, readers } = hostile.case;

async function opened(name) {
  const { seed, rid, posts } = readers[name];
  const reader = { zone: unb64(zone), case: unb64(id), name: rid, keys: await reviewerKeys(unb64(seed)) };
  const given = await carried(posts);
  const keys = await openKeys(reader, given);
  return { keys, items: await openItems(reader, given, keys) };
}

for (const name of Object.keys(readers)) {
  test(`spoiled items and grants spoil nothing but themselves: ${name}`, async () => {
    const { items } = await opened(name);
    const read = items.map((one) => [one.comp, one.kind, one.author, one.broken ? "broken" : one.text]);
    assert.deepEqual(read, readers[name].reads);
  });
}

test("only keys that opened something are handed on", async () => {
  const { keys, items } = await opened("bob");
  const held = heldIn(keys, items);
  const at = (comp, kind, index) => items.find((one) => one.comp === comp && one.kind === kind && one.index === index);
  const report = at("report", "report", 1);
  assert.deepEqual([...held.get(report.id)], [[0, report.key]]);
  assert.equal(held.has(at("thread", "accept", 1).id), false);
});

test("a half that does not fit its item is none, and a good one is kept to be handed on", async () => {
  const spoiled = await opened("lena");
  assert.equal(heldIn(spoiled.keys, spoiled.items).size, 0);
  const good = await opened("leo");
  assert.deepEqual(
    [...heldIn(good.keys, good.items).values()].map((parts) => [...parts.keys()]),
    [[1]],
  );
});

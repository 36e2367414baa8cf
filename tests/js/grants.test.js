import assert from "node:assert/strict";
import { test } from "node:test";

import { b64, random, unb64 } from "../../static/js/crypto/encoding.js";
import { grantInfo, grantSize, openGrant, sealGrant } from "../../static/js/crypto/grants.js";
import { setNative } from "../../static/js/crypto/hpke.js";
import { reviewerKeys, seal } from "../../static/js/crypto/keys.js";
import { openTicket } from "../../static/js/crypto/ticket.js";
import { BOTH, hex, refused, reviewer, toHex, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);

const keysOf = async (name) =>
  name === "reporter" ? (await openTicket(zone, x1.ticket.typed)).keys : reviewerKeys(hex(reviewer(name).seed));

for (const [name, native] of BOTH) {
  test(`it works (${name})`, async () => {
    setNative(native);
    for (const { post, to, info, entry, sealed } of x1.grants) {
      const head = JSON.parse(post === "rotation 1" ? x1.rotation_posts[1].head : x1.posts[post].head);
      const place = [zone, unb64(head.case), head.author, unb64(head.pid), entry.to];
      assert.equal(toHex(grantInfo(...place)), info);
      const rows = await openGrant(...place, await keysOf(to), entry, hex(sealed));
      for (const row of rows) checkRow(row);
    }
  });
}

/** The key of a vector's item, or the half that was granted. */
function checkRow({ id, part, key }) {
  const item = x1.items.find(({ entry }) => entry.id === id);
  const half2 = toHex(hex(item.key).map((byte, i) => byte ^ hex(item.half1)[i]));
  assert.equal(toHex(key), [item.key, item.half1, half2][part]);
}

test("a grant opens for its reader, its post and its rows alone", async () => {
  const [alice, bob] = [await reviewerKeys(random(32)), await reviewerKeys(random(32))];
  const [aliceRid, bobRid] = [b64(random(16)), b64(random(16))];
  const place = [zone, random(32), "reporter", random(16)];
  const rows = [
    { id: b64(random(32)), part: 0, key: random(32) },
    { id: b64(random(32)), part: 2, key: random(32) },
  ];
  const { entry, sealed } = await sealGrant(...place, aliceRid, alice.kem, rows);
  assert.equal(entry.len, grantSize(2));
  assert.deepEqual(await openGrant(...place, aliceRid, alice, entry, sealed), rows);
  await refused(() => openGrant(...place, bobRid, bob, entry, sealed), "wrong_grant");
  await refused(() => openGrant(...place, bobRid, alice, { ...entry, to: bobRid }, sealed), "cannot_open");
  await refused(() => openGrant(zone, place[1], "reporter", random(16), aliceRid, alice, entry, sealed), "cannot_open");
  await refused(() => openGrant(zone, random(32), "reporter", place[3], aliceRid, alice, entry, sealed), "cannot_open");
  await refused(() => openGrant(...place, aliceRid, alice, entry, sealed.slice(1)), "wrong_grant");
  await refused(
    () => openGrant(...place, aliceRid, alice, { ...entry, items: entry.items.slice(1) }, sealed),
    "wrong_grant",
  );
});

test("a half of zeros is refused when sealing and when opening", async () => {
  const alice = await reviewerKeys(random(32));
  const place = [zone, random(32), "reporter", random(16), b64(random(16))];
  const row = { id: b64(random(32)), part: 1, key: new Uint8Array(32) };
  await refused(() => sealGrant(...place, alice.kem, [row]), "bad_half");
  const plain = new Uint8Array([...unb64(row.id), 1, ...row.key]);
  const sealed = await seal(alice.kem, plain, grantInfo(...place));
  const { entry } = await sealGrant(...place, alice.kem, [{ ...row, key: random(32) }]);
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", Buffer.concat([Buffer.from("grant v1\0"), sealed])),
  );
  await refused(() => openGrant(...place, alice, { ...entry, hash: b64(digest) }, sealed), "bad_half");
});

// The drawer's box: what its owner put there opens for him, and nothing else does.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  added,
  namedView,
  nothingKept,
  openDrawer,
  refused,
  sealDrawer,
  tiedTo,
  withoutView,
} from "../../static/js/client/drawer.js";
import { b64, digest, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { reviewerKeys, seal } from "../../static/js/crypto/keys.js";

const keys = await reviewerKeys(new Uint8Array(32).fill(7));
const place = { keys, rid: "A".repeat(22), office: "zone", rev: 3 };
const kept = {
  sentences: ["收到，谢谢您。"],
  views: [{ name: "矿山", filters: { sector: "mines", order: "state" } }],
  ties: ["鲁兴木业"],
};

test("what was put there opens, with what a later release kept beside", async () => {
  assert.deepEqual(await openDrawer(place, await sealDrawer(place, kept)), kept);
  const later = { ...kept, more: [1] };
  assert.deepEqual(await openDrawer(place, await sealDrawer(place, later)), later);
  assert.deepEqual(await openDrawer({ ...place, rev: 0 }, ""), nothingKept());
});

test("another number, office, name or key does not open it", async () => {
  const box = await sealDrawer(place, kept);
  const other = await reviewerKeys(new Uint8Array(32).fill(8));
  for (const change of [{ rev: 2 }, { office: "traffic" }, { rid: "B".repeat(22) }, { keys: other }])
    await assert.rejects(openDrawer({ ...place, ...change }, box), { code: "drawer" });
  await assert.rejects(openDrawer(place, ""), { code: "drawer" });
});

test("what anybody sealed to the key, unsigned or signed by himself, is not his", async () => {
  const said = JSON.stringify({ sentences: ["请把查询码告诉我。"] });
  const other = await reviewerKeys(new Uint8Array(32).fill(8));
  const sig = b64(await other.sign("drawer v1\0", [place.rid, place.office, place.rev, await digest(utf8(said))]));
  for (const plain of [said, JSON.stringify({ said, sig: "" }), JSON.stringify({ said, sig }), "[]", "null", "{"]) {
    const box = b64(await seal(keys.kem, utf8(plain), utf8("whistle: drawer v1")));
    await assert.rejects(openDrawer(place, box), { code: "drawer" });
  }
});

test("what was put there in another shape is not taken", async () => {
  const odd = { sentences: "x", views: [{ name: 1 }, null, { name: "一", filters: { state: 1, due: "today" } }] };
  const found = await openDrawer(place, await sealDrawer(place, odd));
  assert.deepEqual(found, { sentences: [], views: [{ name: "一", filters: { due: "today" } }], ties: [] });
});

test("a view stands once under its name", () => {
  const now = namedView("一", { state: "closed" })(nothingKept());
  assert.deepEqual(namedView("一", { due: "today" })(now).views, [{ name: "一", filters: { due: "today" } }]);
  assert.deepEqual(withoutView("一")(now), nothingKept());
});

test("how much lies in it is not told by its size, and there is an end", async () => {
  const sizes = new Set();
  for (const count of [0, 1, 10]) {
    const box = await sealDrawer(place, { sentences: Array.from({ length: count }, (_, i) => `第${i}句。`) });
    sizes.add(unb64(box).length);
  }
  assert.equal(sizes.size, 1);
  assert.equal(await sealDrawer(place, { sentences: ["字".repeat(30_000)] }), null);
});

test("a sentence stands once, in the place of the one it replaces", () => {
  const now = { sentences: ["一", "二"] };
  assert.deepEqual(added("三")(now).sentences, ["一", "二", "三"]);
  assert.deepEqual(added("二")(now).sentences, ["一", "二"]);
  assert.deepEqual(added("新", "一")(now).sentences, ["新", "二"]);
  assert.deepEqual(added("新", "没有了")(now).sentences, ["一", "二", "新"]);
  assert.equal(refused(""), "sentences.empty");
  assert.equal(refused("字".repeat(501)), "sentences.long");
  assert.equal(refused("字".repeat(500)), "");
});

test("a save of the ties takes nothing that another page put in meanwhile", () => {
  const now = { ...nothingKept(), ties: ["鲁兴木业", "王小明", "另一页的厂"] };
  const { ties } = tiedTo("鲁兴木业\n王小明", " 鲁兴木业 \n\n新的厂\n新的厂")(now);
  assert.deepEqual(ties, ["鲁兴木业", "另一页的厂", "新的厂"]);
  assert.deepEqual(tiedTo("", "")(now).ties, now.ties);
  assert.deepEqual(tiedTo("鲁兴木业", "鲁兴木业")(nothingKept()).ties, []); // struck in another page
});

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { Chain } from "../../static/js/crypto/chain.js";
import { Directories } from "../../static/js/crypto/directory.js";
import { utf8 } from "../../static/js/crypto/encoding.js";
import { setNative } from "../../static/js/crypto/hpke.js";
import { parsePost } from "../../static/js/crypto/posts.js";
import { BOTH, hex, refused, workflow, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);
/** @type {Directories} */
let directories;

before(async () => {
  directories = await Directories.verify(
    zone,
    x1.directories.map(({ bytes, sig }) => ({ bytes: utf8(bytes), sig: hex(sig) })),
  );
  for (const { channels } of x1.directories)
    for (const channel of channels) await directories.addChannel(utf8(channel));
});

const post = ({ head, sig, body }) => parsePost(utf8(head), hex(sig), body === null ? null : utf8(body));

async function chainOf(vectors, viewer = "office") {
  const chain = new Chain(zone, directories, workflow, viewer);
  for (const vector of vectors) await chain.add(await post(vector));
  return chain;
}

const shown = (vectors) => vectors.filter(({ head }) => JSON.parse(head).vis === "all");

for (const [name, native] of BOTH) {
  test(`it works (${name})`, async () => {
    setNative(native);
    const chain = await chainOf(x1.posts);
    assert.deepEqual(
      chain.acts.map(({ kind }) => kind),
      x1.posts.map(({ body }) => JSON.parse(body).kind),
    );
    assert.equal(chain.newest, (await post(x1.posts[9])).hash);
    assert.deepEqual(chain.next("all"), { no: 6, prev: chain.newest, last: chain.newest });
    assert.equal(chain.next("office").no, 4);
    assert.equal(chain.channelId, "zone");
    assert.equal(chain.seats[0][0], "verifier");
    assert.equal((await chainOf(x1.rotation_posts)).acts.length, 5);
  });
}

test("the reporter's view accepts what the office's view accepts", async () => {
  for (const vectors of [x1.posts, x1.rotation_posts]) {
    const chain = await chainOf(shown(vectors), "reporter");
    assert.equal(chain.acts.length, shown(vectors).length);
  }
  await refused(() => chainOf(x1.posts, "reporter"), "not_shown");
});

test("the chain says who holds what and who carries it", async () => {
  const chain = await chainOf(x1.posts);
  const [card, , identity] = JSON.parse(x1.posts[0].body).items;
  assert.deepEqual(chain.holds("ag3ACRBY8nGi78SSl3X-VA", card.id), [0]);
  assert.deepEqual(chain.holds("-pJDXuQwLY_K8XSfxWLv6A", identity.id), [1]);
  assert.deepEqual(chain.holds("-pJDXuQwLY_K8XSfxWLv6A", card.id), []);
  assert.deepEqual([chain.carrier(identity.id).author, chain.carrier(identity.id).index], ["reporter", 2]);
  assert.equal(chain.carrier("unknown"), null);
});

test("who recused himself is excluded from then on", async () => {
  const chain = await chainOf(x1.rotation_posts);
  assert.deepEqual([...chain.excluded], ["OQQK21OM6TzjZkJsBl8xfQ"]);
});

test("a post missing, repeated or out of order is refused", async () => {
  for (const order of [[1], [0, 2], [0, 0], [0, 1, 1], [0, 1, 3], [0, 1, 2, 4]]) {
    await refused(() => chainOf(order.map((i) => x1.posts[i])));
  }
  await refused(() => chainOf([shown(x1.posts)[0], shown(x1.posts)[2]], "reporter"), "wrong_place");
});

test("a signature of another is refused, unless the caller had accepted the post", async () => {
  const forged = { ...x1.posts[1], sig: x1.posts[0].sig };
  await refused(() => chainOf([x1.posts[0], forged]), "bad_signature");
  const chain = await chainOf([x1.posts[0]]);
  assert.equal((await chain.add(await post(forged), true)).kind, "accept");
});

test("a refused post leaves no trace", async () => {
  const chain = await chainOf(x1.posts.slice(0, 3));
  const before = JSON.stringify([chain.next("all"), chain.newest, [...chain.pids], chain.acts]);
  for (const i of [0, 1, 4, 5, 9]) await refused(async () => chain.add(await post(x1.posts[i])));
  await refused(async () => chain.add(await post({ ...x1.posts[3], sig: x1.posts[4].sig })), "bad_signature");
  assert.equal(JSON.stringify([chain.next("all"), chain.newest, [...chain.pids], chain.acts]), before);
  await chain.add(await post(x1.posts[3]));
});

test("a withheld body is counted and blocks signing", async () => {
  const chain = await chainOf(x1.posts.map((vector, i) => (i === 4 ? { ...vector, body: null } : vector)));
  assert.equal(chain.withheld, 1);
  assert.equal(chain.acts[4].kind, "");
  await refused(() => chain.next("all"), "withheld");
  await refused(() => chainOf([{ ...x1.posts[0], body: null }]), "withheld");
});

test("after the first body is gone the keys kept beside the heads still check the chain", async () => {
  const { reporter } = JSON.parse(x1.posts[0].body);
  const heads = await Promise.all(x1.posts.map((vector) => post({ ...vector, body: null })));
  const chain = new Chain(zone, directories, workflow, "office", reporter);
  for (const head of heads) await chain.add(head);
  assert.equal(chain.withheld, 10);
  const other = { ...reporter, sig: x1.zone.root && JSON.parse(x1.directories[0].bytes).root };
  await refused(() => new Chain(zone, directories, workflow, "office", other).add(heads[0]), "wrong_case");
});

test("an empty chain has no next place", async () => {
  await refused(() => new Chain(zone, directories, workflow).next("all"), "empty_chain");
});

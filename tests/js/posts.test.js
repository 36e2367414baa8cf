import assert from "node:assert/strict";
import { test } from "node:test";

import { concat, random, utf8 } from "../../static/js/crypto/encoding.js";
import {
  dayOf,
  draftBody,
  factsHash,
  packUpload,
  parsePost,
  signPost,
  unpackUpload,
  verifyPost,
} from "../../static/js/crypto/posts.js";
import { encrypt } from "../../static/js/crypto/cobblestone.js";
import { FIELDS } from "../../static/js/crypto/kinds.js";
import { packPlain } from "../../static/js/crypto/items.js";
import { b64 } from "../../static/js/crypto/encoding.js";
import { openTicket } from "../../static/js/crypto/ticket.js";
import { hex, later, refused, toHex, workflow, x1 } from "./vectors.js";

const parsed = ({ head, sig, body }) => parsePost(utf8(head), hex(sig), body && utf8(body));

/** The vectors' first post with its grants and blobs. */
async function filing() {
  const post = await parsed(x1.posts[0]);
  const grants = x1.grants.filter((grant) => grant.post === 0).map(({ sealed }) => hex(sealed));
  const items = {};
  for (const { entry, key, context, salt, meta, body } of x1.items.slice(0, 4)) {
    items[entry.id] = await encrypt(
      hex(key),
      hex(context),
      packPlain({ ...meta, comp: entry.comp, body: utf8(body) }),
      hex(salt),
    );
  }
  return { post, grants, items };
}

test("it works", async () => {
  for (const vector of [...x1.posts, ...x1.rotation_posts]) {
    const post = await parsed(vector);
    assert.equal(post.hash, b64(hex(vector.hash)));
    assert.equal(post.kind, JSON.parse(vector.body).kind);
  }
  assert.equal(await factsHash(utf8(x1.facts.body)), b64(hex(x1.facts.facts)));
});

test("a signature made here is the vectors' signature", async () => {
  const { keys } = await openTicket(hex(x1.zone.zone), x1.ticket.typed);
  const { v, suite, body, ...fields } = JSON.parse(x1.posts[0].head);
  const post = await signPost(keys, fields, utf8(x1.posts[0].body));
  assert.equal(toHex(post.sig), x1.posts[0].sig);
  await verifyPost(post, keys.sig);
});

test("a body is bound to its head", async () => {
  await refused(() => parsed({ ...x1.posts[0], body: x1.posts[1].body }), "wrong_body");
  const { head, body } = await parsed({ ...x1.posts[0], body: null });
  assert.equal(body, null);
  assert.equal(head.author, "reporter");
});

test("a reporter gives the day, a reviewer the minute", async () => {
  const [reporter, reviewer] = [x1.posts[0], x1.posts[1]];
  const minute = reporter.head.replace('"when":"2026-06-02"', '"when":"2026-06-02T03:00Z"');
  await refused(() => parsed({ ...reporter, head: minute, body: null }), "malformed");
  const day = reviewer.head.replace("2026-06-03T03:01Z", "2026-06-03");
  await refused(() => parsed({ ...reviewer, head: day, body: null }), "malformed");
});

test("the zone's day begins at sixteen hours UTC", () => {
  assert.equal(dayOf("2026-06-03T15:59Z"), "2026-06-03");
  assert.equal(dayOf("2026-12-31T16:00Z"), "2027-01-01");
  assert.equal(dayOf("2026-06-03"), "2026-06-03");
});

test("an upload is the vectors' upload and comes apart again", async () => {
  const { post, grants, items } = await filing();
  const data = packUpload(post, grants, items);
  assert.equal(data.length, x1.upload.length);
  assert.equal(toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", data))), x1.upload.sha256);
  const again = await unpackUpload(data);
  assert.equal(again.post.hash, post.hash);
  assert.deepEqual(again.grants, grants);
  assert.deepEqual(again.items, items);
});

test("an upload with anything missing, more or exchanged is refused", async () => {
  const { post, grants, items } = await filing();
  const data = packUpload(post, grants, items);
  for (const bad of [
    data.slice(0, -1),
    data.slice(0, 500),
    concat(data, [0]),
    concat(data, [0, 0, 0, 0]),
    new Uint8Array(0),
  ]) {
    await refused(() => unpackUpload(bad));
  }
  const [one, two] = post.items.map(({ id }) => id);
  await refused(() => unpackUpload(packUpload(post, [grants[1], grants[0], ...grants.slice(2)], items)), "wrong_grant");
  await refused(() => unpackUpload(packUpload(post, grants, { ...items, [one]: items[two] })), "wrong_item");
  await refused(() => packUpload(post, grants.slice(1), items), "malformed");
  await refused(() => packUpload(post, grants, {}), "malformed");
});

test("the table has rules for the kinds of the wire and no other", () => {
  assert.deepEqual(new Set(Object.keys(FIELDS)), new Set(Object.keys(workflow.kinds)));
});

test("the bodies of later kinds are those of the vectors, and what no language takes is refused", async () => {
  const head = (body) => ({ ...JSON.parse(x1.posts[0].head), body });
  const read = async (text) => {
    const bytes = utf8(text);
    const hash = b64(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(utf8("body v1\0"), bytes))));
    return parsePost(utf8(JSON.stringify(head(hash))), new Uint8Array(64), bytes);
  };
  for (const { kind, body } of later.valid) {
    const post = await read(body);
    assert.equal(post.kind, kind);
    assert.deepEqual(Object.keys(post.fields), Object.keys(FIELDS[kind]));
  }
  for (const { body } of later.invalid) await refused(() => read(body), "malformed");
});

test("a body of no kind, with a field too many or seats out of order is refused", async () => {
  const person = b64(random(16));
  await refused(() => draftBody("nothing", {}, [], []), "malformed");
  await refused(() => draftBody("__proto__", {}, [], []), "malformed");
  await refused(() => draftBody("close", { reason: "CL01", more: "" }, [], []), "malformed");
  for (const seats of [
    [
      ["leader", []],
      ["intake", []],
    ],
    [
      ["intake", []],
      ["intake", [person]],
    ],
    [["nobody", []]],
  ]) {
    await refused(() => draftBody("assign", { seats }, [], []), "malformed");
  }
  await refused(() => draftBody("close", { reason: "e\u0301" }, [], []), "not_nfc");
  assert.ok(
    draftBody(
      "assign",
      {
        seats: [
          ["intake", [person]],
          ["verifier", []],
        ],
      },
      [],
      [],
    ),
  );
});

test("halves stand exactly on identity items, and lengths are permitted ones", async () => {
  const [, , identity] = JSON.parse(x1.posts[0].body).items;
  const { halves, ...bare } = identity;
  const draft = (entry) => draftBody("close", { reason: "" }, [entry], []);
  assert.ok(draft(identity));
  await refused(() => draft(bare), "malformed");
  await refused(() => draft({ ...identity, comp: "card" }), "malformed");
  await refused(() => draft({ ...identity, halves: halves.slice(1) }), "malformed");
  await refused(() => draft({ ...identity, len: 4169 }), "bad_length");
});

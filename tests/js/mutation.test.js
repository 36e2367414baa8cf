// Whatever bytes a server sends, a parser answers with its value or with EnvelopeError: nothing else comes out.

import assert from "node:assert/strict";
import { test } from "node:test";

import { RuleError } from "../../static/js/core/errors.js";
import { factsDocument, factsFromYuan, parseFacts } from "../../static/js/core/facts.js";
import { CHANNEL, DIRECTORY, ROSTER } from "../../static/js/crypto/directory.js";
import { concat, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { EnvelopeError } from "../../static/js/crypto/errors.js";
import { openGrant } from "../../static/js/crypto/grants.js";
import { openItem } from "../../static/js/crypto/items.js";
import { BODIES, HEAD, packUpload, parsePost, unpackUpload } from "../../static/js/crypto/posts.js";
import { CHECKPOINT, RECEIPT } from "../../static/js/crypto/receipts.js";
import { parseSlot } from "../../static/js/crypto/slots.js";
import { dump, parse } from "../../static/js/crypto/strict.js";
import { normalise, parseAuthorization } from "../../static/js/crypto/ticket.js";
import { parseHeader, readChallenge } from "../../static/js/crypto/work.js";
import { filed } from "./scene.js";
import { hex, workflow, x1 } from "./vectors.js";

const ROUNDS = 300;

/** The same numbers in every run: a failure can be met again. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TOKENS = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "true",
  "1e9",
  "-1",
  "\\u0000",
  "\\ud800",
  "\u202e",
  "9".repeat(20),
  "__proto__",
  " ",
].map(utf8);

/** One change: a byte, a cut, a piece twice, or something JSON means. @param {Uint8Array} data @param {(below: number) => number} next */
function mutated(data, next) {
  const [at, to] = [next(data.length + 1), next(data.length + 1)];
  const ways = [
    () => concat(data.subarray(0, at), [next(256)], data.subarray(at + 1)),
    () => data.slice(0, at),
    () => concat(data.subarray(0, Math.max(at, to)), data.subarray(Math.min(at, to))),
    () => concat(data.subarray(0, Math.min(at, to)), data.subarray(Math.max(at, to))),
    () => concat(data.subarray(0, at), TOKENS[next(TOKENS.length)], data.subarray(at)),
  ];
  return ways[next(ways.length)]();
}

/** @param {Uint8Array} data @param {(bytes: Uint8Array) => any} run @param {number} [rounds] */
async function survives(data, run, rounds = ROUNDS, refusal = EnvelopeError) {
  const next = numbers(data.length);
  let refusals = 0;
  for (let i = 0; i < rounds; i++) {
    const bytes = i === 0 ? data : mutated(data, next);
    try {
      await run(bytes);
    } catch (error) {
      assert.ok(error instanceof refusal, `${error?.name} on round ${i}`);
      assert.match(error.code, /^[a-z_]+$/);
      refusals += 1;
    }
  }
  assert.ok(refusals > rounds / 3, "most changes are refused");
  assert.ok(refusals < rounds, "the unchanged bytes pass");
}

const DOCUMENTS = {
  head: [HEAD, x1.posts[1].head],
  directory: [DIRECTORY, x1.directories[1].bytes],
  channel: [CHANNEL, x1.directories[1].channels[0]],
  roster: [ROSTER, x1.roster.bytes],
  receipt: [RECEIPT, x1.receipt.bytes],
  checkpoint: [CHECKPOINT, x1.checkpoint.bytes],
};

for (const [name, [schema, source]] of Object.entries(DOCUMENTS)) {
  test(`a ${name} changed anywhere`, () =>
    survives(utf8(source), (bytes) => {
      // What passes is the one spelling of what it says.
      assert.equal(text(dump(schema, parse(schema, bytes))), text(bytes));
    }));
}

test("facts changed anywhere", () => {
  const facts = factsFromYuan('{"kind":"violation","fine":"45000.00","employee":true}');
  return survives(factsDocument(facts, new Uint8Array(32)), parseFacts, ROUNDS, RuleError);
});

test("a body changed anywhere", async () => {
  const { items, grants, ...rest } = JSON.parse(x1.posts[4].body);
  await survives(dump(BODIES.finding, { ...rest, items, grants }), (bytes) => parse(BODIES.finding, bytes));
});

test("a head changed under its signature, and a body under its head", async () => {
  const { head, sig, body } = x1.posts[0];
  await survives(utf8(body), (bytes) => parsePost(utf8(head), hex(sig), bytes), 60);
  await survives(utf8(head), (bytes) => parsePost(bytes, hex(sig), utf8(body)));
});

test("an upload changed anywhere", async () => {
  const scene = await filed(workflow);
  const [{ post, grants, items }] = scene.uploads;
  await survives(packUpload(post, grants, items), unpackUpload, 120);
});

test("an item and a grant changed anywhere", async () => {
  const scene = await filed(workflow);
  const [post] = scene.posts;
  const place = [scene.zone, scene.case, "reporter", unb64(post.pid)];
  const { entry, key, blob } = scene.sealed[post.items[0].id];
  await survives(blob, (bytes) => openItem(...place, 0, entry, key, bytes), 60);
  const row = post.grants.findIndex(({ to }) => to === scene.rid("bob"));
  await survives(
    scene.uploads[0].grants[row],
    (bytes) => openGrant(...place, scene.rid("bob"), scene.keys("bob"), post.grants[row], bytes),
    60,
  );
});

test("a slot, a challenge, a ticket and their headers changed anywhere", async () => {
  const slot = {
    v: 1,
    suite: "X1",
    zone: "duQdhBqRWIS0smOVHx9LEQ",
    rid: "ag3ACRBY8nGi78SSl3X-VA",
    slot: "m2hkfpnhqSj4SelSWaAPMQ",
    kind: "passphrase",
    iterations: 2000000,
    salt: "k9j6pKCbhJZvlpn__xBwbw",
    rp: "",
    credential: "",
    sealed: "A".repeat(80),
  };
  await survives(utf8(JSON.stringify(slot)), parseSlot);
  await survives(hex(x1.work.challenge), readChallenge);
  const latin = (bytes) => String.fromCharCode(...bytes);
  await survives(utf8(x1.ticket.typed), (bytes) => normalise(latin(bytes)));
  await survives(utf8(x1.ticket.authorization), (bytes) => parseAuthorization(latin(bytes)));
  await survives(utf8("AAAA.3733"), (bytes) => parseHeader(latin(bytes)));
});

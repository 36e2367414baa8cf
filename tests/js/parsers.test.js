// What two readers of one format are likely to take differently: the same vectors as tests/crypto/test_parsers.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as money from "../../static/js/core/strictjson.js";
import { b64, lp, utf8 } from "../../static/js/crypto/encoding.js";
import * as fingerprint from "../../static/js/crypto/fingerprint.js";
import { check, parseHeader, readChallenge, wrong } from "../../static/js/crypto/work.js";
import { hex, parsers, refused, toHex } from "./vectors.js";

const { keys, work, fingerprint: typed } = parsers;
const challenge = hex(work.challenges.valid[0][0]);

test("a key that only looks like a number keeps its place", () => {
  for (const text of keys.valid) assert.deepEqual(money.dump(money.load(text)), utf8(text));
});

test("a key that is a number and a number no browser counts are refused", () => {
  for (const text of keys.invalid) {
    assert.throws(() => money.load(text), TypeError);
    assert.throws(() => money.dump(JSON.parse(text)), TypeError);
  }
});

test("a counter has its one spelling and is one a browser counts", async () => {
  for (const [text, counter] of work.counters.valid) {
    assert.deepEqual(parseHeader(`${b64(challenge)}.${text}`), { challenge, counter });
  }
  for (const text of work.counters.invalid) {
    await refused(() => parseHeader(`${b64(challenge)}.${text}`), "malformed");
  }
});

test("work with a counter no browser counts is none", async () => {
  assert.ok(await check(challenge, new Uint8Array(32), new Uint8Array(16), Number.MAX_SAFE_INTEGER, 0));
  assert.ok(!(await check(challenge, new Uint8Array(32), new Uint8Array(16), 2 ** 53, 0)));
});

test("a client works for what was asked of it and can be ended", () => {
  for (const [name, sealed, purpose, day, why] of work.asked.cases)
    assert.equal(wrong(readChallenge(hex(sealed)), hex(work.asked.zone), purpose, day), why, name);
});

test("a challenge counts as a browser does", async () => {
  for (const [sealed, bits, issued] of work.challenges.valid) {
    const said = readChallenge(hex(sealed));
    assert.deepEqual([said.bits, said.issued], [bits, issued]);
  }
  for (const sealed of work.challenges.invalid) await refused(() => readChallenge(hex(sealed)), "malformed");
});

test("a field holds what a browser counts and no more", async () => {
  for (const [number, out] of work.fields.valid) assert.equal(toHex(lp(number)), out);
  for (const number of work.fields.invalid) await refused(() => lp(Number(number)), "malformed");
});

test("a typed fingerprint is read, and what is none is refused", async () => {
  for (const text of typed.valid) assert.equal(toHex(fingerprint.read(text)), typed.raw, JSON.stringify(text));
  for (const text of typed.invalid) {
    await refused(() => fingerprint.read(text), "fingerprint");
    assert.ok(!fingerprint.same(text, hex(typed.raw)));
  }
});

// An answer that is not of the kind that is asked for is refused whole, whatever of it a page would have read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { shaped } from "../../static/js/client/shapes.js";

const clock = { step: "verify", start: "2026-11-27", due: "2027-01-26", stop: "", provisional: true };
const told = { posts: [{}], number: "〔2026〕3号", today: "2026-11-27", clocks: [clock], papers: {} };

test("an answer as the door gives it is taken, with what an older or newer door leaves out or adds", () => {
  assert.equal(shaped("/api/case", told), told);
  const { papers, ...less } = told;
  assert.equal(shaped("/api/case", less), less);
  assert.ok(shaped("/api/case", { ...told, more: 1 }));
});

for (const [name, change] of Object.entries({
  "a number that is an object": { number: { a: 1 } },
  "a number that hides a sign": { number: "〔2026〕\u202e3号" },
  "a day in words": { today: "明天" },
  "clocks that are none": { clocks: 1 },
  "a clock's step in words": { clocks: [{ ...clock, step: "快点" }] },
  "a clock's day in words": { clocks: [{ ...clock, due: "随时" }] },
  "a clock that is nothing": { clocks: [null] },
  "a flag that is a word": { held: "yes" },
  "papers that are a list": { papers: [] },
})) {
  test(`of a case ${name} is the server's lie`, () => {
    assert.throws(() => shaped("/api/case", { ...told, ...change }), { code: "server_lies" });
  });
}

test("nothing at all is no answer", () => {
  for (const answer of [null, [], "", 5]) assert.throws(() => shaped("/api/packs", answer), { code: "server_lies" });
});

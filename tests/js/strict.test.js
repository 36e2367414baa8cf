import assert from "node:assert/strict";
import { test } from "node:test";

import { text, utf8 } from "../../static/js/crypto/encoding.js";
import { HEAD } from "../../static/js/crypto/posts.js";
import * as strict from "../../static/js/crypto/strict.js";
import { refused, x1 } from "./vectors.js";

const any = strict.schema(
  100,
  strict.record({ a: strict.string(9), b: strict.integer, c: strict.list(strict.boolean) }),
);

test("it works", () => {
  assert.equal(text(strict.dump(HEAD, strict.parse(HEAD, utf8(x1.strict_json.valid)))), x1.strict_json.valid);
  assert.deepEqual(strict.parse(any, utf8('{"a":"é\\"","b":9007199254740991,"c":[true]}')), {
    a: 'é"', b: 9007199254740991, c: [true],
  }); // prettier-ignore
});

test("the vectors' invalid heads are refused", async () => {
  for (const bad of x1.strict_json.invalid) await refused(() => strict.parse(HEAD, utf8(bad)), "malformed");
});

test("another spelling of the same document is refused", async () => {
  const spellings = [
    '{"b":1,"a":"","c":[]}', '{"a":"","b":1,"c":[],"d":1}', '{"a":"","b":1}', '{"a":"","a":"","b":1,"c":[]}',
    '{"a":"\\u0061","b":1,"c":[]}', '{"a":"\\/","b":1,"c":[]}', '{"a":"","b":1e0,"c":[]}', '{"a":"","b":-0,"c":[]}',
    '{"a":"","b":-1,"c":[]}', '{"a":"","b":9007199254740992,"c":[]}', '{"a":null,"b":1,"c":[]}', ' {"a":"","b":1,"c":[]}',
    '{"a":"","b":1,"c":[]}\n', '\ufeff{"a":"","b":1,"c":[]}', '{"a":"","b":1,"c":{}}', '{"a":"","b":1,"c":[0]}',
    '{"a":"","b":1,"c":[],"__proto__":{}}', "[]", "1", "", "{", "[".repeat(90),
  ]; // prettier-ignore
  for (const bad of spellings) await refused(() => strict.parse(any, utf8(bad)));
});

test("a string that shows as another is refused", async () => {
  const marks = ["\\u0000", "\\ud800", "\u0085", "\u007f", "\u202e", "\u2066", "\\n"];
  for (const mark of marks) await refused(() => strict.parse(any, utf8(`{"a":"${mark}","b":1,"c":[]}`)), "malformed");
  await refused(() => strict.parse(any, new Uint8Array([0x7b, 0xff, 0x7d])), "malformed");
  await refused(() => strict.parse(any, utf8('{"a":"四四四四","b":1,"c":[]}')), "malformed");
});

test("a document has its length and no more", async () => {
  await refused(() => strict.parse(any, utf8(`{"a":"","b":1,"c":[${"true,".repeat(30)}true]}`)), "too_long");
});

test("days and minutes are real ones", async () => {
  assert.equal(strict.day("2028-02-29"), "2028-02-29");
  assert.equal(strict.minute("2026-12-31T23:59Z"), "2026-12-31T23:59Z");
  for (const bad of ["2027-02-29", "2026-13-01", "2026-1-01", "0000-01-01", "2026-00-10", 20260101]) {
    await refused(() => strict.day(bad));
  }
  for (const bad of ["2026-01-01T24:00Z", "2026-01-01T00:60Z", "2026-01-01T00:00", "2026-02-30T00:00Z"]) {
    await refused(() => strict.minute(bad));
  }
});

test("writers spell names in NFC", async () => {
  await refused(() => strict.dump(any, { a: "e\u0301", b: 1, c: [] }), "not_nfc");
  assert.equal(strict.parse(any, utf8('{"a":"e\u0301","b":1,"c":[]}')).a, "e\u0301");
});

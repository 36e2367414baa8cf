import assert from "node:assert/strict";
import { test } from "node:test";

import { NotAPicture, cleaned, kindOf, sizeOf } from "../../static/js/client/pictures.js";
import { concat, utf8 } from "../../static/js/crypto/encoding.js";
import { read } from "./vectors.js";

const { pictures } = JSON.parse(read("tests/vectors/pictures.json"));
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const says = (data) => Buffer.from(data).includes("Secret");

for (const { title, type, width, height, given, cleaned: expected } of pictures) {
  test(`the vectors lose what they say and nothing else: ${title}`, () => {
    const clean = cleaned(bytes(given));
    assert.ok(says(bytes(given)) && !says(clean));
    assert.deepEqual(clean, bytes(expected));
    assert.deepEqual(cleaned(clean), clean);
    assert.equal(kindOf(clean), type);
    assert.deepEqual(sizeOf(bytes(given)), { width, height });
  });

  test(`a picture cut off is none: ${title}`, () => {
    const whole = bytes(expected);
    for (let size = 0; size < whole.length; size++) assert.throws(() => cleaned(whole.subarray(0, size)), NotAPicture);
  });
}

test("what is no picture is refused", () => {
  for (const text of ["", "<svg xmlns='http://www.w3.org/2000/svg'/>", "%PDF-1.7", "GIF89a" + "\0".repeat(20)]) {
    assert.equal(kindOf(utf8(text)), "");
    for (const look of [cleaned, sizeOf]) assert.throws(() => look(utf8(text)), NotAPicture);
  }
});

test("a page hidden in a photo is cut out", () => {
  const photo = bytes(pictures[0].cleaned);
  const page = utf8("<html><script>alert(1)</script>");
  const segment = concat(Uint8Array.of(0xff, 0xfe, 0, page.length + 2), page);
  assert.deepEqual(cleaned(concat(photo.subarray(0, 2), segment, photo.subarray(2), page)), photo);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";

import { pictureOf } from "../../static/js/public/saving/picture.js";

/** Width, height and rows of the picture's bits. */
async function read(groups) {
  const bytes = Buffer.from(await pictureOf(groups).arrayBuffer());
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const raw = inflateSync(bytes.subarray(41, 41 + bytes.readUInt32BE(33))); // checks the stream's own sum
  const across = Math.ceil(width / 8) + 1;
  const isInk = (x, y) => ((raw[y * across + 1 + (x >> 3)] >> (7 - (x & 7))) & 1) === 0;
  return { width, height, isInk };
}

test("every digit is drawn unlike every other, one group a line", async () => {
  const { width, height, isInk } = await read("01234 56789");
  assert.equal(width, 410);
  const drawn = new Set();
  for (let line = 0; line < 2; line++) {
    for (let digit = 0; digit < 5; digit++) {
      let bits = "";
      for (let y = 0; y < 7; y++)
        for (let x = 0; x < 5; x++) bits += Number(isInk((4 + digit * 7 + x) * 10 + 5, (4 + line * 10 + y) * 10 + 5));
      assert.match(bits, /1/);
      drawn.add(bits);
    }
  }
  assert.equal(drawn.size, 10);
  for (let x = 0; x < width; x++) assert.ok(!isInk(x, 0) && !isInk(x, height - 1));
  assert.equal(height, (4 + 17 + 4 + 21 + 4) * 10); // and the QR code of them all below
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { plainName, sortOf, typeOf } from "../../static/js/core/filetypes.js";
import { hex, read } from "./vectors.js";

const { starts } = JSON.parse(read("tests/vectors/filetypes.json"));

test("the vectors are told apart by their first bytes", () => {
  for (const { title, hex: start, type } of starts) assert.equal(typeOf(hex(start)), type, title);
});

test("a file gets a plain name", () => {
  assert.equal(plainName("image/jpeg", 1), "图片 1.jpg");
  assert.equal(plainName("video/mp4", 12, "en"), "film 12.mp4");
  assert.equal(plainName("text/html", 3), "文件 3.bin");
  assert.equal(sortOf("text/html"), "");
});

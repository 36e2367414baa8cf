// Whatever a person types as a sum is read by one reader, alike in both languages (tests/vectors/sums.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { read } from "../../static/js/core/yuan.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/sums.json", import.meta.url), "utf8"));

for (const [typed, fen] of vectors.read)
  test(`a typed sum is read: ${typed}`, () => {
    assert.equal(read(typed), fen);
  });

for (const typed of vectors.refused)
  test(`what is no sum is refused: ${typed}`, () => {
    assert.throws(() => read(typed), { name: "RuleError" });
  });

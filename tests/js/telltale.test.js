// What in an extract points at the reporter: the browser marks what Python marks (tests/vectors/telltale.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isWhole, places } from "../../static/js/core/telltale.js";

const texts = JSON.parse(readFileSync(new URL("../vectors/telltale.json", import.meta.url), "utf8"));

for (const { name, text, original, whole, places: expected } of texts) {
  test(name, () => {
    const found = places(text, [original]);
    assert.deepEqual(
      found.map(({ start, end, why }) => [start, end, why]),
      expected,
    );
    assert.equal(isWhole(text, original), whole);
  });
}

// The browser reads and writes the same documents of who is paid and for what (tests/vectors/entitlement.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  basisDocument,
  confirmedDocument,
  parseBasis,
  parseConfirmed,
  parseReceiver,
  receiverDocument,
} from "../../static/js/core/entitlement.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/entitlement.json", import.meta.url), "utf8"));
const parse = { basis: parseBasis, confirmed: parseConfirmed, receiver: parseReceiver };
const write = { basis: basisDocument, confirmed: confirmedDocument, receiver: receiverDocument };

for (const { sort, body } of vectors.valid) {
  test(`a document is read and written in one spelling: ${body}`, () => {
    const bytes = new TextEncoder().encode(body);
    assert.deepEqual(write[sort](parse[sort](bytes)), bytes);
  });
}

for (const { sort, body, code } of vectors.refused) {
  test(`what cannot be is refused by its rule: ${body}`, () => {
    assert.throws(
      () => parse[sort](new TextEncoder().encode(body)),
      (error) => error.code === code,
    );
  });
}

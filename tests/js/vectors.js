// The one copy of the vectors, read by pytest and by node; and the small tools every test here uses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { EnvelopeError } from "../../static/js/crypto/errors.js";

export const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

export const x1 = JSON.parse(read("tests/vectors/x1.json"));
export const later = JSON.parse(read("tests/vectors/kinds.json"));
export const hostile = JSON.parse(read("tests/vectors/hostile.json"));
export const directories = JSON.parse(read("tests/vectors/directories.json"));
export const parsers = JSON.parse(read("tests/vectors/parsers.json"));
export const workflow = JSON.parse(read("whistle/core/workflow.json"));

export const hex = (text) => new Uint8Array(text.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []);
export const toHex = (bytes) => Buffer.from(bytes).toString("hex");
export const reviewer = (name) => x1.reviewers.find((each) => each.name === name);

/** Only EnvelopeError comes out, with this code when one is named. */
export async function refused(run, code) {
  await assert.rejects(
    async () => run(),
    (error) => {
      assert.ok(error instanceof EnvelopeError, `not an EnvelopeError: ${error?.name}`);
      if (code) assert.equal(error.code, code);
      assert.match(error.message, /^[a-z_]+$/);
      return true;
    },
  );
}

/** Every run of these once with the browser's own calls and once with the fallback. */
export const BOTH = [
  ["native", true],
  ["fallback", false],
];

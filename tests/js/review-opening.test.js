// What is said when a case does not open: a record that does not hold, or a page that met a fault.

import assert from "node:assert/strict";
import test from "node:test";

import { ClientError } from "../../static/js/client/errors.js";
import { Refused } from "../../static/js/core/case.js";
import { RuleError } from "../../static/js/core/errors.js";
import { EnvelopeError } from "../../static/js/crypto/errors.js";
import { openingFault } from "../../static/js/review/session.js";
import { setWords } from "../../static/js/review/words.js";

setWords({ error: { chain: "校验不通过", page: "本页出了故障", not_found: "没有找到", other: "未能完成（{code}）" } });

test("only a record that does not verify, or does not fold, is said not to", () => {
  for (const error of [new EnvelopeError("wrong_place"), new Refused("state", { kind: "pay", seen: "received" })])
    assert.equal(openingFault(error), "校验不通过");
});

test("any other fault is the page's own, and names nothing of the case", () => {
  for (const error of [new TypeError("某厂"), new RuleError("pack_empty"), new Error("x"), null, undefined])
    assert.equal(openingFault(error), "本页出了故障");
});

test("what the door refused is said in its own words", () => {
  assert.equal(openingFault(new ClientError("not_found")), "没有找到");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { parse } from "../../static/js/core/contents.js";
import { parseBasis, parseConfirmed, parseReceiver } from "../../static/js/core/entitlement.js";
import { RuleError } from "../../static/js/core/errors.js";
import { parseFacts } from "../../static/js/core/facts.js";
import { checkPieces } from "../../static/js/client/checking.js";
import { overflowing, parts } from "../../static/js/client/cards.js";
import { unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { hostile } from "./vectors.js";

const COMPUTED = { facts: parseFacts, confirmed: parseConfirmed, basis: parseBasis, receiver: parseReceiver };

for (const row of hostile.contents) {
  test(`an item is what the table allows there or is refused: ${row.name}`, () => {
    const body = unb64(row.body);
    const read = () => parse(row.kind, row.comp, { name: "", type: row.type, size: body.length }, body, COMPUTED);
    if (row.is) assert.equal(read().document || (row.type ? "text" : "empty"), row.is);
    else assert.throws(read, RuleError);
  });
}

for (const row of hostile.contents) {
  test(`what readers would refuse is not sealed: ${row.name}`, () => {
    const piece = { comp: row.comp, name: "", type: row.type, body: unb64(row.body) };
    const check = () => checkPieces(row.kind, [piece], COMPUTED);
    if (row.is) check();
    else assert.throws(check, { code: "content", facts: { comp: row.comp } });
  });
}

// The boxes of the form with the most they take (templates/public/report.html), and a name cut inside one sign.
const FULL = {
  category: "violation", sector: "industry_trade", since: "ongoing", relation: "employee", reward: "yes", readback: true, channel: "",
  enterprise: "厂".repeat(100), place: "车".repeat(120), text: "话".repeat(2000), contact: "号".repeat(600), passphrase: "词".repeat(24),
}; // prettier-ignore

for (const [name, more] of Object.entries({
  "as much as the boxes take": {},
  "signs of four bytes": {
    enterprise: "😀".repeat(50),
    place: "😀".repeat(60),
    text: "😀".repeat(200),
    passphrase: "😀".repeat(12),
  },
  "a name cut inside one sign": {
    enterprise: "厂😀".slice(0, 2),
    place: "\ude00",
    passphrase: "abc\ud83d",
    text: "写到一半\ud83d",
  },
  "nothing but what": {
    enterprise: "",
    place: "",
    contact: "",
    passphrase: "",
    sector: "",
    since: "",
    relation: "",
    reward: "",
  },
  "quotes and controls": { enterprise: '"\\\u0000\u2028', place: "{}", passphrase: "\\ud83d" },
})) {
  // prettier-ignore
  test(`whatever the form that files a report makes, its readers read: ${name}`, () => {
    const form = { ...FULL, ...more };
    assert.deepEqual(overflowing(form), []);
    checkPieces("report", parts(form));
  });
}

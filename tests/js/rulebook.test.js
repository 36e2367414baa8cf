// Awards in the browser's engine: the same worked examples, documents and traces as the server's.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import {
  RuleError,
  award,
  factsDocument,
  factsFromYuan,
  listed,
  parseFacts,
  parsePack,
  shares,
} from "../../static/js/core/rulebook.js";
import { taxStep } from "../../static/js/core/tax.js";
import { capitals, parse, text } from "../../static/js/core/yuan.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
const { cases } = read("awards.json");
const documents = read("packs.json");
const traces = read("traces.json");
const pack = (name) => parsePack(documents[name].document);
const SALT = Uint8Array.from({ length: 32 }, (_, at) => at);

function codeOf(run) {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RuleError, `not a RuleError: ${error}`);
    return error.code;
  }
  return assert.fail("nothing was refused");
}

/** What our engine makes of a worked example, in the words of the example. */
function worked(example) {
  try {
    return { amount: text(award(factsFromYuan(JSON.stringify(example.facts)), pack(example.pack), example.trial).fen) };
  } catch (error) {
    assert.ok(error instanceof RuleError, `${example.id}: ${error}`);
    return { refused: error.code };
  }
}

test("it works: the zone's own case of 2023", () => {
  assert.equal(award({ kind: "violation", fine: 4500000 }, pack("SD-REW-2021")).fen, 2250000);
});

test("every worked example comes out as by hand", () => {
  assert.ok(cases.length >= 120);
  for (const example of cases) {
    const { amount, refused } = example;
    assert.deepEqual(worked(example), amount === undefined ? { refused } : { amount }, example.id);
  }
});

test("every trace is the server's, letter for letter", () => {
  for (const example of traces) {
    const { formula, clause, trace } = award(factsFromYuan(JSON.stringify(example.facts)), pack(example.pack), true);
    assert.equal(
      JSON.stringify({ formula, clause, trace }),
      JSON.stringify({ formula: example.formula, clause: example.clause, trace: example.trace }),
    );
  }
});

test("the documents are the bytes whose hash the directory lists", () => {
  for (const { document, sha256 } of Object.values(documents)) {
    assert.equal(createHash("sha256").update(document).digest("hex"), sha256);
  }
});

test("a spoilt document is no pack", () => {
  const whole = documents["CQ-GRAIN-2023"].document;
  const spoilt = [
    ['"v":1', '"v":2'],
    ['"v":1,', '"v": 1,'],
    ['"use":"reward"', '"use":"gift"'],
    ['"annex":[]', '"annex":{}'],
    ['"annex":[]', '"annex":[1]'],
    ['"annex":[]', '"annex":[],"more":[]'],
    ['"annex":[]', '"annex":null'],
    ['"fixed":150000', '"fixed":-1'],
    ['"fixed":150000', '"fixed":1.5'],
    ['"fixed":150000', '"fixed":"1500.00"'],
    ['"start":15000000', '"start":15000001'],
    ['"end":0', '"end":1'],
    ['"mark":"B"', '"mark":7'],
    ['"id":"CQ', '"id":"\\u202eCQ'],
  ];
  for (const [from, to] of spoilt) {
    assert.ok(whole.includes(from), from);
    assert.equal(
      codeOf(() => parsePack(whole.replace(from, to))),
      "not_a_pack",
      to,
    );
  }
  for (const data of ["", "null", "[]", "{", new Uint8Array([255])])
    assert.equal(
      codeOf(() => parsePack(data)),
      "not_a_pack",
    );
});

test("the facts document is the server's, and comes back", () => {
  const data = factsDocument({ kind: "violation", fine: 4500000 }, SALT);
  const spelled = new TextDecoder().decode(data);
  assert.equal(
    spelled,
    '{"salt":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kind":"violation","fine":4500000,"employee":false,' +
      '"officer_value":0,"reason":"","deaths":0,"deaths_concealed":0,"annex_item":"","domain":""}',
  );
  const [facts, salt] = parseFacts(data);
  assert.equal(facts.fine, 4500000);
  assert.deepEqual(salt, SALT);
  for (const [from, to, code] of [
    ["}", "} ", "facts_json"],
    ['"fine":4500000', '"fine":4500000.0', "facts_json"],
    ['"fine":4500000', '"fine":-1', "facts_json"],
    ['"fine":4500000', '"fine":true', "fact_type"],
    ['"fine":4500000', '"fine":100000000000001', "money_range"],
    [',"domain":""', "", "facts_keys"],
    ["AAEC", "AAE*", "salt_size"],
    ['"AAEC', '"', "salt_size"],
    ["Hh8", "Hh9", "salt_size"],
    ['"deaths":0', '"deaths":1', "fact_unused"],
  ]) {
    assert.equal(
      codeOf(() => parseFacts(spelled.replace(from, to))),
      code,
      to,
    );
  }
  for (const data of ["", "[]", "null", "1"])
    assert.match(
      codeOf(() => parseFacts(data)),
      /^facts_/,
    );
  assert.equal(
    codeOf(() => factsDocument({ kind: "violation" }, SALT.slice(1))),
    "salt_size",
  );
});

test("an officer must say why", () => {
  const facts = { kind: "general_hazard", officer_value: 300000 };
  assert.equal(
    codeOf(() => award(facts, pack("SD-REW-2021"))),
    "reason_missing",
  );
  assert.equal(award(facts, pack("SD-REW-2021"), true).fen, 300000);
});

test("a pack pays only as listed for the day of receipt", () => {
  const entries = [{ id: "SD-REW-2021", sha256: "h", from: "2026-01-01", to: "2026-12-31" }];
  const asked = [
    ["2026-01-01", "h"],
    ["2026-12-31", "h"],
    ["2025-12-31", "h"],
    ["2027-01-01", "h"],
    ["2026-06-01", "edited"],
  ];
  assert.deepEqual(
    asked.map(([day, hash]) => listed(entries, "SD-REW-2021", hash, day)),
    [true, true, false, false, false],
  );
});

test("equal shares of a joint report, what does not divide to the first", () => {
  assert.deepEqual(shares(1000000, 3), [333334, 333333, 333333]);
  assert.deepEqual(shares(5, 3), [3, 1, 1]);
  assert.equal(
    codeOf(() => shares(100, 0)),
    "people_range",
  );
});

test("yuan has one spelling and its capitals", () => {
  for (const typed of ["22500", "22500.0", "1.005", "-1.00", "01.00", "１.00", "1.00\n", "", "1e3"])
    assert.equal(
      codeOf(() => parse(typed)),
      "money_form",
    );
  assert.equal(
    codeOf(() => parse("1000000000000.01")),
    "money_huge",
  );
  assert.equal(
    codeOf(() => parse(5)),
    "money_text",
  );
  for (const [sum, words] of [
    ["22500.00", "贰万贰仟伍佰元整"],
    ["0.00", "零元整"],
    ["0.05", "伍分"],
    ["1409.50", "壹仟肆佰零玖元伍角"],
    ["107000.53", "壹拾万柒仟元零伍角叁分"],
    ["16409.02", "壹万陆仟肆佰零玖元零贰分"],
    ["100010001.00", "壹亿零壹万零壹元整"],
    ["123456789012.34", "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"],
    ["1000000000000.00", "壹万亿元整"],
  ]) {
    assert.equal(capitals(parse(sum)), words);
    assert.equal(text(parse(sum)), sum);
  }
});

test("nothing is withheld: for an offence by the exemption, for a mere hazard after the tax bureau was asked", () => {
  const steps = [
    { kind: "violation", fine: 0 },
    { kind: "concealed_accident", fine: 0 },
    { kind: "major_hazard", fine: 1 },
    { kind: "general_hazard", fine: 0 },
  ].map((facts) => taxStep(facts));
  assert.deepEqual(
    steps.map(({ words, source, figures }) => [words, source, figures.withheld]),
    [
      ["tax_exempt", "text", "0.00"],
      ["tax_exempt", "text", "0.00"],
      ["tax_exempt", "text", "0.00"],
      ["tax_ask", "default", "0.00"],
    ],
  );
  const wages = taxStep({ kind: "violation", fine: 1 }, "enterprise"); // what an enterprise pays its people is wages
  assert.deepEqual([wages.words, wages.source, wages.clause], ["tax_wages", "default", ""]);
  assert.deepEqual([steps[0].origin, steps[0].clause], ["财税字〔1994〕020号", "第二条第(四)项"]);
});

// The register of enterprises in the browser: what of an answer is believed, and by what a name is found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { registerOf, search } from "../../static/js/core/enterprises.js";

const ROWS = [
  ["沂岭木业有限公司", "坪上镇工业园", "ylmyyxgs"],
  ["岭南木制品厂", "后街", "lnmzpc"],
  ["鴻運食品（临港）", "木业路 3 号", "hysplg"],
  ["ABC 电子厂", "", "abcdzc"],
];
const TRADITIONAL = { 業: "业", 嶺: "岭", 製: "制", 鴻: "鸿", 運: "运", 後: "后", 廠: "厂" };
const register = registerOf({ enterprises: ROWS, traditional: TRADITIONAL });
const found = (/** @type {string} */ typed) =>
  search(register, typed).map(({ name }) => ROWS.findIndex(([one]) => one === name));

test("a name is found by its beginning, a run within, characters in order, and its place, the better first", () => {
  assert.deepEqual(found("沂岭"), [0]);
  assert.deepEqual(found("岭"), [1, 0]);
  assert.deepEqual(found("沂公司"), [0]);
  assert.deepEqual(found("木业"), [0, 2]);
  assert.deepEqual(found("化工"), []);
});

test("a name is found by the initials of its pinyin, from its first or within", () => {
  assert.deepEqual(found("ylmy"), [0]);
  assert.deepEqual(found("YLMY"), [0]);
  assert.deepEqual(found("my"), [0]);
  assert.deepEqual(found("lm"), [0]);
  assert.deepEqual(found("l"), [1, 0, 2]);
});

test("traditional characters find simplified names, and simplified ones a name that is written traditionally", () => {
  assert.deepEqual(found("木業"), [0, 2]);
  assert.deepEqual(found("嶺南木製"), [1]);
  assert.deepEqual(found("後街"), [1]);
  assert.deepEqual(found("鸿运"), [2]);
  assert.deepEqual(found("鴻運"), [2]);
});

test("spaces, capitals and full width do not matter, and nothing typed finds nothing", () => {
  for (const typed of ["abc电", "ＡＢＣ 电子", " abc", "ABC　电"]) assert.deepEqual(found(typed), [3], typed);
  assert.deepEqual(found("(临港)"), [2]);
  for (const typed of ["", " ", "　\t"]) assert.deepEqual(found(typed), []);
});

test("what does not show, or is of another shape, is not offered", () => {
  const long = "长".repeat(121);
  const rows = [
    ["好名字", "", "hmz"],
    ["坏\u200b名字", "", "hmz"],
    ["坏\u202e名字", "", "hmz"],
    ["坏名字", "\u2066", "hmz"],
    ["坏名字", "", "h\u200b"],
    ["坏\n名字", "", "hmz"],
    [long, "", ""],
    ["", "", ""],
    ["少", ""],
    ["多", "", "", ""],
    ["数", 1, ""],
    { name: "对象", place: "" },
    "字",
    null,
    7,
  ];
  assert.deepEqual(
    registerOf({ enterprises: rows, traditional: {} }).enterprises.map(({ name }) => name),
    ["好名字"],
  );
});

test("an answer that is none makes an empty register", () => {
  for (const told of [null, undefined, 5, "名录", [], {}, { enterprises: {} }, { enterprises: "甲" }])
    assert.deepEqual(search(registerOf(told), "甲"), []);
});

test("of a table of characters only one Chinese character for another is used", () => {
  const traditional = { 業: "业", 長: 3, 興: "兴兴", 甲乙: "丙", 魯: null, a: "业", 龍: "b" };
  assert.equal(registerOf({ enterprises: [], traditional }).key("業長興甲乙魯龍a0"), "业長興甲乙魯龍a0");
  for (const odd of [null, [], "業", ["業"], 4, {}])
    assert.equal(registerOf({ enterprises: [], traditional: odd }).key("業0"), "業0");
});

test("a register of more than it may hold is cut, not refused", () => {
  const enterprises = Array.from({ length: 50_001 }, (_, n) => [`第${n}厂`, "", ""]);
  assert.equal(registerOf({ enterprises, traditional: {} }).enterprises.length, 50_000);
});

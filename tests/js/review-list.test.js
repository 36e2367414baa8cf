// The list's own arithmetic: days left, filters in the hash, search in what was opened, words that deceive.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dueDay, remaining, zoneDay, zoneTime } from "../../static/js/review/days.js";
import { effective, formatHash, inboxQuery, parseHash } from "../../static/js/review/route.js";
import { CardIndex, isOtherUnit } from "../../static/js/review/inbox/search.js";
import { visible } from "../../static/js/core/visible.js";
import { setWords, t, under, word } from "../../static/js/review/words.js";

const years = { 2026: { rest: ["2026-10-01"], work: ["2026-10-10"] } };

test("days left are told in words, not by colour alone", () => {
  const told = (due, today = "2026-11-23") => remaining(due, today, years);
  assert.deepEqual(told("2026-11-26"), { key: "left.days", days: 3, work: 3 });
  assert.deepEqual(told("2026-11-24"), { key: "left.tomorrow", days: 1, work: 1 });
  assert.deepEqual(told("2026-11-23"), { key: "left.today", days: 0, work: 0 });
  assert.deepEqual(told("2026-11-21"), { key: "left.over", days: 2, work: 0 });
  assert.deepEqual(told(""), { key: "left.none", days: 0, work: 0 });
});

test("of the days left the working days are named by the year's own table", () => {
  assert.equal(remaining("2026-11-20", "2026-11-23", years, true).key, "left.past"); // hers: nobody is late
  assert.equal(remaining("2026-11-30", "2026-11-27", years).work, 1); // Friday to Monday
  assert.equal(remaining("2026-10-02", "2026-09-30", years).work, 1); // 1 October rests
  assert.equal(remaining("2026-10-10", "2026-10-09", years).work, 1); // a Saturday that is worked
});

test("a claim's last day moves off a rest day and is provisional in a year not loaded", () => {
  assert.deepEqual(dueDay("2026-11-23", 60, years), { day: "2027-01-22", provisional: true });
  assert.deepEqual(dueDay("2026-09-30", 1, years), { day: "2026-10-02", provisional: false });
  assert.deepEqual(dueDay("2026-10-09", 1, years), { day: "2026-10-10", provisional: false });
});

test("the zone's day begins at eight hours before midnight in London", () => {
  assert.equal(zoneDay(Date.parse("2026-11-23T16:00:00Z")), "2026-11-24");
  assert.equal(zoneTime("2026-11-23T16:05Z"), "2026-11-24 00:05");
  assert.equal(zoneTime("2026-11-23"), "2026-11-23");
});

test("a view is an address: filters stand in the hash and come back from it", () => {
  const hash = formatHash("inbox", "", { view: "overdue", category: "violation", empty: "" });
  assert.deepEqual(parseHash(hash), { page: "inbox", id: "", filters: { view: "overdue", category: "violation" } });
  assert.equal(inboxQuery({ view: "overdue" }, "", 50), "overdue=1&order=due&limit=50");
  assert.deepEqual(parseHash("#/nowhere/x").page, "inbox");
  assert.deepEqual(effective({}), { mine: "1", order: "due" });
});

test("search finds every word, in any width and case, over opened cards only", () => {
  const index = new CardIndex();
  index.add("a", "〔2026〕1号", { enterprise: "鑫旺木业有限公司", line: "Motor 没接地" });
  index.add("b", "〔2026〕2号", { enterprise: "鑫旺木业有限公司", line: "别的" });
  assert.ok(index.matches("a", "ｍｏｔｏｒ 鑫旺"));
  assert.equal(index.matches("b", "motor"), false);
  assert.equal(index.matches("unopened", "鑫旺"), false);
  assert.deepEqual(index.alike("a"), ["b"]);
});

test("a case that has got its number since is listed with it and found by it", () => {
  const index = new CardIndex();
  index.add("a", "", { enterprise: "鑫旺木业有限公司" });
  index.renumber("a", "〔2026〕3号");
  index.renumber("unopened", "〔2026〕4号");
  assert.deepEqual(
    index.others("b").map(({ id, number, card }) => [id, number, card.enterprise]),
    [["a", "〔2026〕3号", "鑫旺木业有限公司"]],
  );
  assert.ok(index.matches("a", "〔2026〕3号 鑫旺"));
});

test("two enterprises are different ones where both are named and neither name is part of the other", () => {
  assert.ok(isOtherUnit("鑫旺木业有限公司", "海川化工厂"));
  assert.equal(isOtherUnit("鑫旺木业有限公司", " 鑫旺木业"), false);
  assert.equal(isOtherUnit("ＡＢ厂", "ab厂"), false);
  assert.equal(isOtherUnit("鑫旺木业有限公司", ""), false);
  assert.equal(isOtherUnit(undefined, "海川化工厂"), false);
});

test("a name cannot read differently from what it is", () => {
  assert.equal(visible("gpj\u202egnp.exe"), "gpj⟦U+202E⟧gnp.exe");
  for (const hidden of ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u{e0041}"])
    assert.match(visible(`甲${hidden}乙`), /^甲⟦U\+[0-9A-F]{4,5}⟧乙$/);
  assert.equal(visible("第一行\n\t第二行 危😀"), "第一行\n\t第二行 危😀");
});

test("words are found by path and filled by name", () => {
  setWords({ kind: { "award.propose": "拟定奖励" }, left: { days: "还剩 {days} 天" } });
  assert.equal(t("kind.award.propose"), "拟定奖励");
  assert.equal(t("left.days", { days: 3 }), "还剩 3 天");
  assert.deepEqual(under("left."), ["days"]);
  assert.equal(word("kind.none", "其他"), "其他");
});

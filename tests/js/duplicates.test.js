// Cases that may be one matter: by firm, by place, by words; a hint that a hostile report cannot make loud by itself.

import assert from "node:assert/strict";
import { test } from "node:test";

import { duplicates } from "../../static/js/client/duplicates.js";
import { guessed, shared, signature } from "../../static/js/client/likeness.js";
import { Library, entryOf } from "../../static/js/client/searching.js";
import { opened } from "./sample.js";

const LONG =
  "三号车间的除尘管道从来没有清理过，滤袋破了也不换，夜里打磨的时候火星直接飞进管道，上个月已经冒过一次烟，班长叫我们不要往外说。";
const RETOLD =
  "三号车间除尘管道一直没有清理过，滤袋破了也不换，打磨的时候火星直接飞进管道，上个月冒过一次烟，班长不让我们往外说。";
const OTHER = "食堂的煤气瓶放在灶台边上，软管用胶布缠着，做饭的人说闻到过煤气味，报警器早就拔掉了，没有人来修。";

function entry(id, { enterprise = "", place = "", text = "", state = "received", parent = "" } = {}) {
  const card = opened("card", "report", JSON.stringify({ enterprise, place, line: text.slice(0, 20) }), "application/json"); // prettier-ignore
  const items = [card, ...(text ? [opened("report", "report", text)] : [])];
  return entryOf({ id, number: "", items, fold: { state, parent }, acts: [{ day: "2026-11-02" }] });
}
const why = (one, other) => duplicates(entry("a", one), [entry("b", other)]).map((found) => found.why.join());

test("a firm is one by its name, whatever the form of the company, the width and what stands in brackets", () => {
  for (const name of ["滨海木业有限责任公司", "滨海木业", " 滨海 木业（二厂）", "山东滨海木业股份有限公司"])
    assert.deepEqual(why({ enterprise: "滨海木业有限公司" }, { enterprise: name }), ["unit"], name);
  assert.deepEqual(why({ enterprise: "ＡＢＣ工厂" }, { enterprise: "abc工厂" }), ["unit"]);
});

test("another firm is none, nor one whose name says nothing", () => {
  for (const [one, other] of [
    ["滨海木业", "滨海化工"],
    ["木业", "滨海木业"],
    ["", ""],
    ["有限公司", "滨海木业有限公司"],
  ])
    // prettier-ignore
    assert.deepEqual(why({ enterprise: one }, { enterprise: other }), [], `${one} ${other}`);
});

test("where both give a credit code that alone decides", () => {
  const [one, other] = ["91371300MA3C5XYW1K", "91371300MA3C5XYW2H"];
  assert.deepEqual(why({ enterprise: `海川 ${one}` }, { enterprise: `新名字${one.toLowerCase()}` }), ["unit"]);
  assert.deepEqual(why({ enterprise: `海川化工 ${one}` }, { enterprise: `海川化工 ${other}` }), []);
  assert.deepEqual(why({ enterprise: `海川化工 ${one}` }, { enterprise: "海川化工" }), ["unit"]);
});

test("one account told twice is alike without any name, and two accounts are not", () => {
  assert.deepEqual(why({ text: LONG }, { text: RETOLD }), ["words"]);
  assert.deepEqual(why({ text: LONG }, { text: OTHER }), []);
});

test("a place alone is no hint; with some of the words it is", () => {
  assert.deepEqual(why({ place: "东门二号仓库" }, { place: "东门二号仓库" }), []);
  const half = LONG.slice(0, 30) + OTHER.slice(0, 24);
  assert.ok(shared(LONG, half) < 0.5 && shared(LONG, half) > 0.15);
  assert.deepEqual(why({ text: LONG, place: "东门二号仓库" }, { text: half, place: "东门二号仓库" }), ["place,words"]);
});

test("the likeliest comes first; the case itself and what was merged into it are not among them", () => {
  const mine = entry("a", { enterprise: "滨海木业", text: LONG });
  const others = [
    entry("a", { enterprise: "滨海木业", text: LONG }),
    entry("b", { enterprise: "滨海木业", text: OTHER }),
    entry("c", { enterprise: "滨海木业", text: RETOLD }),
    entry("d", { enterprise: "滨海木业", text: LONG, parent: "a" }),
    entry("e", { enterprise: "海川化工", text: OTHER }),
  ];
  assert.deepEqual(duplicates(mine, others).map(({ entry: { id } }) => id), ["c", "b"]); // prettier-ignore
});

/** An account of so many words of its own, the same for a number. */
function told(number, words) {
  let seed = number + 1;
  const sign = () => String.fromCodePoint(0x4e00 + ((seed = (seed * 48271) % 0x7fffffff) % 9000));
  return Array.from({ length: words }, sign).join("");
}

test("a hundred reports that say nearly the same are one line, and keep nobody from his place", () => {
  const mine = entry("a", { enterprise: "滨海木业", text: LONG });
  const forged = Array.from({ length: 100 }, (_, at) => entry(`f${at}`, { enterprise: "滨海木业", text: `${LONG}${told(at, 4)}` })); // prettier-ignore
  const genuine = [
    entry("b", { enterprise: "滨海木业", text: OTHER }),
    entry("c", { text: LONG.slice(0, 40) + OTHER.slice(0, 20) }),
  ];
  const found = duplicates(mine, [...forged, ...genuine]);
  assert.deepEqual(found.map(({ why, same }) => [why.join(), same.length]), [["unit,words", 99], ["words", 0], ["unit", 0]]); // prettier-ignore
  assert.deepEqual(found.slice(1).map(({ entry: { id } }) => id), ["c", "b"]); // prettier-ignore
});

test("of each reason the likeliest comes in turn, however many there are of one", () => {
  const mine = entry("a", { enterprise: "滨海木业", place: "东门二号仓库", text: LONG });
  const forged = Array.from({ length: 60 }, (_, at) => entry(`f${at}`, { enterprise: "滨海木业", place: "东门二号仓库", text: told(at, 60) })); // prettier-ignore
  const genuine = [entry("b", { text: RETOLD }), entry("c", { enterprise: "滨海木业", text: OTHER })];
  const found = duplicates(mine, [...forged, ...genuine]);
  const first = found.slice(0, 5).map(({ entry: { id } }) => id);
  assert.ok(first.includes("b") && first.includes("c"), first.join());
  assert.equal(found.length, 62);
});

test("reports without words are one line where firm and place are the same", () => {
  const mine = entry("a", { enterprise: "滨海木业", text: LONG });
  const empty = Array.from({ length: 30 }, (_, at) => entry(`e${at}`, { enterprise: "滨海木业", text: "。".repeat(at + 1) })); // prettier-ignore
  assert.deepEqual(duplicates(mine, empty).map(({ same }) => same.length), [29]); // prettier-ignore
});

test("the words of a few are read through, and not of thousands", () => {
  const mine = entry("a", { text: LONG });
  let read = 0;
  const forged = Array.from({ length: 1500 }, (_, at) => {
    // Alike enough to be looked at, and no two of them nearly the same.
    const one = entry(`f${at}`, { text: `${LONG.slice(0, 36)}${told(at, 36)}` });
    const { parts } = one;
    return Object.defineProperty({ ...one }, "parts", { get: () => ((read += 1), parts) });
  });
  assert.ok(duplicates(mine, forged).length > 1000);
  assert.ok(read > 0 && read <= 200, String(read));
});

test("what was dropped is in no library any more", () => {
  const library = new Library();
  library.entries.set("a", entry("a", { text: LONG }));
  library.unread.add("b");
  const { version } = library;
  library.drop();
  assert.deepEqual([library.seen, library.find("管道").count], [0, 0]);
  assert.notEqual(library.version, version, "what was found in it is not shown again");
});

test("the guess is near what is counted, and nothing is like nothing", () => {
  for (const other of [RETOLD, OTHER, LONG.slice(0, 40), LONG])
    assert.ok(Math.abs(guessed(signature(LONG), signature(other)) - shared(LONG, other)) < 0.2, other);
  for (const empty of ["", "，。！", "一"]) {
    assert.equal(guessed(signature(empty), signature(empty)), 0);
    assert.equal(shared(empty, empty), 0);
  }
});

test("an account is compared by its words, not by how often it says them", () => {
  assert.equal(shared("管道".repeat(4000), "管道"), 0.5);
  assert.deepEqual(why({ text: "管道".repeat(4000) }, { text: LONG }), []);
});

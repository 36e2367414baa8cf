// Words looked for in opened cases, in memory: what is searched, what is found, and what hostile words can do to it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ClientError } from "../../static/js/client/errors.js";
import { Library, entryOf, plain, wordsOf } from "../../static/js/client/searching.js";
import { EnvelopeError } from "../../static/js/crypto/errors.js";
import { gather, renew } from "../../static/js/review/search/gathering.js";
import { fold } from "../../static/js/review/session.js";
import { forget, state } from "../../static/js/review/store.js";
import { opened } from "./sample.js";

const JSON_TYPE = "application/json";
const card = (said, kind = "report", comp = "card") => opened(comp, kind, JSON.stringify(said), JSON_TYPE);

/** An opened case as search reads it. */
function view(id, items, { number = "", day = "2026-11-02", state: now = "received" } = {}) {
  return { id, number, items, fold: { state: now }, acts: [{ day }], chain: { channelId: "zone" } };
}
const report = (id, text, more) => view(id, [card({ enterprise: "滨海木业", place: "东门仓库" }), opened("report", "report", text)], more); // prettier-ignore

function library(...views) {
  const made = new Library();
  for (const one of views) made.put(one);
  return made;
}
const ids = (found) => found.hits.map(({ id }) => id);
const marked = (hit) => hit.passages.flatMap(({ pieces }) => pieces.filter(({ hit }) => hit).map(({ text }) => text));

test("a case is found by words of its card, report, talk, extract and finding", () => {
  const all = view("a", [
    card({ enterprise: "滨海木业", place: "东门仓库" }),
    opened("report", "report", "除尘管道没有清理"),
    opened("thread", "message", "夜班也在做"),
    opened("work", "extract", "作业场所粉尘堆积"),
    opened("work", "finding", "经查属实"),
    opened("work", "list", "挂牌督办"),
  ]);
  for (const [words, where] of Object.entries({
    滨海: "card",
    除尘: "report",
    夜班: "thread",
    粉尘: "extract",
    属实: "finding",
    督办: "work",
  })) {
    // prettier-ignore
    const { hits, near } = library(all).find(words);
    assert.deepEqual([hits[0].passages[0].where, near], [where, false]);
    assert.deepEqual(marked(hits[0]), [words]);
  }
});

test("neither an identity nor the money is searched, and nothing that did not open", () => {
  const items = [
    opened("identity", "report", "张三 13800000000"),
    opened("payout", "report", "口令青山"),
    { ...opened("report", "report", "打不开的话"), broken: true },
  ];
  assert.deepEqual(entryOf(view("a", items)).parts, []);
});

test("every word has to be there, one sign is enough, and a case is found by its number", () => {
  const two = library(
    report("a", "叉车没有年检", { number: "〔2026〕3号" }),
    report("b", "叉车撞了货架", { day: "2026-11-05", number: "〔2026〕13号" }),
  );
  assert.deepEqual(ids(two.find("叉车")), ["b", "a"], "the newest first");
  assert.deepEqual(ids(two.find("叉车 年检")), ["a"]);
  assert.deepEqual(ids(two.find("撞")), ["b"]);
  assert.deepEqual(ids(two.find("〔2026〕3号")), ["a"]);
  assert.deepEqual(ids(two.find("   ")), []);
});

test("words are alike whatever the width, the case, a break inside Chinese and what does not show", () => {
  const one = library(report("a", "ＡＢ 车间 的安全\n出口\u200b上锁 gas leak"));
  for (const words of ["ab车间", "安全出口上锁", "AB", "gas", "leak"]) assert.deepEqual(ids(one.find(words)), ["a"]);
  assert.equal(one.find("gasleak").near, true, "between letters a break parts words");
  assert.deepEqual(marked(one.find("ab车间").hits[0]), ["ＡＢ车间"], "shown as it was written");
  assert.equal(plain("安 全\u202e 出口 a  b"), "安全出口a b");
  assert.deepEqual(wordsOf(" 安全　出口 安全 "), ["安全", "出口"]);
});

test("what stands in the card comes before what stands in the words", () => {
  const two = library(
    report("a", "隔壁的化工厂也一样", { day: "2026-11-09" }),
    view("b", [card({ enterprise: "海川化工厂" }), opened("report", "report", "没有")]),
  );
  assert.deepEqual(ids(two.find("化工厂")), ["b", "a"]);
});

test("where no case holds all the words, those that share most of their bigrams are near", () => {
  const two = library(report("a", "仓库的安全出口用铁链锁着"), report("b", "食堂很脏"));
  const found = two.find("安全出口被铁链锁住");
  assert.deepEqual([ids(found), found.near, found.count], [["a"], true, 1]);
  assert.ok(marked(found.hits[0]).includes("安全出口"));
  assert.equal(two.find("铁链断").count, 0, "too short to be near anything");
});

test("a passage is the words around, whole signs, and every place in it is marked", () => {
  const text = `${"前".repeat(60)}😀管道${"中".repeat(10)}管道${"后".repeat(90)}`;
  const [hit] = library(report("a", text)).find("管道").hits;
  const said = hit.passages[0].pieces.map((piece) => piece.text).join("");
  assert.deepEqual(marked(hit), ["管道", "管道"]);
  assert.ok(said.startsWith("…前") && said.endsWith("后…") && said.length < 120);
  for (const at of [27, 28, 29, 30]) {
    const cut = library(report("a", `${"甲".repeat(9)}${"😀".repeat(at)}管道`)).find("管道").hits[0].passages[0];
    assert.ok(!/\p{Cs}/u.test(cut.pieces.map((piece) => piece.text).join("")), "no half of a sign");
  }
});

test("letters whose small form is longer do not shift what is marked", () => {
  const [hit] = library(report("a", "İİİİ Boiler 爆炸")).find("boiler").hits;
  assert.deepEqual(marked(hit), ["Boiler"]);
});

test("the line of a card, which begins the report, is not found twice", () => {
  const twice = view("a", [
    card({ enterprise: "木业", line: "管道没有清理" }),
    opened("report", "report", "管道没有清理"),
  ]);
  assert.deepEqual(library(twice).find("管道").hits[0].passages.map(({ where }) => where), ["report"]); // prettier-ignore
  const alone = view("a", [card({ enterprise: "木业", line: "管道没有清理" })]);
  assert.deepEqual(library(alone).find("管道").hits[0].passages.map(({ where }) => where), ["card"]); // prettier-ignore
});

test("a case that was opened again is known as it is now", () => {
  const one = library(report("a", "旧话"));
  const before = one.version;
  one.put(report("a", "新话"));
  assert.deepEqual([ids(one.find("旧话")), ids(one.find("新话"))], [[], ["a"]]);
  assert.notEqual(one.version, before);
});

// Gathering

const ID = (n) => `${n}`.padEnd(43, "x");
const answer = (ns, next = "", all = ns.length) => ({
  cases: ns.map((n) => ({ case: ID(n), number: "", state: "received", day: "2026-11-02", posts: [{}] })),
  next,
  all,
  today: "2026-11-27",
});

/** A door that gives these answers by the place that is asked for, and an office that opens what it is given. */
function door(pages, open = async (id) => report(id, `话${id.replaceAll("x", "")}话`)) {
  const asked = [];
  globalThis.fetch = async (path) => {
    const after = new URL(path, "http://x").searchParams.get("after");
    asked.push(after);
    const told = typeof pages[after] === "function" ? pages[after]() : pages[after];
    return { ok: true, status: 200, json: async () => told };
  };
  const directories = { reader: () => null }; // nobody is meant here
  state.office = { keys: {}, openServed: open, lock: () => {}, directories };
  return asked;
}

globalThis.window = { setTimeout, scrollY: 0 };
beforeEach(forget);

test("everything is fetched page by page and can be searched", async () => {
  const asked = door({ "": answer([1, 2], "9", 3), 9: answer([3], "", 3) });
  await gather();
  const { library: made, whole, busy, all } = state.search.gathered;
  assert.deepEqual([asked, whole, busy, all, made.seen], [["", "9"], true, false, 3, 3]);
  assert.deepEqual(ids(made.find("话3话")), [ID(3)]);
});

test("a case that does not open is counted, and the others are searched", async () => {
  door({ "": answer([1, 2, 3]) }, async (id) => {
    if (id === ID(2)) throw new EnvelopeError("case");
    if (id === ID(3)) throw new TypeError("hostile");
    return report(id, "话");
  });
  await gather();
  const { library: made, whole, error } = state.search.gathered;
  assert.deepEqual([made.unread.size, made.entries.size, whole, error], [2, 1, true, ""]);
});

test("a lost connection is told, and the next try goes on from its place", async () => {
  let lost = true;
  const asked = door({
    "": answer([1, 2], "9", 3),
    9: () => {
      if (lost) throw new ClientError("offline");
      return answer([3], "", 3);
    },
  });
  await gather();
  assert.deepEqual([state.search.gathered.whole, state.search.gathered.busy], [false, false]);
  assert.notEqual(state.search.gathered.error, "");
  lost = false;
  await gather();
  assert.deepEqual(asked, ["", "9", "9"]);
  assert.deepEqual([state.search.gathered.library.seen, state.search.gathered.whole], [3, true]);
});

test("an answer of another shape is the server's lie, and nothing of it is read", async () => {
  door({ "": { ...answer([1]), next: "javascript:" } });
  await gather();
  assert.equal(state.search.gathered.library.seen, 0);
  assert.notEqual(state.search.gathered.error, "");
});

test("when the screen folds everything goes, also what is on its way", async () => {
  let go;
  const held = new Promise((give) => (go = give));
  door({ "": answer([1]) }, async (id) => {
    await held;
    return report(id, "话");
  });
  state.search.question = "话";
  const gathering = gather();
  await new Promise((next) => setTimeout(next, 5));
  const gone = state.search.gathered;
  fold({ quiet: true });
  go();
  await gathering;
  assert.deepEqual(state.search, { question: "", gathered: null, beside: "", listed: "" });
  assert.equal(gone.library.seen, 0, "nothing is added to what has gone");
});

test("what was gathered before the screen folded is in nobody's hands any more", async () => {
  door({ "": answer([1]) }, (id) => report(id, "话"));
  await gather();
  const gone = state.search.gathered;
  assert.equal(gone.library.seen, 1);
  fold({ quiet: true });
  assert.deepEqual([gone.library.seen, gone.library.find("话").count], [0, 0]);
});

test("whoever stops goes on where he was; once all is there it begins anew", async () => {
  const asked = door({
    "": () => {
      state.search.gathered.stopped = true;
      return answer([1], "9", 2);
    },
    9: answer([2], "", 2),
  });
  await gather();
  assert.deepEqual([state.search.gathered.whole, state.search.gathered.library.seen], [false, 0]);
  door({ "": answer([1], "9", 2), 9: answer([2], "", 2) });
  await gather();
  const first = state.search.gathered;
  assert.equal(first.whole, true);
  renew(report(ID(1), "改过的话"));
  assert.deepEqual(ids(first.library.find("改过的话")), [ID(1)]);
  await gather();
  assert.notEqual(state.search.gathered, first);
  assert.equal(asked.length, 1);
});

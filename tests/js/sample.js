// A sample case that has come all the way to the payment, and the words its papers are filled with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import workflow from "../../whistle/core/workflow.json" with { type: "json" };
import { knownPacks } from "../../static/js/review/money/award.js";
import { parse } from "../../static/js/core/contents.js";
import { parseBasis, parseConfirmed, parseReceiver } from "../../static/js/core/entitlement.js";
import { factsDocument, factsFromYuan, parseFacts } from "../../static/js/core/rulebook.js";

const COMPUTED = { facts: parseFacts, confirmed: parseConfirmed, basis: parseBasis, receiver: parseReceiver };

/** An opened item as the client reads it. */
export function opened(comp, kind, text, type = "text/plain", more = {}) {
  const body = new TextEncoder().encode(text);
  const meta = { name: "", type, size: body.length };
  const place = {
    id: `${kind}/${comp}`,
    comp,
    kind,
    post: `hash-of-${kind.replace(".", "-")}`.padEnd(43, "-"),
    broken: false,
  };
  return { ...place, meta, body, ...parse(kind, comp, meta, body, COMPUTED), ...more };
}

export const OFFICE = "临港经济开发区安全生产监管办公室";
const WORDS = official("common", "money");
export const say = (key) => WORDS[key] ?? assert.fail(`no word ${key}`);

/** The office's own words, read as the page is given them. */
function official(...lists) {
  const found = {};
  for (const list of lists) {
    let table = "";
    for (const line of readFileSync(
      new URL(`../../templates/review/words/${list}.toml`, import.meta.url),
      "utf8",
    ).split("\n")) {
      table = /^\[(.+)\]$/.exec(line)?.[1] ?? table;
      const word = /^"?([\w.]+)"? = "(.*)"$/.exec(line);
      if (word) found[`${table}.${word[1]}`] = word[2];
    }
  }
  return found;
}

const PACKS = JSON.parse(readFileSync(new URL("../vectors/packs.json", import.meta.url), "utf8"));
const facts = factsDocument(factsFromYuan('{"kind":"violation","fine":"45000.00"}'), new Uint8Array(32).fill(1));

/** A case that has come all the way to the payment, seen by a key that holds everything: nobody has one, so roles are set by hand. */
export async function aCase(roles, changes = {}) {
  const served = [{ id: "SD-REW-2021", document: PACKS["SD-REW-2021"].document }];
  const packs = await knownPacks(served, [], "2026-11-02");
  const [pack] = packs.map((one) => ({ ...one, pays: true }));
  const act = (kind, fields = {}, person = "p1") => ({
    kind,
    hash: `hash-of-${kind.replace(".", "-")}`.padEnd(43, "-"),
    author: person,
    person,
    day: "2026-11-23",
    when: "2026-11-23T03:00Z",
    fields,
    items: [],
  });
  const fold = {
    state: "paid",
    day: "2026-11-02",
    received: "2026-11-02",
    source: "letter",
    category: "violation",
    sector: "industry_trade",
    urgent: false,
    excluded: [],
    packs: [["SD-REW-2021", pack.sha256]],
    outcome: "verified",
    approved: 2250000,
    approval: "hash-of-award-approve".padEnd(43, "-"),
    awarded: 2250000,
    claimBy: "2027-01-22",
    claimedOn: "2026-11-24",
    method: "counter",
    marks: ["claim.check"],
    acted: { pay: ["p1"] },
    parent: "",
    asks: [{ hash: "a", person: "me", given: true, opened: true }],
    finding: "hash-of-finding".padEnd(43, "-"),
    proposal: { hash: "hash-of-award-propose".padEnd(43, "-"), fen: 2250000 },
  };
  const model = {
    payments: [],
    id: "case",
    number: "〔2026〕7号",
    today: "2026-11-23",
    roles,
    me: { person: "me", label: "奖励员" },
    workflow,
    fold,
    packs: [pack],
    papers: {},
    report: "原话：我在三号线上班",
    taken: {},
    card: { enterprise: "某木业有限公司", place: "二号车间", line: "电机外壳未接地" },
    chain: { newest: "hash-of-pay".padEnd(43, "-") },
    clocks: [
      { step: "verify", start: "2026-11-03", due: "2027-01-04", provisional: true, stop: "" },
      { step: "objection", start: "2026-11-23", due: "2026-12-23", provisional: false, stop: "" },
    ],
    acts: [
      { ...act("report", { source: "letter" }), author: "reporter", person: "" },
      act("accept"),
      act("decline", { reason: "NA02" }),
      act("transfer", { reason: "NA05", to: "某区消防救援大队" }),
      act("extract"),
      act("finding", { outcome: "verified" }),
      act("extend", { step: "verify", until: "2027-03-04", approved_by: "王主任", document: "延7号" }),
      act("feedback"),
      { ...act("objection", { about: "feedback" }), author: "reporter", person: "" },
      act("objection.decide", { about: "feedback", outcome: "rejected" }, "p2"),
      act("award.propose", { pack: "SD-REW-2021", pack_hash: pack.sha256, fen: 2250000, facts: "facts" }),
      act("award.approve", {}, "p2"),
      act("award.notify"),
      act("claim"),
      act("identity.ask", { reason: "ID01" }),
      act("identity.give", {}, "p2"),
      act("list", { level: "district", due: "2027-03-01", document: "督办7号" }),
      act("rectify", { day: "2027-02-01", document: "验收3号" }),
      act("delist", { day: "2027-02-03", document: "销号2号" }),
      act("pay", { voucher: "凭-7", treasury: "国库-7" }),
    ],
    items: [
      opened("card", "report", "{}", "application/json"),
      opened("work", "extract", "日常检查：看电机接地。"),
      opened("work", "finding", "电机外壳未接地，属实。\n已责令整改。"),
      opened("work", "finding", JSON.stringify({ criterion: "令10号第十一条", penalty: "罚9号" }), "application/json"),
      opened(
        "work",
        "list",
        JSON.stringify({ owner: "安全总监", measures: "加装护罩", money: "3万元", plan: "停机预案" }),
        "application/json",
      ),
      opened("thread", "extend", "现场停产，须等复工后检测。"),
      opened("thread", "feedback", "您反映的情况属实。"),
      opened("thread", "objection.decide", "复查时再次到场，所见与核查一致。"),
      opened("award", "finding", new TextDecoder().decode(facts), "application/json"),
      opened("award", "award.propose", new TextDecoder().decode(facts), "application/json"),
      opened(
        "payout",
        "claim",
        JSON.stringify({ payee: "持码人", code: "12345678", passphrase: "青山绿水" }),
        "application/json",
      ),
      opened("identity", "report", "张三，电话略"),
    ],
    factsHashes: new Map([["award.propose/award", "facts"]]),
    who: ({ author }) =>
      author === "reporter"
        ? { reporter: true, label: "", name: "" }
        : { reporter: false, label: author === "p2" ? "审批人 1" : "奖励员 1", name: "" },
    ...changes,
  };
  return model;
}

export const ANSWER = "2026-12-31";
export const answers = (paper) =>
  Object.fromEntries(paper.asks.map((ask) => [ask.name, ask.day ? ANSWER : `所填${ask.name}`]));
export const context = (model, paper, number = "〔2026〕3号") => ({
  model,
  say,
  office: OFFICE,
  agency: "安",
  number,
  given: answers(paper),
});

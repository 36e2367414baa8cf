// Every official paper, filled from a sample case: no place left open, nothing said that its reader must not learn, and a DOCX that is one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unzipSync, strFromU8 } from "fflate";
import { ROLES } from "../../static/js/core/workflow.js";
import {
  PAPERS,
  compose,
  lacking,
  numberKind,
  offered,
  starts,
  unanswered,
} from "../../static/js/review/papers/compose.js";
import { docx, parts } from "../../static/js/review/papers/docx.js";
import { escape } from "../../static/js/review/ooxml.js";
import { FACTS, LISTS, MAY_BE_EMPTY, zhDay } from "../../static/js/review/papers/facts.js";
import { ANSWER, aCase, answers, context, opened } from "./sample.js";

const textOf = (made) =>
  [
    made.title,
    made.number,
    ...made.blocks.flatMap((block) =>
      block.kind === "table" ? block.rows.flat().map((cell) => cell.text) : [block.text],
    ),
  ].join("\n");
const paper = (id) => PAPERS.find((one) => one.id === id);
const whole = await aCase(["intake", "verifier", "leader", "payout", "auditor"]);

test("every paper that the office needs is in the table", () => {
  assert.deepEqual(
    PAPERS.map(({ id }) => id),
    [
      "accept",
      "decline",
      "supplement",
      "transfer",
      "extend",
      "feedback",
      "objection",
      "award_a",
      "award_b",
      "notice",
      "receipt",
      "waiver",
      "authority",
      "delist",
      "dossier",
    ],
  );
});

test("every name in a paper is a fact, a question, or a list", () => {
  for (const one of PAPERS) {
    const known = new Set([...Object.keys(FACTS), ...one.asks.map(({ name }) => name)]);
    for (const [, name] of JSON.stringify(one.body).matchAll(/\{(\w+)\}/g))
      assert.ok(known.has(name), `${one.id}: ${name}`);
    for (const block of one.body) if (block.each) assert.ok(LISTS[block.each]);
    for (const ask of one.asks) if (ask.start) assert.ok(FACTS[ask.start], ask.start);
    for (const role of one.roles) assert.ok(ROLES.includes(role));
    for (const block of one.body)
      if (block.table) for (const row of block.table) assert.ok(row.length <= block.widths.length, one.id);
    for (const block of one.body)
      if (block.widths)
        assert.equal(
          block.widths.reduce((sum, width) => sum + width),
          100,
        );
  }
});

for (const one of PAPERS) {
  test(`${one.id} is filled and no place is left open`, () => {
    assert.deepEqual(lacking(one, context(whole, one)), []);
    assert.deepEqual(unanswered(one, answers(one)), []);
    const text = textOf(compose(one, context(whole, one), false));
    assert.doesNotMatch(text, /[{}]|undefined|null|NaN/);
    assert.ok(text.startsWith(one.title));
    for (const ask of one.asks) assert.ok(text.includes(ask.day ? zhDay(ANSWER) : `所填${ask.name}`), ask.name);
  });

  test(`${one.id} makes a DOCX whose parts are well formed`, () => {
    const made = compose(one, context(whole, one), false);
    const files = unzipSync(docx(made));
    assert.deepEqual(Object.keys(files).sort(), Object.keys(parts(made)).sort());
    for (const [name, bytes] of Object.entries(files)) balanced(strFromU8(bytes), name);
    assert.ok(strFromU8(files["word/document.xml"]).includes(one.title));
  });
}

/** Every element is closed where it was opened. */
function balanced(xml, name) {
  const open = [];
  for (const [, close, tag, empty] of xml.matchAll(/<(\/?)([\w:]+)[^<>]*?(\/?)>/g)) {
    if (close) assert.equal(open.pop(), tag, name);
    else if (!empty) open.push(tag);
  }
  assert.deepEqual(open, [], name);
  assert.doesNotMatch(xml.replace(/<[^<>]*>/g, ""), /[<>]|&(?!#\d+;)/, name);
}

test("the copy that is handed to the reporter carries no number", () => {
  for (const one of PAPERS.filter(({ hers }) => hers)) {
    const text = textOf(compose(one, context(whole, one), true));
    assert.ok(!text.includes("〔2026〕"), one.id);
  }
  assert.ok(textOf(compose(paper("accept"), context(whole, paper("accept")), false)).includes("安举受〔2026〕3号"));
});

test("who reported, and in what words, stands in the sealed half alone", () => {
  for (const one of PAPERS.filter(({ id }) => id !== "award_b")) {
    const text = textOf(compose(one, context(whole, one), false));
    assert.doesNotMatch(text, /张三|持码人|三号线|青山绿水|12345678/, one.id);
  }
  const sealed = textOf(compose(paper("award_b"), context(whole, paper("award_b")), false));
  assert.match(sealed, /张三/);
  assert.doesNotMatch(sealed, /某木业|未接地|45,?000/);
});

test("the two halves have one number", () => {
  assert.equal(numberKind(paper("award_a")), numberKind(paper("award_b")));
  const [a, b] = ["award_a", "award_b"].map((id) => compose(paper(id), context(whole, paper(id)), false).number);
  assert.equal(a, b);
});

test("no paper that the enterprise may see says that somebody reported it", () => {
  const text = textOf(compose(paper("delist"), context(whole, paper("delist")), false));
  assert.match(text, /检查发现/);
  assert.doesNotMatch(text, /举报|线索|〔2026〕/);
  assert.equal(numberKind(paper("delist")), "");
});

test("the form of striking off begins with what the finding, the listing and the acts after it say", () => {
  const said = starts(paper("delist"), context(whole, paper("delist")));
  assert.deepEqual(
    [said.criterion, said.owner, said.measures, said.money, said.plan, said.limit],
    ["令10号第十一条", "安全总监", "加装护罩", "3万元", "停机预案", "2027-03-01"],
  );
  assert.equal(said.acceptance, "2027年2月1日　验收3号");
  assert.match(textOf(compose(paper("delist"), context(whole, paper("delist")), false)), /2027年2月3日　销号2号/);
});

test("a finding stands in the dossier though the sheet sealed beside it is empty", async () => {
  const told = await aCase(["leader"]);
  told.items = told.items.map((item) =>
    item.kind === "finding" && item.document === "ground" ? opened("work", "finding", "") : item,
  );
  assert.match(textOf(compose(paper("dossier"), context(told, paper("dossier")), false)), /查证属实。电机外壳未接地/);
  assert.match(starts(paper("delist"), context(told, paper("delist"))).hazard, /电机外壳未接地，属实/);
});

test("a case whose proposal was returned has its dossier, without a sum", async () => {
  const { fold } = await aCase([]);
  const none = { ...fold, state: "verified", proposal: null, approved: 0, approval: "", awarded: 0 };
  const returned = await aCase(["leader", "payout"], { fold: none });
  assert.deepEqual(lacking(paper("dossier"), context(returned, paper("dossier"))), []);
  const text = textOf(compose(paper("dossier"), context(returned, paper("dossier")), false));
  assert.doesNotMatch(text, /奖励计算|人民币/);
  assert.match(text, /办理记录/);
});

test("a last day on a paper is told with the day itself", () => {
  const days = JSON.stringify(PAPERS.map(({ body }) => body)).matchAll(
    /\{(until|claim_by|reply_by|objection_due)\}(.{4})/g,
  );
  const told = [...days].map(([, name, after]) => [name, after]);
  assert.equal(told.length, 5);
  for (const [name, after] of told) assert.equal(after, "（含）前", name);
});

test("words that speak of a report do not begin the form of striking off", async () => {
  const told = await aCase(["leader"]);
  for (const item of told.items.filter(({ comp }) => comp === "work")) {
    item.text = item.text.replace("电机外壳", "举报的电机外壳");
    if (item.document === "plan") item.data.plan = "按举报人所说停机";
  }
  const said = starts(paper("delist"), context(told, paper("delist")));
  assert.deepEqual([said.hazard, said.plan, said.owner], [told.card.line, "", "安全总监"]);
});

test("a form the reporter fills in carries the case's number on the copy for the files alone", () => {
  for (const id of ["waiver", "authority"]) {
    const [hers, file] = [true, false].map((copy) => textOf(compose(paper(id), context(whole, paper(id)), copy)));
    assert.ok(file.includes(whole.number) && !hers.includes(whole.number), id);
  }
});

test("a number begins with the office's own code", () => {
  const own = { ...context(whole, paper("accept")), agency: "临港应急" };
  assert.equal(compose(paper("accept"), own, false).number, "临港应急举受〔2026〕3号");
});

test("letters to the reporter do not name the enterprise", () => {
  for (const one of PAPERS.filter(({ hers }) => hers))
    assert.doesNotMatch(textOf(compose(one, context(whole, one), false)), /某木业/, one.id);
});

test("the sum stands in figures and in capitals, with every step of its computation", () => {
  const text = textOf(compose(paper("award_a"), context(whole, paper("award_a")), false));
  assert.match(text, /人民币22,500\.00元（大写：贰万贰仟伍佰元整）/);
  assert.match(text, /罚款 45000\.00 元 × 50%/);
  assert.match(text, /已被鲁应急发〔2025〕12号/);
});

test("the dossier lists every post with its hash", () => {
  const text = textOf(compose(paper("dossier"), context(whole, paper("dossier")), false));
  for (const act of whole.acts) assert.ok(text.includes(act.hash));
  assert.ok(text.includes(whole.chain.newest));
});

test("the sealed half waits until both halves of the identity were opened and told", async () => {
  const shut = await aCase(["payout"]);
  shut.fold.asks = [{ hash: "a", person: "me", given: true, opened: false }];
  assert.ok(lacking(paper("award_b"), context(shut, paper("award_b"))).includes("identity"));
  const other = await aCase(["payout"]);
  other.fold.asks = [{ hash: "a", person: "somebody else", given: true, opened: true }];
  assert.ok(lacking(paper("award_b"), context(other, paper("award_b"))).includes("identity"));
});

test("what a key does not hold is named, and the paper refused", async () => {
  const bare = await aCase(["intake"], { items: [], clocks: [] });
  assert.deepEqual(lacking(paper("feedback"), context(bare, paper("feedback"))), ["feedback"]);
  assert.deepEqual(lacking(paper("accept"), context(bare, paper("accept"))), ["verify_due"]);
  assert.ok(lacking(paper("award_a"), context(bare, paper("award_a"))).includes("trace"));
  const unchecked = await aCase(["payout"]);
  unchecked.fold.marks = [];
  assert.deepEqual(lacking(paper("receipt"), context(unchecked, paper("receipt"))), ["checked"]);
});

test("a receipt is signed, or confirmed by two officers by the claim code, which nobody copies", async () => {
  const filled = (model) => textOf(compose(paper("receipt"), context(model, paper("receipt")), false));
  const text = filled(whole);
  for (const words of [
    "□ 领取人签名",
    "□ 未签名，凭领奖码由两名经办人确认",
    "经办人一签名",
    "经办人二签名",
    "不抄录领奖码",
  ])
    assert.ok(text.includes(words), words);
  const cash = async (method) => {
    const model = await aCase(["payout"]);
    model.fold.method = method;
    const made = compose(paper("receipt"), context(model, paper("receipt")), false);
    const rows = made.blocks.flatMap((block) => (block.kind === "table" ? block.rows : []));
    return rows.find(([head]) => head.text === "现金支付原因和审核文件")[1].text;
  };
  assert.deepEqual(await Promise.all(["counter", "transfer", "voucher"].map(cash)), ["", "—", "—"]);
});

const ending = (made) => made.blocks.slice(-3).map(({ text }) => text);

test("a letter bears the day of what it tells, however late it is printed; one that tells of no act bears today's", async () => {
  const later = await aCase(["intake", "leader"], { today: "2027-02-05" });
  for (const one of PAPERS.filter(({ body }) => body.some(({ sign }) => sign))) {
    const day = one.id === "supplement" ? "2027年2月5日" : "2026年11月23日";
    assert.equal(ending(compose(one, context(later, one), true))[1], day, one.id);
  }
});

test("the outcome of an objection is told with who looked again: another officer, or the body above and its paper", async () => {
  const told = (model) => textOf(compose(paper("objection"), context(model, paper("objection")), true));
  assert.match(told(whole), /对核查结果的异议.*由原经办人以外的人员复查，结果为：维持原决定（最终）/);
  assert.match(told(whole), /复查时再次到场/);
  assert.doesNotMatch(told(whole), /继续在举报网站告知/);
  const above = await aCase(["intake"]);
  const [decided] = above.acts.filter(({ kind }) => kind === "objection.decide");
  const record = { body: "市应急管理局", document: "复字1号", outcome: "upheld", about: "feedback", day: "2026-11-22" };
  Object.assign(decided, { kind: "objection.record", fields: record });
  above.acts.push({ ...decided, kind: "objection.confirm", fields: { about: "feedback", outcome: "upheld" } });
  above.items.find(({ kind }) => kind === "objection.decide").kind = "objection.record";
  assert.match(told(above), /由市应急管理局（文号：复字1号）复查，结果为：异议成立/);
  assert.match(told(above), /继续在举报网站告知/);
});

test("a letter of extension begins with what was told of it, and waits for the extension", async () => {
  const said = starts(paper("extend"), context(whole, paper("extend")));
  assert.deepEqual(
    [said.why, said.extended_to, said.approved_by, said.approval_document],
    ["现场停产，须等复工后检测。", "2027-03-04", "王主任", "延7号"],
  );
  const before = await aCase(["leader"], { acts: whole.acts.filter(({ kind }) => kind !== "extend") });
  assert.ok(!offered(before).some(({ id }) => id === "extend"));
});

test("the dossier of an award that was taken back says so beside the sum", async () => {
  const text = (model) => textOf(compose(paper("dossier"), context(model, paper("dossier")), false));
  assert.doesNotMatch(text(whole), /没有效力/);
  const refused = await aCase(["leader", "payout"]);
  refused.fold.approval = "";
  const refuse = { ...refused.acts.find(({ kind }) => kind === "award.propose"), kind: "award.refuse" };
  refused.acts.push({ ...refuse, hash: "hash-of-refuse".padEnd(43, "-"), fields: { reason: "NR01" } });
  assert.match(text(refused), /人民币22,500\.00元.*\n以上金额没有效力：.*不予奖励/);
});

test("a paper is offered to its makers, once the act it rests on is there", async () => {
  const fresh = await aCase(["intake"], { acts: whole.acts.slice(0, 1) });
  assert.deepEqual(
    offered(fresh).map(({ id }) => id),
    ["supplement"],
  );
  const ids = offered(await aCase(["finance"])).map(({ id }) => id);
  assert.deepEqual(ids, []);
  assert.ok(!offered(await aCase(["leader"])).some(({ id }) => id === "award_b"));
});

test("a question begins with what the case knows, and an empty one stops the paper", () => {
  assert.equal(starts(paper("transfer"), context(whole, paper("transfer"))).summary, "日常检查：看电机接地。");
  assert.deepEqual(unanswered(paper("extend"), { why: " " }), [
    "why",
    "extended_to",
    "approved_by",
    "approval_document",
    "phone",
  ]);
  assert.deepEqual(unanswered(paper("delist"), { hazard: "电机外壳未接地" }), []);
});

test("a paragraph that depends on a fact goes with it", async () => {
  const late = await aCase(["intake"], { clocks: [] });
  const text = textOf(compose(paper("decline"), context(late, paper("decline")), true));
  assert.doesNotMatch(text, /复查/);
  assert.deepEqual(lacking(paper("decline"), context(late, paper("decline"))), []);
});

test("other people's words cannot become markup, nor deceive the eye", async () => {
  const odd = await aCase(["intake"]);
  odd.items.find(({ kind }) => kind === "feedback").text = '<w:p>&"\u202e假\u0001';
  const made = compose(paper("feedback"), context(odd, paper("feedback")), true);
  assert.ok(textOf(made).includes("⟦U+202E⟧"));
  const xml = parts(made)["word/document.xml"];
  balanced(xml, "document");
  assert.ok(!xml.includes("\u0001"));
  assert.equal(escape('<&">'), "&#60;&#38;&#34;&#62;");
});

test("the same paper gives the same bytes", () => {
  const made = compose(paper("accept"), context(whole, paper("accept")), true);
  assert.deepEqual(docx(made), docx(made));
});

test("what may stay empty is a line for the pen or a remark", () => {
  for (const name of MAY_BE_EMPTY) assert.ok(name in FACTS, name);
});

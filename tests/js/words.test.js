import assert from "node:assert/strict";
import { test } from "node:test";

import { read, same, show } from "../../static/js/crypto/fingerprint.js";
import { readPoster } from "../../static/js/client/poster.js";
import { fill } from "../../static/js/dom.js";
import { claimCode, wrongIn } from "../../static/js/public/case/claim.js";
import { grouped } from "../../static/js/core/yuan.js";
import { eventText } from "../../static/js/public/case/told.js";
import { check } from "../../static/js/public/report/form.js";
import { isClean, pieces } from "../../static/js/core/visible.js";

const PIN = "3f5a2bcc122231fb35528c950dca6019";

test("it works", () => {
  assert.equal(fill("第 {n} 步，共 {all} 步", { n: 2, all: 7 }), "第 2 步，共 7 步");
  assert.equal(fill("{other}", {}), "{other}");
});

test("a poster's facts are read from the fragment, the pin in hex or as documents write it", () => {
  const poster = readPoster(`#pin=${PIN}&channel=zone&enterprise=${encodeURIComponent("沂岭木业")}`);
  assert.equal(show(poster.pin), "3f5a 2bcc 1222 31fb 3552 8c95 0dca 6019");
  assert.deepEqual([poster.channel, poster.enterprise, poster.place, poster.spoiled], ["zone", "沂岭木业", "", false]);
  assert.ok(same("P1orzBIiMfs1UoyVDcpgGQ", poster.pin));
  assert.deepEqual(read("3F5A 2BCC-1222:31FB 3552 8C95 0DCA 6019"), poster.pin);
  assert.equal(readPoster("").pin, null);
});

test("a pin that cannot be read is no missing pin", () => {
  for (const pin of ["1234", "zzzz2bcc122231fb35528c950dca6019", ""]) assert.ok(readPoster(`#pin=${pin}`).spoiled);
  assert.ok(!same("1234", read(PIN)));
});

test("characters that deceive the eye are shown as their code", () => {
  assert.deepEqual(pieces("安\u202e全"), [
    { text: "安", hidden: false },
    { text: "U+202E", hidden: true },
    { text: "全", hidden: false },
  ]);
  assert.deepEqual(pieces("一\n二"), [{ text: "一\n二", hidden: false }]);
  assert.ok(isClean("一\n二\t三"));
  for (const bad of ["\u202e", "\u2066", "\u0000", "\ud800"]) assert.ok(!isClean(`甲${bad}乙`));
});

const ANSWERS = {
  category: "violation", sector: "unknown", enterprise: "沂岭木业", place: "", since: "ongoing", date: "", text: "三台电机的外壳没有接地线",
  identity: "none", contact: "", passphrase: "", relation: "", reward: "later", readback: false, channel: "",
}; // prettier-ignore
const wrong = (step, changes) => check(step, { ...ANSWERS, ...changes }).map(({ word }) => word);

test("each screen says what is still wrong with it", () => {
  assert.deepEqual(wrong("review", {}), []);
  assert.deepEqual(wrong("kind", { category: "" }), ["category"]);
  assert.deepEqual(wrong("where", { enterprise: "" }), ["where"]);
  assert.deepEqual(wrong("where", { enterprise: "", place: "三号车间" }), []);
  assert.deepEqual(wrong("where", { place: "长".repeat(1500) }), ["card"]);
  assert.deepEqual(wrong("where", { enterprise: "安\u202e全" }), ["text_control"]);
  assert.deepEqual(wrong("when", { since: "" }), ["since"]);
  assert.deepEqual(wrong("when", { since: "past", date: "2999-01-01" }), ["date"]);
  assert.deepEqual(wrong("what", { text: "太短" }), ["text_short"]);
  assert.deepEqual(wrong("what", { text: "字".repeat(5000) }), []);
  assert.deepEqual(wrong("what", { text: "字".repeat(5001) }), ["text_long"]);
  assert.deepEqual(wrong("what", { text: "🔥".repeat(4500) }), ["text_bytes"]);
  assert.deepEqual(wrong("you", { identity: "contact" }), ["contact"]);
  assert.deepEqual(wrong("you", { passphrase: "三个字" }), ["passphrase"]);
  assert.deepEqual(wrong("you", { passphrase: "春江花月" }), []);
});

test("a claim code is eight digits, each as likely as any other", () => {
  assert.match(claimCode(), /^[0-9]{8}$/);
  const bytes = [255, 250, 249, 7, 16, 25, 34, 43, 52, 61];
  assert.equal(
    claimCode(() => Uint8Array.of(bytes.shift())),
    "97654321",
  );
});

test("a claim says what is still wrong with it", () => {
  const claim = { payee: "木匠", passphrase: "青山不老", note: "", signatories: "1", declared: "yes" };
  assert.equal(wrongIn(claim), null);
  assert.deepEqual(wrongIn({ ...claim, payee: "" }), ["payee", "payee"]);
  assert.deepEqual(wrongIn({ ...claim, passphrase: "青山" }), ["claim-passphrase", "passphrase"]);
  assert.deepEqual(wrongIn({ ...claim, note: "\u202e" }), ["note", "control"]);
  assert.deepEqual(wrongIn({ ...claim, note: "字".repeat(1400) }), ["note", "too_long"]);
  for (const signatories of ["", "0", "101", "1.5", "３"])
    assert.deepEqual(wrongIn({ ...claim, signatories }), ["signatories", "signatories"]);
  assert.equal(wrongIn({ ...claim, signatories: "100" }), null);
  assert.deepEqual(wrongIn({ ...claim, declared: "" }), ["declared", "declared"]);
});

test("a sum is grouped by thousands", () => {
  assert.equal(grouped(2250000), "22,500.00");
  assert.equal(grouped(123456705), "1,234,567.05");
  assert.equal(grouped(50000), "500.00");
});

test("each post is told in one sentence", () => {
  const words = {
    told: { message_mine: "写", message_theirs: "收", decline: "没有受理：{reason}", "award.notify": "{yuan} 元，{day} 以前" },
    categories: {}, reasons: { NA02: "没有写清" }, methods: {}, months: { day: "{y}-{m}-{d}" },
  }; // prettier-ignore
  const act = (kind, fields, author = "x") => eventText(words, { kind, fields, author });
  assert.equal(act("message", {}, "reporter"), "写");
  assert.equal(act("message", {}), "收");
  assert.equal(act("decline", { reason: "NA02" }), "没有受理：没有写清");
  assert.equal(act("award.notify", { fen: 2250000, claim_by: "2027-01-05" }), "22,500.00 元，2027-1-5 以前");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { findMyself } from "../../static/js/public/shell/findings.js";

const kinds = (text) => findMyself(text).map(({ word }) => word);

test("what names its writer is found, by kind", () => {
  const rows = [
    ["我叫王强。", "name"], ["我是王强，在三班", "name"], ["我是三班的王强", "name"], ["本人张伟，二车间", "name"],
    ["本人张伟在二车间上班", "name"], ["我是欧阳明", "name"], ["我姓李", "name"], ["姓名：赵小红", "name"],
    ["我的电话 138 1234 5678", "phone"], ["打13812345678", "phone"], ["０５３９－８７６５４３２", "landline"],
    ["家里电话8765432", "landline"], ["371302199001011234 是我", "idcard"], ["工号 0412", "work_number"],
    ["我的工号是A0412", "work_number"], ["QQ：12345678", "qq"], ["加我qq 1234567", "qq"], ["微信：lan_tian88", "wechat"],
    ["vx lantian88", "wechat"], ["写到 a.b@example.com 吧", "mail"],
  ]; // prettier-ignore
  for (const [text, word] of rows) assert.ok(kinds(text).includes(word), text);
});

test("what names nobody is left alone", () => {
  for (const text of [
    "我是看到的。", "我是三班的。", "我是安全员。", "我是车间主任，不方便说。", "我是这里的包工头。", "我是听别人说的，不是亲眼看到。",
    "三台电机没有接地线,2026年12月3日看到的。", "压力表读数 1234567，罚了 50000 元。", "我是路过的。", "本人亲眼看到的。", "我看到油罐漏油",
    "我是老员工。", "微信群里都在说这件事", "我们的工号都要登记",
  ]) assert.deepEqual(findMyself(text), [], text); // prettier-ignore
});

test("all of it at once, each once", () => {
  const found = findMyself("我是三班的王强，电话13812345678，工号0412，QQ 1234567。电话13812345678。");
  assert.deepEqual(new Set(found.map(({ word }) => word)), new Set(["name", "phone", "work_number", "qq"]));
  assert.equal(found.filter(({ word }) => word === "phone").length, 1);
  assert.deepEqual(kinds("13812345678,13912345678"), ["phone", "phone"]);
});

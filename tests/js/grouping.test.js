// The code box groups digits in fives under the hand that types them, and touches nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped } from "../../static/js/public/grouping.js";
import { find, newTicket } from "../../static/js/crypto/ticket.js";

const CODE = "0317598642709215486342068";

/** Types, deletes and moves as a browser does, with the caret shown as |. */
function hand(shown, ...keys) {
  let caret = shown.indexOf("|");
  let text = shown.replace("|", "");
  for (const key of keys) {
    if (key === "Backspace" && caret) [text, caret] = [text.slice(0, caret - 1) + text.slice(caret), caret - 1];
    else if (key === "Delete") text = text.slice(0, caret) + text.slice(caret + 1);
    else if (key !== "Backspace") [text, caret] = [text.slice(0, caret) + key + text.slice(caret), caret + key.length];
    const made = grouped(text, caret, key === "Delete");
    if (made) ({ text, caret } = made);
  }
  return `${text.slice(0, caret)}|${text.slice(caret)}`;
}

test("digits fall into fives as they are typed", () => {
  assert.equal(hand("|", ..."1234567"), "12345 67|");
  assert.equal(hand("|", ...CODE), "03175 98642 70921 54863 42068|");
  assert.equal(hand("|", ..."１２３４５６"), "12345 6|");
  assert.equal(hand("|", ..."12345 6"), "12345 6|");
});

test("a pasted code is grouped whatever stood between its digits", () => {
  for (const between of ["", " ", "-", "－", "\u3000", "\n", "—"])
    assert.equal(hand("|", CODE.match(/.{5}/g).join(between)), "03175 98642 70921 54863 42068|");
});

test("the caret stays with its digit, wherever one types or deletes", () => {
  assert.equal(hand("12|345 67", "9"), "129|34 567");
  assert.equal(hand("12345 |67", "9"), "12345 9|67");
  assert.equal(hand("12345| 67", "9"), "12345 9|67");
  assert.equal(hand("12345 6|7", "Backspace"), "12345 |7");
  assert.equal(hand("12345 |67", "Backspace"), "12345| 67");
  assert.equal(hand("12345 |67", "Backspace", "Backspace"), "1234|6 7");
  assert.equal(hand("12345| 67", "Delete"), "12345 |67");
  assert.equal(hand("12345| 67", "Delete", "Delete"), "12345 |7");
  assert.equal(hand("|12345 67", "Delete"), "|23456 7");
});

test("what is dictated, labelled or too long stays as it came", () => {
  for (const typed of ["查询码 03175", "零三一七五", `${CODE}1`, "03175a", "我的码:"])
    assert.equal(grouped(typed, 2), null);
});

test("a grouped code is the same code", () => {
  const code = newTicket();
  const made = grouped(code, code.length);
  assert.ok(made);
  assert.equal(find(made.text), code);
});

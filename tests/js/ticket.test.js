import assert from "node:assert/strict";
import { test } from "node:test";

import { setNative } from "../../static/js/crypto/hpke.js";
import {
  counted,
  damm,
  find,
  newTicket,
  normalise,
  openTicket,
  parseAuthorization,
  show,
} from "../../static/js/crypto/ticket.js";
import { BOTH, hex, read, refused, toHex, x1 } from "./vectors.js";

const typed = JSON.parse(read("tests/vectors/typed.json"));

for (const [name, native] of BOTH) {
  test(`it works (${name})`, async () => {
    setNative(native);
    const ticket = await openTicket(hex(x1.zone.zone), normalise(x1.ticket.typed));
    assert.equal(toHex(ticket.keys.kem), x1.ticket.kem);
    assert.equal(toHex(ticket.keys.sig), x1.ticket.sig);
    assert.equal(toHex(ticket.case), x1.ticket.case);
    assert.equal(toHex(ticket.access), x1.ticket.access);
    assert.equal(toHex(ticket.accessHash), x1.ticket.access_hash);
    assert.equal(ticket.authorization, x1.ticket.authorization);
    assert.equal(toHex(parseAuthorization(ticket.authorization).access), x1.ticket.access);
  });
}

test("the check digit is Damm's", () => {
  for (const [digits, check] of x1.damm) assert.equal(damm(digits), check);
});

test("a new ticket is 25 digits that check", () => {
  const tickets = Array.from({ length: 50 }, newTicket);
  assert.ok(tickets.every((ticket) => normalise(ticket) === ticket));
  assert.equal(new Set(tickets).size, 50);
});

test("however a person spaces the groups, it is the same ticket", () => {
  const shown = show(x1.ticket.typed);
  assert.equal(shown, "01357 92468 01357 92468 01359");
  const ways = [
    shown, shown.replaceAll(" ", "-"), shown.replaceAll(" ", "　"), ` ${shown}\n`, shown.replaceAll(" ", "—"),
    shown.replaceAll(" ", "ー"), shown.replaceAll(" ", "−"), shown.replaceAll(" ", "\u200b"), `\ufeff${shown}`,
    shown.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  ]; // prettier-ignore
  for (const way of ways) assert.equal(normalise(way), x1.ticket.typed);
});

test("a slip of the finger is found", async () => {
  const digits = x1.ticket.typed;
  for (let at = 0; at < 25; at++) {
    const wrong = digits.slice(0, at) + ((Number(digits[at]) + 3) % 10) + digits.slice(at + 1);
    await refused(() => normalise(wrong), "ticket_check");
    const [one, two] = [digits[at], digits[at + 1]];
    if (two === undefined || one === two) continue;
    await refused(() => normalise(digits.slice(0, at) + two + one + digits.slice(at + 2)), "ticket_check");
  }
});

test("what is not 25 digits is no ticket", async () => {
  for (const bad of [
    "",
    "1234",
    `${x1.ticket.typed}0`,
    x1.ticket.typed.replace("0", "O"),
    x1.ticket.typed.replace("1", "١"),
  ]) {
    await refused(() => normalise(bad), "ticket_digits");
  }
  await refused(() => openTicket(hex(x1.zone.zone), "1".repeat(25)));
});

test("only the whole header is an authorization", async () => {
  const { authorization } = x1.ticket;
  for (const bad of [
    "",
    "Ticket ",
    authorization.slice(7),
    authorization.slice(0, -1),
    `${authorization}A`,
    `ticket ${authorization.slice(7)}`,
  ]) {
    await refused(() => parseAuthorization(bad));
  }
});

test("the digits are found wherever they stand", () => {
  for (const { title, text } of typed.found) assert.equal(find(text), typed.digits, title);
});

test("where there are not 25 it says how many", async () => {
  for (const { text, code, counted: n } of typed.refused) {
    await refused(() => find(text), code);
    assert.equal(counted(text), n, text);
  }
});

test("of several runs of 25 nothing is guessed", async () => {
  const [one, two] = [newTicket(), newTicket()];
  await refused(() => find(`${one} ${two}`), "ticket_digits");
  assert.equal(find(`${one} ${two.slice(0, 24)}${(Number(two[24]) + 1) % 10}`), one);
});

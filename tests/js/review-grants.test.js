// Who is handed which key: the verifier never the reporter's words, a half only to the one who asked.

import assert from "node:assert/strict";
import { test } from "node:test";
import workflow from "../../whistle/core/workflow.json" with { type: "json" };
import { readersOf } from "../../static/js/client/sealing.js";
import { readersIn } from "../../static/js/client/view.js";
import { Chain } from "../../static/js/crypto/chain.js";
import { grantAssigned, grantHalves, grantOwnKeys, seatsFrom } from "../../static/js/client/grants.js";
import { colleagues, sole, toColleague } from "../../static/js/client/handover.js";

const id = (letter) => letter.repeat(22).slice(0, 21) + "A";
const reader = (letter, roles, person = letter) => ({ rid: id(letter), person: id(person), roles, replaces: "" });
const channel = {
  readers: [
    reader("B", ["intake"]),
    reader("C", ["verifier"]),
    reader("D", ["verifier"]),
    reader("E", ["leader"]),
    reader("F", ["payout"]),
  ],
};
const office = {
  workflow,
  rid: id("B"),
  me: { person: id("B") },
  directories: { newestHash: "", channel: () => channel },
};

function aCase(assigned, held = {}) {
  const items = ["report", "thread", "work", "card"].map((comp) => ({
    id: comp,
    comp,
    key: new Uint8Array(32),
  }));
  const chain = {
    seats: [],
    excluded: new Set(),
    channelId: "",
    holds: (rid, item) => held[rid]?.[item] ?? [],
    carrier: (item) => ({ entry: { comp: item } }),
  };
  return {
    items,
    chain,
    fold: { isAssigned: assigned },
    acts: [{ hash: "ask", kind: "identity.ask", author: id("F") }],
  };
}

test("what these tests ask of a chain, a chain answers", () => {
  const asked = Object.entries(aCase(true).chain).filter(([, value]) => typeof value === "function");
  assert.deepEqual(
    asked.filter(([name]) => typeof Chain.prototype[name] !== "function"),
    [],
  );
});

test("before anybody is assigned, work is sealed to intake alone", () => {
  assert.deepEqual([...readersOf("work", readersIn(office, aCase(false))).keys()], [id("B")]);
  assert.deepEqual([...readersOf("work", readersIn(office, aCase(true))).keys()], ["B", "C", "D", "E"].map(id));
});

test("an office without an auditor can seal an award; one without payout cannot", () => {
  assert.deepEqual([...readersOf("award", readersIn(office, aCase(true))).keys()], ["E", "F"].map(id));
  const bare = {
    ...office,
    directories: { newestHash: "", channel: () => ({ readers: channel.readers.slice(0, 4) }) },
  };
  assert.throws(() => readersOf("payout", readersIn(bare, aCase(true))));
});

test("an assignment hands the seated verifier the work and never the report", () => {
  const given = grantAssigned(office, [["verifier", [id("C")]]])(aCase(true));
  const toVerifier = given.find((one) => one.reader === id("C"));
  assert.deepEqual(
    toVerifier.rows.map((row) => row.id),
    ["work"],
  );
  assert.equal(
    given.some((one) => one.reader === id("D")),
    false,
  );
  assert.equal(
    given.some((one) => one.reader === id("B")),
    false,
  );
});

test("who holds a key already is not given it twice", () => {
  const held = { [id("C")]: { work: [0] } };
  assert.equal(
    grantAssigned(office, [["verifier", [id("C")]]])(aCase(true, held)).some((one) => one.reader === id("C")),
    false,
  );
});

test("the leader's half goes to the author of the ask alone", () => {
  const held = new Map([
    ["identity", new Map([[1, "half"]])],
    ["award", new Map([[0, "key"]])],
  ]);
  assert.deepEqual(grantHalves({ ...aCase(true), held }, "ask"), [
    { reader: id("F"), rows: [{ id: "identity", part: 1, key: "half" }] },
  ]);
});

test("a new key of the same person gets what its roles may read", () => {
  const readers = [...channel.readers, reader("G", ["leader"], "B")];
  const moved = { ...office, directories: { newestHash: "", channel: () => ({ readers }) } };
  const held = new Map([
    ["work", new Map([[0, "key"]])],
    ["report", new Map([[0, "key"]])],
  ]);
  assert.deepEqual(grantOwnKeys(moved)({ ...aCase(true), held }), [
    { reader: id("G"), rows: [{ id: "work", part: 0, key: "key" }] },
  ]);
});

test("a colleague gets for the shared role what he lacks, no half of two, and nothing that was destroyed", () => {
  const readers = [
    { ...reader("B", ["payout"]), label: "1" },
    { ...reader("F", ["payout", "verifier"]), label: "2" },
    { ...reader("H", ["payout"], "F"), label: "2", replaces: id("F") },
    { ...reader("E", ["leader"]), label: "3" },
  ];
  const mine = { ...office, directories: { newestHash: "", channel: () => ({ readers }) } };
  const whole = () => new Map([[0, "key"]]);
  const held = new Map([
    ["identity", new Map([[1, "given"], [2, "half"]])],
    ["award", whole()],
    ["payout", whole()],
    ["work", whole()],
  ]); // prettier-ignore
  const stand = aCase(true, { [id("H")]: { award: [0] } });
  const model = { ...stand, acts: [], held, chain: { ...stand.chain, parts: () => new Set() } };
  const given = (changes = {}) => toColleague(mine, id("F"))({ ...model, ...changes });
  const ids = (handed) => handed.map(({ reader: to, rows }) => [to, rows.map(({ id: item, part }) => [item, part])]);
  assert.deepEqual(ids(given()), [[id("H"), [["identity", 2], ["payout", 0]]]]); // prettier-ignore
  const halved = { ...model.chain, parts: () => new Set([1]) };
  assert.deepEqual(ids(given({ chain: halved })), [[id("H"), [["payout", 0]]]]);
  const acts = [
    { kind: "claim", fields: {}, items: [{ id: "payout", comp: "payout" }] },
    { kind: "destroy", fields: { scope: "payout" }, items: [] },
  ];
  assert.deepEqual(ids(given({ acts })), [[id("H"), [["identity", 2]]]]);
  const refused = (person, chain, reason) =>
    assert.throws(() => toColleague(mine, person)({ ...model, chain: { ...model.chain, ...chain } }), (error) => error.facts.reason === reason); // prettier-ignore
  refused(id("E"), {}, "colleague_role");
  refused(id("B"), {}, "colleague_role");
  refused(id("F"), { excluded: new Set([id("F")]) }, "colleague_barred");
  refused(id("F"), { holds: () => [0, 1, 2] }, "colleague_has_all");
  // Given is not held: a key that opens nothing is given again, and no half of two.
  const all = { ...model, chain: { ...model.chain, holds: () => [0, 1, 2] } };
  assert.deepEqual(ids(toColleague(mine, id("F"), true)(all)), [[id("H"), [["identity", 2], ["award", 0], ["payout", 0]]]]); // prettier-ignore
  const other = { ...all.chain, parts: () => new Set([1]) };
  assert.deepEqual(ids(toColleague(mine, id("F"), true)({ ...all, chain: other })), [
    [
      id("H"),
      [
        ["award", 0],
        ["payout", 0],
      ],
    ],
  ]);
  assert.deepEqual(colleagues(readers, id("B")).map(({ rid }) => rid), [id("H")]); // prettier-ignore
  assert.deepEqual(sole(mine, model), ["identity", "payout"]);
});

test("seats stand in the channel's order, each person once", () => {
  assert.deepEqual(seatsFrom({ leader: ["b", "a"], verifier: ["c"], payout: [] }), [
    ["verifier", ["c"]],
    ["leader", ["a", "b"]],
  ]);
});

// Who is meant in a note: a label behind an @, the longest that stands there, until he has acted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isMeant, stretches } from "../../static/js/client/mentions.js";

const LABELS = ["受理员 1", "受理员 12", "核查员 1"];
const said = (text) => stretches(text, LABELS).map(({ label }) => label);

test("the words are cut where somebody is meant, and nothing of them is lost", () => {
  assert.deepEqual(stretches("请 @受理员 12 看", LABELS), [
    { text: "请 ", label: "" },
    { text: "@受理员 12", label: "受理员 12" },
    { text: " 看", label: "" },
  ]);
  for (const text of ["", "@", "@@受理员 1", "受理员 1", "a@核查员 1@核查员 1", "@审计"])
    assert.equal(
      stretches(text, [...LABELS, ""])
        .map((one) => one.text)
        .join(""),
      text,
    );
});

test("of labels that begin alike the longest is meant", () => {
  assert.deepEqual(said("@受理员 1"), ["受理员 1"]);
  assert.deepEqual(said("@受理员 12"), ["受理员 12"]);
  assert.deepEqual(said("@受理员 13"), ["受理员 1", ""]);
  assert.deepEqual(said("受理员 1"), [""]);
});

const view = (...acts) => ({
  acts: acts.map(([person], no) => ({ hash: `h${no}`, person })),
  items: acts.flatMap(([, text, kind = "note"], no) => (text ? [{ kind, post: `h${no}`, text }] : [])),
});
const meant = (...acts) => isMeant(view(...acts), "bob", "受理员 1", LABELS);

test("he is meant by a colleague's note until he acts on the case himself", () => {
  assert.ok(meant(["vera", "@受理员 1 请看"]));
  assert.ok(meant(["bob", ""], ["vera", "@受理员 1 请看"], ["leo", ""]));
  assert.ok(!meant(["vera", "@受理员 1 请看"], ["bob", ""]));
  assert.ok(!meant(["bob", "@受理员 1 记着"]));
  assert.ok(!meant(["vera", "@受理员 12 请看"]));
  assert.ok(!meant(["vera", "@受理员 1 请看", "message"]));
  assert.ok(!meant());
});

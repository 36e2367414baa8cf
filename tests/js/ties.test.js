// Ties of a reviewer, looked for in what he may open: whole names, however they are spaced, in words and in cards.

import assert from "node:assert/strict";
import { test } from "node:test";

import { met } from "../../static/js/client/ties.js";

const item = (comp, text, data) => ({ comp, kind: "report", text, data });

test("a firm or a person stands in a card, a report or the working papers", () => {
  const items = [
    item("card", "", { enterprise: "鲁兴 木业", place: "二号车间" }),
    item("report", "班长王小明不让说。"),
  ];
  assert.deepEqual(met(["鲁兴木业", "王小明", "李强"], items), ["鲁兴木业", "王小明"]);
  assert.deepEqual(met(["鲁兴木业"], [item("work", "见鲁兴木业台账")]), ["鲁兴木业"]);
});

test("nothing is looked for where her identity or money stands, nor by one sign alone", () => {
  assert.deepEqual(met(["王小明"], [item("identity", "王小明"), item("payout", "王小明")]), []);
  assert.deepEqual(met(["王", ""], [item("report", "王小明")]), []);
});

// What is typed in forms beside the acts': kept over a reload, put back field by field, gone with its writer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clearForms, emptyForm, join, keptForm, putBack, typedIn } from "../../static/js/review/forms.js";

const budget = keptForm("budget", { year: "2026", sum: "", sure: false, busy: false, error: "" });

test("an untouched form is not kept, a touched one with every field but its state", () => {
  assert.deepEqual(typedIn(), []);
  Object.assign(budget, { sum: "5,000.00", busy: true, error: "网络不通" });
  assert.deepEqual(typedIn(), [["form:budget", { year: "2026", sum: "5,000.00", sure: false }]]);
  emptyForm(budget);
  assert.deepEqual([typedIn(), budget.busy, budget.error], [[], false, ""]);
});

test("what is put back is the form's own fields in their own kind, whatever was stored", () => {
  assert.ok(putBack("form:budget", { sum: "1", sure: "yes", busy: true, more: 1 }));
  assert.deepEqual(budget, { year: "2026", sum: "1", sure: false, busy: false, error: "" });
  assert.ok(putBack("form:of another release", { sum: "2" }));
  assert.ok(!putBack("case/message", { text: "" }));
});

test("in another office stands again only what is good there: a row's number is of one ledger", () => {
  let told = null;
  join("taken down", {
    read: () => told,
    put: (values) => (told = values),
    clear: () => (told = null),
    anywhere: true,
  });
  emptyForm(budget);
  assert.ok(putBack("form:budget", { sum: "7" }, false));
  assert.ok(putBack("form:taken down", { text: "写" }, false));
  assert.deepEqual(typedIn(), [["form:taken down", { text: "写" }]]);
  told = null;
  Object.assign(budget, { sum: "1" });
});

test("whoever unlocks the page next finds nothing in any form", () => {
  let told = { text: "写" };
  join("call", { read: () => told, put: () => {}, clear: () => (told = null) });
  assert.equal(typedIn().length, 2);
  clearForms();
  assert.deepEqual(typedIn(), []);
});

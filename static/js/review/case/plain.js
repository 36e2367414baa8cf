/**
 * Acts that need no questions of their own: what is asked follows from the two tables. A field that the case already
 * holds (a row `equals`) is not asked, nor is the open objection; everything else is a question by the field's name.
 */

import { read } from "../../core/yuan.js";
import { camel } from "../../core/workflow.js";
import { FIELDS } from "../../crypto/kinds.js";
import { part } from "../parts.js";

/** @typedef {import("../../core/shapes.js").Kind} Kind */
/** @typedef {import("../types.js").ActRow} ActRow */
/** @typedef {import("../types.js").Fold} Fold */
/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Places} Places */
/** @typedef {import("../types.js").Values} Values */

const today = (/** @type {Model} */ model) => model.today;
const kept =
  (/** @type {string} */ name) =>
  (/** @type {Model} */ { fold }) =>
    /** @type {Places} */ (fold)[name] || "";

/** How a field is asked for. @type {Record<string, Input>} */
const QUESTIONS = {
  category: { name: "category", type: "select", options: "category", start: kept("category"), needed: true },
  sector: { name: "sector", type: "select", options: "sector", start: kept("sector"), needed: true },
  outcome: { name: "objection_outcome", type: "radio", options: "objection_outcome", needed: true },
  body: { name: "body", type: "line", needed: true, bytes: 200 },
  document: { name: "document", type: "line", needed: true, bytes: 200 },
  receipt: { name: "receipt", type: "line", needed: true, bytes: 64 },
  fen: { name: "sum", type: "line", needed: true },
  day: { name: "day", type: "day", label: "day_document", start: today, needed: true },
  due: { name: "due", type: "day", needed: true },
};
const NOTE = { name: "note", type: "text", rows: 2 };
const REPLY = { name: "reply", type: "text", rows: 4, sealedFor: "reporter", needed: true };

/** The fen of a sum as it was typed, 0 for what is no sum. @param {string} yuan */
export function fen(yuan) {
  try {
    return read(yuan);
  } catch {
    return 0;
  }
}

/** What the case itself answers: by field, the place it is kept under. @param {Kind} rule @returns {Map<string, (fold: Fold) => unknown>} */
function known(rule) {
  const rows = [...(rule.checks ?? []), ...(rule.office_checks ?? [])];
  /** @type {Map<string, (fold: Fold) => unknown>} */
  const answers = new Map();
  if (rows.some(([, name]) => name === "names_the_objection")) {
    answers.set("objection", ({ objection }) => objection?.hash);
    answers.set("about", ({ objected }) => objected);
  }
  for (const [, name, field, place] of rows)
    if (name === "equals") answers.set(field, (fold) => /** @type {Places} */ (fold)[camel(place)]);
  return answers;
}

/** The question of a field. @param {string} kind @param {string} field @returns {Input} */
const question = (kind, field) =>
  field === "reason" ? { name: "reason", type: "radio", options: kind, needed: true } : QUESTIONS[field];

/** What was answered, as the field has it. @param {string} field @param {Input} asked @param {Values} values */
const answer = (field, asked, values) => (field === "fen" ? fen(values.sum) : values[asked.name]);

/** How its button looks: what goes back to somebody is neither a step ahead nor an end. @param {Kind} rule */
const tone = ({ rare, waits }) => (rare ? "stop" : waits ? "plain" : "go");

/** The act of a kind as the two tables say it. @param {string} kind @param {Kind} rule its row in workflow.json @returns {ActRow} */
export function plainAct(kind, rule) {
  const answers = known(rule);
  const fields = Object.keys(FIELDS[kind]);
  const asked = fields.filter((field) => !answers.has(field)).map((field) => question(kind, field));
  const work = rule.items.some((item) => item.startsWith("work"));
  const thread = rule.items.includes("thread");
  const note = { ...NOTE, needed: rule.items.includes("work"), sealedFor: rule.only?.work?.join("_") ?? "office" };
  return {
    tone: tone(rule),
    inputs: [...asked, ...(thread ? [REPLY] : []), ...(work ? [note] : [])],
    fields: (values, model) =>
      Object.fromEntries(
        fields.map((field) => {
          const own = answers.get(field);
          return [field, own ? own(model.fold) : answer(field, question(kind, field), values)];
        }),
      ),
    parts: (values) => [
      ...(thread ? [part("thread", values.reply ?? "")] : []),
      ...(work ? [part("work", values.note ?? "")] : []),
    ],
    problem: (values) => (fields.includes("fen") && !answers.has("fen") && !fen(values.sum) ? "problem.yuan" : ""),
  };
}

/** The acts of every reviewer's kind that `written` does not have. @param {import("../types.js").Workflow} workflow @param {Record<string, ActRow>} written */
export function plainActs(workflow, written) {
  const missing = Object.entries(workflow.kinds).filter(
    ([kind, { roles }]) => !(kind in written) && roles.join() !== "reporter",
  );
  return Object.fromEntries(missing.map(([kind, rule]) => [kind, plainAct(kind, rule)]));
}

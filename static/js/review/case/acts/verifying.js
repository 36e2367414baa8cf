/** Finding out what is so, the time it takes, and what follows from it outside of money. */

import * as money from "../../money/award.js";
import { GROUND, PLAN, noteAndReply, part, sheetInputs, sheetPart } from "../../parts.js";
import { t as say } from "../../words.js";
import { DAY, DOCUMENT, NOTE, REPLY, none, note, paper, reply, today, told } from "./questions.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Fold} Fold */
/** @typedef {import("../../types.js").Model} Model */
/** @typedef {import("../../types.js").Say} Say */
/** @typedef {import("../../types.js").Values} Values */

/** And a decision only where an objection does. @param {Model} model */
const objectionIn = ({ fold }) => /** @type {NonNullable<Fold["objection"]>} */ (fold.objection);

/** What he read of the case, once more before his name stands under it. */
const MARKS = { name: "marks", type: "marks", start: () => "" };

/** Outcomes that no sum can rest on: the item is there, empty. */
const NO_FACTS = { unverified: true, unable: true };

/** @type {Record<string, ActRow>} */
export const VERIFYING = {
  finding: {
    tone: "go",
    inputs: [
      { name: "outcome", type: "radio", options: "outcome", needed: true },
      { name: "text", type: "text", rows: 8, needed: true, sealedFor: "work" },
      { name: "second", type: "line", sealedFor: "work" },
      ...sheetInputs(GROUND, "finding"),
      { name: "facts", type: "facts", start: money.factsFrom },
    ],
    problem: findingProblem,
    fields: (values) => ({ outcome: values.outcome }),
    parts: (values) => [
      part("work", signedBy(values)),
      values.outcome in NO_FACTS ? part("award", "") : part("award", money.document(values.facts), "application/json"),
      sheetPart(GROUND, values),
    ],
  },
  cosign: {
    tone: "go",
    inputs: [{ name: "figures", type: "figures" }, NOTE],
    fields: (_values, model) => ({ finding: model.fold.finding }),
    parts: note,
  },
  escalate: {
    tone: "go",
    inputs: [{ name: "to", type: "line", label: "to_county", needed: true, bytes: 600 }, DOCUMENT, DAY, NOTE],
    fields: (values) => ({ to: values.to, document: values.document, day: values.day }),
    parts: note,
  },
  feedback: {
    tone: "go",
    inputs: [{ name: "text", type: "text", rows: 6, needed: true, sealedFor: "reporter", start: outcomeTold }],
    fields: () => ({}),
    parts: (values) => [part("thread", values.text)],
  },
  extend: {
    tone: "go",
    inputs: [
      { name: "until", type: "day", needed: true },
      { name: "approved_by", type: "line", needed: true, bytes: 200 },
      DOCUMENT,
      { ...REPLY, needed: true, start: told("extend") },
    ],
    fields: (values) => ({
      step: "verify",
      until: values.until,
      document: values.document,
      approved_by: values.approved_by,
    }),
    parts: reply,
  },
  pause: {
    tone: "plain",
    inputs: [
      { name: "reason", type: "radio", options: "pause", needed: true },
      { name: "day", type: "day", label: "day_pause", start: today, needed: true },
      NOTE,
    ],
    fields: (values) => ({ reason: values.reason, day: values.day }),
    parts: note,
  },
  resume: {
    tone: "go",
    inputs: [
      {
        name: "day",
        type: "day",
        label: "day_resume",
        needed: true,
        start: (model) => model.fold.answered || model.today,
      },
    ],
    fields: (values) => ({ day: values.day }),
    parts: none,
  },
  "decline.agree": {
    tone: "go",
    inputs: [MARKS, NOTE],
    fields: (_values, { fold }) => ({ ask: fold.declineAsk }),
    parts: note,
  },
  "objection.decide": {
    tone: "go",
    inputs: [
      MARKS,
      { name: "objection_outcome", type: "radio", options: "objection_outcome", needed: true },
      { ...REPLY, needed: true, start: told("objection_decide") },
    ],
    fields: (values, model) => ({
      objection: objectionIn(model).hash,
      about: objectionIn(model).about,
      outcome: values.objection_outcome,
    }),
    parts: reply,
  },
  list: {
    tone: "go",
    inputs: [
      { name: "level", type: "radio", options: "level", needed: true },
      { name: "due", type: "day", needed: true },
      DOCUMENT,
      ...sheetInputs(PLAN, "list"),
    ],
    fields: (values) => ({ level: values.level, due: values.due, document: values.document }),
    parts: (values) => [sheetPart(PLAN, values)],
  },
  commit: {
    tone: "go",
    inputs: [
      { name: "due", type: "day", needed: true },
      ...sheetInputs(PLAN, "commit").map((input) => ({ ...input, needed: true })),
    ],
    fields: (values) => ({ due: values.due }),
    parts: (values) => [sheetPart(PLAN, values)],
  },
  rectify: { tone: "go", inputs: [DAY, DOCUMENT, NOTE], fields: paper, parts: note },
  delist: { tone: "go", inputs: [DAY, DOCUMENT], fields: paper, parts: none },
};

/** What the finding came to, in a sentence that may be sent as it is. */
function outcomeTold(/** @type {Model} */ model, /** @type {Say} */ t) {
  const finding = model.acts.filter((act) => act.kind === "finding").slice(-1)[0];
  return t("told.feedback", { outcome: t(`outcome.${finding.fields.outcome}`) });
}

/** Deaths in the sealed facts are the county government's to verify, and no server can read them. */
function findingProblem(/** @type {Values} */ values, /** @type {Model} */ model) {
  if (values.outcome in NO_FACTS) return "";
  if (!money.readable(values.facts)) return "problem.figures";
  return Number(values.facts.deaths) > 0 && !model.fold.marks.includes("escalate") ? "problem.escalate" : "";
}

/** Two verify on the spot (rules of the zone): the second stands in the sealed text by name. */
function signedBy(/** @type {Values} */ values) {
  return values.second ? `${values.text}\n\n${say("finding.second", { name: values.second })}` : values.text;
}

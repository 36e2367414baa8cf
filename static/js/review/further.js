/**
 * The acts off the straight way: time that is given or held, urgent matters, merging, objections, supervision of the
 * hazard, money that is reopened or called back. Rows of the table of acts.js, in the order of workflow.json.
 */

import { parse } from "../core/yuan.js";
import { DOCUMENT, NOTE, REPLY, noteAndReply, part, told } from "./asking.js";
import { PLAN, sheetInputs, sheetPart } from "./sheet.js";

const note = (/** @type {any} */ values) => [part("work", values.note)];
const reply = (/** @type {any} */ values) => [part("thread", values.reply)];
const today = (/** @type {any} */ model) => model.today;
const nothing = () => [];
const DAY = { name: "day", type: "day", label: "day_document", start: today, needed: true };
const paper = (/** @type {any} */ values) => ({ day: values.day, document: values.document });

/** The fen of a sum as it was typed, 0 for what is no sum. @param {string} yuan */
function fen(yuan) {
  try {
    return parse(yuan);
  } catch {
    return 0;
  }
}

/** @type {Record<string, any>} */
export const FURTHER = {
  extend: {
    tone: "go",
    inputs: [
      { name: "until", type: "day", needed: true },
      { name: "approved_by", type: "line", needed: true, bytes: 200 },
      DOCUMENT,
      { ...REPLY, needed: true, start: told("extend") },
    ],
    fields: (/** @type {any} */ values) => ({ step: "verify", until: values.until, document: values.document, approved_by: values.approved_by }),
    parts: reply,
  },
  pause: {
    tone: "plain",
    inputs: [{ name: "reason", type: "radio", options: "pause", needed: true }, { name: "day", type: "day", label: "day_pause", start: today, needed: true }, NOTE],
    fields: (/** @type {any} */ values) => ({ reason: values.reason, day: values.day }),
    parts: note,
  },
  resume: {
    tone: "go",
    inputs: [{ name: "day", type: "day", label: "day_resume", needed: true, start: (/** @type {any} */ model) => model.fold.answered || model.today }],
    fields: (/** @type {any} */ values) => ({ day: values.day }),
    parts: nothing,
  },
  dispatch: {
    tone: "go",
    inputs: [{ name: "action", type: "radio", options: "action", needed: true }, { ...REPLY, start: told("dispatch") }, NOTE],
    fields: (/** @type {any} */ values) => ({ action: values.action }),
    parts: noteAndReply,
  },
  merge: {
    tone: "plain",
    inputs: [{ name: "parent", type: "parent", needed: true }, NOTE],
    fields: (/** @type {any} */ values) => ({ parent: values.parent }),
    parts: note,
  },
  "objection.decide": {
    tone: "go",
    inputs: [{ name: "objection_outcome", type: "radio", options: "objection_outcome", needed: true }, { ...REPLY, needed: true, start: told("objection_decide") }],
    fields: (/** @type {any} */ values, /** @type {any} */ model) => ({ objection: model.fold.objection.hash, about: model.fold.objection.about, outcome: values.objection_outcome }),
    parts: reply,
  },
  "transfer.result": {
    tone: "go",
    inputs: [DAY, { name: "result", type: "radio", options: "result", needed: true }, { ...REPLY, needed: true, start: told("transfer_result") }, NOTE],
    fields: (/** @type {any} */ values) => ({ day: values.day, result: values.result }),
    parts: noteAndReply,
  },
  list: {
    tone: "go",
    inputs: [{ name: "level", type: "radio", options: "level", needed: true }, { name: "due", type: "day", needed: true }, DOCUMENT, ...sheetInputs(PLAN, "list")],
    fields: (/** @type {any} */ values) => ({ level: values.level, due: values.due, document: values.document }),
    parts: (/** @type {any} */ values) => [sheetPart(PLAN, values)],
  },
  rectify: { tone: "go", inputs: [DAY, DOCUMENT, NOTE], fields: paper, parts: note },
  delist: { tone: "go", inputs: [DAY, DOCUMENT], fields: paper, parts: nothing },
  reinstate: {
    tone: "go",
    inputs: [{ name: "reason", type: "radio", options: "reinstate", needed: true }, { name: "claim_by", type: "day", needed: true }],
    fields: (/** @type {any} */ values) => ({ reason: values.reason, claim_by: values.claim_by }),
    parts: nothing,
  },
  clawback: {
    tone: "stop",
    inputs: [{ name: "reason", type: "radio", options: "clawback", needed: true }, { name: "sum", type: "line", needed: true }],
    fields: (/** @type {any} */ values) => ({ reason: values.reason, fen: fen(values.sum) }),
    parts: nothing,
    problem: (/** @type {any} */ values) => (fen(values.sum) ? "" : "problem.yuan"),
  },
  cosign: {
    tone: "go",
    inputs: [NOTE],
    fields: (/** @type {any} */ _values, /** @type {any} */ model) => ({ finding: model.fold.finding }),
    parts: note,
  },
  escalate: {
    tone: "go",
    inputs: [{ name: "to", type: "line", label: "to_county", needed: true, bytes: 600 }, DOCUMENT, DAY, NOTE],
    fields: (/** @type {any} */ values) => ({ to: values.to, document: values.document, day: values.day }),
    parts: note,
  },
  repin: {
    tone: "stop",
    inputs: [
      { name: "reason", type: "radio", options: "repin", needed: true },
      { name: "packs", type: "packs", trial: true, start: (/** @type {any} */ model) => model.fold.packs.filter((/** @type {string[]} */ pair) => model.packs.some((/** @type {any} */ pack) => pack.sha256 === pair[1])) },
      { ...NOTE, needed: true },
    ],
    fields: (/** @type {any} */ values, /** @type {any} */ model) => ({ reason: values.reason, old: model.fold.packs, packs: values.packs }),
    parts: note,
    problem: (/** @type {any} */ values, /** @type {any} */ model) => (isSame(values.packs, model.fold.packs) ? "problem.same_packs" : ""),
  },
};

/** Nothing pinned, or the very packs that are: no change. @param {any[]} packs @param {any[]} pinned */
const isSame = (packs, pinned) => !packs.length || JSON.stringify([...packs].sort()) === JSON.stringify([...pinned].sort());

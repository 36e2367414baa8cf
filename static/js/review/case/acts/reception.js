/** What becomes of a report that came in: taken up or not, extracted, seated, sent on, merged, answered. */

import { SHOWN, isReport, telltales } from "../../../client/extracts.js";
import { grantAssigned, seatsFrom } from "../../../client/grants.js";
import * as money from "../../money/award.js";
import { noteAndReply, part } from "../../parts.js";
import { listed } from "../../../core/newposts.js";
import { t } from "../../words.js";
import { byLot } from "../way.js";
import { AGAIN, DAY, NOTE, REPLY, card, note, simple, told } from "./questions.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Fold} Fold */
/** @typedef {import("../../types.js").Model} Model */
/** @typedef {import("../../types.js").Values} Values */

const json = (/** @type {Record<string, string | undefined>} */ value) => JSON.stringify(value);

const known = (/** @type {string[]} */ list, /** @type {string} */ id, /** @type {string} */ otherwise) =>
  list.includes(id) ? id : otherwise;

/** The day a paper came in, where the office took it down; never after the report itself. @param {Model} model @returns {string} */
const arrivedOn = (model) =>
  /^\d{4}-\d\d-\d\d$/.test(card(model).arrived) && card(model).arrived < model.fold.day
    ? card(model).arrived
    : model.fold.day;

/** What a case is about, as the register and the bulletin count it: as it stands, else as she said. */
const CLASS = [
  {
    name: "category",
    type: "select",
    options: "category",
    start: (/** @type {Model} */ { fold, workflow, officeKind, ...model }) =>
      fold.category || classOf(listed(workflow, officeKind, "categories"), model.card?.category ?? ""),
    needed: true,
  },
  {
    name: "sector",
    type: "select",
    options: "sector",
    start: (/** @type {Model} */ { fold, workflow, ...model }) =>
      fold.sector || known(workflow.sectors, model.card?.sector ?? "", "unknown"),
    needed: true,
  },
];

/** What she said, else the plainest that the office has. @param {string[]} categories @param {string} hers */
const classOf = (categories, hers) =>
  known(categories, hers, categories.includes("general_hazard") ? "general_hazard" : categories[0]);

const isOfDeaths = (/** @type {Model} */ model, /** @type {string} */ category) =>
  model.workflow.to_county.includes(category);

/** @type {Record<string, ActRow>} */
export const RECEPTION = {
  accept: {
    tone: "go",
    inputs: [
      ...CLASS,
      { name: "received", type: "day", start: arrivedOn, needed: true },
      { name: "packs", type: "packs", start: money.packsFor },
      {
        ...REPLY,
        start: (model, t) => t(isOfDeaths(model, card(model).category) ? "told.accept_deaths" : "told.accept"),
      },
      NOTE,
    ],
    fields: (values) => ({
      category: values.category,
      sector: values.sector,
      packs: values.packs,
      received: values.received,
    }),
    parts: noteAndReply,
  },
  decline: {
    tone: "stop",
    inputs: [
      { name: "reason", type: "radio", options: "decline", needed: true },
      ...CLASS,
      { ...REPLY, start: told("decline") },
      NOTE,
    ],
    fields: (values) => ({ reason: values.reason }),
    before: classified,
    parts: noteAndReply,
  },
  transfer: {
    tone: "stop",
    inputs: [
      { name: "reason", type: "radio", options: "transfer", needed: true },
      ...CLASS,
      { name: "to", type: "line", needed: true, bytes: 600 },
      { ...REPLY, start: told("transfer") },
      NOTE,
    ],
    fields: (values) => ({ reason: values.reason, to: values.to }),
    before: classified,
    parts: noteAndReply,
  },
  extract: {
    tone: "go",
    inputs: [
      {
        name: "text",
        type: "extract",
        rows: 12,
        needed: true,
        sealedFor: "verifier",
      },
      { name: "enterprise", type: "shown", start: (model) => card(model).enterprise || "" },
      { name: "place", type: "shown", start: (model) => card(model).place || "" },
      { name: "line", type: "shown" },
      { name: "looked", type: "telltales", start: () => false },
    ],
    problem: extractProblem,
    fields: () => ({}),
    parts: (values, model) => {
      const second = {
        ...emptyCard(),
        ...card(model),
        category: model.fold.category || card(model).category || "",
        sector: model.fold.sector || card(model).sector || "",
        enterprise: values.enterprise,
        place: values.place,
        line: values.line,
        relation: "",
        reward: "",
        arrived: undefined,
        paper: undefined,
      };
      return [
        part("card", json(second), "application/json"),
        part("work", json(second), "application/json"),
        part("work", values.text),
      ];
    },
  },
  assign: {
    tone: "go",
    inputs: [
      {
        name: "seats",
        type: "seats",
        start: seatsAtFirst,
        needed: true,
      },
      AGAIN,
    ],
    fields: (values) => ({ seats: seatsFrom(values.seats) }),
    parts: () => [],
    extra: (values, office) => grantAssigned(office, seatsFrom(values.seats), values.again),
  },
  dispatch: {
    tone: "go",
    inputs: [
      { name: "action", type: "radio", options: "action", needed: true },
      { ...REPLY, start: told("dispatch") },
      NOTE,
    ],
    fields: (values) => ({ action: values.action }),
    parts: noteAndReply,
  },
  merge: {
    tone: "plain",
    inputs: [{ name: "parent", type: "parent", needed: true }, NOTE],
    fields: (values) => ({ parent: values.parent }),
    parts: note,
  },
  message: {
    tone: "plain",
    inputs: [{ name: "text", type: "text", rows: 4, needed: true, sealedFor: "reporter", snippets: "snippet" }],
    fields: (_values, model) => ({ comp: channelOf(model) }),
    parts: (values, model) => [part(channelOf(model), values.text)],
  },
  "transfer.result": {
    tone: "go",
    inputs: [
      DAY,
      { name: "result", type: "radio", options: "result", needed: true },
      { ...REPLY, needed: true, start: told("transfer_result") },
      NOTE,
    ],
    fields: (values) => ({ day: values.day, result: values.result }),
    parts: noteAndReply,
  },
  close: simple("plain", "close"),
};

/** A case that goes without being accepted is classed first: its category would stay sealed in her card. Who was told a
 * class with the acceptance is told the new one.
 * @param {Values} values @param {{fold: Pick<Fold, "category" | "sector" | "acted">}} model @returns {import("../../../client/office.js").Act | null} */
function classified({ category, sector }, { fold }) {
  if (fold.category === category && fold.sector === sector) return null;
  const fields = { category, sector };
  if (!("accept" in fold.acted)) return { kind: "classify", fields, parts: [part("work", "")] };
  return { kind: "classify.tell", fields, parts: [part("thread", t("told.classify_tell")), part("work", "")] };
}

/** Her words are not signed as an extract, nor what may point at her before it was looked at.
 * @param {Values} values @param {Model} model */
function extractProblem(values, model) {
  if (isReport(model.items, values.text)) return "problem.extract_whole";
  const found = SHOWN.some((name) => telltales(model.items, name, values[name] ?? "").length);
  return found && !values.looked ? "problem.telltales" : "";
}

/** Who sits already; at first one verifier and one leader by lot. */
function seatsAtFirst(/** @type {Model} */ model) {
  if (model.chain.seats.length) return Object.fromEntries(model.chain.seats);
  const drawn = (/** @type {string} */ role) =>
    byLot(
      model.id,
      model.people(role).map((one) => one.person),
    );
  return { verifier: drawn("verifier"), leader: drawn("leader") };
}

/** Intake talks in the thread, payout about money. @param {Model} model */
export function channelOf(model) {
  return model.roles.includes("intake") ? "thread" : "payout";
}

export function emptyCard() {
  return { category: "", sector: "", enterprise: "", place: "", line: "", since: "", relation: "", reward: "" };
}

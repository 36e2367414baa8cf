/**
 * The one table of what a reviewer can do: for each kind its questions, the public fields they make, the
 * sealed items, and whatever else is granted. The panel, the sealing and the tests read this table only.
 *
 * A question is {name, type, ...}: `item` says the answer is sealed, `start` what stands there at first,
 * `options` a word prefix or a function, `needed` that it may not stay empty.
 */

import * as money from "./money.js";
import { confirmedFault, receiverFault, receiverFrom, receiverText } from "./claims.js";
import { grantAssigned, grantHalves, grantOwnKeys, seatsFrom } from "./grants.js";
import { FURTHER } from "./further.js";
import { NOTE, REPLY, noteAndReply, part, simple, told } from "./asking.js";
import { GROUND, sheetInputs, sheetPart } from "./sheet.js";
import { repeatsOf } from "./repeats.js";
import { t as say } from "./words.js";

const json = (/** @type {any} */ value) => JSON.stringify(value);
const card = (/** @type {any} */ model) => model.card ?? {};
const known = (/** @type {string[]} */ list, /** @type {string} */ id, /** @type {string} */ otherwise) => (list.includes(id) ? id : otherwise);

/** The day a paper came in, where the office took it down; never after the report itself. @param {any} model @returns {string} */
const arrivedOn = (model) => (/^\d{4}-\d\d-\d\d$/.test(card(model).arrived) && card(model).arrived < model.fold.day ? card(model).arrived : model.fold.day);

const askOf = (/** @type {any} */ model, /** @type {boolean} */ given) => model.fold.asks.filter((/** @type {any} */ ask) => ask.given === given && !ask.opened).at(-1);
const REPEATS = { name: "repeats", type: "repeats" };
/** Outcomes that no sum can rest on: the item is there, empty. */
const NO_FACTS = { unverified: true, unable: true };

/** @type {Record<string, any>} */
export const ACTS = {
  accept: {
    tone: "go",
    inputs: [
      { name: "category", type: "select", options: "category", start: (/** @type {any} */ model) => known(model.workflow.categories, card(model).category, "general_hazard"), needed: true },
      { name: "sector", type: "select", options: "sector", needed: true, start: (/** @type {any} */ model) => known(model.workflow.sectors, card(model).sector, "unknown") },
      { name: "received", type: "day", start: arrivedOn, needed: true },
      { name: "packs", type: "packs", start: money.packsFor },
      { ...REPLY, start: (/** @type {any} */ model, /** @type {any} */ t) => t(isOfDeaths(model, card(model).category) ? "told.accept_deaths" : "told.accept") },
      NOTE,
    ],
    fields: (/** @type {any} */ values) => ({ category: values.category, sector: values.sector, packs: values.packs, received: values.received }),
    parts: noteAndReply,
  },
  decline: {
    tone: "stop",
    inputs: [{ name: "reason", type: "radio", options: "decline", needed: true }, { ...REPLY, start: told("decline") }, NOTE],
    fields: (/** @type {any} */ values) => ({ reason: values.reason }),
    parts: noteAndReply,
  },
  transfer: {
    tone: "stop",
    inputs: [
      { name: "reason", type: "radio", options: "transfer", needed: true },
      { name: "to", type: "line", needed: true, bytes: 600 },
      { ...REPLY, start: told("transfer") },
      NOTE,
    ],
    fields: (/** @type {any} */ values) => ({ reason: values.reason, to: values.to }),
    parts: noteAndReply,
  },
  extract: {
    tone: "go",
    inputs: [
      { name: "text", type: "redact", rows: 12, needed: true, sealedFor: "verifier", start: (/** @type {any} */ model) => model.report ?? "" },
      { name: "enterprise", type: "line", start: (/** @type {any} */ model) => card(model).enterprise || "" },
      { name: "place", type: "line", start: (/** @type {any} */ model) => card(model).place || "" },
      { name: "line", type: "line", start: (/** @type {any} */ model) => card(model).line || "" },
    ],
    fields: () => ({}),
    parts: (/** @type {any} */ values, /** @type {any} */ model) => {
      const second = { ...emptyCard(), ...card(model), category: model.fold.category || card(model).category || "", sector: model.fold.sector || card(model).sector || "",
        enterprise: values.enterprise, place: values.place, line: values.line, relation: "", reward: "", arrived: undefined, paper: undefined };
      return [part("card", json(second), "application/json"), part("work", json(second), "application/json"), part("work", values.text)];
    },
  },
  assign: {
    tone: "go",
    inputs: [{ name: "seats", type: "seats", start: (/** @type {any} */ model) => Object.fromEntries(model.chain.seats), needed: true }],
    fields: (/** @type {any} */ values) => ({ seats: seatsFrom(values.seats) }),
    parts: () => [],
    extra: (/** @type {any} */ values, /** @type {any} */ office) => grantAssigned(office, seatsFrom(values.seats)),
  },
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
    fields: (/** @type {any} */ values) => ({ outcome: values.outcome }),
    parts: (/** @type {any} */ values) => [part("work", signedBy(values)), values.outcome in NO_FACTS ? part("award", "") : part("award", money.document(values.facts), "application/json"), sheetPart(GROUND, values)],
  },
  feedback: {
    tone: "go",
    inputs: [{ name: "text", type: "text", rows: 6, needed: true, sealedFor: "reporter", start: told("feedback") }],
    fields: () => ({}),
    parts: (/** @type {any} */ values) => [part("thread", values.text)],
  },
  message: {
    tone: "plain",
    inputs: [{ name: "text", type: "text", rows: 4, needed: true, sealedFor: "reporter", snippets: "snippet" }],
    fields: (/** @type {any} */ _values, /** @type {any} */ model) => ({ comp: channelOf(model) }),
    parts: (/** @type {any} */ values, /** @type {any} */ model) => [part(channelOf(model), values.text)],
  },
  "award.propose": {
    tone: "go",
    inputs: [{ name: "award", type: "award", start: (/** @type {any} */ model) => ({ facts: money.factsFrom(model), pack: "", part: "whole", confirmed: "" }), needed: true }, REPEATS],
    fields: (/** @type {any} */ values) => values.award.signed,
    parts: (/** @type {any} */ values) => [part("award", values.award.document, "application/json"), part("award", values.award.confirmedDocument ?? "", "application/json")],
    ready: (/** @type {any} */ values, /** @type {any} */ model) => money.prepare(values.award, model),
    problem: (/** @type {any} */ values, /** @type {any} */ model) => confirmedFault(values.award) ? "problem.confirmed" : proposalProblem(money.preview(values.award, model)) || repeatsProblem(values, model),
  },
  "award.approve": {
    tone: "go",
    inputs: [{ name: "check", type: "recheck", needed: true }],
    fields: (/** @type {any} */ _values, /** @type {any} */ model) => ({ proposal: model.fold.proposal.hash, fen: model.fold.proposal.fen }),
    parts: () => [],
    problem: (/** @type {any} */ _values, /** @type {any} */ model) => (money.recheck(model).same ? "" : "problem.sum"),
  },
  "award.refuse": {
    tone: "stop",
    inputs: [{ name: "reason", type: "radio", options: "award.refuse", needed: true }],
    fields: (/** @type {any} */ values, /** @type {any} */ model) => ({ proposal: model.fold.answers, reason: values.reason }),
    parts: () => [],
  },
  "award.notify": {
    tone: "go",
    inputs: [
      { name: "claim_by", type: "day", start: money.claimBy, needed: true },
      { name: "text", type: "text", rows: 6, needed: true, sealedFor: "reporter", start: money.noticeText },
    ],
    fields: (/** @type {any} */ values, /** @type {any} */ model) => ({ fen: model.fold.approved, claim_by: values.claim_by }),
    parts: (/** @type {any} */ values) => [part("payout", values.text)],
  },
  "claim.check": {
    tone: "go",
    inputs: [{ name: "receiver", type: "receiver", start: receiverFrom }, { name: "agreed", type: "claim", needed: true }, REPEATS],
    fields: () => ({}),
    parts: (/** @type {any} */ values) => [part("award", values.receiver.document ?? "", "application/json")],
    ready: async (/** @type {any} */ values) => Object.assign(values.receiver, { document: receiverText(values.receiver) }),
    problem: (/** @type {any} */ values, /** @type {any} */ model) => RECEIVER_FAULTS[receiverFault(values.receiver)] ?? repeatsProblem(values, model),
  },
  pay: {
    tone: "go",
    inputs: [
      { name: "voucher", type: "line", needed: true, bytes: 64 },
      { name: "treasury", type: "line", needed: true, bytes: 64 },
      { name: "day", type: "day", start: (/** @type {any} */ model) => model.today, needed: true },
    ],
    fields: (/** @type {any} */ values) => ({ voucher: values.voucher, treasury: values.treasury, day: values.day }),
    parts: () => [],
  },
  forfeit: simple("stop", "forfeit"),
  close: simple("plain", "close"),
  "identity.ask": simple("plain", "identity.ask"),
  "identity.give": {
    tone: "stop",
    inputs: [],
    fields: (/** @type {any} */ _values, /** @type {any} */ model) => ({ ask: askOf(model, false).hash }),
    parts: () => [],
    extra: () => (/** @type {any} */ model) => grantHalves(model, askOf(model, false).hash),
  },
  "identity.opened": {
    tone: "plain",
    inputs: [],
    fields: (/** @type {any} */ _values, /** @type {any} */ model) => ({ ask: askOf(model, true).hash }),
    parts: () => [],
  },
  regrant: { tone: "plain", inputs: [], fields: () => ({}), parts: () => [], extra: (/** @type {any} */ _values, /** @type {any} */ office) => grantOwnKeys(office) },
  recuse: { tone: "stop", inputs: [], fields: () => ({}), parts: () => [] },
  ...FURTHER,
};

const isOfDeaths = (/** @type {any} */ model, /** @type {string} */ category) => model.workflow.to_county.includes(category);

/** Deaths in the sealed facts are the county government's to verify, and no server can read them. */
function findingProblem(/** @type {any} */ values, /** @type {any} */ model) {
  if (values.outcome in NO_FACTS) return "";
  if (!money.readable(values.facts)) return "problem.figures";
  return Number(values.facts.deaths) > 0 && !model.fold.marks.includes("escalate") ? "problem.escalate" : "";
}

/** Two verify on the spot (rules of the zone): the second stands in the sealed text by name. */
function signedBy(/** @type {any} */ values) {
  return values.second ? `${values.text}\n\n${say("finding.second", { name: values.second })}` : values.text;
}

/** Nothing is proposed or checked before earlier claims were compared here, nor past a likeness nobody looked at. */
function repeatsProblem(/** @type {any} */ values, /** @type {any} */ model) {
  const { whole, found } = repeatsOf(model);
  if (!whole) return "problem.comparing";
  return found.length && !values.repeats ? "problem.repeats" : "";
}

/** What a clerk is told of a receiver who cannot be. @type {Record<string, string>} */
const RECEIVER_FAULTS = {
  signatories_range: "problem.signatories", recipient_unknown: "problem.signatories", recipient_alone: "problem.signatories",
  authority: "problem.authority", undeclared: "problem.undeclared", entitlement_json: "problem.signatories",
};

/** Only a sum that came out, by a pack the directory lets pay, can be proposed. @param {any} result */
function proposalProblem(result) {
  if (result.error || !Number(result.fen)) return "problem.no_sum";
  if (result.pack.edited) return "problem.pack_edited";
  if (!result.pack.pays) return "problem.trial";
  return result.pack.pinned ? "" : "problem.not_pinned";
}

/** Intake talks in the thread, payout about money. @param {any} model */
export function channelOf(model) {
  return model.roles.includes("intake") ? "thread" : "payout";
}

export function emptyCard() {
  return { category: "", sector: "", enterprise: "", place: "", line: "", since: "", relation: "", reward: "" };
}

/** What stands in the form before the person types. @param {string} kind @param {any} model @param {any} t */
export function startValues(kind, model, t) {
  return Object.fromEntries(ACTS[kind].inputs.map((/** @type {any} */ input) => [input.name, input.start ? input.start(model, t) : ""]));
}

/** The first thing that stands in the way of signing, as a word key, or "". @param {string} kind @param {any} values @param {any} model */
export function problem(kind, values, model) {
  const act = ACTS[kind];
  for (const input of act.inputs) {
    const value = values[input.name];
    if (input.needed && isEmpty(value)) return `need.${input.name}`;
    if (input.bytes && new TextEncoder().encode(value).length > input.bytes) return "problem.long";
  }
  return act.problem ? act.problem(values, model) : "";
}

function isEmpty(/** @type {any} */ value) {
  if (typeof value === "string") return value.trim() === "";
  if (value === null || value === undefined || value === false) return true;
  return typeof value === "object" && Object.values(value).every((inner) => inner === "" || (Array.isArray(inner) && inner.length === 0));
}

/** The act as the sealing wants it. @param {string} kind @param {any} values @param {any} model @param {any} office */
export async function compose(kind, values, model, office) {
  const act = ACTS[kind];
  if (act.ready) await act.ready(values, model);
  return { kind, fields: act.fields(values, model), parts: act.parts(values, model), extra: act.extra ? act.extra(values, office) : undefined };
}

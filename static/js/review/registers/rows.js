/**
 * A line of each register, from what this key opened of a case. Codes stay codes here; what the key does not open
 * stays empty. The twin of whistle/client/registers.py: a test holds both to the same bytes.
 */

import { award, parseFacts } from "../../core/rulebook.js";
import { sheetOf } from "../sheet.js";
import { readJson } from "../text.js";

/** @typedef {import("./columns.js").Row} Row */
/** @typedef {{label: (model: any, rid: string) => string, packs: Map<string, any>}} Known who a key is, and the rule packs by id */

const ENDS = ["decline", "transfer", "feedback", "close"];
const PROVEN = ["verified", "awaiting_penalty"];
/** What stands where the words of an act speak of a report and may not (须另写). */
export const REWRITE = "(须另写)";

const last = (/** @type {any} */ model, /** @type {string} */ kind) => model.acts.filter((/** @type {any} */ act) => act.kind === kind).at(-1);
const field = (/** @type {any} */ model, /** @type {string} */ kind, /** @type {string} */ name) => String(last(model, kind)?.fields[name] ?? "");
const day = (/** @type {any} */ model, /** @type {string} */ kind) => last(model, kind)?.day ?? "";
const itemsOf = (/** @type {any} */ model, /** @type {any} */ act, /** @type {string} */ comp) => (act ? model.items.filter((/** @type {any} */ item) => item.post === act.hash && item.comp === comp) : []);
const wordsOf = (/** @type {any} */ model, /** @type {string} */ kind) => itemsOf(model, last(model, kind), "work")[0]?.text ?? "";
const yes = (/** @type {boolean} */ claim) => (claim ? "yes" : "no");

/** The cards this key opens, laid over each other: what a later one leaves empty the earlier one still says. @param {any} model @returns {Record<string, string>} */
function cardOf(model) {
  const cards = model.items.filter((/** @type {any} */ item) => ["report", "extract"].includes(item.kind) && ["card", "work"].includes(item.comp) && item.meta.type === "application/json");
  const said = cards.flatMap((/** @type {any} */ item) => Object.entries(readJson(item.text) ?? {}).filter(([, value]) => value));
  return Object.fromEntries(said.map((/** @type {any} */ [name, value]) => [name, String(value)]));
}

/** The newest facts of a sum that this key opens: the proposal's, else the finding's. @param {any} model @returns {any} */
export function factsOf(model) {
  for (const kind of ["award.propose", "finding"]) {
    const [item] = itemsOf(model, last(model, kind), "award");
    const facts = item?.body.length ? read(item.body) : null;
    if (facts) return facts;
  }
  return null;
}

/** An author may have sealed anything. @param {Uint8Array} body */
function read(body) {
  try {
    return parseFacts(body)[0];
  } catch {
    return null;
  }
}

/** @param {any} model */
function isLate({ clocks, today, workflow }) {
  const office = new Set(workflow.clocks.filter((/** @type {any} */ clock) => clock.whose === "office").map((/** @type {any} */ clock) => clock.step));
  return clocks.some((/** @type {any} */ clock) => office.has(clock.step) && clock.due && clock.due < (clock.stop || today));
}

/** 举报登记台账. @param {any} model @param {Known} known @returns {Row} */
export function reportRow(model, known) {
  const { fold } = model;
  const card = cardOf(model);
  const accepted = last(model, "accept");
  const moved = last(model, "transfer");
  const finding = last(model, "finding");
  return {
    number: model.number, source: fold.source, day: fold.day, category: fold.category || (card.category ?? ""), sector: fold.sector || (card.sector ?? ""),
    enterprise: card.enterprise ?? "", place: card.place ?? "", line: card.line ?? "",
    accepted: accepted ? "yes" : last(model, "decline") || moved ? "no" : "", accepted_on: accepted?.day ?? "",
    reason: (last(model, "decline") ?? moved)?.fields.reason ?? "", to: moved?.fields.to ?? "",
    merged: yes(fold.marks.includes("merge")), valid: fold.outcome ? yes(PROVEN.includes(fold.outcome)) : "", listed: field(model, "list", "level"),
    due: model.clocks.find((/** @type {any} */ clock) => !clock.stop)?.due ?? "", extended: field(model, "extend", "until"),
    by: finding ? known.label(model, finding.author) : "", outcome: fold.outcome, fine: factsOf(model)?.fine ?? "",
    feedback: day(model, "feedback"), ended: model.acts.find((/** @type {any} */ act) => ENDS.includes(act.kind))?.day ?? "", late: yes(isLate(model)), state: fold.state,
  };
}

/** A payee as a register shows him: the first character. @param {string} name */
export function mask(name) {
  const marks = [...name];
  return marks.length ? `${marks[0]}${"*".repeat(Math.min(marks.length - 1, 2))}` : "";
}

/** @param {any} facts @param {any} pack */
function awarded(facts, pack) {
  try {
    return facts && pack ? award(facts, pack) : null;
  } catch {
    return null;
  }
}

/** What a key adds to a line of 奖励台账; the ledger gives sums, vouchers, days. @param {any} model @param {Known} known @returns {Row} */
export function awardFacts(model, known) {
  const facts = factsOf(model);
  const made = awarded(facts, known.packs.get(model.fold.proposal?.pack ?? ""));
  const claim = model.items.find((/** @type {any} */ item) => item.kind === "claim" && item.comp === "payout");
  const hands = ["award.propose", "award.approve"].map((kind) => last(model, kind)).filter(Boolean);
  return {
    finding: wordsOf(model, "finding"), decision: sheetOf(model, "finding").penalty ?? "", fine: facts?.fine ?? 0, trace: made?.trace ?? [], computed: Number(made?.fen ?? 0),
    employee: Boolean(facts?.employee), payee: mask(String(readJson(claim?.text ?? "")?.payee ?? "")), checked: model.fold.marks.includes("claim.check"),
    hands: hands.map((act) => known.label(model, act.author)).join("/"),
  };
}

/** A major hazard proved true. @param {any} model */
export const isHazard = (model) => model.fold.category === "major_hazard" && PROVEN.includes(model.fold.outcome);

/**
 * A line of 重大事故隐患台账: no number, case or day of a report is in it. An enterprise's copy has no word of how the
 * hazard came to be known. @param {any} model @param {boolean} isCopy @returns {Row}
 */
export function hazardRow(model, isCopy) {
  const card = cardOf(model);
  const plan = sheetOf(model, "list");
  const kinds = new Set(model.acts.map((/** @type {any} */ act) => act.kind));
  const said = {
    text: wordsOf(model, "finding"), criterion: sheetOf(model, "finding").criterion ?? "", owner: plan.owner ?? "", measures: plan.measures || wordsOf(model, "rectify"),
    money: plan.money ?? "", plan: plan.plan ?? "",
  };
  return {
    ...Object.fromEntries(Object.entries(said).map(([name, text]) => [name, withoutOrigin(model, text, isCopy)])),
    enterprise: card.enterprise ?? "", sector: model.fold.sector, place: card.place ?? "", source: isCopy ? "inspection" : "public_report", found: day(model, "finding"),
    limit: field(model, "list", "due"), level: field(model, "list", "level"), listed: field(model, "list", "document"), rectified: field(model, "rectify", "day"),
    accepted: field(model, "rectify", "document"), delisted: field(model, "delist", "day"), approval: field(model, "delist", "document"),
    state: kinds.has("delist") ? "delisted" : kinds.has("rectify") ? "accepting" : "open",
  };
}

/** An inspector's words without the number of the case; in the enterprise's copy none that speak of a report. @param {any} model @param {string} text @param {boolean} isCopy */
function withoutOrigin(model, text, isCopy) {
  if (isCopy && text.includes("举报")) return REWRITE;
  return model.number ? text.split(model.number).join("").split(model.id).join("") : text;
}

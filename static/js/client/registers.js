/**
 * A line of each register, from what this key opened of a case. Codes stay codes here; what the key does not open
 * stays empty. The twin of whistle/client/registers.py: a test holds both to the same bytes.
 */

import { factsIn, findingBefore, rests } from "./basis.js";
import { claimOf, isChecked } from "./claims.js";
import { read } from "../core/yuan.js";
import { award } from "../core/rulebook.js";
import { visible } from "../core/visible.js";

/** @typedef {import("../review/registers/columns.js").Row} Row */
/** @typedef {import("./reading.js").Opened} Opened */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("../crypto/chain.js").Act} Act */
/** @typedef {import("../core/facts.js").Facts} Facts */
/** @typedef {import("../core/packs.js").Pack} Pack */
/** @typedef {{name: (view: View, act: Act) => string, packs: Map<string, Pack>}} Known who acted, and the rule packs by id */
/** What a key adds to a line of the award register; sums in fen.
 * @typedef {{finding: string, decision: string, fine: number | null, trace: import("../core/formulas.js").TraceStep[], computed: number,
 *   employee: boolean, payee: string, checked: boolean, hands: string, differs: import("./basis.js").Rests}} AwardFacts */

const ENDS = ["decline", "transfer", "feedback", "close"];
const PROVEN = ["verified", "awaiting_penalty"];
/** What stands where the words of an act speak of a report and may not (须另写). */
export const REWRITE = "(须另写)";

const last = (/** @type {Pick<View, "acts">} */ model, /** @type {string} */ kind) =>
  model.acts.filter((act) => act.kind === kind).slice(-1)[0];
const field = (/** @type {View} */ model, /** @type {string} */ kind, /** @type {string} */ name) =>
  visible(String(last(model, kind)?.fields[name] ?? ""));
const day = (/** @type {View} */ model, /** @type {string} */ kind) => last(model, kind)?.day ?? "";
/** What the newest act of this kind says, {} where there is none or this key does not open it. @param {View} model @param {string} kind @returns {Record<string, string>} */
export function sheetOf(model, kind) {
  return sheetIn(model, newest(model, kind));
}

/** What the post of this hash says so. @param {Pick<View, "items">} model @param {string} post @returns {Record<string, string>} */
export function sheetIn({ items }, post) {
  return items.find((one) => one.post === post && isSheet(one))?.data ?? {};
}

/** @param {{document: string}} item */
export function isSheet({ document }) {
  return document === "ground" || document === "plan";
}

const newest = (/** @type {View} */ model, /** @type {string} */ kind) => last(model, kind)?.hash ?? "";
const wordsOf = (/** @type {View} */ model, /** @type {string} */ post) =>
  visible(model.items.find((item) => item.post === post && item.comp === "work")?.text ?? "");
/** What an act says for the registers beyond its public fields and its words. @param {View} model @param {string} post @returns {Record<string, string>} */
const sheet = (model, post) =>
  Object.fromEntries(Object.entries(sheetIn(model, post)).map(([name, value]) => [name, visible(value)]));
const yes = (/** @type {boolean} */ claim) => (claim ? "yes" : "no");

/** The cards this key opens, laid over each other: what a later one leaves empty the earlier one still says. @param {View} model @returns {Record<string, string>} */
function cardOf(model) {
  const cards = model.items.filter((item) => item.document === "card");
  const said = cards.flatMap(({ data }) => Object.entries(data).filter(([, value]) => value));
  return Object.fromEntries(said.map(([name, value]) => [name, visible(value)]));
}

/** The facts that count and that this key opens: those of the proposal that stands, else the finding's. @param {View} model */
export const factsOf = ({ items, fold }) => factsIn(items, fold.proposal?.hash ?? "") ?? factsIn(items, fold.finding);

/** @param {View} model */
function isLate({ clocks, today, fold: { workflow } }) {
  const office = new Set(workflow.clocks.filter((clock) => clock.whose === "office").map((clock) => clock.step));
  return clocks.some((clock) => office.has(clock.step) && clock.due && clock.due < (clock.stop || today));
}

/** 举报登记台账. @param {View} model @param {Known} known @returns {Row} */
export function reportRow(model, known) {
  const { fold } = model;
  const card = cardOf(model);
  const accepted = last(model, "accept");
  const moved = last(model, "transfer");
  const finding = last(model, "finding");
  return {
    number: model.number,
    source: fold.source,
    day: fold.day,
    category: fold.category || (card.category ?? ""),
    sector: fold.sector || (card.sector ?? ""),
    enterprise: card.enterprise ?? "",
    place: card.place ?? "",
    line: card.line ?? "",
    accepted: accepted ? "yes" : last(model, "decline") || moved ? "no" : "",
    accepted_on: accepted?.day ?? "",
    reason: (last(model, "decline") ?? moved)?.fields.reason ?? "",
    to: field(model, "transfer", "to"),
    merged: yes(fold.marks.includes("merge")),
    valid: fold.outcome ? yes(PROVEN.includes(fold.outcome)) : "",
    listed: field(model, "list", "level"),
    due: model.clocks.find((clock) => !clock.stop)?.due ?? "",
    extended: field(model, "extend", "until"),
    by: finding ? known.name(model, finding) : "",
    outcome: fold.outcome,
    fine: fineOf(model),
    feedback: day(model, "feedback"),
    ended: endedOn(model),
    late: yes(isLate(model)),
    state: fold.state,
  };
}

/** The day a closed case was ended: when its last result was told, else when it was closed. An open one has none. @param {View} model */
function endedOn(model) {
  if (model.fold.state !== "closed") return "";
  const told = model.acts.filter((act) => ENDS.includes(act.kind) && act.kind !== "close").slice(-1)[0];
  return told?.day ?? day(model, "close");
}

/** The fine in fen, "" where no finding states one, null where this key does not open it. @param {View} model @returns {number | string | null} */
function fineOf(model) {
  const facts = factsOf(model);
  if (facts) return facts.fine;
  const { fine = "", kind = "" } = sheetIn(model, model.fold.finding);
  try {
    if (fine) return read(fine);
  } catch {
    return null; // an author may have written anything
  }
  return PROVEN.includes(model.fold.outcome) && !kind ? null : "";
}

/** The order of receipt: by day, then by the number, 〔2026〕9号 before 〔2026〕10号, what has none yet last. @param {Row} one @param {Row} two */
export function inOrder(one, two) {
  const [mine, its] = [one, two].map((row) => {
    const [year = 9999, number = 0] = (String(row.number).match(/[0-9]+/g) ?? []).slice(-2).map(Number);
    return [String(row.day), year, number];
  });
  const at = mine.findIndex((value, place) => value !== its[place]);
  return at < 0 ? 0 : mine[at] < its[at] ? -1 : 1;
}

/** A payee as a register shows him: the first character. @param {string} name */
export function mask(name) {
  const marks = [...name];
  return marks.length ? `${marks[0]}${"*".repeat(Math.min(marks.length - 1, 2))}` : "";
}

/** @param {Facts | null} facts @param {Pack | undefined} pack */
function awarded(facts, pack) {
  try {
    return facts && pack ? award(facts, pack) : null;
  } catch {
    return null;
  }
}

/** What a key adds to the lines of 奖励台账, by the approval each line is about; the ledger gives sums, vouchers, days.
 * A case that was awarded again has several: each rests on its own proposal, the finding before that, and the claims made
 * on it. @param {View} model @param {Known} known @returns {[string, AwardFacts][]} */
export function awardFacts(model, known) {
  const spans = model.acts.reduce((/** @type {Act[][]} */ found, act) => {
    if (act.kind === "award.approve") return [...found, [act]];
    return found.length ? [...found.slice(0, -1), [...found[found.length - 1], act]] : found;
  }, []);
  return spans.map((acts) => [acts[0].hash, factsOfAward(model, acts, known)]);
}

/** @param {View} model @param {Act[]} acts from the approval up to the next one @param {Known} known @returns {AwardFacts} */
function factsOfAward(model, acts, known) {
  const [approval] = acts;
  // The fold took the approval, so that the proposal it names is there.
  const proposal = /** @type {Act} */ (model.acts.find((act) => act.hash === approval.fields.proposal));
  const finding = findingBefore(model.acts, proposal.hash);
  const facts = factsIn(model.items, proposal.hash) ?? factsIn(model.items, finding);
  const made = awarded(facts, known.packs.get(proposal.fields.pack));
  return {
    finding: wordsOf(model, finding),
    decision: sheet(model, finding).penalty ?? "",
    fine: facts?.fine ?? null,
    trace: made?.trace ?? [],
    computed: Number(made?.fen ?? 0),
    employee: Boolean(facts?.employee),
    payee: mask(visible(claimOf(model, acts).claim?.payee ?? "")),
    checked: isChecked(acts),
    hands: [proposal, approval].map((act) => known.name(model, act)).join("/"),
    differs: rests(model.acts, model.items, proposal.hash),
  };
}

const HONOURED = { approved: "honour.approve", told: "honour.tell", revoked: "honour.revoke" };
/** The last that became of a proposal. */
const BECAME = [
  ["honour.revoke", "revoked"],
  ["honour.tell", "told"],
  ["honour.return", "returned"],
  ["honour.approve", "approved"],
];

/** The lines of 表彰台账 of a case, one a proposal with what became of it, beside the money that she was told of. Whoever
 * reported stands in none of them. @param {View} model @param {Known} known @returns {Row[]} */
export function honourRows(model, known) {
  const at = model.acts.flatMap(({ kind }, place) => (kind === "honour.propose" ? [place] : []));
  return at.map((first, place) => honourRow(model, model.acts.slice(first, at[place + 1]), known));
}

/** @param {View} model @param {Act[]} acts from the proposal up to the next one: each of the others is among them at most once @param {Known} known @returns {Row} */
function honourRow(model, acts, known) {
  const [proposal] = acts;
  const of = (/** @type {string} */ kind) => acts.find((act) => act.kind === kind);
  const approval = of("honour.approve");
  const ended = of("honour.revoke") ?? of("honour.return");
  const days = Object.entries(HONOURED).map(([name, kind]) => [name, of(kind)?.day ?? ""]);
  const grounds = model.items.find(({ post, document }) => post === proposal.hash && document === "grounds");
  return {
    number: model.number,
    category: model.fold.category,
    honour: visible(String(proposal.fields.honour)),
    day: proposal.day,
    by: known.name(model, proposal),
    grounds: visible(grounds?.data.grounds ?? ""),
    ...Object.fromEntries(days),
    approver: approval ? known.name(model, approval) : "",
    reason: ended?.fields.reason ?? "",
    awarded: model.fold.awarded || "",
    paid: day(model, "pay"),
    state: BECAME.find(([kind]) => of(kind))?.[1] ?? "proposed",
  };
}

/** A major hazard proved true. @param {View} model */
export const isHazard = (model) => model.fold.category === "major_hazard" && PROVEN.includes(model.fold.outcome);

/**
 * A line of 重大事故隐患台账: no number, case or day of a report is in it. An enterprise's copy has no word of how the
 * hazard came to be known. @param {View} model @param {boolean} isCopy @returns {Row}
 */
export function hazardRow(model, isCopy) {
  const card = cardOf(model);
  const plan = sheet(model, newest(model, "list"));
  const kinds = new Set(model.acts.map((act) => act.kind));
  const said = {
    text: wordsOf(model, model.fold.finding),
    criterion: sheet(model, model.fold.finding).criterion ?? "",
    owner: plan.owner ?? "",
    measures: plan.measures || wordsOf(model, newest(model, "rectify")),
    money: plan.money ?? "",
    plan: plan.plan ?? "",
  };
  return {
    ...Object.fromEntries(Object.entries(said).map(([name, text]) => [name, withoutOrigin(model, text, isCopy)])),
    enterprise: card.enterprise ?? "",
    sector: model.fold.sector,
    place: card.place ?? "",
    source: isCopy ? "inspection" : "public_report",
    found: day(model, "finding"),
    limit: field(model, "list", "due"),
    level: field(model, "list", "level"),
    listed: field(model, "list", "document"),
    rectified: field(model, "rectify", "day"),
    accepted: field(model, "rectify", "document"),
    delisted: field(model, "delist", "day"),
    approval: field(model, "delist", "document"),
    state: kinds.has("delist") ? "delisted" : kinds.has("rectify") ? "accepting" : "open",
  };
}

/** An inspector's words without the number of the case; in the enterprise's copy none that speak of a report. @param {View} model @param {string} text @param {boolean} isCopy */
function withoutOrigin(model, text, isCopy) {
  if (isCopy && text.includes("举报")) return REWRITE;
  return model.number ? text.split(model.number).join("").split(model.id).join("") : text;
}

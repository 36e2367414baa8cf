/**
 * What can stand in a paper: one small function for each name, from the opened case. "" says that it is not there,
 * or that this key does not hold it. Nothing here fetches or remembers.
 */

import { isFile } from "../files/listed.js";
import { taxStep } from "../../core/tax.js";
import { capitals, grouped } from "../../core/yuan.js";
import { standing } from "../money/basisview.js";
import { approvalOf, endOf } from "../money/ended.js";
import { advised, claimOf, confirmedOf, receiverOf } from "../../client/claims.js";
import { packsText, recheck } from "../money/award.js";
import { sheetOf } from "../../client/registers.js";
import phrases from "./phrases.json" with { type: "json" };

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Pack} Pack */

/**
 * @typedef {object} Context
 * @property {Model} model the opened case
 * @property {(key: string) => string} say the office's own words, in Chinese whatever the page's language
 * @property {string} office the office as its papers name it
 * @property {string} agency its code 机关代字, with which every number begins
 * @property {string} number of the paper, "" while none is drawn
 * @property {Record<string, string>} given what the clerk typed
 */

/** @param {keyof typeof phrases} name @param {Record<string, string | number>} [places] */
export function phrase(name, places = {}) {
  return phrases[name].replace(/\{(\w+)\}/g, (_whole, key) => String(places[key] ?? ""));
}

/** 2026-11-23 → 2026年11月23日 (GB/T 9704: Arabic numerals, no leading zero). @param {string | undefined} day */
export function zhDay(day) {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(day ?? "");
  return found ? phrase("day", { y: found[1], m: Number(found[2]), d: Number(found[3]) }) : "";
}

const last = (/** @type {Context} */ { model }, /** @type {string} */ kind) =>
  model.acts.filter((/** @type {Act} */ act) => act.kind === kind).slice(-1)[0];
/** What the newest act of this kind says in words; the sheet beside them is sealed though nothing stands in it. @param {Context} context @param {string} comp @param {string} kind */
const wordsOf = (context, comp, kind) =>
  context.model.items.find(
    (/** @type {Item} */ item) =>
      item.post === last(context, kind)?.hash &&
      item.comp === comp &&
      !isFile(item) &&
      item.meta.type !== "application/json" &&
      item.text,
  )?.text ?? "";
const clock = (/** @type {Context} */ { model }, /** @type {string} */ step) =>
  model.clocks.filter((one) => one.step === step).slice(-1)[0];
const said = (/** @type {Context} */ { say }, /** @type {string} */ prefix, /** @type {string | undefined} */ id) =>
  id ? say(`${prefix}.${id}`) : "";
const fen = (/** @type {Context} */ { model }) =>
  model.fold.awarded || model.fold.approved || model.fold.proposal?.fen || 0;

/** Label and name of who acted. @param {Context} context @param {Act} act */
function who({ model }, act) {
  const { reporter, label, name } = model.who(act);
  return reporter ? phrase("reporter") : [label, name].filter(Boolean).join(" ");
}

/** The identity is a text only after the opening was told (identity.opened), as on the screen. @param {Context} context */
function identity({ model }) {
  const told = model.fold.asks.some((ask) => ask.opened && ask.person === model.me.person);
  return told
    ? (model.items.find((/** @type {Item} */ item) => item.comp === "identity" && item.kind === "report")?.text ?? "")
    : "";
}

/** @param {Context} context @param {string} kind */
function openedBy(context, kind) {
  const act = last(context, kind);
  return act
    ? phrase("opened", {
        who: who(context, act),
        day: zhDay(act.day),
        reason: said(context, "reason", act.fields.reason),
      })
    : "";
}

/** Who did it and when, beside the line for his pen; "" while nobody has. @param {Context} context @param {string} kind */
function signedBy(context, kind) {
  const act = last(context, kind);
  return act ? `${who(context, act)}　${zhDay(act.day)}` : "";
}

/** Who took the newest award back, when and why; "" while it stands or waits for its approval. @param {Context} context */
function endedText(context) {
  const end = approvalOf(context.model) ? null : endOf(context.model);
  if (!end) return "";
  const reason = said(context, "reason", end.fields.reason);
  const what = said(context, "kind", end.kind);
  return phrase("taken_back", { who: who(context, end), day: zhDay(end.day), what, reason });
}

/** The approval that stands, or who took it back; "" for a proposal that waits for its approval. @param {Context} context */
function opinionText(context) {
  const approval = approvalOf(context.model);
  return approval ? phrase("approved", { who: who(context, approval), day: zhDay(approval.day) }) : endedText(context);
}

/** The newest decision on an objection: of another person of the office, or of the body above, as it was confirmed here. @param {Context} context */
const reviewOf = ({ model }) =>
  model.acts
    .filter((/** @type {Act} */ { kind }) => ["objection.decide", "objection.confirm"].includes(kind))
    .slice(-1)[0];

/** By whom the objection was looked at again. @param {Context} context */
function reviewedBy(context) {
  const review = reviewOf(context);
  if (!review) return "";
  if (review.kind === "objection.decide") return phrase("reviewed_here");
  const { body = "", document = "" } = last(context, "objection.record")?.fields ?? {};
  return phrase("reviewed_above", { body, document });
}

/** How many signed, who of them receives, and the advice on equal shares; no name. @param {Model} model */
function jointText(model) {
  const receiver = receiverOf(model);
  const advice = receiver && advised(model.fold.awarded, receiver.signatories);
  if (!receiver || !advice) return phrase(receiver ? "single" : "none");
  const by = phrase(receiver.recipient === "authorised" ? "by_authorised" : "by_first", {
    authority: receiver.authority,
  });
  return phrase("joint", {
    people: receiver.signatories,
    by,
    first: grouped(advice.first),
    each: grouped(advice.each),
  });
}

/** What the sum does not take over from the finding, and why; "" where it takes over all. @param {Context} context */
function differsText(context) {
  const { differs, reason, isExplained } = standing(context.model);
  if (!differs.length) return "";
  const value = (/** @type {string} */ name, /** @type {string} */ text) =>
    name === "kind" ? said(context, "category", text) : text || phrase("none");
  const facts = differs.map(({ name, found, own }) =>
    phrase("differs", {
      fact: phrase(/** @type {"fact_fine"} */ (`fact_${name}`)),
      found: value(name, found),
      own: value(name, own),
    }),
  );
  return phrase(isExplained ? "differs_why" : "differs_unsaid", { facts: facts.join("；"), reason });
}

/** @param {Pack} pack */
const instrument = (pack) =>
  pack.instrument ? phrase("instrument", { title: pack.title, document: pack.instrument }) : pack.title;

/** Facts that only an act of a later kind brings; a case without it leaves the field to the clerk. */
const of = (/** @type {string} */ kind, /** @type {string} */ field) => (/** @type {Context} */ context) =>
  last(context, kind)?.fields[field] ?? "";

/** A number of this case's payment as the ledger has it now, amended or not; as it was paid where no ledger is at hand.
 * @param {"voucher" | "treasury"} name */
const paidUnder = (name) => (/** @type {Context} */ context) =>
  context.model.payments.filter((paid) => paid.case === context.model.number).pop()?.[name] ?? of("pay", name)(context);

/** Words for a paper that the enterprise may see: none that speak of a report, which the clerk then writes anew. @param {string | undefined} text */
const silent = (text) => (text?.includes(phrase("report")) ? "" : (text ?? ""));

const IN_CASH = "counter"; // what an award claimed so has to have: whistle/core/grounds.py

/** @type {Record<string, (context: Context) => string>} */
export const FACTS = {
  blank: () => "",
  office: ({ office }) => office,
  number: ({ number }) => number,
  today: ({ model }) => zhDay(model.today),
  case: ({ model }) => model.number,
  received: ({ model }) => zhDay(model.fold.received || model.fold.day),
  source: (context) => said(context, "source", context.model.fold.source),
  state: (context) => said(context, "state", context.model.fold.state),
  category: (context) => said(context, "category", context.model.fold.category),
  sector: (context) => said(context, "sector", context.model.fold.sector),
  urgent: ({ model }) => phrase(model.fold.urgent ? "yes" : "no"),
  packs: ({ model }) => model.fold.packs.map((/** @type {string[]} */ pair) => pair[0]).join("、"),
  enterprise: ({ model }) => model.card?.enterprise ?? "",
  place: ({ model }) => model.card?.place ?? "",
  line: (context) => silent(wordsOf(context, "work", "finding")) || silent(context.model.card?.line),
  verify_due: (context) => zhDay(clock(context, "verify")?.due),
  verify_provisional: (context) => (clock(context, "verify")?.provisional ? phrase("provisional") : ""),
  objection_due: (context) => (clock(context, "objection")?.stop ? "" : zhDay(clock(context, "objection")?.due)),
  reason: (context) =>
    said(
      context,
      "reason",
      context.model.acts.filter((/** @type {Act} */ act) => ["decline", "transfer"].includes(act.kind)).slice(-1)[0]
        ?.fields.reason,
    ),
  to: of("transfer", "to"),
  extract: (context) => wordsOf(context, "work", "extract"),
  finding: (context) => wordsOf(context, "work", "finding"),
  outcome: (context) => said(context, "outcome", context.model.fold.outcome),
  feedback: (context) => wordsOf(context, "thread", "feedback"),
  contested: (context) => said(context, "about", reviewOf(context)?.fields.about),
  reviewed_by: reviewedBy,
  review_outcome: (context) => said(context, "objection_outcome", reviewOf(context)?.fields.outcome),
  review_words: (context) =>
    wordsOf(
      context,
      "thread",
      reviewOf(context)?.kind === "objection.confirm" ? "objection.record" : "objection.decide",
    ),
  upheld: (context) => (reviewOf(context)?.fields.outcome === "upheld" ? "1" : ""),
  extended_why: (context) => wordsOf(context, "thread", "extend"),
  extended_to: of("extend", "until"),
  extended_by: of("extend", "approved_by"),
  extended_document: of("extend", "document"),
  criterion: ({ model }) => silent(sheetOf(model, "finding").criterion),
  owner: ({ model }) => silent(sheetOf(model, "list").owner),
  measures: ({ model }) => silent(sheetOf(model, "list").measures),
  money: ({ model }) => silent(sheetOf(model, "list").money),
  plan: ({ model }) => silent(sheetOf(model, "list").plan),
  listed_due: of("list", "due"),
  delisted: (context) =>
    [zhDay(of("delist", "day")(context)), of("delist", "document")(context)].filter(Boolean).join("　"),
  rectified: (context) =>
    [zhDay(of("rectify", "day")(context)), of("rectify", "document")(context)].filter(Boolean).join("　"),
  pack: ({ model }) => {
    const { pack } = recheck(model);
    return pack ? instrument(pack) : "";
  },
  banner: ({ model }) => recheck(model).pack?.banner ?? "",
  fine: ({ model }) => {
    const { facts } = recheck(model);
    return facts ? grouped(facts.fine) : "";
  },
  tax: ({ model }) => {
    const { facts } = recheck(model);
    return facts
      ? phrase(/** @type {"tax_exempt" | "tax_ask" | "tax_wages"} */ (taxStep(facts, model.officeKind).words))
      : "";
  },
  trace_told: (context) => (fen(context) && recheck(context.model).same ? "1" : ""),
  yuan: (context) => (fen(context) ? grouped(fen(context)) : ""),
  capitals: (context) => (fen(context) ? capitals(fen(context)) : ""),
  proposer: (context) => (last(context, "award.propose") ? who(context, last(context, "award.propose")) : ""),
  proposed_on: (context) => zhDay(last(context, "award.propose")?.day),
  opinion: opinionText,
  ended: endedText,
  approved_on: ({ model }) => zhDay(approvalOf(model)?.day),
  claim_by: ({ model }) => zhDay(model.fold.claimBy),
  claimed_on: ({ model }) => zhDay(model.fold.claimedOn),
  method: (context) => said(context, "method", context.model.fold.method),
  cash_ground: ({ model }) => (model.fold.method === IN_CASH ? "" : phrase("none")),
  checked: ({ model }) => (model.fold.marks.includes("claim.check") ? phrase("checked") : ""),
  differs: differsText,
  part: ({ model }) => phrase(confirmedOf(model)?.part === "partial" ? "part_partial" : "part_whole"),
  joint: ({ model }) => jointText(model),
  checker: (context) => signedBy(context, "claim.check"),
  payer: (context) => signedBy(context, "pay"),
  voucher: paidUnder("voucher"),
  treasury: paidUnder("treasury"),
  identity,
  payee: ({ model }) => String(claimOf(model).claim?.payee ?? ""),
  asked: (context) => openedBy(context, "identity.ask"),
  given: (context) => openedBy(context, "identity.give"),
  repinned: (context) => (last(context, "repin") ? "1" : ""),
  count: ({ model }) => String(model.acts.length),
  newest: ({ model }) => model.chain.newest,
};

/** Names that may stay empty: a line for the pen, or a remark that is not always made. */
export const MAY_BE_EMPTY = new Set([
  "blank",
  "cash_ground",
  "number",
  "verify_provisional",
  "banner",
  "opinion",
  "delisted",
  "voucher",
  "treasury",
  "checker",
  "payer",
  "part",
  "differs",
  "joint",
]);

/** Rows that are as many as the case has. @type {Record<string, (context: Context) => string[][]>} */
export const LISTS = {
  trace: ({ model, say }) =>
    recheck(model).trace.map((step, at) => [
      String(at + 1),
      filled(say(`trace.${step.words}`), step.figures),
      step.figures.result ?? "",
      ground(step),
    ]),
  repins: (context) =>
    context.model.acts
      .filter((/** @type {Act} */ act) => act.kind === "repin")
      .map((/** @type {Act} */ act) => [
        act.day,
        packsText(act.fields.old) || phrase("none"),
        packsText(act.fields.packs),
        said(context, "reason", act.fields.reason),
        who(context, act),
      ]),
  posts: (context) =>
    context.model.acts.map((/** @type {Act} */ act, /** @type {number} */ at) => [
      String(at + 1),
      act.day,
      said(context, "kind", act.kind),
      who(context, act),
      act.hash,
    ]),
};

const filled = (/** @type {string} */ words, /** @type {Record<string, string>} */ figures) =>
  words.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);

/** Where a figure stands; what nobody read in a text is the platform's own, never an article. @param {import("../types.js").Step} step */
function ground(step) {
  if (step.source === "default") return phrase(step.step === "round" ? "none" : "platform_default");
  return `${step.origin} ${step.clause || phrase("no_article")}`;
}

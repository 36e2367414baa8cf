/** The award: proposed, decided, told, claimed, paid, and called back. */

import { cameIn } from "../../../client/basis.js";
import {
  claimsOf,
  confirmedFault,
  oneLine,
  receiverFault,
  receiverText,
  receiverFrom,
  standingFault,
} from "../../../client/claims.js";
import * as money from "../../money/award.js";
import { approvalFault, approvalFrom } from "../../money/basisview.js";
import { numbersFault } from "../../money/numbersview.js";
import { repeatsOf } from "../../money/repeats.js";
import { part } from "../../parts.js";
import { fen } from "../plain.js";
import { following } from "../way.js";
import { NOTE, none, note, simple } from "./questions.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Fold} Fold */
/** @typedef {import("../../types.js").Model} Model */
/** @typedef {import("../../types.js").ProposalForm} ProposalForm */
/** @typedef {import("../../types.js").Result} Result */
/** @typedef {import("../../types.js").Values} Values */

/** The table offers an approval only where a proposal stands. @param {Model} model */
const proposalIn = ({ fold }) => /** @type {NonNullable<Fold["proposal"]>} */ (fold.proposal);

const REPEATS = { name: "repeats", type: "repeats" };

/** @type {Record<string, ActRow>} */
export const AWARD = {
  "award.propose": {
    tone: "go",
    inputs: [
      {
        name: "award",
        type: "award",
        start: money.proposalFrom,
        needed: true,
      },
      REPEATS,
    ],
    fields: (values) => values.award.signed,
    parts: (values) => [
      part("award", values.award.document, "application/json"),
      part("award", values.award.confirmedDocument ?? "", "application/json"),
      part("award", values.award.basisDocument, "application/json"),
    ],
    ready: (values, model) => money.prepare(values.award, model),
    problem: (values, model) =>
      confirmedFault(values.award)
        ? "problem.confirmed"
        : basisProblem(values.award, model) ||
          proposalProblem(money.preview(values.award, model)) ||
          repeatsProblem(values, model),
  },
  "award.approve": {
    tone: "go",
    inputs: [{ name: "check", type: "recheck", start: approvalFrom, needed: true }],
    fields: (_values, model) => ({
      proposal: proposalIn(model).hash,
      fen: proposalIn(model).fen,
    }),
    parts: () => [],
    problem: (values, model) => approvalFault(values.check, model) || (money.recheck(model).same ? "" : "problem.sum"),
  },
  "award.refuse": {
    tone: "stop",
    inputs: [{ name: "reason", type: "radio", options: "award.refuse", needed: true }],
    fields: (values, model) => ({
      proposal: model.fold.answers,
      reason: values.reason,
    }),
    parts: () => [],
  },
  "award.notify": {
    tone: "go",
    inputs: [
      { name: "claim_by", type: "day", start: money.claimBy, needed: true, namedIn: "text" },
      { name: "text", type: "text", rows: 6, needed: true, sealedFor: "reporter", start: money.noticeText },
    ],
    fields: (values, model) => ({
      fen: model.fold.approved,
      claim_by: values.claim_by,
    }),
    parts: (values) => [part("payout", values.text)],
  },
  "claim.check": {
    tone: "go",
    inputs: [
      { name: "receiver", type: "receiver", start: receiverFrom },
      { name: "standing", type: "standing", start: () => ({ claim: "", by: "" }) },
      { name: "agreed", type: "claim", needed: true },
      REPEATS,
    ],
    fields: () => ({}),
    parts: (values, model) => [
      part("award", values.receiver.document ?? "", "application/json"),
      ...(claimsOf(model).length > 1 ? [part("award", JSON.stringify(values.standing), "application/json")] : []),
    ],
    ready: async (values) => Object.assign(values.receiver, { document: receiverText(values.receiver) }),
    problem: (values, model) =>
      STANDING_FAULTS[standingFault(model, values.standing)] ??
      RECEIVER_FAULTS[receiverFault(values.receiver)] ??
      repeatsProblem(values, model),
  },
  pay: {
    tone: "go",
    inputs: [
      {
        name: "voucher",
        type: "line",
        needed: true,
        bytes: 64,
        start: (model) => following(model.payments.slice(-1)[0]?.voucher ?? ""),
      },
      { name: "treasury", type: "line", needed: true, bytes: 64 },
      { name: "numbers", type: "numbers", start: () => "" },
      { name: "day", type: "day", start: (model) => model.today, needed: true },
    ],
    problem: (values, model) => numbersFault(model, values),
    fields: (values) => ({ voucher: values.voucher, treasury: values.treasury, day: values.day }),
    parts: () => [],
  },
  forfeit: simple("stop", "forfeit"),
  reinstate: {
    tone: "go",
    inputs: [
      { name: "reason", type: "radio", options: "reinstate", needed: true },
      { name: "claim_by", type: "day", needed: true },
    ],
    fields: (values) => ({ reason: values.reason, claim_by: values.claim_by }),
    parts: none,
  },
  clawback: {
    tone: "stop",
    inputs: [
      { name: "reason", type: "radio", options: "clawback", needed: true },
      { name: "sum", type: "line", needed: true },
    ],
    fields: (values) => ({ reason: values.reason, fen: fen(values.sum) }),
    parts: none,
    problem: (values) => (fen(values.sum) ? "" : "problem.yuan"),
  },
  repin: {
    tone: "stop",
    inputs: [
      { name: "reason", type: "radio", options: "repin", needed: true },
      {
        name: "packs",
        type: "packs",
        trial: true,
        start: (model) =>
          model.fold.packs.filter((/** @type {string[]} */ pair) =>
            model.packs.some((pack) => pack.sha256 === pair[1]),
          ),
      },
      { ...NOTE, needed: true },
    ],
    fields: (values, model) => ({
      reason: values.reason,
      old: model.fold.packs,
      packs: values.packs,
    }),
    parts: note,
    problem: (values, model) => (isSame(values.packs, model.fold.packs) ? "problem.same_packs" : ""),
  },
};

/** Nothing pinned, or the very packs that are: no change. @param {Fold["packs"]} packs @param {Fold["packs"]} pinned */
const isSame = (packs, pinned) =>
  !packs.length || JSON.stringify([...packs].sort()) === JSON.stringify([...pinned].sort());

/** Nothing is proposed or checked before earlier claims were compared here, nor past a likeness nobody looked at. */
function repeatsProblem(/** @type {Values} */ values, /** @type {Model} */ model) {
  const { whole, found } = repeatsOf(model);
  if (!whole) return "problem.comparing";
  return found.length && !values.repeats ? "problem.repeats" : "";
}

/** What stands between a proposal and its finding: news nobody looked at, or a difference without its reason. */
function basisProblem(/** @type {ProposalForm} */ form, /** @type {Model} */ model) {
  if (cameIn(model.acts, "award.propose", form.seen).length) return "problem.look";
  const result = money.preview(form, model);
  const differs = result.facts !== undefined && money.unlike(model, result.facts).length > 0;
  if (!differs) return "";
  const why = oneLine(form.why);
  return why && new TextEncoder().encode(why).length <= 600 ? "" : "problem.basis";
}

/** What a clerk is told while it is open which of several claims is hers. @type {Record<string, string>} */
const STANDING_FAULTS = {
  which_claim: "problem.which_claim",
  passphrase: "problem.not_as_agreed",
  answer: "problem.not_answered",
};

/** What a clerk is told of a receiver who cannot be. @type {Record<string, string>} */
const RECEIVER_FAULTS = {
  signatories_range: "problem.signatories",
  recipient_unknown: "problem.signatories",
  recipient_alone: "problem.signatories",
  authority: "problem.authority",
  undeclared: "problem.undeclared",
  entitlement_json: "problem.signatories",
};

/** Only a sum that came out, by a pack the directory lets pay, can be proposed. @param {Result} result */
function proposalProblem(result) {
  const { pack } = result;
  if (result.error || !pack || !Number(result.fen)) return "problem.no_sum";
  if (pack.edited) return "problem.pack_edited";
  if (!pack.pays) return "problem.trial";
  return pack.pinned ? "" : "problem.not_pinned";
}

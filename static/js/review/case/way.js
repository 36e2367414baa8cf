/** The straight way of a case: which step waits for whoever opens it. Pure. */

import { listed } from "../../core/newposts.js";

/** What is done next in each state, first things first; a step that is done leaves its mark and is not offered again.
 * @type {Record<string, string[]>} */
const NEXT = {
  received: ["accept"],
  accepted: ["extract", "assign"],
  verifying: ["finding"],
  verified: ["feedback", "commit", "award.propose"],
  unverified: ["feedback"],
  unable: ["feedback"],
  awaiting_penalty: ["feedback"],
  reward_proposed: ["award.approve"],
  reward_approved: ["award.notify"],
  notified: ["award.cancel"], // once it is asked for; before, nobody is offered it
  claimed: ["award.cancel", "claim.check", "pay"],
  paid: ["close"],
  forfeited: ["close"],
  objection: ["extract", "objection.decide"],
};

/** The one step that stands open when this person opens the case, "" where none waits for him.
 * @param {{fold: {state: string, marks: string[]}}} model @param {string[]} offered */
export function nextStep({ fold }, offered) {
  return (NEXT[fold.state] ?? []).find((kind) => offered.includes(kind) && !fold.marks.includes(kind)) ?? "";
}

/** The acts that answer what somebody asked for and waits for, or what happened in the case this one is merged into.
 * @param {Pick<import("../types.js").Model, "fold" | "workflow" | "parent">} model @returns {string[]} */
export function awaited({ fold, workflow, parent }) {
  const asked = fold.pending.flatMap((kind) => workflow.kinds[kind].waits?.until[0] ?? []);
  return lostItsReason({ fold, workflow, parent }) ? [...asked, "objection.reopen"] : asked;
}

/** What was asked for and waits, that an act of this kind answers: the newest such act, null where none does.
 * @param {Pick<import("../types.js").Model, "acts" | "fold" | "workflow">} model @param {string} kind @returns {import("../types.js").Act | null} */
export function askedFor({ acts, fold, workflow }, kind) {
  const asks = fold.pending.filter((ask) => workflow.kinds[ask].waits?.until[0] === kind);
  return acts.filter((act) => asks.includes(act.kind)).slice(-1)[0] ?? null;
}

/** Refused because another was first, who was told since that there is no award: she may object anew. The twin of
 * whistle/core/waiting.py. @param {Pick<import("../types.js").Model, "fold" | "workflow" | "parent">} model */
export function lostItsReason({ fold, workflow, parent }) {
  const isSecond = ["refused", "closed"].includes(fold.state) && workflow.not_first.includes(fold.refusedFor);
  return isSecond && parent !== null && "award.cancel" in parent.acted && parent.awarded === 0;
}

/** The clocks to show: a step that began anew has several running ones and the earliest due governs; an end is told once.
 * @template {{step: string, due: string, stop: string}} T @param {T[]} clocks @returns {T[]} */
export function shownClocks(clocks) {
  return clocks.filter((one, at) => {
    const alike = clocks.map((each, number) => ({ each, number })).filter(({ each }) => each.step === one.step);
    if (one.stop) return !alike.some(({ each, number }) => number < at && each.stop === one.stop);
    return !alike.some(
      ({ each, number }) => !each.stop && (each.due < one.due || (each.due === one.due && number < at)),
    );
  });
}

/** Why a case is put away, by the way it ended. @type {Record<string, string[]>} */
const CLOSES = {
  not_accepted: ["CL02"],
  transferred: ["CL02"],
  refused: ["CL03"],
  forfeited: ["CL03"],
  clawback: ["CL04"],
};

/** The reasons that fit the case as it stands; all of them for kinds whose reasons do not hang on its state.
 * @param {{fold: {state: string, marks: string[], acted: Record<string, unknown>, declineReason?: string}, workflow: Pick<import("../types.js").Workflow, "reasons" | "agreed_first" | "offices">, officeKind: string}} model @param {string} kind @returns {string[]} */
export function reasonsFor({ fold, workflow, officeKind }, kind) {
  const reasons = workflow.reasons[kind];
  if (kind === "decline") {
    const ours = listed(workflow, officeKind, "decline");
    // A leader agrees first, to this very reason: it is asked for by an act of its own.
    const agreed = fold.marks.includes("decline.agree") ? fold.declineReason : "";
    return ours.filter((code) => code === agreed || !workflow.agreed_first.includes(code));
  }
  if (kind !== "close") return reasons;
  const fit = CLOSES[fold.state] ?? ("clawback" in fold.acted ? ["CL01", "CL04"] : ["CL01"]);
  return reasons.filter((code) => fit.includes(code));
}

/** Who is chosen first where several hold a role: by lot out of the case's own random number, the same on every desk.
 * (双随机: whoever assigns may choose otherwise.) @param {string} id the case @param {string[]} people @returns {string[]} */
export function byLot(id, people) {
  if (!people.length) return [];
  const drawn = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
  return [[...people].sort()[drawn % people.length]];
}

/** A text that still waits for its end: a line that stops at its colon, or places held by dots or dashes.
 * @param {string} text */
export function unfilled(text) {
  return /[：:]\s*$/.test(text) || /…{2,}|_{3,}|[：:]\s*…/.test(text);
}

/** The number after this one, "" where it does not end in digits: "凭-0099" → "凭-0100". A proposal, to be looked at.
 * @param {string} number */
export function following(number) {
  const [, head, digits] = /^(.*?)([0-9]{1,15})$/.exec(number) ?? ["", "", ""];
  return digits ? head + String(Number(digits) + 1).padStart(digits.length, "0") : "";
}

/** Whom the case may be handed to: everybody else with a role of this person's, once.
 * @param {{roles: string[], me: {person: string}, people: (role: string) => import("../types.js").Person[]}} model */
export function peers({ roles, me, people }) {
  const others = roles.flatMap((role) => people(role)).filter(({ person }) => person !== me.person);
  return [...new Map(others.map((one) => [one.person, one])).values()];
}

/** Who else can act for each role this person has here, once he has stepped back.
 * @param {{roles: string[], me: {person: string}, people: (role: string) => {person: string, name?: string, label?: string}[]}} model
 * @returns {{role: string, others: {person: string, name?: string, label?: string}[]}[]} */
export function remaining({ roles, me, people }) {
  return roles.map((role) => ({ role, others: people(role).filter(({ person }) => person !== me.person) }));
}

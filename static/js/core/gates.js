/**
 * What stands in the way of an act: gates (kind and person, before it is written), checks (its fields).
 * The twin of whistle/core/gates.py: tables of small predicates, each true when the way is open.
 */

import { leaves, marksNamed, neededMark, own, stays, target } from "./workflow.js";

/** @typedef {import("./record.js").Act} Act */
/** @typedef {import("./record.js").Case} Case */
/** @typedef {(folded: Case, kind: string, person: string) => boolean} Gate */
/** @typedef {(folded: Case, act: Act) => boolean} Check */

const REPORTER = "reporter";
const LATE = "NR14"; // forfeited because nobody claimed in time (2018 art. 13)
const DAY = 86_400_000;

/** The code of the first gate closed to this person for this kind, "" if all are open.
 * @param {Case} folded @param {string} kind @param {string} person @returns {string} */
export function barred(folded, kind, person) {
  const gates = folded.view === "office" ? [...GATES, ...OFFICE_GATES] : GATES;
  const closed = gates.find(([, isOpen]) => !isOpen(folded, kind, person));
  return closed ? closed[0] : "";
}

/** The code of the first rule this act breaks, "" if none.
 * @param {Case} folded @param {Act} act @param {string} today @returns {string} */
export function objection(folded, act, today) {
  const kind = own(folded.workflow.kinds, act.kind);
  if (!kind) return "kind";
  if (!mayAuthor(kind.roles, act.author)) return "role";
  if (isFuture(act.day, today)) return "future";
  return barred(folded, act.kind, act.person) || failed(folded, act);
}

/** Which of his roles a reviewer uses is crypto's to check; what is the reporter's is checked here too.
 * @param {string[]} roles @param {string} author */
function mayAuthor(roles, author) {
  return author === REPORTER ? roles.includes(REPORTER) : roles.some((role) => role !== REPORTER);
}

/** Clocks may differ by fifteen minutes with midnight between them: tomorrow is not yet the future.
 * @param {string} day @param {string} today */
function isFuture(day, today) {
  return Date.parse(day) > Date.parse(today) + DAY;
}

/** @param {Case} folded @param {Act} act @returns {string} */
function failed(folded, act) {
  const office = folded.view === "office" ? OFFICE_CHECKS[act.kind] ?? [] : [];
  const broken = [...(CHECKS[act.kind] ?? []), ...office].find(([, holds]) => !holds(folded, act));
  return broken ? broken[0] : "";
}

// Gates

/** @type {Gate} */
const stateIsRight = ({ workflow, view, state }, kind) => leaves(workflow, view, kind).has(state) || stays(workflow, view, kind).has(state);

/** @type {Gate} */
const isNotExcluded = (folded, _kind, person) => !folded.excluded.includes(person);

/** By person, not by key, and over the whole history: a proposal since replaced still binds its author. @type {Gate} */
const isAnotherPerson = (folded, kind, person) => {
  const others = folded.workflow.kinds[kind].other_person;
  return !others.some((/** @type {string} */ other) => (folded.acted[other] ?? []).includes(person));
};

/** @type {Gate} */
const hasItsMark = (folded, kind) => {
  const mark = neededMark(folded.workflow, folded.view, folded.state, kind);
  return !mark || folded.marks.includes(mark);
};

/** @type {Gate} */
const comesAfter = (folded, kind) => marksNamed(folded.workflow, folded.view, kind, "after").every((mark) => folded.marks.includes(mark));

/** @type {Gate} */
const isNotDone = (folded, kind) => !marksNamed(folded.workflow, folded.view, kind, "unless").some((mark) => folded.marks.includes(mark));

/** @type {Gate} */
const isUrgent = (folded, kind) => kind !== "dispatch" || folded.urgent;

/** @type {Gate} */
const mayStillObject = (folded, kind) => kind !== "objection" || folded.mayObject;

/** Only money that went out can come back; a case may have been closed for other reasons. @type {Gate} */
const wasPaid = (folded, kind) => kind !== "clawback" || (folded.awarded > folded.recovered && "pay" in folded.acted);

/** @type {Gate} */
const isSecondInspector = (folded, kind, person) => kind !== "cosign" || person !== folded.foundBy;

/** Two sign for money that leaves: who checked the claim code does not hand it out as well. @type {Gate} */
const isSecondOfficer = (folded, kind, person) => kind !== "pay" || !(folded.acted["claim.check"] ?? []).includes(person);

/** Deaths are verified by the county government or above (安全生产法 art. 73): first it is told. @type {Gate} */
const wentToCounty = (folded, kind) => kind !== "finding" || !folded.workflow.to_county.includes(folded.category) || folded.marks.includes("escalate");

/** @type {Gate} */
const hasItsAsk = (folded, kind, person) => !(kind in ANSWERS) || folded.asks.some((ask) => ANSWERS[kind](ask, person));

/** @type {Gate} */
const hasPacks = (folded, kind) => kind !== "award.propose" || folded.packs.length > 0;

/** A leader gives an ask not yet given; its own author opens one that was given, once.
 * @type {Record<string, (ask: import("./record.js").Ask, person: string) => boolean>} */
const ANSWERS = {
  "identity.give": (ask) => !ask.given,
  "identity.opened": (ask, person) => ask.given && !ask.opened && ask.person === person,
};
/** @type {[string, Gate][]} */
const GATES = [
  ["state", stateIsRight],
  ["excluded", isNotExcluded],
  ["same_person", isAnotherPerson],
  ["needs", hasItsMark],
  ["after", comesAfter],
  ["unless", isNotDone],
  ["urgent", isUrgent],
  ["objection", mayStillObject],
  ["paid", wasPaid],
];
/** These rest on posts the reporter's door does not serve, so her view cannot ask them. @type {[string, Gate][]} */
const OFFICE_GATES = [
  ["ask", hasItsAsk],
  ["packs", hasPacks],
  ["same_person", isSecondInspector],
  ["two_officers", isSecondOfficer],
  ["county", wentToCounty],
];

// Checks

/** @param {string} name @param {string} table @returns {Check} */
const isListed = (name, table) => (folded, act) => folded.workflow[table].includes(act.fields[name]);

/** @type {Check} */
const reasonIsListed = (folded, act) => folded.workflow.reasons[act.kind].includes(act.fields.reason);

/** @type {Check} */
const compIsKnown = (folded, act) => own(folded.workflow.kinds.message.roles_by.comp, act.fields.comp) !== undefined;

/** @type {Check} */
const packsAreDistinct = (_folded, act) => new Set(act.fields.packs.map((/** @type {string[]} */ [id]) => id)).size === act.fields.packs.length;

/** A letter may have come days before it was typed in; nothing is received after its report. @type {Check} */
const receivedByThen = (folded, act) => act.fields.received <= folded.day;

/** Known roles, each once, in the channel's order. @type {Check} */
const seatsInOrder = (folded, act) => {
  const named = act.fields.seats.map((/** @type {[string, string[]]} */ [role]) => role);
  const order = folded.workflow.roles.filter((/** @type {string} */ role) => named.includes(role));
  return named.length === order.length && named.every((/** @type {string} */ role, /** @type {number} */ i) => role === order[i]);
};

/** @type {Check} */
const seatsNobodyExcluded = (folded, act) =>
  !act.fields.seats.some((/** @type {[string, string[]]} */ [, persons]) => persons.some((person) => folded.excluded.includes(person)));

/** @type {Check} */
const outcomeIsKnown = ({ workflow, view, state }, act) => target(workflow, view, state, act.kind, act.fields) !== null;

/** Only a pack that acceptance, or a leader since, pinned may be proposed. @type {Check} */
const packIsPinned = (folded, act) => folded.packs.some(([id]) => id === act.fields.pack);

/** With the same bytes: a pack edited after it was pinned pays nothing. @type {Check} */
const packIsUnedited = (folded, act) => folded.packs.some(([id, hash]) => id === act.fields.pack && hash === act.fields.pack_hash);

/** @type {Check} */
const namesThePacksPinned = (folded, act) => written(act.fields.old) === written(folded.packs);

/** At least one, and not the very same again. @type {Check} */
const pinsOthers = (folded, act) => act.fields.packs.length > 0 && written([...act.fields.packs].sort()) !== written([...folded.packs].sort());

/** @param {[string, string][]} packs */
const written = (packs) => JSON.stringify(packs);

/** @type {Check} */
const sumIsPositive = (_folded, act) => act.fields.fen > 0;

/** @type {Check} */
const namesWhatItAnswers = (folded, act) => act.fields.proposal === folded.answers;

/** @type {Check} */
const sumIsProposed = (folded, act) => folded.proposal !== null && act.fields.fen === folded.proposal.fen;

/** @type {Check} */
const sumIsApproved = (folded, act) => act.fields.fen === folded.approved;

/** @type {Check} */
const leavesTimeToClaim = (_folded, act) => act.fields.claim_by > act.day;

/** @type {Check} */
const hasVoucher = (_folded, act) => act.fields.voucher !== "";

/** @type {Check} */
const paidSinceTheClaim = (folded, act) => folded.claimedOn <= act.fields.day && act.fields.day <= act.day;

/** @type {Check} */
const isLateOrWaived = (folded, act) => act.fields.reason !== LATE || act.day > folded.claimBy;

/** @type {Check} */
const askIsOpenToHim = (folded, act) => folded.asks.some((ask) => ask.hash === act.fields.ask && ANSWERS[act.kind](ask, act.person));

/** Nothing is refused as unclear, and no clock waits for an answer, before the reporter was asked. @type {Check} */
const wasAskedFirst = (folded, act) => !folded.workflow.asked_first.includes(act.fields.reason) || folded.asked;

/** @type {Check} */
const awaitsAnAnswer = (folded, act) => !folded.workflow.asked_first.includes(act.fields.reason) || folded.waiting;

/** Not before any clock it stops began, not before the last pause ended, not in the future. @type {Check} */
const pauseIsNow = (folded, act) => {
  const running = folded.clocks.filter((clock) => clock.whose === "office" && !clock.stop);
  const begun = running.flatMap((clock) => [clock.start, ...clock.pauses.map(([, until]) => until)]);
  return (begun.sort().pop() ?? folded.day) <= act.fields.day && act.fields.day <= act.day;
};

/** On a day since the pause; one that waited for an answer ends with the answer. @type {Check} */
const resumesInTime = (folded, act) => {
  const asked = folded.workflow.asked_first.includes(folded.pausedFor) && folded.answered;
  const last = [asked || act.day, folded.pausedOn].sort()[1];
  return folded.pausedOn <= act.fields.day && act.fields.day <= last && last <= act.day;
};

/** @type {Check} */
const stepIsExtendable = (folded, act) => folded.workflow.extendable.includes(act.fields.step);

/** @type {Check} */
const isLater = (folded, act) =>
  act.fields.until > act.day && folded.clocks.every((clock) => clock.step !== act.fields.step || clock.stop || act.fields.until > clock.due);

/** @type {Check} */
const isDocumented = (_folded, act) => ["document", "approved_by", "to"].every((name) => act.fields[name] !== "");

/** What she may object to, by the state of the decision; from any other it is the result she was told.
 * @type {Record<string, string[]>} */
const ABOUT = { not_accepted: ["decline"], refused: ["award.refuse", "feedback"] };

/** @type {Check} */
const isAboutADecision = (folded, act) => (ABOUT[folded.state] ?? ["feedback"]).includes(act.fields.about) && act.fields.about in folded.acted;

/** @type {Check} */
const namesTheObjection = ({ objection }, { fields: f }) => objection !== null && f.objection === objection.hash && f.about === objection.about;

/** @type {Check} */
const dayHasCome = (folded, act) => folded.day <= act.fields.day && act.fields.day <= act.day;

/** @type {Check} */
const dueLiesAhead = (_folded, act) => act.fields.due > act.day;

/** @type {Check} */
const isAtMostPaid = (folded, act) => act.fields.fen > 0 && act.fields.fen <= folded.awarded - folded.recovered;

/** @type {Check} */
const cosignsWhatCounts = (folded, act) => act.fields.finding === folded.finding;

/** @type {[string, Check]} */
const REASON = ["reason", reasonIsListed];
/** @type {Record<string, [string, Check][]>} */
const CHECKS = {
  report: [["source", isListed("source", "sources")]],
  message: [["comp", compIsKnown]],
  accept: [
    ["category", isListed("category", "categories")],
    ["sector", isListed("sector", "sectors")],
    ["packs", packsAreDistinct],
    ["received", receivedByThen],
  ],
  decline: [REASON, ["asked", wasAskedFirst]],
  transfer: [REASON],
  assign: [
    ["seats", seatsInOrder],
    ["excluded", seatsNobodyExcluded],
  ],
  finding: [["outcome", outcomeIsKnown]],
  "award.refuse": [REASON],
  "award.notify": [
    ["fen", sumIsPositive],
    ["claim_by", leavesTimeToClaim],
  ],
  claim: [["method", isListed("method", "methods")]],
  pay: [
    ["voucher", hasVoucher],
    ["day", paidSinceTheClaim],
  ],
  forfeit: [REASON, ["claim_by", isLateOrWaived]],
  close: [REASON],
  "identity.ask": [REASON],
  extend: [
    ["step", stepIsExtendable],
    ["until", isLater],
    ["document", isDocumented],
  ],
  dispatch: [["action", isListed("action", "actions")]],
  objection: [["about", isAboutADecision]],
  "objection.decide": [
    ["objection", namesTheObjection],
    ["outcome", outcomeIsKnown],
  ],
  "transfer.result": [
    ["result", isListed("result", "results")],
    ["day", dayHasCome],
  ],
  list: [
    ["level", isListed("level", "levels")],
    ["due", dueLiesAhead],
    ["document", isDocumented],
  ],
  rectify: [
    ["day", dayHasCome],
    ["document", isDocumented],
  ],
  delist: [
    ["day", dayHasCome],
    ["document", isDocumented],
  ],
  reinstate: [REASON, ["claim_by", leavesTimeToClaim]],
  clawback: [REASON, ["fen", isAtMostPaid]],
};
/** Again what the reporter's view cannot know. @type {Record<string, [string, Check][]>} */
const OFFICE_CHECKS = {
  "award.propose": [
    ["pack", packIsPinned],
    ["pack_edited", packIsUnedited],
    ["fen", sumIsPositive],
  ],
  "award.approve": [
    ["proposal", namesWhatItAnswers],
    ["fen", sumIsProposed],
  ],
  "award.refuse": [["proposal", namesWhatItAnswers]],
  "award.notify": [["fen", sumIsApproved]],
  "identity.give": [["ask", askIsOpenToHim]],
  "identity.opened": [["ask", askIsOpenToHim]],
  pause: [REASON, ["asked", awaitsAnAnswer], ["day", pauseIsNow]],
  resume: [["day", resumesInTime]],
  cosign: [["finding", cosignsWhatCounts]],
  escalate: [
    ["day", dayHasCome],
    ["document", isDocumented],
  ],
  repin: [
    REASON,
    ["packs_old", namesThePacksPinned],
    ["packs_new", pinsOthers],
    ["packs_new", packsAreDistinct],
  ],
};

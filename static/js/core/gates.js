/**
 * What stands in the way of an act: gates (kind and person, before it is written), checks (its fields).
 * The twin of whistle/core/gates.py: which of them a kind asks for are rows of workflow.json; here are the predicates
 * that the rows name, each true when the way is open.
 */

import { RuleError } from "./errors.js";
import { ROLES, camel, leaves, marksNamed, neededMark, own, rows, stays, target } from "./workflow.js";

/** @typedef {import("./record.js").Act} Act */
/** @typedef {import("./record.js").Case} Case */
/** @typedef {(folded: Case, kind: string, person: string) => boolean} Always */
/** @typedef {(folded: Case, person: string, ...more: string[]) => boolean} Gate */
/** @typedef {(folded: Case, act: Act, ...more: string[]) => boolean} Check */

const REPORTER = "reporter";
const DAY = 86_400_000;

/** The code of the first gate closed to this person for this kind, "" if all are open.
 * @param {Case} folded @param {string} kind @param {string} person @returns {string} */
export function barred(folded, kind, person) {
  return (
    shut(ALWAYS, folded, kind, person) ||
    samePerson(folded, kind, person) ||
    shut(MARKED, folded, kind, person) ||
    broken(rows(folded.workflow, folded.view, kind, "gates"), (name, more) => GATES[name](folded, person, ...more))
  );
}

/** The code of the first rule this act breaks, "" if none.
 * @param {Case} folded @param {Act} act @param {string} today @returns {string} */
export function refusal(folded, act, today) {
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
  const listed = rows(folded.workflow, folded.view, act.kind, "checks");
  return broken(listed, (name, more) => CHECKS[name](folded, act, ...more));
}

/** The code of the first of these rows that does not hold, "" if all do.
 * @param {string[][]} listed @param {(name: string, more: string[]) => boolean} holds */
function broken(listed, holds) {
  const found = listed.find(([, name, ...more]) => !holds(camel(name), more));
  return found ? found[0] : "";
}

/** @param {[string, Always][]} gates @param {Case} folded @param {string} kind @param {string} person */
function shut(gates, folded, kind, person) {
  const found = gates.find(([, isOpen]) => !isOpen(folded, kind, person));
  return found ? found[0] : "";
}

/** The same table; RuleError if a row names a predicate that does not exist: it would let everything through.
 * @param {import("./workflow.js").Workflow} workflow */
export function checkNames(workflow) {
  for (const row of Object.values(workflow.kinds)) {
    const named = (/** @type {"gates" | "checks"} */ name) => [...(row[name] ?? []), ...(row[`office_${name}`] ?? [])];
    const gates = named("gates").every(([, name]) => own(GATES, camel(name)));
    const checks = named("checks").every(([, name]) => own(CHECKS, camel(name)));
    if (!gates || !checks) throw new RuleError("predicate_unknown");
  }
  return workflow;
}

// Gates of every kind

/** @type {Always} */
const stateIsRight = ({ workflow, view, state }, kind) =>
  leaves(workflow, view, kind).has(state) || stays(workflow, view, kind).has(state);

/** @type {Always} */
const isNotExcluded = (folded, _kind, person) => !folded.excluded.includes(person);

/** By person, not by key, and over the whole history: a proposal since replaced still binds its author.
 * @param {Case} folded @param {string} kind @param {string} person @returns {string} */
function samePerson(folded, kind, person) {
  const others = Object.entries(folded.workflow.kinds[kind].other_person ?? {});
  const found = others.find(([other]) => (folded.acted[other] ?? []).includes(person));
  return found ? found[1] : "";
}

/** @type {Always} */
const hasItsMark = (folded, kind) => {
  const mark = neededMark(folded.workflow, folded.view, folded.state, kind);
  return !mark || folded.marks.includes(mark);
};

/** Every mark of `after`, and of `after_any` one. @param {Case} folded @param {string} kind */
function comesAfter(folded, kind) {
  const named = (/** @type {"after" | "after_any"} */ list) => marksNamed(folded.workflow, folded.view, kind, list);
  const stands = (/** @type {string} */ mark) => folded.marks.includes(mark);
  const oneOf = named("after_any");
  return named("after").every(stands) && (!oneOf.length || oneOf.some(stands));
}

/** @type {Always} */
const isNotDone = (folded, kind) =>
  !marksNamed(folded.workflow, folded.view, kind, "unless").some((mark) => folded.marks.includes(mark));

/** @type {[string, Always][]} */
const ALWAYS = [
  ["state", stateIsRight],
  ["excluded", isNotExcluded],
];
/** @type {[string, Always][]} */
const MARKED = [
  ["needs", hasItsMark],
  ["after", comesAfter],
  ["unless", isNotDone],
];

/** What the case keeps under a name of the table. @param {Case} folded @param {string} name */
const kept = (folded, name) => /** @type {any} */ (folded)[camel(name)];

/** A leader gives an ask not yet given; its own author opens one that was given, once.
 * @type {Record<string, (ask: import("./record.js").Ask, person: string) => boolean>} */
const ASKS = {
  not_given: (ask) => !ask.given,
  given_to_him: (ask, person) => ask.given && !ask.opened && ask.person === person,
};

// Gates that rows name

/** @type {Record<string, Gate>} */
export const GATES = {
  isUrgent: (folded) => folded.urgent,
  mayObject: (folded) => folded.mayObject,
  // Only money that went out can come back; a case may have been closed for other reasons.
  wasPaid: (folded) => folded.awarded > folded.recovered && "pay" in folded.acted,
  isDemanded: (folded) => folded.demanded > 0,
  // Another person than the one the case keeps under this name.
  isNot: (folded, person, name) => person !== kept(folded, name),
  // Deaths are verified by the county government or above (安全生产法 art. 73): first it is told.
  wentToCounty: (folded) => !folded.workflow.to_county.includes(folded.category) || folded.marks.includes("escalate"),
  hasAsk: (folded, person, standing) => folded.asks.some((ask) => ASKS[standing](ask, person)),
  // Such a post is in the case's history.
  hasActed: (folded, _person, kind) => kind in folded.acted,
  hasNotActed: (folded, _person, kind) => !(kind in folded.acted),
  hasPacks: (folded) => folded.packs.length > 0,
  // A report that was taken back at her word earns nothing; what it says is verified all the same.
  isNotWithdrawn: (folded) => folded.withdrawn !== "report",
  // Who she is is not opened any more once she has taken it back.
  isVerified: (folded) => folded.outcome === "verified",
  keepsContact: (folded) => folded.withdrawn === "",
  wasAwarded: (folded) => folded.awarded > 0,
  // Not destroyed: what would rest on it is not begun.
  isKept: (folded, _person, scope) => !folded.destroyed.includes(scope),
  // In the archive, or withdrawn: before that nothing is destroyed.
  hasWhatMayGo: ({ isFinal, withdrawn }) => isFinal || withdrawn !== "",
  isAskedToDestroy: (folded) => folded.destructions.length > 0,
};

/** @param {[string, string][]} packs */
const written = (packs) => JSON.stringify(packs);

/** Not before any clock it stops began, not before the last pause ended, not in the future. @type {Check} */
const pausesNow = (folded, act) => {
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

/** Known roles, each once, in the channel's order. @type {Check} */
const seatsAreInOrder = (_folded, { fields }) => {
  const named = fields.seats.map((/** @type {[string, string[]]} */ [role]) => role);
  return named.join() === ROLES.filter((role) => named.includes(role)).join();
};

/** What she may object to, by the state of the decision; from any other it is the result she was told. @type {Check} */
const isAboutADecision = ({ workflow, state, acted }, { fields }) => {
  const decisions = own(workflow.objectable, state) ?? workflow.objectable["*"];
  return (own(decisions, fields.about) ?? []).some((kind) => kind in acted);
};

/** The days that the table wants between: a found or extorted code must not end a case at once.
 * @param {Case} folded @param {Act} act @param {string} day */
const hasWaited = ({ workflow }, act, day) =>
  Date.parse(act.day) >= Date.parse(day) + (own(workflow.days, act.kind) ?? 0) * DAY;

/** The ask, and where the act says it too, its scope. @type {Check} */
const namesTheDestruction = ({ destructions }, { fields: { ask, scope } }) => {
  const named = destructions.find(({ hash }) => hash === ask);
  return named !== undefined && (scope === undefined || scope === named.scope);
};

// Checks that rows name

/** @type {Record<string, Check>} */
export const CHECKS = {
  isListed: (folded, act, name, table) =>
    folded.workflow[/** @type {keyof import("./shapes.js").Lists} */ (table)].includes(act.fields[name]),
  isListedReason: (folded, act) => folded.workflow.reasons[act.kind].includes(act.fields.reason),
  hasRoles: (folded, act, name) =>
    own(folded.workflow.kinds[act.kind].roles_by?.[name] ?? {}, act.fields[name]) !== undefined,
  // The field is what the case keeps under that name: the sum approved, the finding that counts.
  equals: (folded, act, name, place) => act.fields[name] === kept(folded, place),
  isPositive: (_folded, act, name) => act.fields[name] > 0,
  isWritten: (_folded, act, ...names) => names.every((name) => act.fields[name] !== ""),
  isAhead: (_folded, act, name) => act.fields[name] > act.day,
  hasCome: (folded, act, name) => folded.day <= act.fields[name] && act.fields[name] <= act.day,
  // A letter may have come days before it was typed in; nothing is received after its report.
  isReceivedByThen: (folded, act) => act.fields.received <= folded.day,
  seatsAreInOrder,
  seatsNobodyExcluded: (folded, act) =>
    !act.fields.seats.some((/** @type {[string, string[]]} */ [, persons]) =>
      persons.some((person) => folded.excluded.includes(person)),
    ),
  leadsSomewhere: ({ workflow, view, state }, act) => target(workflow, view, state, act.kind, act.fields) !== null,
  packsAreDistinct: (_folded, { fields }) =>
    new Set(fields.packs.map((/** @type {string[]} */ [id]) => id)).size === fields.packs.length,
  // Only a pack that acceptance, or a leader since, pinned may be proposed.
  isPinned: (folded, act) => folded.packs.some(([id]) => id === act.fields.pack),
  // With the same bytes: a pack edited after it was pinned pays nothing.
  isUnedited: (folded, act) =>
    folded.packs.some(([id, hash]) => id === act.fields.pack && hash === act.fields.pack_hash),
  namesThePacksPinned: (folded, act) => written(act.fields.old) === written(folded.packs),
  // At least one, and not the very same again.
  pinsOthers: (folded, { fields }) =>
    fields.packs.length > 0 && written([...fields.packs].sort()) !== written([...folded.packs].sort()),
  isProposed: (folded, act) => folded.proposal !== null && act.fields.fen === folded.proposal.fen,
  isSinceTheClaim: (folded, act) => folded.claimedOn <= act.fields.day && act.fields.day <= act.day,
  // `late` is the reason that nobody claimed in time (2018 art. 13): not before the last day is over.
  isLateOrWaived: (folded, act, late) => act.fields.reason !== late || act.day > folded.claimBy,
  namesAsk: (folded, act, standing) =>
    folded.asks.some((ask) => ask.hash === act.fields.ask && ASKS[standing](ask, act.person)),
  // Nothing is refused as unclear, and no clock waits for an answer, before the reporter was asked.
  wasAskedFirst: (folded, act) => !folded.workflow.asked_first.includes(act.fields.reason) || folded.asked,
  awaitsAnAnswer: (folded, act) => !folded.workflow.asked_first.includes(act.fields.reason) || folded.waiting,
  pausesNow,
  resumesInTime,
  isLater: (folded, act) =>
    act.fields.until > act.day &&
    folded.clocks.every((clock) => clock.step !== act.fields.step || clock.stop || act.fields.until > clock.due),
  isAboutADecision,
  namesTheObjection: ({ objection: named }, { fields }) =>
    named !== null && fields.objection === named.hash && fields.about === named.about,
  isAtMostPaid: (folded, act) => act.fields.fen > 0 && act.fields.fen <= folded.awarded - folded.recovered,
  // What was paid and is neither back nor asked back already.
  canBeDemanded: ({ awarded, recovered, demanded }, { fields: { fen } }) =>
    fen > 0 && fen <= awarded - recovered - demanded,
  wasDemanded: ({ awarded, recovered, demanded }, { fields: { fen } }) =>
    fen > 0 && fen <= Math.min(demanded, awarded - recovered),
  // At least one field is not what the case has.
  // The field is not what the case keeps under that name.
  differs: (folded, act, name, place) => act.fields[name] !== kept(folded, place),
  waitedSince: (folded, act, name) => hasWaited(folded, act, kept(folded, name)),
  waitedSinceTheAsk: (folded, act) =>
    folded.destructions.every(({ hash, day }) => hash !== act.fields.ask || hasWaited(folded, act, day)),
  // The auditor names the facts that the proposal which counts was made of.
  isOfTheFacts: ({ proposal }, { fields }) => proposal !== null && fields.facts === proposal.facts,
  // Neither destroyed already nor asked for.
  isNotAsked: ({ destroyed, destructions }, { fields: { scope: wanted } }) =>
    !destroyed.includes(wanted) && !destructions.some(({ scope }) => scope === wanted),
  // From the archive; who she is and where money would go also once she has withdrawn it.
  mayBeDestroyed: ({ workflow, isFinal, withdrawn }, { fields: { scope } }) =>
    isFinal || (own(workflow.withdrawn_first, scope) ?? []).includes(withdrawn),
  // What an award was computed from goes only after an auditor has computed it again: nobody can afterwards.
  wasRecomputed: ({ awarded, marks }, { fields: { scope } }) =>
    scope !== "award" || awarded === 0 || marks.includes("award.recomputed"),
  // What registers are made of goes only after they were made and archived.
  namesRegisters: ({ workflow }, { fields: { scope, registers } }) =>
    !workflow.archived_first.includes(scope) || registers.length > 0,
  namesTheDestruction,
  changes: (folded, act, ...names) => names.some((name) => act.fields[name] !== kept(folded, name)),
};

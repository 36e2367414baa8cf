/** What an act that was let through adds to the case: the twin of whistle/core/effects.py. */

import { isNamed, target } from "./workflow.js";

/** @typedef {import("./record.js").Act} Act */
/** @typedef {import("./record.js").Case} Case */
/** @typedef {import("./record.js").Clock} Clock */
/** @typedef {(folded: Case, act: Act) => Partial<Case>} Effect */

/** The case with this act in it. The caller has made sure that nothing stands in its way.
 * @param {Case} folded @param {Act} act @returns {Case} */
export function after(folded, act) {
  const { workflow, view, state, acted } = folded;
  const effect = EFFECTS[act.kind];
  const changes = { marks: marks(folded, act.kind), clocks: clocks(folded, act) };
  return folded.with({
    state: /** @type {string} */ (target(workflow, view, state, act.kind, act.fields)),
    acted: { ...acted, [act.kind]: union(acted[act.kind] ?? [], [act.person]) },
    ...changes,
    ...(effect ? effect(folded.with(changes), act) : {}),
  });
}

/** @param {string[]} some @param {string[]} more @returns {string[]} sorted, each once */
function union(some, more) {
  return [...new Set([...some, ...more])].sort();
}

/** @param {Case} folded @param {string} kind @returns {string[]} */
function marks(folded, kind) {
  const rule = folded.workflow.kinds[kind];
  const kept = folded.marks.filter((mark) => !(rule.clears ?? []).includes(mark));
  return union(kept, rule.mark ? [rule.mark] : []);
}

/** A stop ends every running clock of its step; a start begins a further one: the earliest due governs.
 * @param {Case} folded @param {Act} act @returns {Clock[]} */
function clocks(folded, act) {
  /** @type {any[]} */
  const table = folded.workflow.clocks;
  const stopped = table.filter((rule) => isNamed(rule.stop, act.kind, act.fields)).map((rule) => rule.step);
  const kept = folded.clocks.map((clock) => (stopped.includes(clock.step) && !clock.stop ? { ...clock, stop: act.day } : clock));
  const fresh = table.filter((rule) => isNamed(rule.start, act.kind, act.fields)).map((rule) => begin(rule, act));
  return [...kept, ...fresh];
}

/** @param {any} rule @param {Act} act @returns {Clock} */
function begin(rule, act) {
  return { step: rule.step, start: act.day, stop: "", due: rule.due ? act.fields[rule.due] : "", whose: rule.whose, pauses: [], counted: 0 };
}

/** @type {Effect} */
const because = (_folded, act) => ({ reason: act.fields.reason });

/** @param {"given" | "opened"} step @returns {Effect} */
const answered = (step) => (folded, act) => ({
  asks: folded.asks.map((ask) => (ask.hash === act.fields.ask ? { ...ask, [step]: true } : ask)),
});

/** @type {Effect} */
const proposed = (folded, { hash, person, fields: f }) => {
  const proposal = { hash, person, pack: f.pack, packHash: f.pack_hash, fen: f.fen, facts: f.facts };
  return { proposals: [...folded.proposals, proposal], proposal };
};

/** Who spoke last in the thread: what is asked first, and what a pause waits for. @type {Effect} */
const said = (folded, { author, day, fields }) => {
  if (fields.comp !== "thread") return {};
  return author === "reporter" ? { waiting: false, answered: folded.answered || day } : { asked: true, waiting: true };
};

/** @type {Effect} */
const extended = (folded, { fields: f }) => ({
  clocks: folded.clocks.map((clock) => (clock.step !== f.step || clock.stop ? clock : { ...clock, due: f.until, counted: clock.pauses.length })),
});

/** @param {Clock} clock */
const canPause = ({ whose, stop, step }) => whose === "office" && !stop && step !== "dispatch" && step !== "list";

/** Every running clock of the office stands still; those of the reporter and the urgent one do not. @type {Effect} */
const paused = (folded, { fields: f }) => ({
  clocks: folded.clocks.map((clock) => (canPause(clock) ? { ...clock, pauses: [...clock.pauses, /** @type {[string, string]} */ ([f.day, ""])] } : clock)),
  pausedFor: f.reason,
  pausedOn: f.day,
  answered: "",
});

/** @type {Effect} */
const resumed = (folded, { fields: f }) => ({
  clocks: folded.clocks.map((clock) => {
    const last = clock.pauses[clock.pauses.length - 1];
    return !last || last[1] || clock.stop ? clock : { ...clock, pauses: [...clock.pauses.slice(0, -1), /** @type {[string, string]} */ ([last[0], f.day])] };
  }),
  pausedFor: "",
  pausedOn: "",
  answered: "",
});

/** Not heard, the case returns to where it stood, for good; heard, what was decided stands no longer. @type {Effect} */
const decided = (folded, { fields: f }) => {
  const objection = /** @type {import("./record.js").Objection} */ (folded.objection);
  if (f.outcome === "rejected") return { state: objection.state, objection: null };
  const cleared = { objection: null, reason: "", approved: 0, approval: "", proposal: null };
  if (f.about !== "feedback") return cleared;
  return { ...cleared, finding: "", foundBy: "", outcome: "", marks: folded.marks.filter((mark) => mark !== "feedback" && mark !== "cosign") };
};

/** @type {Record<string, Effect>} */
const EFFECTS = {
  report: (_folded, { day, fields: f }) => ({
    day,
    received: day,
    channel: f.channel,
    source: f.source,
    urgent: f.urgent,
    excluded: union(f.exclude, []),
  }),
  message: said,
  accept: (_folded, { fields: f }) => ({ category: f.category, sector: f.sector, packs: f.packs, received: f.received }),
  decline: because,
  transfer: because,
  assign: (_folded, act) => ({ seats: act.fields.seats }),
  // The last finding counts: what was proposed on the facts before it no longer stands.
  finding: (_folded, act) => ({ finding: act.hash, foundBy: act.person, outcome: act.fields.outcome, proposal: null }),
  "award.propose": proposed,
  "award.approve": (_folded, act) => ({ approved: act.fields.fen, approval: act.hash }),
  "award.refuse": (_folded, act) => ({ reason: act.fields.reason, approved: 0, approval: "" }),
  "award.notify": (_folded, act) => ({ awarded: act.fields.fen, claimBy: act.fields.claim_by }),
  claim: (_folded, act) => ({ method: act.fields.method, claimedOn: act.day }),
  forfeit: because,
  close: because,
  "identity.ask": (folded, { hash, person }) => ({ asks: [...folded.asks, { hash, person, given: false, opened: false }] }),
  "identity.give": answered("given"),
  "identity.opened": answered("opened"),
  recuse: (folded, act) => ({ excluded: union(folded.excluded, [act.person]) }),
  extend: extended,
  pause: paused,
  resume: resumed,
  merge: (_folded, act) => ({ parent: act.fields.parent }),
  objection: (folded, act) => ({ objection: { hash: act.hash, about: act.fields.about, state: folded.state } }),
  "objection.decide": decided,
  list: (_folded, act) => ({ listedUntil: act.fields.due }),
  reinstate: (_folded, { fields: f }) => ({ reason: f.reason, claimBy: f.claim_by }),
  clawback: (folded, { fields: f }) => ({ reason: f.reason, recovered: folded.recovered + f.fen }),
  // What was proposed under the packs before has to be proposed anew.
  repin: (_folded, { fields: f }) => ({ packs: f.packs, proposal: null }),
};

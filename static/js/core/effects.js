/**
 * What an act that was let through adds to the case: the twin of whistle/core/effects.py. State, marks, clocks and what
 * is kept are rows of workflow.json; here are only the effects that compute.
 */

import { RuleError } from "./errors.js";
import { Case } from "./record.js";
import { camel, isNamed, own, target } from "./workflow.js";

/** @typedef {import("./record.js").Act} Act */
/** @typedef {import("./record.js").Clock} Clock */
/** @typedef {(folded: Case, act: Act) => Partial<Case>} Effect */

/** The case with this act in it. The caller has made sure that nothing stands in its way.
 * @param {Case} folded @param {Act} act @returns {Case} */
export function after(folded, act) {
  const { workflow, view, state, acted } = folded;
  const { effect, keeps = {} } = workflow.kinds[act.kind];
  const changes = {
    marks: marks(folded, act.kind),
    clocks: clocks(folded, act),
    pending: pending(folded, act.kind),
  };
  return folded.with({
    state: /** @type {string} */ (target(workflow, view, state, act.kind, act.fields)),
    acted: { ...acted, [act.kind]: union(acted[act.kind] ?? [], [act.person]) },
    ...changes,
    ...Object.fromEntries(Object.entries(keeps).map(([name, source]) => [camel(name), value(source, act)])),
    ...(effect ? EFFECTS[camel(effect)](folded.with(changes), act) : {}),
  });
}

/** What a row keeps: a field of the post by name, $day, $hash or $person of the post, else the value itself.
 * @param {any} source @param {Act} act */
function value(source, act) {
  if (typeof source !== "string" || source === "") return source;
  return source.startsWith("$") ? /** @type {any} */ (act)[source.slice(1)] : act.fields[source];
}

/** The same table; RuleError if a row names an effect that does not exist, or keeps what a case has no place for.
 * @param {import("./workflow.js").Workflow} workflow */
export function checkEffects(workflow) {
  const places = new Case(workflow);
  for (const { effect, keeps = {} } of Object.values(workflow.kinds)) {
    const known = !effect || own(EFFECTS, camel(effect));
    if (!known || !Object.keys(keeps).every((name) => camel(name) in places)) throw new RuleError("effect_unknown");
  }
  return workflow;
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

/** Which kinds still wait for somebody's answer: a row's `waits` ends with the first of its `until`.
 * @param {Case} folded @param {string} kind @returns {string[]} */
function pending({ workflow: { kinds }, pending: waiting }, kind) {
  const kept = waiting.filter((each) => !kinds[each].waits?.until.includes(kind));
  return union(kept, kinds[kind].waits ? [kind] : []);
}

/** A stop ends every running clock of its step; a start begins a further one: the earliest due governs.
 * @param {Case} folded @param {Act} act @returns {Clock[]} */
function clocks(folded, act) {
  const table = folded.workflow.clocks;
  const stopped = table.filter((rule) => isNamed(rule.stop, act.kind, act.fields)).map((rule) => rule.step);
  const kept = folded.clocks.map((clock) =>
    stopped.includes(clock.step) && !clock.stop ? { ...clock, stop: act.day } : clock,
  );
  const fresh = table.filter((rule) => isNamed(rule.start, act.kind, act.fields)).map((rule) => begin(rule, act));
  return [...kept, ...fresh];
}

/** @param {import("./shapes.js").Clock} rule @param {Act} act @returns {Clock} */
function begin(rule, act) {
  return {
    step: rule.step,
    start: act.day,
    stop: "",
    due: rule.due ? act.fields[rule.due] : "",
    whose: rule.whose,
    pauses: [],
    counted: 0,
  };
}

/** @param {"given" | "opened"} step @returns {Effect} */
const answered = (step) => (folded, act) => ({
  asks: folded.asks.map((ask) => (ask.hash === act.fields.ask ? { ...ask, [step]: true } : ask)),
});

/** @type {Effect} */
const propose = (folded, { hash, person, fields: f }) => {
  const proposal = { hash, person, pack: f.pack, packHash: f.pack_hash, fen: f.fen, facts: f.facts };
  return { proposals: [...folded.proposals, proposal], proposal };
};

/** Who spoke last in the thread: what is asked first, and what a pause waits for. @type {Effect} */
const noteWhoSpoke = (folded, { author, day, fields }) => {
  if (fields.comp !== "thread") return {};
  return author === "reporter" ? { waiting: false, answered: folded.answered || day } : { asked: true, waiting: true };
};

/** @type {Effect} */
const putOff = (folded, { fields: f }) => ({
  clocks: folded.clocks.map((clock) =>
    clock.step !== f.step || clock.stop ? clock : { ...clock, due: f.until, counted: clock.pauses.length },
  ),
});

/** Every running clock of the office stands still; those of the reporter, and those that run on, do not. @type {Effect} */
const stopTheClocks = (folded, { fields: f }) => {
  const runsOn = folded.workflow.clocks.filter((rule) => rule.runs_on).map((rule) => rule.step);
  return {
    clocks: folded.clocks.map((clock) =>
      clock.whose !== "office" || clock.stop || runsOn.includes(clock.step)
        ? clock
        : { ...clock, pauses: [...clock.pauses, /** @type {[string, string]} */ ([f.day, ""])] },
    ),
  };
};

/** @type {Effect} */
const restartTheClocks = (folded, { fields: f }) => ({
  clocks: folded.clocks.map((clock) => {
    const last = clock.pauses[clock.pauses.length - 1];
    return !last || last[1] || clock.stop
      ? clock
      : { ...clock, pauses: [...clock.pauses.slice(0, -1), /** @type {[string, string]} */ ([last[0], f.day])] };
  }),
});

/** Not heard, the case returns to where it stood, for good; heard, what was decided stands no longer. @type {Effect} */
const decide = (folded, { fields: f }) => {
  const objection = /** @type {import("./record.js").Objection} */ (folded.objection);
  if (f.outcome === "rejected") return { state: objection.state, objection: null };
  const nothing = { objection: null, reason: "", refusedFor: "", approved: 0, approval: "", proposal: null };
  if (f.about !== "feedback") return nothing;
  const { clears = [] } = folded.workflow.kinds.finding;
  const kept = folded.marks.filter((mark) => !clears.includes(mark));
  return { ...nothing, finding: "", foundBy: "", outcome: "", marks: kept };
};

/** @type {Effect} */
const stopDestroying = ({ destructions }, { fields: { ask } }) => ({
  destructions: destructions.filter(({ hash }) => hash !== ask),
});

/** Only what computes; what a kind merely keeps is a row of the table. @type {Record<string, Effect>} */
const EFFECTS = {
  excludeTheNamed: (_folded, act) => ({ excluded: union(act.fields.exclude, []) }),
  excludeTheAuthor: (folded, act) => ({ excluded: union(folded.excluded, [act.person]) }),
  noteWhoSpoke,
  pin: (_folded, act) => ({ packs: act.fields.packs }),
  seat: (_folded, act) => ({ seats: act.fields.seats }),
  propose,
  ask: (folded, { hash, person }) => ({ asks: [...folded.asks, { hash, person, given: false, opened: false }] }),
  give: answered("given"),
  open: answered("opened"),
  putOff,
  stopTheClocks,
  restartTheClocks,
  // An extract from before reached a leader only where one sits, or where it was shared to decline.
  object: ({ state, marks, seats, acted }, { hash, fields: { about } }) => ({
    objection: { hash, about, state },
    extractWanted: !(marks.includes("extract") && (seats.length > 0 || "decline.ask" in acted)),
  }),
  decide,
  recover: (folded, act) => ({ recovered: folded.recovered + act.fields.fen }),
  demand: (folded, act) => ({ demanded: folded.demanded + act.fields.fen }),
  take: ({ withdraws }, { day }) => ({
    withdrawn: withdraws,
    takenOn: day,
    withdrawal: "",
    withdraws: "",
    withdrawnOn: "",
  }),
  askToDestroy: ({ destructions }, { hash, day, fields: { scope } }) => ({
    destructions: [...destructions, { hash, scope, day }],
  }),
  stopDestroying,
  // Gone for good. Of the ask her own view knows nothing; of what was destroyed it does.
  destroy: (folded, act) => ({
    destroyed: union(folded.destroyed, [act.fields.scope]),
    ...stopDestroying(folded, act),
  }),
  receive: ({ demanded, recovered }, { fields: { fen } }) => ({ demanded: demanded - fen, recovered: recovered + fen }),
};

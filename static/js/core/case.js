/**
 * A case is what its posts add up to: fold(acts) gives it, and refuses the first act that the table forbids.
 * The twin of whistle/core/case.py; both run tests/vectors/histories.json.
 */

import { after, checkEffects } from "./effects.js";
import { barred, checkNames, refusal } from "./gates.js";
import { checkNew } from "./newposts.js";
import { Case } from "./record.js";

/** @typedef {import("./record.js").Act} Act */
/** @typedef {import("./workflow.js").Workflow} Workflow */
/** @typedef {import("./workflow.js").View} View */

export { Case };

/** An act that the table forbids. `facts` hold its kind and the state as the reporter sees it, no more. */
export class Refused extends Error {
  /** @param {string} code @param {Record<string, string>} facts */
  constructor(code, facts) {
    super(code.replace(/_/g, " "));
    this.name = "Refused";
    this.code = code;
    this.facts = facts;
  }
}

/** The case that these acts make, in their order. Throws Refused at the first one the table forbids.
 * No state depends on `today`, which only refuses an act dated in the future.
 * @param {Iterable<Act>} acts @param {Workflow} workflow @param {string} today @param {View} view @returns {Case} */
export function fold(acts, workflow, today, view = "office") {
  let folded = new Case(checked(workflow), view);
  for (const act of acts) {
    if (view === "office" || act.vis === "all") folded = apply(folded, act, today);
  }
  return folded;
}

/** Tables found whole: each is looked through once. @type {WeakSet<object>} */
const whole = new WeakSet();

/** The same table; RuleError when it names what this house does not know: an unknown rule refuses, it never passes.
 * @param {Workflow} workflow */
function checked(workflow) {
  if (!whole.has(workflow)) whole.add(checkNew(checkEffects(checkNames(workflow))));
  return workflow;
}

/** The case with one more act. Throws Refused.
 * @param {Case} folded @param {Act} act @param {string} today @returns {Case} */
export function apply(folded, act, today) {
  const code = refusal(folded, act, today);
  if (code) throw new Refused(code, { kind: act.kind, seen: folded.seen });
  return after(folded, act);
}

/** The kinds this person may post now, in the table's order. What an act's fields say (sums, days, reasons) can only
 * be checked once it is there: a forfeit is offered from the notice on, and refused while there is time to claim.
 * @param {Case} folded @param {string[]} roles @param {string} person @param {Workflow} workflow @returns {string[]} */
export function allowed(folded, roles, person, workflow = folded.workflow) {
  const may = (/** @type {string} */ kind) =>
    workflow.kinds[kind].roles.some((/** @type {string} */ role) => roles.includes(role));
  return Object.keys(workflow.kinds).filter((kind) => may(kind) && !barred(folded, kind, person));
}

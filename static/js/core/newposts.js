/**
 * Rules for posts that are written now: asked by the door and by clients before they sign, never by the fold. The twin
 * of whistle/core/newposts.py: rows `new` of workflow.json name these predicates, each true when the way is open.
 */

import { RuleError } from "./errors.js";
import { camel, own } from "./workflow.js";

/** @typedef {import("./record.js").Case} Case */
/**
 * What only the moment knows. `openUntil`: the last day of every objection still open to the reporter, "" when none
 * is. `parent`: the case this one is merged into, null where it is not at hand. `review`: who decides objections here:
 * "office", "above", or "" for either. `office`: what kind of office has the case (core/offices.js).
 * @typedef {{today: string, openUntil: string, parent: Case | null, review: string, office: string}} Now
 */
/** @typedef {(folded: Case, fields: import("./workflow.js").Fields, now: Now, ...more: string[]) => boolean} Rule */

/** The last day of every objection that is open, of clocks as the door shows them; a provisional day counts.
 * @param {{step: string, stop: string, due: string}[]} clocks @returns {string} */
export function openUntil(clocks) {
  const open = clocks.filter(({ step, stop }) => step === "objection" && !stop).map(({ due }) => due);
  return open.sort().pop() ?? "";
}

/** Whether an office of this kind has acts of this kind at all, and from the state that the case is in.
 * @param {Case} folded @param {string} kind @param {string} office @returns {boolean} */
export function isHere({ workflow, state }, kind, office) {
  const { offices = [office], from_by_office: by = {} } = workflow.kinds[kind];
  return offices.includes(office) && (by[state] ?? [office]).includes(office);
}

/** What an office of this kind offers of a table: its categories, its reasons to decline, its ways to pay.
 * @param {Pick<import("./workflow.js").Workflow, "offices">} workflow @param {string} office
 * @param {"categories" | "decline" | "methods" | "outcomes"} table @returns {string[]} */
export const listed = ({ offices }, office, table) => offices[office][table];

/** The code of the first rule that stands in the way of this new post on the case as it is, "" if none.
 * @param {Case} folded @param {string} kind @param {import("./workflow.js").Fields} fields @param {Now} now @returns {string} */
export function refused(folded, kind, fields, now) {
  const row = folded.workflow.kinds[kind];
  if (row.retired) return "retired";
  if (!isHere(folded, kind, now.office)) return "not_here";
  const found = (row.new ?? []).find(([, name, ...more]) => !NEW[camel(name)](folded, fields, now, ...more));
  return found ? found[0] : "";
}

/** The same table; RuleError if a row names a predicate that does not exist.
 * @param {import("./workflow.js").Workflow} workflow */
export function checkNew(workflow) {
  for (const { new: rows = [] } of Object.values(workflow.kinds)) {
    if (!rows.every(([, name]) => own(NEW, camel(name)))) {
      throw new RuleError("predicate_unknown");
    }
  }
  return workflow;
}

/** @type {Record<string, Rule>} */
const NEW = {
  // Nothing is put away while she can still object; who never looks holds a case open until that day, not longer.
  objectionsAreOver: (_folded, _fields, now) => now.openUntil < now.today,
  // These reasons are one officer's word against hers: a leader who read an extract has agreed to this very one.
  isAgreed: ({ workflow, marks, declineReason }, { reason }) =>
    !workflow.agreed_first.includes(reason) || (marks.includes("decline.agree") && declineReason === reason),
  isMergedFor: ({ parent }, fields, _now, reason) => fields.reason !== reason || parent !== "",
  // "Not the first" is said only once the earlier reporter was told her award, or had waived it: until then nothing
  // that the later one sees depends on there being an earlier report.
  parentAwardWasTold: (_folded, fields, { parent }, reason, waived) =>
    fields.reason !== reason || parent === null || parent.awarded > 0 || parent.reason === waived,
  parentAwardIsGone: (_folded, fields, { parent }, reason) =>
    fields.reason !== reason || parent === null || parent.awarded === 0,
  // Who decides has read an extract: the report itself is intake's alone, and intake may have made the decision.
  hasItsExtract: ({ marks, extractWanted }) => marks.includes("extract") && !extractWanted,
  // What she was told is put right before her eyes: what she was not told yet needs no word.
  hasNotActed: ({ acted }, _fields, _now, kind) => !(kind in acted),
  isOfTheOffice: ({ workflow }, fields, { office }, name, table) =>
    !(name in fields) ||
    /** @type {Record<string, unknown[]>} */ (workflow.offices[office])[table].includes(fields[name]),
  isReviewedBy: (_folded, _fields, { review }, who) => review === "" || review === who,
};

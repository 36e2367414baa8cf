/** Who reads what: which roles a sealed item is for. The twin of whistle/core/access.py. */

import { own } from "./workflow.js";

/** @typedef {import("./workflow.js").Workflow} Workflow */

const REPORTER = "reporter";

/** The reviewers' roles to seal a new item of this compartment for, in the channel's order.
 * Before a case is assigned its `work` is for intake alone: nobody else is on the case yet.
 * @param {string} comp @param {Workflow} workflow @param {boolean} assigned @returns {string[]} */
export function audience(comp, workflow, assigned) {
  const rule = workflow.compartments[comp];
  const readers = assigned || !rule.before_assign.length ? Object.keys(rule.roles) : rule.before_assign;
  return workflow.roles.filter((/** @type {string} */ role) => readers.includes(role));
}

/** Which part of an item's key the role is given: 0 the whole, 1 or 2 one half of an identity.
 * @param {string} comp @param {string} role @param {Workflow} workflow @returns {number} */
export function part(comp, role, workflow) {
  return workflow.compartments[comp].roles[role];
}

/** Whether any of these roles may ever be granted an item of the compartment.
 * @param {string} comp @param {string[]} roles @param {Workflow} workflow @returns {boolean} */
export function mayRead(comp, roles, workflow) {
  return roles.some((role) => own(workflow.compartments[comp].roles, role) !== undefined);
}

/** Whether the reporter may be granted an item of such a post: what reviewers write to her, her own
 * messages, and of her report what she chose to keep. Never her claim: a found code would show the payee.
 * @param {string} kind @param {string} comp @param {string} author @param {Workflow} workflow @returns {boolean} */
export function reporterReads(kind, comp, author, workflow) {
  if (author !== REPORTER) return workflow.compartments[comp].reporter;
  return (workflow.kinds[kind].own_copy ?? []).includes(comp);
}

/** The compartments of a kind's items, in order; `comp` is the message's field, `*` means any number.
 * @param {string} kind @param {Workflow} workflow @param {string} comp @returns {string[]} */
export function itemsOf(kind, workflow, comp = "") {
  return workflow.kinds[kind].items.map((/** @type {string} */ name) => name.replace("$comp", comp));
}

/** Whether the items of a post stand in exactly the order the table gives.
 * @param {string} kind @param {string[]} comps @param {Workflow} workflow @param {string} comp @returns {boolean} */
export function itemsFit(kind, comps, workflow, comp = "") {
  const rest = [...comps];
  for (const name of itemsOf(kind, workflow, comp)) {
    const wanted = name.replace(/\*$/, "");
    if (!name.endsWith("*") && rest.shift() !== wanted) return false;
    while (name.endsWith("*") && rest[0] === wanted) rest.shift();
  }
  return rest.length === 0;
}

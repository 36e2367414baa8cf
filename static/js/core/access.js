/** Who reads what: which roles a sealed item is for. The twin of whistle/core/access.py. */

import { ROLES, own } from "./workflow.js";

/** @typedef {import("./workflow.js").Workflow} Workflow */

const REPORTER = "reporter";

/** The reviewers' roles to seal a new item of this compartment for, in the channel's order.
 * Before a case is assigned its `work` is for intake alone: nobody else is on the case yet.
 * `kind` is the post's that carries the item, which may name further roles; what it keeps for some (`only`) is for
 * these and nobody else.
 * @param {string} comp @param {Workflow} workflow @param {boolean} assigned @param {string} [kind] @returns {string[]} */
export function audience(comp, workflow, assigned, kind = "") {
  const only = named(kind, "only", comp, workflow);
  if (only.length) return ROLES.filter((role) => only.includes(role));
  const rule = workflow.compartments[comp];
  const readers = assigned || !rule.before_assign.length ? Object.keys(rule.roles) : rule.before_assign;
  const further = [...named(kind, "also", comp, workflow), ...named(kind, "shares", comp, workflow)];
  return ROLES.filter((role) => readers.includes(role) || further.includes(role));
}

/** @param {string} kind @param {"also" | "shares" | "only"} name @param {string} comp @param {Workflow} workflow @returns {string[]} */
const named = (kind, name, comp, workflow) => own(own(workflow.kinds, kind)?.[name] ?? {}, comp) ?? [];

/** Which part of an item's key the role is given: 0 the whole, 1 or 2 one half of an identity.
 * @param {string} comp @param {string} role @param {Workflow} workflow @returns {number} */
export function part(comp, role, workflow) {
  return own(workflow.compartments[comp].roles, role) ?? 0;
}

/** Whether any of these roles may ever be granted an item of the compartment, carried by a post of this kind.
 * @param {string} comp @param {string[]} roles @param {Workflow} workflow @param {string} [kind] @returns {boolean} */
export function mayRead(comp, roles, workflow, kind = "") {
  const only = named(kind, "only", comp, workflow);
  if (only.length) return roles.some((role) => only.includes(role));
  const also = named(kind, "also", comp, workflow);
  return roles.some((role) => own(workflow.compartments[comp].roles, role) !== undefined || also.includes(role));
}

/** Whether the reporter may be granted an item of such a post: what reviewers write to her, her own
 * messages, and of her report what she chose to keep. Never her claim: a found code would show the payee.
 * @param {string} kind @param {string} comp @param {string} author @param {Workflow} workflow @returns {boolean} */
export function reporterReads(kind, comp, author, workflow) {
  if (author !== REPORTER) return workflow.compartments[comp].reporter;
  return (workflow.kinds[kind].own_copy ?? []).includes(comp);
}

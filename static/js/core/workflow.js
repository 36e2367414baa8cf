/** How the one table, workflow.json, is read: the twin of whistle/core/workflow.py. The table comes as an argument. */

import wire from "../../../whistle/crypto/kinds.json" with { type: "json" };

/** @typedef {"office" | "reporter"} View */
/** The public fields of a post by name: crypto has checked them by the kind's grammar. @typedef {import("./record.js").Act["fields"]} Fields */
/** @typedef {import("./shapes.js").Target} Target */
/** @typedef {import("./shapes.js").Workflow} Workflow the one table, workflow.json */

/** Names and order of the reviewers' roles are the wire's. @type {readonly string[]} */
export const ROLES = Object.freeze(wire.roles);

export const NOTHING = ""; // the state of a case that has no post yet

/** The state as this view knows it: to the reporter all office-only states look like `verifying`.
 * @param {Workflow} workflow @param {View} view @param {string} state @returns {string} */
export function asSeen(workflow, view, state) {
  return view === "office" || state === NOTHING ? state : workflow.states[state].seen;
}

/** States of this view: "nothing" is before the first post, "*" any state that is not final.
 * @param {Workflow} workflow @param {View} view @param {string | string[]} names @returns {Set<string>} */
export function statesNamed(workflow, view, names) {
  if (names === "nothing") return new Set([NOTHING]);
  const all = () => Object.keys(workflow.states).filter((state) => !workflow.states[state].final);
  const listed = names === "*" ? all() : /** @type {string[]} */ (names);
  return new Set(listed.map((state) => asSeen(workflow, view, state)));
}

/** The states in which a post of this kind takes the case to its target.
 * @param {Workflow} workflow @param {View} view @param {string} kind */
export function leaves(workflow, view, kind) {
  return statesNamed(workflow, view, workflow.kinds[kind].from);
}

/** The states in which it is allowed and moves nothing: a second `assign` changes the seats only.
 * @param {Workflow} workflow @param {View} view @param {string} kind */
export function stays(workflow, view, kind) {
  return statesNamed(workflow, view, workflow.kinds[kind].stays_in ?? []);
}

/** The state after such a post; null when the field that decides it holds a value not in the table.
 * @param {Workflow} workflow @param {View} view @param {string} state @param {string} kind @param {Fields} fields
 * @returns {string | null} */
export function target(workflow, view, state, kind, fields) {
  /** @type {Target | undefined} */
  let to = workflow.kinds[kind].to;
  while (typeof to === "object") {
    const [[name, byValue]] = /** @type {[string, Record<string, Target>][]} */ (Object.entries(to));
    to = own(byValue, fields[name]);
  }
  if (to === "same" || !leaves(workflow, view, kind).has(state)) return state;
  return to ? asSeen(workflow, view, to) : null;
}

/** The mark without which this kind may not leave this state, or ""; only marks that the view is served.
 * @param {Workflow} workflow @param {View} view @param {string} state @param {string} kind @returns {string} */
export function neededMark(workflow, view, state, kind) {
  for (const [where, mark] of Object.entries(workflow.kinds[kind].needs ?? {})) {
    if (asSeen(workflow, view, where) === state && isServed(workflow, view, mark)) return mark;
  }
  return "";
}

/** The marks a kind waits for (`after`, `after_any`) or is barred by (`unless`), of those the view is served.
 * @param {Workflow} workflow @param {View} view @param {string} kind @param {"after" | "after_any" | "unless"} list @returns {string[]} */
export function marksNamed(workflow, view, kind, list) {
  const named = workflow.kinds[kind][list] ?? [];
  return named.filter((mark) => isServed(workflow, view, mark));
}

/** The kind's own rules under `name`, each [code, predicate, what the predicate is given]. Those that rest on posts
 * the reporter's door does not serve stand apart as `office_`: her view cannot ask them.
 * @param {Workflow} workflow @param {View} view @param {string} kind @param {"gates" | "checks"} name @returns {string[][]} */
export function rows(workflow, view, kind, name) {
  const row = workflow.kinds[kind];
  return [...(row[name] ?? []), ...((view === "office" && row[`office_${name}`]) || [])];
}

/** Whether posts of this kind are in the view at all (envelope.md section 2, Two views).
 * @param {Workflow} workflow @param {View} view @param {string} kind @returns {boolean} */
export function isServed(workflow, view, kind) {
  return view === "office" || workflow.kinds[kind].vis === "all";
}

/** Whether a clock's start or stop names this post: its kind with "any", or with the value of a field.
 * @param {import("./shapes.js").Events} events @param {string} kind @param {Fields} fields @returns {boolean} */
export function isNamed(events, kind, fields) {
  const wanted = own(events, kind);
  if (wanted === undefined || wanted === "any") return wanted === "any";
  return Object.entries(wanted).every(([name, values]) => values.includes(fields[name]));
}

/** A value by a key that may come from outside: never one that every object inherits.
 * @template T @param {Record<string, T>} table @param {string} key @returns {T | undefined} */
export function own(table, key) {
  return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
}

/** A name of the table as it is written here: found_by, foundBy. @param {string} name */
export const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

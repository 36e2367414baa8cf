// What a proposed sum rests on: the finding its facts were taken over from; the twin of whistle/client/basis.py.

import { parseBasis } from "../core/entitlement.js";
import { MONEY, TAKEN_OVER, differences, parseFacts } from "../core/facts.js";
import { grouped } from "../core/yuan.js";

/** @typedef {import("../core/facts.js").Facts} Facts */
/** @typedef {{hash: string, kind: string, day?: string}} Act */
/** @typedef {{comp: string, post: string, body: Uint8Array}} Item an opened item */
/** A fact as the finding states it ("" where it states none that open) and as the proposal has it; sums in yuan, grouped.
 * @typedef {{name: string, found: string, own: string}} Difference */
/** How a proposal stands to the finding before it; bound when its sealed basis names that very finding.
 * @typedef {{differs: Difference[], reason: string, isBound: boolean, isExplained: boolean}} Rests */

const BASIS_AT = 2; // among the `award` items of a proposal: facts, what was confirmed, what it rests on
/** What may not come in unseen between the look at a case and the signature: under its money, and under a class that a
 * colleague has set meanwhile. @type {Record<string, string[]>} */
export const OVERTAKERS = {
  "award.propose": ["finding", "repin", "award.return"],
  "award.approve": ["finding", "repin", "award.propose"],
  "award.return": ["award.propose"],
  "award.refuse": ["finding", "repin", "award.propose", "award.return"],
  classify: ["classify", "accept"],
};

/** How the proposal of this hash stands to the finding before it. @param {Act[]} acts @param {Item[]} items @param {string} proposal @returns {Rests} */
export function rests(acts, items, proposal) {
  const finding = findingBefore(acts, proposal);
  const own = factsIn(items, proposal);
  const basis = basisIn(items, proposal);
  const differs = own ? differing(factsIn(items, finding), own) : [];
  const isBound = basis !== null && basis.finding === finding;
  const reason = basis?.reason ?? "";
  return { differs, reason, isBound, isExplained: !differs.length || (isBound && reason !== "") };
}

/** The kinds that came in since this post was shown and that change what an act of this kind rests on. @template {Act} A @param {A[]} acts @param {string} kind @param {string} shown @returns {A[]} */
export function cameIn(acts, kind, shown) {
  const since = acts.slice(acts.findIndex((act) => act.hash === shown) + 1);
  return since.filter((act) => OVERTAKERS[kind]?.includes(act.kind));
}

/** The hash of the finding that stood when this was proposed; "" for the newest of all. @param {Act[]} acts @param {string} proposal */
export function findingBefore(acts, proposal = "") {
  const at = acts.findIndex((act) => act.hash === proposal);
  const before = at < 0 ? acts : acts.slice(0, at);
  return before.reduce((found, act) => (act.kind === "finding" ? act.hash : found), "");
}

/** The facts sealed with this post, null where there are none or this key does not open them. @param {Item[]} items @param {string} post @returns {Facts | null} */
export function factsIn(items, post) {
  const item = items.find((one) => one.post === post && one.comp === "award");
  try {
    return item?.body.length ? parseFacts(item.body)[0] : null;
  } catch {
    return null; // an author may have sealed anything
  }
}

/** The facts of a finding as lines, for whoever co-signs it. @param {Facts} facts @returns {Record<string, string>} */
export function figures(facts) {
  const named = [...TAKEN_OVER, "officer_value"].filter((name) => valueOf(facts, name));
  return Object.fromEntries(named.map((name) => [name, said(facts, name)]));
}

/** What a proposal does not take over; where the finding states nothing, what it states beyond nothing. @param {Facts | null} found @param {Facts} own @returns {Difference[]} */
export function differing(found, own) {
  return differences(found, own)
    .filter((name) => found !== null || valueOf(own, name))
    .map((name) => ({ name, found: found ? said(found, name) : "", own: said(own, name) }));
}

/** @param {Item[]} items @param {string} proposal */
function basisIn(items, proposal) {
  const item = items.filter((one) => one.post === proposal && one.comp === "award")[BASIS_AT];
  try {
    return item ? parseBasis(item.body) : null;
  } catch {
    return null;
  }
}

/** @param {Facts} facts @param {string} name */
const valueOf = (facts, name) => facts[/** @type {keyof Facts} */ (name)];

/** @param {Facts} facts @param {string} name */
const said = (facts, name) =>
  MONEY.includes(name) ? grouped(Number(valueOf(facts, name))) : String(valueOf(facts, name));

/** How long the case is kept: what its reporter withdrew, holds, the last recomputation, destruction by two people. */

import { addDays } from "../../days.js";
import { recheck } from "../../money/award.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Model} Model */

/** Scopes of which registers are to be archived before. @param {Model} model @param {unknown} scope */
const isArchivedFirst = ({ workflow }, scope) => workflow.archived_first.includes(String(scope));

/** The scopes whose term is over and for which nobody has asked yet. @param {Model} model */
export const askable = ({ kept, today, fold: { destructions } }) =>
  kept
    .filter(({ scope, until }) => until <= today && !destructions.some((each) => each.scope === scope))
    .map(({ scope }) => scope);

/** The scopes that somebody has asked for. @param {Model} model */
const asked = ({ fold: { destructions } }) => destructions.map(({ scope }) => scope);

/** The ask for a scope. @param {Model} model @param {unknown} scope */
const askFor = ({ fold: { destructions } }, scope) => destructions.find((each) => each.scope === scope);

/** Whether the days between are over. @param {Model} model @param {string} kind @param {string} since */
const hasWaited = ({ workflow, today }, kind, since) => addDays(since, workflow.days[kind]) <= today;

/** @param {string} name @param {(model: Model) => string[]} choices */
const scopes = (name, choices) => ({
  name,
  type: "radio",
  options: "scope",
  choices,
  needed: true,
  start: (/** @type {Model} */ model) => (choices(model).length === 1 ? choices(model)[0] : ""),
});

/** @type {Record<string, ActRow>} */
export const CUSTODY = {
  "withdraw.take": {
    tone: "stop",
    inputs: [{ name: "withdraws", type: "withdraws" }],
    fields: (_values, { fold }) => ({ withdraw: fold.withdrawal }),
    parts: () => [],
    problem: (_values, model) =>
      hasWaited(model, "withdraw.take", model.fold.withdrawnOn) ? "" : "problem.withdraw_wait",
  },
  "award.recomputed": {
    tone: "go",
    inputs: [],
    fields: (_values, { fold }) => ({ fen: fold.awarded, facts: fold.proposal?.facts }),
    parts: () => [],
    problem: (_values, model) =>
      recheck(model).same && Number(recheck(model).fen) === model.fold.awarded ? "" : "problem.recomputed",
  },
  "destroy.ask": {
    tone: "stop",
    inputs: [scopes("scope", askable), { name: "registers", type: "digests", start: () => [] }],
    fields: ({ scope, registers }, { kept }) => ({
      scope,
      basis: kept.find((each) => each.scope === scope)?.basis ?? "",
      registers: registers.map((/** @type {{hash: string}} */ { hash }) => hash),
    }),
    parts: () => [],
    problem: ({ scope, registers }, model) =>
      isArchivedFirst(model, scope) && !registers.length ? "problem.registers" : "",
  },
  "destroy.stop": {
    tone: "plain",
    inputs: [scopes("asked", asked), { name: "reason", type: "radio", options: "destroy.stop", needed: true }],
    fields: ({ asked: scope, reason }, model) => ({ ask: askFor(model, scope)?.hash ?? "", reason }),
    parts: () => [],
  },
  destroy: {
    tone: "stop",
    inputs: [scopes("asked", asked), { name: "for_good", type: "confirm", needed: true, start: () => false }],
    fields: ({ asked: scope }, model) => ({ ask: askFor(model, scope)?.hash ?? "", scope }),
    parts: () => [],
    problem: ({ asked: scope }, model) =>
      hasWaited(model, "destroy", askFor(model, scope)?.day ?? model.today) ? "" : "problem.destroy_wait",
  },
};

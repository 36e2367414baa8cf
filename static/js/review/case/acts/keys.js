/** Who may read: the sealed identity, a person's newer key, and stepping back. */

import { grantHalves, grantOwnKeys } from "../../../client/grants.js";
import { toColleague } from "../../../client/handover.js";
import { remaining } from "../way.js";
import { part } from "../../parts.js";
import { AGAIN, simple } from "./questions.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Model} Model */

/** The newest request of the identity that is given, or not yet. The table offers the act only where one stands.
 * @param {Pick<Model, "fold">} model @param {boolean} given */
const askOf = (model, given) => model.fold.asks.filter((ask) => ask.given === given && !ask.opened).slice(-1)[0];

/** @type {Record<string, ActRow>} */
export const KEYS = {
  "identity.ask": simple("plain", "identity.ask"),
  "identity.give": {
    tone: "stop",
    inputs: [],
    fields: (_values, model) => ({ ask: askOf(model, false).hash }),
    parts: () => [],
    extra: () => (model) => grantHalves(model, askOf(model, false).hash),
  },
  "identity.opened": {
    tone: "plain",
    inputs: [],
    fields: (_values, model) => ({ ask: askOf(model, true).hash }),
    parts: () => [],
  },
  regrant: {
    tone: "plain",
    inputs: [AGAIN],
    fields: () => ({}),
    parts: () => [],
    extra: (values, office) => grantOwnKeys(office, values.again),
  },
  handover: {
    tone: "plain",
    inputs: [{ name: "colleague", type: "colleague", needed: true }, AGAIN],
    fields: () => ({}),
    parts: () => [],
    extra: (values, office) => toColleague(office, values.colleague, values.again),
  },
  note: {
    tone: "plain",
    inputs: [{ name: "words", type: "note", rows: 4, needed: true, sealedFor: "office" }],
    fields: () => ({}),
    parts: (values) => [part("work", values.words)],
  },
  recuse: {
    tone: "stop",
    inputs: [
      { name: "remaining", type: "remaining" },
      { name: "why", type: "text", rows: 3, needed: true, sealedFor: "leader" },
    ],
    fields: () => ({}),
    parts: () => [],
    before: (values, { fold, me }) =>
      (fold.acted["recuse.why"] ?? []).includes(me.person)
        ? null
        : { kind: "recuse.why", fields: {}, parts: [part("work", values.why)] },
    problem: (_values, model) => {
      if (!remaining(model).every(({ others }) => others.length)) return "problem.nobody_remains";
      return model.sole.length ? "problem.hand_over_first" : "";
    },
  },
};

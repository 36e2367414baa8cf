/** The last look before sealing: every answer with a way back to it. */

import { all, el, one, shown } from "../../dom.js";
import { ENTERPRISE } from "../../core/offices.js";
import { collect } from "./form.js";
import { receiverOf } from "./offices.js";

/** @typedef {import("./form.js").Answers} Answers */

/** Rows of the summary: the word's key, the screen it is changed on, what is shown. @type {[string, string, (a: Answers, w: any) => string][]} */
const ROWS = [
  ["category", "kind", (a, w) => w.categories[a.category]],
  ["enterprise", "where", (a) => a.enterprise],
  ["place", "where", (a) => a.place],
  ["since", "when", (a, w) => [w.since[a.since], a.since === "past" ? a.date : ""].filter(Boolean).join(" ")],
  ["sector", "when", (a, w) => w.sectors[a.sector]],
  ["text", "what", (a) => a.text],
  ["identity", "you", (a, w) => a.contact || w.summary.anonymous],
  ["reward", "you", (a, w) => w.rewards[a.reward]],
  ["passphrase", "you", (a, w) => (a.passphrase ? w.summary.set : "")],
  ["relation", "you", (a, w) => (a.relation ? w.relations[a.relation] : "")],
];

/** @param {any} report */
export function showSummary(report) {
  const { words } = report;
  const answers = collect(report.poster);
  const receiver = receiverOf(report.receivers, answers.channel);
  if (receiver) for (const node of all("[data-office]")) node.textContent = receiver.label;
  const several = report.receivers.length > 1;
  /** @type {typeof ROWS} */ const to = several && receiver ? [["channel", "where", () => receiver.label]] : [];
  const isFirms = receiver?.kind === ENTERPRISE; // which asks neither who she is nor what she is to it
  const asked = ROWS.filter(([name]) => !isFirms || !["identity", "relation"].includes(name));
  const rows = [...to, ...asked].map(([name, step, value]) => {
    const label = words.summary[name];
    const change = el(
      "button",
      { type: "button", className: "button quiet small", ariaLabel: `${words.summary.change} ${label}` },
      words.summary.change,
    );
    change.addEventListener("click", () => report.edit(step));
    const said = el("span");
    said.append(shown(value(answers, words) || words.summary.none, words.shown.control));
    return el("div", {}, el("dt", {}, label), el("dd", {}, said, change));
  });
  one("[data-summary]").replaceChildren(...rows);
}

/** 交接: every case this key opens goes to a colleague of the same role. First a list, then one post each; a round broken off
 * goes on where it stopped, for what was handed has nothing left to hand. */

import { html, nothing } from "lit";
import { colleaguesOf } from "../../client/handover.js";
import { dueTo, handTo, isAlone } from "../../client/rotation.js";
import { loadRoster } from "./roster.js";
import { elsewhere, everyCase, onRound } from "./rounds.js";
import { formatHash } from "../route.js";
import { isShut, office, sentence, signedIn } from "../session.js";
import { onForget, set } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("./rounds.js").Row} Row */
/** A case of the list: `came` is due, done, has or stays; `why` the sentence of what stays;
 * `again`: it broke off while it was handed, and is tried once more with the others.
 * @typedef {Row & {came: string, items: number, why: string, again?: boolean}} Line */

/** @returns {{to: string, again: boolean, names: Map<string, {name: string}>, lines: Line[], looked: boolean, busy: string, at: number, over: boolean, error: string}} */
const fresh = () => ({
  to: "",
  again: false,
  names: new Map(),
  lines: [],
  looked: false,
  busy: "",
  at: 0,
  over: false,
  error: "",
});

let round = fresh();
onForget(() => (round = fresh()));

/** Whether there is anybody to hand to. */
export const hasColleagues = () => colleaguesOf(office()).length > 0;

export async function loadHandover() {
  const here = round;
  set({ names: await signedIn(() => loadRoster(office())) }, here);
}

/** @param {{to: string} | {again: boolean}} chosen */
function choose(chosen) {
  set({ ...chosen, lines: [], looked: false, over: false, error: "" }, round);
}

/** The list before: what each case would come to. */
async function look() {
  const here = round;
  set({ busy: "look", lines: [], looked: false, over: false, at: 0, error: "" }, here);
  try {
    for await (const row of everyCase()) {
      if (here !== round) return; // the page is of another office now, or of another person
      here.lines.push(await weighed(row, here, dueTo, "due"));
      set({ at: here.lines.length }, here);
    }
    set({ busy: "", looked: true }, here);
  } catch (error) {
    set({ busy: "", error: sentence(error) }, here); // the list itself broke off
  }
}

/** One after the other; a case that cannot go does not hold up the others. What is new since the list, waits for the next. */
async function hand() {
  const here = round;
  set({ busy: "hand", at: 0, over: false, error: "" }, here);
  for (const [i, line] of here.lines.entries()) {
    if (here !== round) return;
    const came = isDue(line) && !isShut() ? await weighed(line, here, handTo, "done") : line;
    if (isShut() && came.came !== "done" && came.came !== "has") break; // nobody is there: it is as it was
    here.lines[i] = came.came === "stays" && isDue(line) ? { ...came, again: true } : came;
    set({ at: i + 1 }, here);
  }
  set({ busy: "", over: !here.lines.some(({ came }) => came === "due") }, here);
}

/** What is handed: what could go when it was looked at, and what broke off while it was handed. @param {Line} line */
const isDue = ({ came, again }) => came === "due" || Boolean(again);

/** @param {Row} row @param {{to: string, again: boolean}} round @param {typeof dueTo} work @param {string} done @returns {Promise<Line>} */
async function weighed(row, { to, again }, work, done) {
  try {
    const items = await signedIn(() => work(office(), row.case, to, again));
    return { ...row, came: done, items, why: "" };
  } catch (error) {
    const { reason } = /** @type {{facts?: {reason?: string}}} */ (error).facts ?? {};
    if (reason === "colleague_has_all") return { ...row, came: "has", items: 0, why: "" };
    const alone = await signedIn(() => isAlone(office(), row.case)).catch(() => false);
    return { ...row, came: "stays", items: 0, why: `${sentence(error)}${alone ? t("handover.alone") : ""}` };
  }
}

export function handoverPage() {
  const people = once(colleaguesOf(office()));
  return html`<div class="page handover" aria-busy=${round.busy ? "true" : "false"}>
    <header class="pagehead"><h1 tabindex="-1">${t("handover.title")}</h1></header>
    <p class="hint">${t("handover.rule")}</p>
    ${elsewhere()} ${people.length ? chooser(people) : html`<p class="say">${t("handover.nobody")}</p>`}
    ${round.error ? html`<p class="say bad" role="alert">${round.error} ${t("handover.again")}</p>` : nothing}
    <p role="status">${progress()}</p>
    ${round.looked || round.over ? [summary(), list()] : nothing}
  </div>`;
}

/** A person once, who may have a seat in several channels. @param {{person: string, label: string}[]} readers */
const once = (readers) => [...new Map(readers.map((one) => [one.person, one])).values()];

/** @param {{person: string, label: string}[]} people */
function chooser(people) {
  return html`<section class="card">
    <label class="field"
      ><span>${t("handover.to")}</span
      ><select
        ?disabled=${Boolean(round.busy)}
        @change=${(/** @type {import("../types.js").Typed} */ event) => choose({ to: event.target.value })}
      >
        <option value="">${t("handover.choose")}</option>
        ${people.map((one) => html`<option value=${one.person} ?selected=${one.person === round.to}>${nameOf(one)}</option>`)}
      </select></label
    >
    <label class="pick"
      ><input
        type="checkbox"
        name="again"
        ?disabled=${Boolean(round.busy)}
        .checked=${round.again}
        @change=${(/** @type {Event} */ event) => choose({ again: /** @type {HTMLInputElement} */ (event.target).checked })}
      /><span>${t("handover.afresh")}<small>${t("handover.afresh_hint")}</small></span></label
    >
    <button class=${round.looked ? "" : "main"} ?disabled=${!round.to || Boolean(round.busy)} @click=${look}>
      ${t("handover.look")}
    </button>
  </section>`;
}

/** @param {{person: string, label: string}} one */
const nameOf = ({ person, label }) => [label, round.names.get(person)?.name].filter(Boolean).join(" ");

function progress() {
  const all = round.lines.length;
  if (round.busy === "look") return t("handover.looking", { at: round.at });
  return round.busy === "hand" ? t("handover.handing", { at: round.at, all }) : "";
}

const number = (/** @type {string} */ came) => round.lines.filter((line) => line.came === came).length;

function summary() {
  const [done, has, stays] = ["done", "has", "stays"].map(number);
  const due = round.lines.filter(isDue).length;
  const again = round.lines.filter((line) => line.again).length; // counted with what can go
  const who = once(colleaguesOf(office())).find(({ person }) => person === round.to)?.label ?? "";
  if (round.over)
    return html`<p class=${stays ? "say bad" : "say good"} role="alert">
      ${t(stays ? "handover.stayed" : "handover.done", { done, has, stays, who })}
    </p>`;
  return html`<section class="card">
    <p>${t("handover.found", { due, has, stays: stays - again, who })}</p>
    ${due ? html`<button class="main" ?disabled=${Boolean(round.busy)} @click=${() => onRound(hand)}>${t("handover.hand", { due, who })}</button>` : nothing}
  </section>`;
}

/** What stays stands first, then what goes; what he has already is a figure above. */
function list() {
  const order = ["stays", "due", "done"];
  const lines = round.lines
    .filter(({ came }) => order.includes(came))
    .sort((one, other) => order.indexOf(one.came) - order.indexOf(other.came));
  return html`<ul class="cases">
    ${lines.map(
      (line) =>
        html`<li data-came=${line.came}>
          <a href=${formatHash("case", line.case)}>${line.number || t("handover.unnumbered", { day: line.day })}</a>
          <span>${t(`state.${line.state}`)}</span>
          <b>${line.why || t(`handover_came.${line.came}`, { items: line.items })}</b>
        </li>`,
    )}
  </ul>`;
}

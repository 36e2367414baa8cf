/**
 * 批量办理: one act on the ticked cases. First a list of what each would come to, then one signature each; a round broken off
 * goes on where it stopped, for what stands already as it was wished is not signed again.
 */

import { html, nothing } from "lit";
import { visible } from "../../core/visible.js";
import { zoneDay } from "../days.js";
import { save } from "../files.js";
import { join } from "../forms.js";
import { onRound } from "../people/rounds.js";
import { plain } from "../registers/csv.js";
import { formatHash, parseHash } from "../route.js";
import { isShut, sentence } from "../session.js";
import { onForget, set, state } from "../store.js";
import { isTicked, onTicked, tickOnly, ticks } from "../ticks.js";
import { t } from "../words.js";
import { SEATED, carryOut, colleagues, peopleAs, weigh } from "./work.js";

/** @typedef {import("../types.js").Person} Person */
/** @typedef {import("./work.js").Line} Line */

const OPS = ["assign", "handover", "list"];

/** `people`: by role, and under "" the colleagues. */
const fresh = () => ({
  op: "",
  to: "",
  seats: /** @type {Record<string, string[]>} */ ({}),
  people: /** @type {Record<string, Person[]>} */ ({}),
  lines: /** @type {Line[]} */ ([]),
  busy: "",
  at: 0,
  looked: false,
  over: false,
  stopped: false,
  error: "",
});

let round = fresh();
onForget(() => (round = fresh()));
// What was looked at was of the rows ticked then: nothing is signed for a row that is not ticked any more.
onTicked((none) => {
  if (none) round = fresh();
  else Object.assign(round, { lines: [], looked: false, over: false, stopped: true });
});

// What was begun stands again after a reload: which cases, and what was wished. What each came to is looked at anew.
join("bulk", {
  read: () => (round.op && ticks().length && !round.over ? { ids: ticks(), ...wish() } : null),
  put: ({ ids, op, to, seats }) => {
    tickOnly(texts(ids));
    const chosen = Object.entries(Object(seats)).filter(([role]) => SEATED.includes(role));
    Object.assign(round, {
      op: OPS.includes(String(op)) ? op : "",
      to: String(to),
      seats: Object.fromEntries(chosen.map(([role, people]) => [role, texts(people)])),
    });
  },
  clear: () => (round = fresh()),
});

/** @param {unknown} found @returns {string[]} */
const texts = (found) => (Array.isArray(found) ? found.filter((one) => typeof one === "string") : []);

const wish = () => ({ op: round.op, to: round.to, seats: round.seats });

export async function loadBulk() {
  const { op = "" } = state.route.filters; // a key of the list says what is wished
  if (op) {
    // said once: a reload does not take it for the answer to what was chosen by hand since
    history.replaceState(null, "", formatHash("bulk"));
    set({ route: parseHash(location.hash) });
  }
  if (OPS.includes(op) && op !== round.op && !round.busy) choose({ op });
  const here = round;
  try {
    const [others, ...seated] = await Promise.all([colleagues(), ...SEATED.map(peopleAs)]);
    set({ people: { "": others, ...Object.fromEntries(SEATED.map((role, at) => [role, seated[at]])) } }, here);
  } catch (error) {
    set({ error: sentence(error) }, here);
  }
}

/** Another wish: what was looked at was of the one before. @param {Partial<ReturnType<typeof fresh>>} part */
const choose = (part) => set({ ...part, lines: [], looked: false, over: false, error: "" }, round);

/** One case after the other. @param {string} busy @param {string[]} ids @param {(id: string, wish: import("./work.js").Wish) => Promise<Line>} work */
async function walk(busy, ids, work) {
  const here = round;
  const wished = wish();
  set({ busy, at: 0, stopped: false, error: "" }, here);
  for (const [at, id] of ids.entries()) {
    if (here !== round || here.stopped) break; // the page is of another office or person now, or he stopped
    const line = isShut() ? null : await work(id, wished);
    if (!line || (isShut() && isUndone(line))) {
      here.stopped = true; // nobody is there: this case is as it was, and so are those behind it
      break;
    }
    const before = here.lines.findIndex((one) => one.case === id);
    here.lines = before < 0 ? [...here.lines, line] : here.lines.map((one, i) => (i === before ? line : one));
    set({ at: at + 1 }, here);
  }
  set({ busy: "" }, here);
}

/** Whether nothing came of it. @param {Line} line */
const isUndone = ({ came }) => came !== "done" && came !== "has";

/** What is signed: what could go when it was looked at, and what broke off while it was signed. @param {Line} line */
const isDue = ({ came, again }) => came === "due" || Boolean(again);

async function look() {
  const here = round;
  set({ lines: [], looked: false, over: false }, here);
  await walk("look", ticks(), weigh);
  set({ looked: !here.stopped }, here);
}

async function sign() {
  const here = round;
  const due = here.lines.filter((line) => isDue(line) && isTicked(line.case)).map((line) => line.case);
  await walk("sign", due, carryOut);
  set({ over: !here.lines.some(({ came }) => came === "due") }, here);
}

export function bulkPage() {
  const ids = ticks();
  return html`<div class="page bulk" aria-busy=${round.busy ? "true" : "false"}>
    <nav class="back noprint"><a href=${formatHash("inbox")}>${t("case.back")}</a></nav>
    <header class="pagehead"><h1 tabindex="-1">${t("bulk.title", { count: ids.length })}</h1></header>
    <p class="hint noprint">${t("bulk.rule")}</p>
    ${ids.length ? chooser() : html`<p class="say">${t("bulk.none")}</p>`}
    ${round.error ? html`<p class="say bad" role="alert">${round.error}</p>` : nothing}
    <p role="status" class="noprint">${progress(ids.length)}</p>
    ${round.lines.length ? [summary(), list()] : nothing}
  </div>`;
}

function chooser() {
  const busy = Boolean(round.busy);
  return html`<section class="card noprint">
    <fieldset class="field radios" ?disabled=${busy}>
      <legend>${t("bulk.what")}</legend>
      ${OPS.map(
        (op) =>
          html`<label class="pick"
            ><input
              type="radio"
              name="op"
              value=${op}
              .checked=${round.op === op}
              @change=${() => choose({ op })}
            /><span>${t(`bulk.${op}`)}</span></label
          >`,
      )}
    </fieldset>
    ${round.op === "assign" ? seats(busy) : nothing}${round.op === "handover" ? colleague(busy) : nothing}
    <button class=${round.looked ? "" : "main"} data-look ?disabled=${busy || !isSaid()} @click=${() => onRound(look)}>
      ${t("bulk.look")}
    </button>
    ${busy ? html`<button class="quiet" data-stop @click=${() => set({ stopped: true }, round)}>${t("bulk.stop")}</button>` : nothing}
  </section>`;
}

/** Whether it is said to the end what is wished. */
const isSaid = () =>
  round.op === "list" ||
  (round.op === "handover" && round.to !== "") ||
  (round.op === "assign" && Object.values(round.seats).some((people) => people.length > 0));

/** @param {boolean} busy */
function seats(busy) {
  const flip = (/** @type {string} */ role, /** @type {string} */ person) => () => {
    const now = round.seats[role] ?? [];
    const next = now.includes(person) ? now.filter((one) => one !== person) : [...now, person];
    choose({ seats: { ...round.seats, [role]: next } });
  };
  return html`<div class="seats">
    ${SEATED.map(
      (role) =>
        html`<fieldset class="field radios" ?disabled=${busy}>
          <legend>${t(`role.${role}`)}</legend>
          ${(round.people[role] ?? []).map(
            (one) =>
              html`<label class="pick"
                ><input
                  type="checkbox"
                  name=${role}
                  .checked=${(round.seats[role] ?? []).includes(one.person)}
                  @change=${flip(role, one.person)}
                /><span>${nameOf(one)}</span></label
              >`,
          )}
        </fieldset>`,
    )}
    <p class="hint">${t("bulk.seats_hint")}</p>
  </div>`;
}

/** @param {boolean} busy */
function colleague(busy) {
  return html`<label class="field"
    ><span>${t("handover.to")}</span
    ><select
      ?disabled=${busy}
      @change=${(/** @type {import("../types.js").Typed} */ event) => choose({ to: event.target.value })}
    >
      <option value="">${t("handover.choose")}</option>
      ${(round.people[""] ?? []).map((one) => html`<option value=${one.person} ?selected=${one.person === round.to}>${nameOf(one)}</option>`)}
    </select></label
  >`;
}

/** @param {Person} one */
const nameOf = ({ label, name }) => [label, name].filter(Boolean).join(" ");

/** @param {number} all */
function progress(all) {
  if (round.busy === "look") return t("bulk.looking", { at: round.at, all });
  return round.busy === "sign" ? t("bulk.signing", { at: round.at }) : "";
}

const number = (/** @type {string} */ came) => round.lines.filter((line) => line.came === came).length;

function summary() {
  if (round.busy || (!round.looked && !round.over)) return nothing;
  if (round.op === "list") return keeping();
  const [done, has, stays] = ["done", "has", "stays"].map(number);
  if (round.over)
    return html`<p class=${stays ? "say bad" : "say good"} role="alert" data-over>
      ${t("bulk.over", { done, has, stays })}
    </p>`;
  const due = round.lines.filter(isDue).length;
  const again = round.lines.filter((line) => line.again).length; // counted with what can go
  return html`<section class="card noprint">
    <p>${t("bulk.found", { due, has, stays: stays - again })}${done ? ` ${t("bulk.already", { done })}` : ""}</p>
    ${due ? html`<button class="main" data-sign @click=${() => onRound(sign)}>${t(`bulk.sign_${round.op}`, { due })}</button>` : nothing}
  </section>`;
}

/** The list itself is what was wished: on paper, or as a table. */
function keeping() {
  return html`<section class="card noprint">
    <p class="hint">${t("bulk.list_hint")}</p>
    <div class="row">
      <button class="main" data-print @click=${() => window.print()}>${t("bulk.print")}</button
      ><button data-csv @click=${saveTable}>${t("bulk.csv")}</button>
    </div>
  </section>`;
}

const COLUMNS = ["number", "state", "enterprise", "place", "line", "day"];

/** @param {Line} line @returns {string[]} */
const cellsOf = ({ number: no, state, day, card }) => [
  no || t("inbox.no_number"),
  t(`state.${state}`),
  ...["enterprise", "place", "line"].map((name) => visible(card[name] ?? "")),
  day,
];

function saveTable() {
  const rows = round.lines.filter(({ came }) => came !== "stays").map(cellsOf);
  const quoted = (/** @type {string} */ cell) => `"${plain(cell).replace(/"/g, '""')}"`;
  const lines = [COLUMNS.map((name) => t(`bulk_column.${name}`)), ...rows].map((cells) => cells.map(quoted).join(","));
  save(`${t("bulk.file")}-${zoneDay()}.csv`, `\ufeff${lines.join("\r\n")}\r\n`, "text/csv");
}

/** What stays stands first, then what goes, then what is done. */
function list() {
  const order = ["stays", "due", "done", "has"];
  const lines = [...round.lines].sort((one, other) => order.indexOf(one.came) - order.indexOf(other.came));
  return html`<ul class="cases">
    ${lines.map(
      (line) =>
        html`<li data-came=${line.came} data-case=${line.case}>
          <a href=${formatHash("case", line.case)}>${line.number || t("inbox.no_number")}</a>
          <span>${line.state ? t(`state.${line.state}`) : ""}</span>
          <b
            >${round.op === "list" && line.came === "due" ? [line.card.enterprise, line.card.place, line.card.line].filter(Boolean).map(visible).join(" · ") : line.why || t(`bulk_came.${line.came}`)}</b
          >
        </li>`,
    )}
  </ul>`;
}

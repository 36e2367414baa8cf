/** The inbox: rows from the server, their cards opened here; filters in the hash, search over what was opened. */

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { getJson } from "../../client/wire.js";
import { shaped } from "../../client/shapes.js";
import { remaining, zoneDay } from "../days.js";
import { reference } from "../reference.js";
import { effective, formatHash, inboxQuery } from "../route.js";
import { narrowed, rateOf, totalOf } from "./list.js";
import { pressLater } from "../pressing.js";
import { rotationCard } from "../people/rotation.js";
import { CardIndex } from "./search.js";
import { keepView, viewOf, views } from "./views.js";
import { isMentioned } from "../mentions.js";
import { office, sentence, signedIn } from "../session.js";
import { onForget, set, state } from "../store.js";
import { isTicked, tick, tickOnly, ticks } from "../ticks.js";
import { visible } from "../../core/visible.js";
import { t, word } from "../words.js";
import { listed } from "../../core/newposts.js";
import { workflow } from "../../core/table.js";

/** @typedef {import("../types.js").Row} Row */
/** @typedef {import("../types.js").Typed} Typed */

const PAGE = 50;
const LARGE_PAGE = 200;

/** @typedef {typeof state.inbox} Box a list; when another stands in its place, nobody looks at it any more */

/** Cards opened for this person and this office, by case. */
export const cards = new CardIndex();
onForget(() => cards.rows.clear());

let asked = 0;
/** Which load of the list is the newest, and which is being looked through. */
let loads = 0;
let looking = 0;

const isShown = (/** @type {Box} */ box) => box === state.inbox;

/** A list as it is asked for. Coming back to one that stands here already it keeps its length, or grows to a page, and
 * its place, and the old rows stay until the new ones are there. @param {Record<string, string>} filters */
export async function loadInbox(filters) {
  const box = state.inbox;
  const mine = (loads += 1);
  const back = box.rows.length > 0 && formatHash("inbox", "", box.filters) === formatHash("inbox", "", filters);
  const length = back ? Math.max(box.rows.length, PAGE) : PAGE;
  if (!back) set({ cursor: 0 }, box);
  set({ filters }, box);
  await fetchRows(box, "", Math.min(length, LARGE_PAGE));
  // An older load asks for nothing more: behind its cursor it would take the newer one's place.
  while (mine === loads && box.rows.length < length && goesOn(box)) await fetchRows(box, box.next, LARGE_PAGE);
  await lookFurther(box, mine);
}

/** One page more. @param {Box} box @param {string} after where it begins, "" for the first @param {number} limit
 * An answer that comes after a later question is nobody's: it would show rows under other filters. */
async function fetchRows(box, after, limit) {
  const { filters } = box;
  const mine = (asked += 1);
  set({ busy: true, error: "" }, box);
  try {
    const [{ years }, answer] = await signedIn(() =>
      Promise.all([
        reference(),
        getJson(`/api/inbox?${inboxQuery(filters, after, limit)}`).then((answer) => shaped("/api/inbox", answer)),
      ]),
    );
    if (mine !== asked || !isShown(box)) return;
    for (const row of answer.rows) cards.renumber(row.case, row.number);
    const rows = answer.rows.map((row) => ({
      ...row,
      opened: cards.rows.get(row.case)?.card ?? null,
      unreadable: "",
    }));
    const all = after ? [...box.rows, ...rows] : rows;
    const said = { next: answer.next, counts: answer.counts, unread: answer.unread };
    set({ rows: all, years, ...said, busy: false, grew: rows.length > 0 }, box);
    await openCards(box, rows);
    set({ month: filters.view === "overdue" ? await monthsRate() : null }, box);
  } catch (error) {
    if (mine === asked) set({ busy: false, error: sentence(error) }, box);
  }
}

/** There is more, and the last page brought something: a list without end would hold the page for ever. */
const goesOn = (/** @type {Box} */ box) => Boolean(isShown(box) && box.next && box.grew && !box.error);

const monthsRate = () =>
  getJson("/api/rate").then(
    (told) => shaped("/api/rate", told),
    () => null,
  );

/** What he looks for may lie on a page not fetched yet: fetch on, until all has been looked through or he stops. */
async function lookFurther(/** @type {Box} */ box, /** @type {number} */ load) {
  if (load !== loads || looking === load) return;
  looking = load;
  while (load === loads && box.search.trim() && goesOn(box)) await fetchRows(box, box.next, LARGE_PAGE);
  if (looking === load) looking = 0;
}

function searchFor(/** @type {string} */ words) {
  set({ search: words, cursor: 0 }, state.inbox);
  if (!state.inbox.busy) lookFurther(state.inbox, loads);
}

/** One row's fault is that row's: the others open all the same. */
async function openCards(/** @type {Box} */ box, /** @type {Row[]} */ rows) {
  for (const row of rows) {
    if (row.opened || !row.card) continue;
    try {
      const opened = await office().openCard(row);
      if (!isShown(box)) return;
      row.opened = opened;
      cards.add(row.case, row.number, row.opened ?? {});
    } catch {
      if (!isShown(box)) return;
      row.unreadable = row.card.carrier.head.includes('"author":"reporter"')
        ? "inbox.unreadable"
        : "inbox.unreadable_office";
    }
    set({});
  }
}

/** Rows the person sees: the server's choice, narrowed by what he typed. */
export function shown() {
  return narrowed(state.inbox, zoneDay(), (id, words) => cards.matches(id, words));
}

const go = (/** @type {Record<string, string>} */ filters) => {
  location.hash = formatHash("inbox", "", filters);
};

export function inboxPage() {
  const rows = shown();
  return html`<div class="page inbox">
    ${views()}
    <section class="list">
      ${rotationCard()}${toolbar()}
      ${state.inbox.error ? html`<p class="say bad">${state.inbox.error} <button class="small" @click=${() => loadInbox(state.inbox.filters)}>${t("inbox.again")}</button></p>` : nothing}
      ${state.inbox.month ? html`<p class="quietly">${t("inbox.month", rateOf(state.inbox.month))}</p>` : nothing}
      ${ticked()}${rows.length ? table(rows) : empty()}
      ${state.inbox.next ? html`<p class="center"><button class="quiet" ?disabled=${state.inbox.busy} @click=${() => fetchRows(state.inbox, state.inbox.next, PAGE)}>${t("inbox.more")}</button></p>` : nothing}
    </section>
  </div>`;
}

/** What the list is narrowed by. @returns {Record<string, string[]>} */
const choices = () => ({
  category: listed(workflow, office().officeKind(), "categories"),
  sector: workflow.sectors,
});

function toolbar() {
  const { filters } = state.route;
  const choose = (/** @type {string} */ name) => (/** @type {Typed} */ event) =>
    go({ ...effective(filters), view: "", [name]: event.target.value });
  const select = (/** @type {string} */ name) =>
    html`<label
      ><span class="hide">${t(`filter.${name}`)}</span
      ><select @change=${choose(name)}>
        <option value="">${t(`filter.${name}`)}</option>
        ${choices()[name].map((id) => html`<option value=${id} ?selected=${filters[name] === id}>${t(`${name}.${id}`)}</option>`)}
      </select></label
    >`;
  return html`<div class="toolbar">
    <label class="search"
      ><span class="hide">${t("inbox.search")}</span
      ><input
        type="search"
        id="search"
        placeholder=${t("inbox.search")}
        .value=${state.inbox.search}
        @input=${(/** @type {Typed} */ event) => searchFor(event.target.value)}
    /></label>
    <a
      class="further"
      href=${formatHash("search")}
      @click=${() => set({ question: state.inbox.search || state.search.question }, state.search)}
      >${t("search.all")}</a
    >
    ${select("category")}${select("sector")}${ordering()}
    <label class="pick"
      ><input
        type="checkbox"
        .checked=${filters.urgent === "1"}
        @change=${(/** @type {Typed} */ event) => go({ ...effective(filters), view: "", urgent: event.target.checked ? "1" : "" })}
      /><span>${t("filter.urgent")}</span></label
    >
    ${keepView()}<span class="total" role="status">${state.inbox.busy ? t("inbox.busy") : total()}</span>
    <button class="quiet" title=${t("help.title")} @click=${() => set({ help: true })}>?</button>
  </div>`;
}

/** Where the heads of the columns have no room. */
function ordering() {
  const { filters } = state.route;
  const now = effective(filters).order || "due";
  return html`<label class="ordering"
    ><span class="hide">${t("order.title")}</span
    ><select @change=${(/** @type {Typed} */ event) => go({ ...viewOf(filters), order: event.target.value })}>
      ${Object.values(ORDERS).map((order) => html`<option value=${order} ?selected=${now === order}>${t(`order.${order}`)}</option>`)}
    </select></label
  >`;
}

function total() {
  const { key, count } = totalOf(state.inbox, shown().length);
  return t(key, { count });
}

const COLUMNS = ["number", "state", "left", "subject", "class", "seated", "said", "files", "day"];
/** The order behind a column's head, as the door has it. @type {Record<string, string>} */
const ORDERS = { number: "number", state: "state", left: "due", day: "day" };

function table(/** @type {Row[]} */ rows) {
  return html`<table class="rows">
    <thead>
      <tr>
        <th class="c-tick">${tickAll(rows)}</th>
        <th><span class="hide">${t("filter.unread")}</span></th>
        ${COLUMNS.map(columnHead)}
      </tr>
    </thead>
    <tbody>
      ${repeat(rows, (/** @type {Row} */ row) => row.case, rowView)}
    </tbody>
  </table>`;
}

function tickAll(/** @type {Row[]} */ rows) {
  const ids = rows.map((row) => row.case);
  return html`<input
    type="checkbox"
    aria-label=${t("bulk.tick_all")}
    .checked=${ids.length > 0 && ids.every(isTicked)}
    @change=${(/** @type {Typed} */ event) => tick(ids, event.target.checked)}
  />`;
}

/** What may be done with the ticked rows. */
function ticked() {
  const count = ticks().length;
  if (!count) return nothing;
  return html`<p class="ticked" role="status" data-ticked>
    ${t("bulk.ticked", { count })} <a class="button" href=${formatHash("bulk")}>${t("bulk.open")}</a>
    <button class="quiet" @click=${() => tickOnly()}>${t("bulk.untick")}</button>
  </p>`;
}

/** A column that the list can be ordered by is a link to that order. @param {string} name */
function columnHead(name) {
  const order = ORDERS[name];
  const words = t(`column.${name}`);
  if (!order) return html`<th class=${`c-${name}`}>${words}</th>`;
  const { filters } = state.route;
  const isBy = (effective(filters).order || "due") === order;
  const sorted = isBy ? (order === "due" || order === "state" ? "ascending" : "descending") : "none";
  return html`<th class=${`c-${name}`} aria-sort=${sorted}>
    <a href=${formatHash("inbox", "", { ...viewOf(filters), order })} title=${t(`order.${order}`)}
      >${words}${isBy ? html`<span aria-hidden="true">${sorted === "ascending" ? " ▲" : " ▼"}</span>` : nothing}</a
    >
  </th>`;
}

function rowView(/** @type {Row} */ row, /** @type {number} */ number) {
  const left = remaining(row.due, zoneDay(), state.inbox.years, row.level === "");
  const open = () => {
    set({ cursor: number }, state.inbox);
    location.hash = formatHash("case", row.case);
  };
  return html`<tr
    class=${`${row.unread ? "unread" : ""} ${number === state.inbox.cursor ? "cursor" : ""}`}
    @click=${open}
  >
    <td class="c-tick" @click=${(/** @type {Event} */ event) => event.stopPropagation()}>
      <input
        type="checkbox"
        aria-label=${t("bulk.tick", { number: row.number || t("inbox.no_number") })}
        .checked=${isTicked(row.case)}
        @change=${(/** @type {Typed} */ event) => tick([row.case], event.target.checked)}
      />
    </td>
    <td class="c-dot">
      ${row.unread ? html`<span class="dot" title=${t("filter.unread")}><span class="hide">${t("filter.unread")}</span></span>` : nothing}
    </td>
    <td class="c-number">
      <a href=${formatHash("case", row.case)}>${row.number || t("inbox.no_number")}</a
      >${isMentioned(row.case) ? html`<span class="tag">${t("inbox.mentioned")}</span>` : nothing}${row.urgent ? html`<span class="state urgent">${t("inbox.urgent")}</span>` : nothing}
    </td>
    <td class="c-state">
      <span class=${`state s-${row.state}`}>${t(`state.${row.state}`)}</span
      >${row.held ? html`<span class="tag">${t("inbox.held")}</span>` : nothing}
    </td>
    <td class=${`c-left level ${row.level}`}>
      ${row.due ? html`<b>${t(left.key, left)}</b><small>${word(`step.${row.step}`, "")} ${row.due.slice(5)}${row.provisional ? html` <em>${t("clock.provisional")}</em>` : nothing}</small>` : html`<small>${t("left.none")}</small>`}
    </td>
    <td class="c-subject">${subject(row)}</td>
    <td class="c-class">
      <span class="c-category">${word(`category.${row.category || row.opened?.category || ""}`, "—")}</span
      ><small>${word(`sector.${row.sector || row.opened?.sector || ""}`, "")}</small>
    </td>
    <td class="c-seated">${row.seated.join("、") || "—"}</td>
    <td class="c-said">
      ${row.said ? html`<span class="tag" data-what="${t("column.said")} " title=${t("inbox.said_title")}>${t("inbox.said", { count: row.said })}</span>` : nothing}
    </td>
    <td class="c-files">
      ${row.files ? html`<span title=${t("inbox.files_title")}>${t("inbox.files", { count: row.files })}</span>` : nothing}
    </td>
    <td class="c-day">${row.day}</td>
  </tr>`;
}

/** The card, once opened and proved; else why there is none. */
function subject(/** @type {Row} */ row) {
  if (row.unreadable) return html`<span class="say bad">${t(row.unreadable)}</span>`;
  if (!row.card)
    return html`<span class="quietly">${t(row.state === "closed" ? "inbox.no_card_closed" : "inbox.no_card")}</span>`;
  if (!row.opened) return html`<span class="quietly">${t("inbox.opening")}</span>`;
  const alike = cards.alike(row.case).length;
  return html`<b>${visible(row.opened.enterprise || t("inbox.no_enterprise"))}</b
    >${row.opened.arrived ? html`<span class="tag">${t("inbox.taken")}</span>` : nothing}${alike ? html`<span class="tag" title=${t("inbox.alike_title")}>${t("inbox.alike", { count: alike })}</span>` : nothing}<small
      >${visible(row.opened.line || "")}</small
    >`;
}

function empty() {
  if (state.inbox.busy) return html`<p class="loading">${t("inbox.busy")}</p>`;
  const { view } = state.route.filters;
  const key = state.inbox.search
    ? "empty.search"
    : `empty.${view || (Object.keys(state.route.filters).length ? "filter" : "mine")}`;
  return html`<div class="empty">
    <div class="cup" aria-hidden="true"></div>
    <h2>${t(key)}</h2>
    <p>${t(`${key}_more`)}</p>
  </div>`;
}

/** What is wished with the ticked cases, behind a key. @type {Record<string, string>} */
const BULK = { a: "assign", e: "list" };

/** What a key of the case page does from the list: the case is opened for it, or with ticked ones all of them are.
 * @param {Row | undefined} row @param {string} key */
function onCase(row, key) {
  if (ticks().length && BULK[key]) return () => (location.hash = formatHash("bulk", "", { op: BULK[key] }));
  if (!row || !["a", "r", "e"].includes(key)) return null;
  return () => {
    pressLater(row.case, key);
    location.hash = formatHash("case", row.case);
  };
}

/** @param {KeyboardEvent} event */
export function inboxKeys(event) {
  const rows = shown();
  const move = (/** @type {number} */ step) => {
    set({ cursor: Math.max(0, Math.min(rows.length - 1, state.inbox.cursor + step)) }, state.inbox);
    requestAnimationFrame(() => document.querySelector("tr.cursor")?.scrollIntoView({ block: "nearest" }));
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => rows[state.inbox.cursor] && (location.hash = formatHash("case", rows[state.inbox.cursor].case)),
    x: () =>
      rows[state.inbox.cursor] && tick([rows[state.inbox.cursor].case], !isTicked(rows[state.inbox.cursor].case)),
    "/": () => /** @type {HTMLElement | null} */ (document.querySelector("#search"))?.focus(),
  };
  const act = keys[/** @type {keyof typeof keys} */ (event.key)] ?? onCase(rows[state.inbox.cursor], event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

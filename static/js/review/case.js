/** The case page: verified first, then shown; what this person may read on the left, what he can do on the right. */

import { html, nothing } from "lit";
import { factsTable, money, partLine, sumBox } from "./awardview.js";
import { receiverOf } from "./claims.js";
import { claimCard, receiverTable } from "./claimview.js";
import { remaining, zoneTime } from "./days.js";
import { openModel } from "./model.js";
import { readFacts, recheck } from "./money.js";
import { panel } from "./panel.js";
import { isOpen, paperCard, paperPage } from "./papers/page.js";
import { isDue, lookBack } from "./repeats.js";
import { repeats } from "./repeatview.js";
import { formatHash } from "./route.js";
import { office, sentence, signedIn } from "./session.js";
import { GROUND, PLAN, isSheet } from "./sheet.js";
import { set, state } from "./store.js";
import { fileSize, readJson, visible } from "./text.js";
import { conversation, timeline, whoLine } from "./timeline.js";
import { t, word } from "./words.js";
import { DoorError, postJson } from "../client/door.js";
import { ENTERED } from "../client/entering.js";

const GONE = new Set(["not_found", "wrong_role"]);

/** Open (or reopen) a case; the one shown stays on the screen until the new one is verified. @param {string} id */
export async function loadCase(id) {
  const entry = state.cases.get(id) ?? { model: null, error: "", busy: false };
  state.cases.set(id, entry);
  set({ busy: true, error: "" }, entry);
  try {
    entry.model = await signedIn(() => openModel(office(), id));
    if (isDue(entry.model)) lookBack(office());
    postJson("/api/seen", { case: id, head: entry.model.chain.newest }).catch(() => null);
  } catch (error) {
    entry.error = error instanceof DoorError ? sentence(error) : t("error.chain");
    // What is no longer his to see (he stepped back, his role was taken) goes; a lost connection takes nothing away.
    if (!(error instanceof DoorError) || GONE.has(error.code)) entry.model = null;
  }
  set({ busy: false }, entry);
}

export function casePage() {
  const entry = state.cases.get(state.route.id);
  if (!entry?.model) {
    return html`<div class="page">${back()}${entry?.error ? html`<p class="say bad">${entry.error}</p>` : html`<p class="loading">${t("case.opening")}</p>`}</div>`;
  }
  const { model } = entry;
  if (isOpen(model)) return paperPage(model);
  return html`<article class="page case">${back()}${entry.error ? html`<p class="say bad">${entry.error}</p>` : nothing}${head(model)}
    <div class="cols"><div class="left">${SECTIONS.map((section) => section(model))}</div><aside class="right">${panel(model)}${paperCard(model)}${clocks(model)}${timeline(model)}</aside></div></article>`;
}

function back() {
  return html`<nav class="back"><a href=${formatHash("inbox", "", state.inbox.filters)}>${t("case.back")}</a></nav>`;
}

const WAY = ["received", "accepted", "verifying", "verified", "reward_approved", "paid", "closed"];
/** @type {Record<string, number>} */
const STEP_OF = { awaiting_penalty: 2, unverified: 3, unable: 3, reward_proposed: 3, notified: 4, claimed: 4, refused: 4, forfeited: 5, not_accepted: 1, transferred: 1, objection: 3, clawback: 5 };

function head(/** @type {any} */ model) {
  const { state: now, category, sector } = model.fold;
  const at = STEP_OF[now] ?? WAY.indexOf(now);
  return html`<header class="casehead"><div class="titles">
      <h1 tabindex="-1">${model.number || t("inbox.no_number")} <span class=${`state s-${now}`}>${t(`state.${now}`)}</span>${model.fold.urgent ? html`<span class="state urgent">${t("inbox.urgent")}</span>` : nothing}${model.waiting ? html`<span class="tag">${t("inbox.held")}</span>` : nothing}${model.concur ? html`<span class="tag">${t("large.awaited")}</span>` : nothing}</h1>
      <p class="subject">${model.card?.enterprise ? html`<b>${visible(model.card.enterprise)}</b>` : nothing} ${model.card?.place ? visible(model.card.place) : nothing}</p>
      <p class="quietly">${[word(`category.${category}`, ""), word(`sector.${sector}`, ""), ENTERED.includes(model.fold.source) ? t(`taken.${model.fold.source}`) : ""].filter(Boolean).join(" · ")}</p></div>
    ${current(model)}<button type="button" class="jump main" @click=${() => document.getElementById("acts")?.scrollIntoView({ behavior: "smooth" })}>${t("case.jump")}</button>
    <ol class="way" aria-label=${t("case.way")}>${WAY.map((step, number) => html`<li class=${number < at ? "done" : number === at ? "now" : ""}><span>${t(`way.${step}`)}</span></li>`)}</ol></header>`;
}

/** The clock that runs now, large. */
function current(/** @type {any} */ model) {
  const clock = model.clocks.filter((/** @type {any} */ one) => !one.stop && one.step !== "objection").sort((/** @type {any} */ a, /** @type {any} */ b) => (a.due < b.due ? -1 : 1))[0];
  if (!clock) return nothing;
  const left = remaining(clock.due, model.today);
  return html`<div class=${`clock ${level(clock, model.today)}`}><b>${t(left.key, { days: left.days })}</b><span>${t(`step.${clock.step}`)} · ${clock.due}${clock.provisional ? html` <em title=${t("clock.provisional_title")}>${t("clock.provisional")}</em>` : nothing}</span></div>`;
}

/** Amber at 70 % of the time, red at 90 % (rules.md 10). */
function level(/** @type {any} */ clock, /** @type {any} */ today) {
  const all = Date.parse(clock.due) - Date.parse(clock.start);
  const used = all > 0 ? (Date.parse(today) - Date.parse(clock.start)) / all : 1;
  if (today > clock.due) return "overdue";
  return used >= 0.9 ? "red" : used >= 0.7 ? "amber" : "";
}

function clocks(/** @type {any} */ model) {
  if (!model.clocks.length) return nothing;
  return html`<section class="card"><h2>${t("clock.title")}</h2><table class="clocks"><tbody>${model.clocks.map((/** @type {any} */ clock) => html`<tr class=${clock.stop ? "stopped" : level(clock, model.today)}>
    <th>${t(`step.${clock.step}`)}</th><td>${clock.paused ? t("step.paused") : clock.due}${clock.hour === undefined ? nothing : html` ${clock.hour}:00`}${clock.provisional ? html` <em>${t("clock.provisional")}</em>` : nothing}</td>
    <td>${clock.stop ? t("clock.stopped", { day: clock.stop }) : t(remaining(clock.due, model.today).key, { days: remaining(clock.due, model.today).days })}</td></tr>`)}</tbody></table></section>`;
}

const SECTIONS = [report, extracts, notes, findings, identity, repeats, award, claim, (/** @type {any} */ model) => conversation(model, "thread"), (/** @type {any} */ model) => conversation(model, "payout")];

const itemsOf = (/** @type {any} */ model, /** @type {string} */ comp, /** @type {string[]} */ kinds) =>
  model.items.filter((/** @type {any} */ item) => item.comp === comp && kinds.includes(item.kind));
const actOf = (/** @type {any} */ model, /** @type {any} */ item) => model.acts.find((/** @type {any} */ act) => act.hash === item.post);

function report(/** @type {any} */ model) {
  const items = itemsOf(model, "report", ["report"]);
  if (!items.length) return closed(model);
  const { arrived = "", paper = "" } = model.taken;
  const card = { ...model.card, arrived: String(arrived), paper: String(paper) };
  return html`<section class="card original"><h2>${t("case.report")}</h2>
    ${cardTable(card)}
    ${items.map((/** @type {any} */ item) => item.meta.name ? attachment(item) : html`<p class="words">${visible(item.text)}</p>`)}
    <p class="meta">${t("case.report_meta", { day: model.acts[0].day, source: word(`source.${model.acts[0].fields.source}`, t("source.web")) })}</p></section>`;
}

/** Not a hidden text: there is no key. Said to those whose work rests on the extract. */
function closed(/** @type {any} */ model) {
  return html`<section class="card locked"><h2>${t("case.report")}</h2><p>${t(model.roles.includes("verifier") ? "case.no_key_verifier" : "case.no_key")}</p></section>`;
}

function cardTable(/** @type {any} */ card) {
  const rows = ["enterprise", "place", "since", "relation", "arrived", "paper"].filter((name) => card[name]);
  return rows.length ? html`<dl class="facts">${rows.map((name) => html`<dt>${t(`card.${name}`)}</dt><dd>${word(`${name}.${card[name]}`, visible(card[name]))}</dd>`)}</dl>` : nothing;
}

function attachment(/** @type {any} */ item) {
  const open = () => {
    const url = URL.createObjectURL(new Blob([item.body], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = item.meta.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  return html`<button type="button" class="file" @click=${open}>${visible(item.meta.name)} <small>${fileSize(item.meta.size)}</small></button>`;
}

/** The redacted extract: the newest first, what went before folded away. */
function extracts(/** @type {any} */ model) {
  const texts = itemsOf(model, "work", ["extract"]).filter((/** @type {any} */ item) => item.meta.type !== "application/json");
  if (!texts.length) return model.roles.includes("verifier") ? html`<section class="card"><h2>${t("case.extract")}</h2><p class="quietly">${t("case.no_extract")}</p></section>` : nothing;
  return html`<section class="card"><h2>${t("case.extract")}</h2>${model.report === null && model.card ? cardTable(model.card) : nothing}
    ${texts.slice(-1).map((/** @type {any} */ item) => signedText(model, item))}
    ${texts.length > 1 ? html`<details class="more"><summary>${t("case.earlier", { count: texts.length - 1 })}</summary>${texts.slice(0, -1).reverse().map((/** @type {any} */ item) => signedText(model, item))}</details>` : nothing}</section>`;
}

function signedText(/** @type {any} */ model, /** @type {any} */ item) {
  const act = actOf(model, item);
  return html`<div class="signed">${words(item)}<p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p></div>`;
}

/** What an item says: words, or the lines of a sheet. */
function words(/** @type {any} */ item) {
  if (!isSheet(item)) return html`<p class="words">${visible(item.text)}</p>`;
  const said = Object.entries(readJson(item.text) ?? {}).filter(([name, value]) => value && [...GROUND, ...PLAN].includes(name));
  return said.length ? html`<dl class="facts">${said.map(([name, value]) => html`<dt>${t(`field.${name}`)}</dt><dd>${visible(String(value))}</dd>`)}</dl>` : nothing;
}

function notes(/** @type {any} */ model) {
  const items = itemsOf(model, "work", ["accept", "decline", "transfer", "pause", "dispatch", "merge", "transfer.result", "list", "rectify", "cosign", "escalate", "repin"]).filter((/** @type {any} */ item) => item.text);
  return items.length ? html`<section class="card"><h2>${t("case.notes")}</h2>${items.map((/** @type {any} */ item) => signedText(model, item))}</section>` : nothing;
}

function findings(/** @type {any} */ model) {
  const acts = model.acts.filter((/** @type {any} */ act) => act.kind === "finding");
  if (!acts.length) return nothing;
  return html`<section class="card"><h2>${t("case.finding")}</h2>${acts.map((/** @type {any} */ act) => html`<div class="signed">
    <p><span class=${`state s-${act.fields.outcome}`}>${t(`outcome.${act.fields.outcome}`)}</span></p>
    ${model.items.filter((/** @type {any} */ item) => item.post === act.hash).map((/** @type {any} */ item) => item.comp === "award" ? !item.body.length ? nothing : html`<h3>${t("case.facts")}</h3>${factsTable(readFacts(item))}` : words(item))}
    <p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p></div>`)}</section>`;
}

/** Shown only once the reporter has been told: the opening is a post of its own. */
function identity(/** @type {any} */ model) {
  const items = itemsOf(model, "identity", ["report"]);
  if (!items.length) return nothing;
  const told = model.fold.asks.some((/** @type {any} */ ask) => ask.opened && ask.person === model.me.person);
  if (!told) return html`<section class="card locked"><h2>${t("case.identity")}</h2><p>${t("case.identity_given")}</p></section>`;
  return html`<section class="card original"><h2>${t("case.identity")}</h2><p class="words">${visible(items[0].text) || t("case.identity_empty")}</p><p class="meta">${t("case.identity_meta")}</p></section>`;
}

function award(/** @type {any} */ model) {
  const proposal = model.acts.filter((/** @type {any} */ act) => act.kind === "award.propose").at(-1);
  if (!proposal) return nothing;
  const result = recheck(model);
  return html`<section class="card"><h2>${t("case.award")}</h2>
    <dl class="facts"><dt>${t("award.proposed")}</dt><dd>${money(proposal.fields.fen)}</dd>
      ${model.fold.approved ? html`<dt>${t("award.approved")}</dt><dd>${money(model.fold.approved)}</dd>` : nothing}<dt>${t("field.pack")}</dt><dd>${proposal.fields.pack}</dd></dl>
    ${partLine(model)}${result.facts ? html`${factsTable(result.facts)}${sumBox(result)}<p class=${result.same ? "say good" : "say bad"}>${t(result.same ? "award.same" : "award.differs")}</p>` : nothing}</section>`;
}

function claim(/** @type {any} */ model) {
  const told = model.items.some((/** @type {any} */ item) => item.kind === "claim" && readJson(item.text));
  const receiver = receiverOf(model);
  return told || receiver ? html`<section class="card"><h2>${t("case.claim")}</h2>${claimCard(model)}${receiver ? receiverTable(receiver, model.fold.awarded) : nothing}</section>` : nothing;
}

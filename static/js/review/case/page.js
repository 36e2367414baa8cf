/** The case page: verified first, then shown; what this person may read on the left, what he can do on the right. */

import { html, nothing } from "lit";
import { factsTable, money, partLine, sumBox, verdict } from "../money/awardview.js";
import { differsBlock, figuresOf, figuresTable } from "../money/basisview.js";
import { factsIn, figures } from "../../client/basis.js";
import { fileDialog, filesCard } from "../files/card.js";
import { isFile } from "../files/listed.js";
import { endOf } from "../money/ended.js";
import { receiverOf } from "../../client/claims.js";
import { claimCard, receiverTable } from "../money/claimview.js";
import { remaining, zoneTime } from "../days.js";
import { cards } from "../inbox/page.js";
import { renew } from "../search/gathering.js";
import { parentCard } from "./beside.js";
import { duplicatesCard } from "./duplicates.js";
import { custodyCard, isGone } from "./custody.js";
import { pressWaiting } from "./keys.js";
import { marksBlock } from "./marks.js";
import { openModel } from "./model.js";
import { honours } from "./honours.js";
import { notesCard } from "./notes.js";
import { itemWords as words } from "./sheets.js";
import { readFacts, recheck } from "../money/award.js";
import { goals, offered, panel, take } from "./panel.js";
import { shownClocks } from "./way.js";
import { openingsCard } from "../people/audit.js";
import { isOpen, paperCard, paperPage } from "../papers/page.js";
import { isDue, lookBack } from "../money/repeats.js";
import { repeats } from "../money/repeatview.js";
import { lookForMentions } from "../mentions.js";
import { formatHash } from "../route.js";
import { office, openingFault, signedIn } from "../session.js";
import { GROUND, PLAN } from "../parts.js";
import { isSheet } from "../../client/registers.js";
import { renewDrafts, set, state } from "../store.js";
import { visible } from "../../core/visible.js";
import { tiesCard } from "./ties.js";
import { conversation, timeline, whoLine } from "./timeline.js";
import { has, t, word } from "../words.js";
import { retry } from "../drawer.js";
import { ClientError } from "../../client/errors.js";
import { postJson } from "../../client/wire.js";
import { TRANSCRIBED } from "../../client/transcribing.js";
import { level } from "../../core/calendar.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Clock} Clock */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */

const GONE = new Set(["not_found", "wrong_role"]);

/** Open (or reopen) a case; the one shown stays on the screen until the new one is verified. @param {string} id */
export async function loadCase(id) {
  const slot = state.cases.get(id) ?? { model: null, error: "", busy: false };
  state.cases.set(id, slot);
  set({ busy: true, error: "" }, slot);
  state.beside.clear();
  retry();
  try {
    const model = await signedIn(() => openModel(office(), id));
    if (state.cases.get(id) !== slot) return; // of another office, or of somebody who unlocked the page before
    slot.model = model;
    slot.read = Date.now();
    cards.renumber(id, slot.model.number);
    renew(slot.model);
    lookForMentions(slot.model);
    pressWaiting(slot.model);
    renewDrafts(id, offered(slot.model));
    if (isDue(slot.model)) lookBack(office());
    postJson("/api/seen", { case: id, head: slot.model.chain.newest }).catch(() => null);
  } catch (error) {
    const taken = !office().keys; // by another tab meanwhile: nothing was wrong with the case, it opens once he is back
    const gone = error instanceof ClientError && GONE.has(error.code);
    slot.error =
      taken && !(error instanceof ClientError) ? "" : gone && slot.model ? t("case.gone") : openingFault(error);
    // What is no longer his to see (he stepped back, his role was taken, the site went back to a day before the case)
    // goes; a lost connection takes nothing away.
    if (!(error instanceof ClientError) || gone) slot.model = null;
  }
  set({ busy: false }, slot);
}

const STALE = 3_000; // ms: nobody comes back to a page sooner

/** Whoever comes back to a case left open sees what colleagues did meanwhile; what he typed stays. @param {string} id */
export function lookAgain(id) {
  const slot = state.cases.get(id);
  if (slot?.model && !slot.busy && Date.now() - (slot.read ?? 0) > STALE) loadCase(id);
}

export function casePage() {
  const slot = state.cases.get(state.route.id);
  if (!slot?.model) {
    return html`<div class="page">
      ${back()}${slot?.error ? html`<p class="say bad">${slot.error}</p>` : html`<p class="loading">${t("case.opening")}</p>`}
    </div>`;
  }
  const { model } = slot;
  if (isOpen(model)) return paperPage(model);
  return html`<article class="page case">
    ${back()}${slot.error ? html`<p class="say bad">${slot.error}</p>` : nothing}${head(model)}
    <div class="cols">
      <div class="left">${SECTIONS.map((section) => section(model))}${timeline(model)}</div>
      <aside class="right">
        ${panel(model)}${parentCard(model)}${paperCard(model)}${clocks(model)}${custodyCard(model)}${openingsCard(model)}
      </aside>
    </div>
  </article>`;
}

/** What lies over the case: a file of it. */
export function caseDialog() {
  return fileDialog(goals, take);
}

function back() {
  const found = state.search.question && state.search.gathered;
  return html`<nav class="back">
    <a href=${formatHash("inbox", "", state.inbox.filters)}>${t("case.back")}</a
    >${found ? html` <a href=${formatHash("search")}>${t("search.back")}</a>` : nothing}
  </nav>`;
}

const WAY = ["received", "accepted", "verifying", "verified", "reward_approved", "paid", "closed"];
/** @type {Record<string, number>} */
const STEP_OF = {
  awaiting_penalty: 2,
  unverified: 3,
  unable: 3,
  reward_proposed: 3,
  notified: 4,
  claimed: 4,
  refused: 4,
  forfeited: 5,
  not_accepted: 1,
  transferred: 1,
  objection: 3,
  clawback: 5,
};

function head(/** @type {Model} */ model) {
  const { state: now, category, sector } = model.fold;
  const at = STEP_OF[now] ?? WAY.indexOf(now);
  return html`<header class="casehead">
    <div class="titles">
      <h1 tabindex="-1">
        ${model.number || t("inbox.no_number")}
        <span class=${`state s-${now}`}>${t(`state.${now}`)}</span
        >${model.fold.urgent ? html`<span class="state urgent">${t("inbox.urgent")}</span>` : nothing}${model.waiting ? html`<span class="tag">${t("inbox.held")}</span>` : nothing}${model.concur ? html`<span class="tag">${t("large.awaited")}</span>` : nothing}${model.lacks.map((kind) => html`<span class="tag">${word(`grounds.lacks_${kind}`, kind)}</span>`)}
      </h1>
      <p class="subject">
        ${model.card?.enterprise ? html`<b>${visible(model.card.enterprise)}</b>` : nothing}
        ${model.card?.place ? visible(model.card.place) : nothing}
      </p>
      <p class="quietly">
        ${[word(`category.${category}`, ""), word(`sector.${sector}`, ""), TRANSCRIBED.includes(model.fold.source) ? t(`taken.${model.fold.source}`) : ""].filter(Boolean).join(" · ")}
      </p>
    </div>
    ${current(model)}<button
      type="button"
      class="jump main"
      @click=${() => document.getElementById("acts")?.scrollIntoView({ behavior: "smooth" })}
    >
      ${t("case.jump")}
    </button>
    <ol class="way" aria-label=${t("case.way")}>
      ${WAY.map((step, number) => html`<li class=${number < at ? "done" : number === at ? "now" : ""}><span>${t(`way.${step}`)}</span></li>`)}
    </ol>
  </header>`;
}

/** The clock that runs now, large. */
function current(/** @type {Model} */ model) {
  const clock = model.clocks
    .filter((one) => !one.stop && one.step !== "objection")
    .sort((a, b) => (a.due < b.due ? -1 : 1))[0];
  if (!clock) return nothing;
  const left = leftOn(clock, model);
  const how = clock.paused ? "" : level(clock.start, clock.due, model.today, model.workflow);
  return html`<div class=${`clock ${how}`}>
    <b>${clock.paused ? t("step.paused") : t(left.key, left)}</b
    ><span
      >${t(`step.${clock.step}`)} ·
      ${clock.due}${clock.provisional ? html` <em title=${t("clock.provisional_title")}>${t("clock.provisional")}</em>` : nothing}</span
    >
  </div>`;
}

function leftOf(/** @type {Clock} */ clock, /** @type {Model} */ model) {
  const left = leftOn(clock, model);
  return t(left.key, left);
}

/** @param {Clock} clock @param {Model} model */
function leftOn({ step, due }, { today, years, workflow }) {
  return remaining(due, today, years, workflow.clocks.find((one) => one.step === step)?.whose === "reporter");
}

function clocks(/** @type {Model} */ model) {
  if (!model.clocks.length) return nothing;
  return html`<section class="card">
    <h2>${t("clock.title")}</h2>
    <table class="clocks">
      <tbody>
        ${shownClocks(model.clocks).map(
          (/** @type {Clock} */ clock) =>
            html`<tr class=${clock.stop ? "stopped" : level(clock.start, clock.due, model.today, model.workflow)}>
              <th>${t(`step.${clock.step}`)}</th>
              <td>
                ${clock.paused ? t("step.paused") : clock.due}${clock.hour === undefined ? nothing : html` ${clock.hour}:00`}${clock.provisional ? html` <em>${t("clock.provisional")}</em>` : nothing}
              </td>
              <td>${clock.stop ? t("clock.stopped", { day: clock.stop }) : leftOf(clock, model)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

const SECTIONS = [
  broken,
  (/** @type {Model} */ model) => tiesCard(model, offered(model)),
  duplicatesCard,
  insideCard,
  report,
  (/** @type {Model} */ model) => filesCard(model, (act) => whoLine(model.who(act))),
  extracts,
  (/** @type {Model} */ model) => notesCard(model, offered(model)),
  findings,
  identity,
  repeats,
  award,
  honours,
  claim,
  (/** @type {Model} */ model) => conversation(model, "thread"),
  (/** @type {Model} */ model) => conversation(model, "payout"),
];

const itemsOf = (/** @type {Model} */ model, /** @type {string} */ comp, /** @type {string[]} */ kinds) =>
  model.items.filter((/** @type {Item} */ item) => item.comp === comp && kinds.includes(item.kind) && !isFile(item));
/** An opened item came in a post of the chain. */
const actOf = (/** @type {Model} */ model, /** @type {Item} */ item) =>
  /** @type {Act} */ (model.acts.find((/** @type {Act} */ act) => act.hash === item.post));

/** What was sealed for this reader and does not open, or is no such thing as may stand there: whose it is. */
function broken(/** @type {Model} */ model) {
  if (!model.broken.length) return nothing;
  return html`<section class="card broken" role="note">
    <h2>${t("broken.title")}</h2>
    <ul>
      ${model.broken.map(
        (/** @type {import("../../client/reading.js").Opened} */ item) =>
          html`<li>
            <b>${t(`compartment.${item.comp}`)}</b> · ${word(`kind.${item.kind}`, item.kind)} ·
            ${whoLine(model.who(actOf(model, item)))} ${handedBy(model, item)}
          </li>`,
      )}
    </ul>
    ${model.broken.some(({ given }) => !given.length) ? html`<p class="quietly">${t("broken.text")}</p>` : nothing}
  </section>`;
}

/** Who handed on a key that opens nothing, and whom to ask for another. @param {Model} model @param {import("../../client/reading.js").Opened} item */
function handedBy(model, item) {
  const act = model.acts.filter(({ hash }) => item.given.includes(hash)).slice(-1)[0];
  if (!act) return nothing;
  return html`<p data-given>
    ${t(`broken_by.${has(`broken_by.${act.kind}`) ? act.kind : "other"}`, { who: named(model.who(act)) })}
  </p>`;
}

/** @param {import("../types.js").Who} who */
const named = ({ label, name }) => [label, name].filter(Boolean).join(" ");

function report(/** @type {Model} */ model) {
  const items = itemsOf(model, "report", ["report"]);
  if (!items.length) return isBroken(model, "report") ? nothing : closed(model);
  const { arrived = "", paper = "" } = model.taken;
  const card = { ...model.card, arrived: String(arrived), paper: String(paper) };
  return html`<section class="card original">
    <h2>${t("case.report")}</h2>
    ${cardTable(card)} ${items.map((/** @type {Item} */ item) => html`<p class="words">${visible(item.text)}</p>`)}
    <p class="meta">
      ${t("case.report_meta", { day: model.acts[0].day, source: word(`source.${model.acts[0].fields.source}`, t("source.web")) })}
    </p>
  </section>`;
}

/** @param {Model} model @param {string} comp */
const isBroken = (model, comp) => model.broken.some((/** @type {{comp: string}} */ item) => item.comp === comp);

/** Not a hidden text: there is no key. Said to those whose work rests on the extract. */
function closed(/** @type {Model} */ model) {
  const why = model.roles.includes("verifier") ? "case.no_key_verifier" : "case.no_key";
  return html`<section class="card locked">
    <h2>${t("case.report")}</h2>
    <p>${t(isGone(model, "report") ? "custody.gone" : why)}</p>
  </section>`;
}

function cardTable(/** @type {Record<string, string>} */ card) {
  const rows = ["enterprise", "place", "since", "relation", "arrived", "paper"].filter((name) => card[name]);
  return rows.length
    ? html`<dl class="facts">
        ${rows.map(
          (name) =>
            html`<dt>${t(`card.${name}`)}</dt>
              <dd>${word(`${name}.${card[name]}`, visible(card[name]))}</dd>`,
        )}
      </dl>`
    : nothing;
}

/** The redacted extract: the newest first, what went before folded away. */
function extracts(/** @type {Model} */ model) {
  const texts = itemsOf(model, "work", ["extract"]).filter(
    (/** @type {Item} */ item) => item.meta.type !== "application/json",
  );
  if (!texts.length)
    return model.roles.includes("verifier")
      ? html`<section class="card">
          <h2>${t("case.extract")}</h2>
          <p class="quietly">${t("case.no_extract")}</p>
        </section>`
      : nothing;
  return html`<section class="card">
    <h2>${t("case.extract")}</h2>
    ${model.report === null && model.card ? cardTable(model.card) : nothing}
    ${texts.slice(-1).map((/** @type {Item} */ item) => signedText(model, item))}${marksBlock(model)}
    ${
      texts.length > 1
        ? html`<details class="more">
            <summary>${t("case.earlier", { count: texts.length - 1 })}</summary>
            ${texts
              .slice(0, -1)
              .reverse()
              .map((/** @type {Item} */ item) => signedText(model, item))}
          </details>`
        : nothing
    }
  </section>`;
}

function signedText(/** @type {Model} */ model, /** @type {Item} */ item) {
  const act = actOf(model, item);
  return html`<div class="signed">
    ${words(item)}
    <p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p>
  </div>`;
}

/** What is proven of her having reported inside a company before. @param {Model} model */
function insideCard({ inside }) {
  if (!inside) return nothing;
  return html`<section class="card" data-inside>
    <h2>${t("inside.title")}</h2>
    <p>${t("inside.proven", { day: inside.day, office: inside.office })}</p>
    <p class="hint">${t("inside.not")}</p>
  </section>`;
}

function findings(/** @type {Model} */ model) {
  const acts = model.acts.filter((/** @type {Act} */ act) => act.kind === "finding");
  if (!acts.length) return nothing;
  return html`<section class="card">
    <h2>${t("case.finding")}</h2>
    ${acts.map(
      (/** @type {Act} */ act) =>
        html`<div class="signed">
          <p>
            <span class=${`state s-${act.fields.outcome}`}>${t(`outcome.${act.fields.outcome}`)}</span
            >${act.hash === model.fold.finding ? nothing : html` <span class="tag">${t("case.no_longer")}</span>`}
          </p>
          ${model.items
            .filter((/** @type {Item} */ item) => item.post === act.hash && !isFile(item))
            .map((/** @type {Item} */ item) =>
              item.comp === "award"
                ? !item.body.length
                  ? nothing
                  : html`<h3>${t("case.facts")}</h3>
                      ${factsTable(readFacts(item))}`
                : words(item),
            )}
          ${statedFigures(model, act)}
          <p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p>
        </div>`,
    )}
  </section>`;
}

/** The figures among the work, where this key does not open the sealed ones; in red where the two are not the same. @param {Model} model @param {Act} act */
function statedFigures(model, act) {
  const stated = figuresOf(model, act.hash);
  const sealed = factsIn(model.items, act.hash);
  if (!sealed)
    return Object.keys(stated).length
      ? html`<h3>${t("case.facts")}</h3>
          ${figuresTable(stated)}`
      : nothing;
  const same = Object.entries(figures(sealed)).every(([name, value]) => stated[name] === value);
  return same || !Object.keys(stated).length
    ? nothing
    : html`<p class="say bad">${t("basis.two_figures")}</p>
        ${figuresTable(stated)}`;
}

/** Shown only once the reporter has been told: the opening is a post of its own. */
function identity(/** @type {Model} */ model) {
  const items = itemsOf(model, "identity", ["report"]);
  if (!items.length) return nothing;
  const told = model.fold.asks.some((ask) => ask.opened && ask.person === model.me.person);
  if (!told)
    return html`<section class="card locked">
      <h2>${t("case.identity")}</h2>
      <p>${t("case.identity_given")}</p>
    </section>`;
  return html`<section class="card original">
    <h2>${t("case.identity")}</h2>
    <p class="words">${visible(items[0].text) || t("case.identity_empty")}</p>
    <p class="meta">${t("case.identity_meta")}</p>
  </section>`;
}

function award(/** @type {Model} */ model) {
  const proposal = model.acts.filter((/** @type {Act} */ act) => act.kind === "award.propose").slice(-1)[0];
  if (!proposal) return nothing;
  const end = endOf(model);
  return html`<section class="card" data-award>
    <h2>${t("case.award")}${end ? html` <span class="state s-refused">${t(`ended.${end.kind}`)}</span>` : nothing}</h2>
    ${end ? ended(model, end) : nothing}
    ${
      end && end.kind !== "award.unapprove"
        ? html`<details class="more">
            <summary>${t("ended.before")}</summary>
            ${reckoning(model, proposal, "ended")}
          </details>`
        : reckoning(model, proposal, model.fold.proposal?.hash === proposal.hash ? "counts" : "void")
    }
  </section>`;
}

/** Who took the award back, when and why. @param {Model} model @param {Act} end */
function ended(model, end) {
  return html`<p class="say warn">
      ${t(`kind.${end.kind}`)} · ${word(`reason.${end.fields.reason}`, visible(end.fields.reason))}
    </p>
    <p class="meta">${whoLine(model.who(end))} <time>${zoneTime(end.when)}</time></p>`;
}

/** @param {Model} model @param {Act} proposal @param {"counts" | "void" | "ended"} standing */
function reckoning(model, proposal, standing) {
  const result = recheck(model);
  const verdicts = {
    counts: () => verdict(model, result),
    void: () => html`<p class="say warn">${t("award.void")}</p>`,
    ended: () => nothing,
  };
  return html`<dl class="facts">
      <dt>${t("award.proposed")}</dt>
      <dd>${money(proposal.fields.fen)}</dd>
      ${
        model.fold.approved
          ? html`<dt>${t("award.approved")}</dt>
              <dd>${money(model.fold.approved)}</dd>`
          : nothing
      }
      <dt>${t("field.pack")}</dt>
      <dd>${proposal.fields.pack}</dd>
    </dl>
    ${differsBlock(model)}${partLine(model)}${
      result.facts
        ? html`${factsTable(result.facts)}${sumBox(result, model.officeKind)}${verdicts[standing]()}`
        : nothing
    }`;
}

function claim(/** @type {Model} */ model) {
  const told = model.items.some((/** @type {Item} */ item) => item.document === "claim");
  const receiver = receiverOf(model);
  return told || receiver
    ? html`<section class="card">
        <h2>${t("case.claim")}</h2>
        ${claimCard(model)}${receiver ? receiverTable(receiver, model.fold.awarded) : nothing}
      </section>`
    : nothing;
}

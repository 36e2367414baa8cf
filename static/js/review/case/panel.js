/** What can be done now: the acts the table allows this person, one open at a time, signed and sent. */

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { allowed } from "../../core/case.js";
import { openUntil } from "../../core/newposts.js";
import { ClientError } from "../../client/errors.js";
import { recheck, refusedNew, seal, send } from "../../client/office.js";
import { ACTS, compose, first, problem, startValues } from "./acts.js";
import { askable } from "./acts/custody.js";
import { channelOf } from "./acts/reception.js";
import { enclosedIn, enclosures, onTheWay, openTo, put as putFile } from "../files/enclosures.js";
import { newKeys } from "../../client/grants.js";
import { field } from "./inputs.js";
import { whoLine } from "./timeline.js";
import { askedFor, awaited, lostItsReason, nextStep, peers } from "./way.js";
import { viewing } from "../files/viewing.js";
import { office, sentence, signedIn } from "../session.js";
import { PUT_AWAY, changed, draftOf, dropDraft, set, state, tell } from "../store.js";
import { visible } from "../../core/visible.js";
import { zoneTime } from "../days.js";
import { t, word } from "../words.js";

/** @typedef {import("../types.js").Draft} Draft */
/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Value} Value */

/** Acts that stand behind "more": rare, and not what somebody waits for. */
const isRare = (/** @type {Model} */ model, /** @type {string} */ kind) =>
  model.workflow.kinds[kind].rare === true && !awaited(model).includes(kind);

/** The acts offered: what the table allows and what would not be empty. @param {Model} model @returns {string[]} */
export function offered(model) {
  const kinds = Object.keys(ACTS).filter((kind) =>
    allowed(model.fold, model.roles, model.me.person, model.workflow).includes(kind),
  );
  // What is refused whatever stands in its fields is not offered: retired, or her time to object still runs.
  return kinds.filter((kind) => !refusedNew(model, kind, {}) && (USEFUL[kind] ? USEFUL[kind](model) : true));
}

/** @type {Record<string, (model: Model) => boolean>} */
const USEFUL = {
  "objection.decide": (model) => isRead(model),
  "recuse.why": () => false, // signed with the recusal, and never alone
  regrant: (model) => newKeys(office(), model).length > 0,
  handover: (model) => model.held.size > 0 && peers(model).length > 0,
  "claim.check": ({ fold: { marks } }) => !marks.includes("claim.check") || marks.includes("award.cancel.ask"),
  "destroy.ask": (model) => askable(model).length > 0,
  // Again where the half that was given does not open.
  "identity.ask": ({ fold, broken }) =>
    fold.asks.every((ask) => ask.opened) || broken.some((one) => one.comp === "identity"),
};

/** @param {Model} model */
export function panel(model) {
  if (model.chain.withheld)
    return html`<section class="card acts">
      <h2>${t("acts.title")}</h2>
      <p class="say bad">${t("acts.withheld")}</p>
    </section>`;
  const kinds = offered(model);
  const open = openIn(model, kinds);
  return html`<section class="card acts" id="acts">
    <h2 tabindex="-1">${t("acts.title")}</h2>
    ${wayOut(model) ? html`<p class="say bad">${t(wayOut(model), { who: reviewerNames(model) })}</p>` : nothing}
    ${closesLater(model)}
    ${lostItsReason(model) && kinds.includes("objection.reopen") ? html`<p class="say bad" data-reopen>${t("acts.reopen")}</p>` : nothing}
    ${kinds.some((kind) => !isRare(model, kind)) ? nothing : html`<p class="quietly">${t("acts.none")}</p>`}
    ${open ? actForm(model, open) : nothing}
    ${buttons(
      model,
      kinds.filter((kind) => kind !== open),
      Boolean(state.cases.get(model.id)?.busy),
    )}
  </section>`;
}

/** The act whose form stands open: the one chosen, else one begun earlier, else the next step on the way; none once it
 * was put away.
 * @param {Model} model @param {string[]} kinds */
function openIn(model, kinds) {
  const { openAct } = state;
  if (openAct === PUT_AWAY) return "";
  if (kinds.includes(openAct) || lostDraft(model.id, openAct)) return openAct;
  return kinds.find((kind) => state.drafts.get(`${model.id}/${kind}`)?.touched) ?? nextStep(model, kinds);
}

/** Who of the leaders may look at an objection again: nobody who made the decision it is about. @param {Model} model */
function reviewers(model) {
  const made = Object.keys(model.workflow.kinds["objection.decide"].other_person ?? {}).flatMap(
    (kind) => model.fold.acted[kind] ?? [],
  );
  return model.people("leader").filter((one) => !made.includes(one.person));
}

/** The day until which nothing is put away, where closing is all that is missing. @param {Model} model */
function closesLater(model) {
  const may = allowed(model.fold, model.roles, model.me.person, model.workflow).includes("close");
  if (!may || refusedNew(model, "close", {}) !== "objection_open") return nothing;
  return html`<p class="hint" data-closes>${t("acts.closes_later", { day: openUntil(model.clocks) })}</p>`;
}

/** Whether this person opens the objection itself. @param {Pick<Model, "fold" | "items">} model */
const isRead = ({ fold, items }) => items.some((item) => item.post === fold.objection?.hash && item.comp === "thread");

const reviewerNames = (/** @type {Model} */ model) =>
  reviewers(model)
    .map((one) => one.name || one.label)
    .join("、");

/** An objection that this person cannot decide, or nobody can: the word that names the way out, "" where there is none
 * to tell. The deputy, or whom the level above sends, is named in the directory and seated. @param {Model} model */
export function wayOut(model) {
  if (model.fold.state !== "objection") return "";
  if (model.review === "above" && !model.fold.marks.includes("objection.record")) return forAbove(model);
  if (!reviewers(model).length)
    return ["leader", "intake"].some((role) => model.roles.includes(role)) ? "acts.objection_nobody" : "";
  return (
    (model.roles.includes("leader") && forLeader(model)) || (model.roles.includes("intake") && forIntake(model)) || ""
  );
}

/** The level above decides here: it is asked, and what it answers is entered. @param {Model} model */
const forAbove = ({ roles }) =>
  ["leader", "intake"].some((role) => roles.includes(role)) ? "acts.objection_above" : "";

/** @param {Model} model */
function forLeader(model) {
  if (!reviewers(model).some((one) => one.person === model.me.person)) return "acts.objection_other";
  if (wantsExtract(model)) return "acts.objection_extract";
  return isRead(model) ? "" : "acts.objection_unread";
}

/** @param {Model} model */
const forIntake = (model) => (wantsExtract(model) ? "acts.objection_write" : "");

/** @param {Model} model */
const wantsExtract = ({ fold }) => fold.extractWanted || !fold.marks.includes("extract");

/** An act begun in time that somebody made impossible: it stays on the screen, unsigned, until it is put away. */
const lostDraft = (/** @type {string} */ id, /** @type {string} */ kind) =>
  Boolean(state.drafts.get(`${id}/${kind}`)?.lost);

/** While the case is fetched anew the buttons wait: none may turn into another under the finger. */
function buttons(/** @type {Model} */ model, /** @type {string[]} */ kinds, /** @type {boolean} */ waits) {
  const main = kinds.filter((/** @type {string} */ kind) => !isRare(model, kind));
  const rare = kinds.filter((/** @type {string} */ kind) => isRare(model, kind));
  return html`<div class="buttons">${each(main, waits)}</div>
    ${
      rare.length
        ? html`<details class="more">
            <summary>${t("acts.more")}</summary>
            <div class="buttons">${each(rare, waits)}</div>
          </details>`
        : nothing
    }`;
}

/** One node for each kind, so that a press that has begun ends on what it began on, or on nothing. */
const each = (/** @type {string[]} */ kinds, /** @type {boolean} */ waits) =>
  repeat(
    kinds,
    (kind) => kind,
    (kind) => button(kind, waits),
  );

function button(/** @type {string} */ kind, /** @type {boolean} */ waits) {
  return html`<button
    type="button"
    class=${`act ${ACTS[kind].tone}`}
    data-kind=${kind}
    ?disabled=${waits}
    @click=${() => set({ openAct: kind })}
  >
    <b>${t(`kind.${kind}`)}</b><small>${t(`does.${kind}`)}</small>
  </button>`;
}

/** The acts that wait for each paper of an award, as whistle/core/grounds.py has it. @type {Record<string, string[]>} */
const BEFORE = { concur: ["award.notify", "pay"], meeting: ["award.notify", "pay"], filing: ["pay"], cash: ["pay"] };

/** The paper that the award lacks for this act, which the door would refuse, or "". @param {Model} model @param {string} kind */
const unpapered = ({ concur, lacks }, kind) =>
  [...(concur ? ["concur"] : []), ...lacks].find((paper) => BEFORE[paper]?.includes(kind)) ?? "";

function actForm(/** @type {Model} */ model, /** @type {string} */ kind) {
  const draft = draftOf(model.id, kind, () => startValues(kind, model, t));
  const put = (/** @type {string} */ name) => (/** @type {Value} */ value) => {
    draft.values = { ...draft.values, ...alsoNamed(kind, name, value, draft), [name]: value };
    set({ touched: true, sealed: null, error: "" }, draft);
  };
  const cancel = () => {
    if (draft.lost || !draft.touched) dropDraft(model.id, kind);
    set({ openAct: PUT_AWAY });
  };
  // A rule that is known now is told now, and not by the door after everything was sealed.
  const { reason } = draft.values; // not chosen yet, it is in nobody's way: the form says that it is needed
  const barred = refusedNew(model, kind, reason ? { reason } : {}) || unpapered(model, kind);
  return html`<form
    class="actform"
    data-kind=${kind}
    @submit=${(/** @type {Event} */ event) => submit(event, model, kind, draft)}
    aria-busy=${draft.busy ? "true" : "false"}
  >
    <h3 tabindex="-1">${t(`kind.${kind}`)}</h3>
    <p class="quietly">${t(`does.${kind}`)}</p>
    ${asking(model, kind)}
    ${ACTS[kind].inputs.map((/** @type {Input} */ input) => field(input, draft.values[input.name], put(input.name), model))}
    ${openTo(model.workflow.kinds[kind].items, channelOf(model)).map((comp) => enclosures(draft, comp))}${onTheWay(draft)}
    ${draft.error ? html`<p class="say bad" role="alert">${draft.error}</p>` : nothing}
    ${barred ? html`<p class="say bad" role="alert" data-barred>${sentence(new ClientError("refused", { reason: barred }))}</p>` : nothing}
    <p class="hint">${t("acts.signing", { who: model.me.label })}</p>
    <div class="row">
      <button class=${`main ${ACTS[kind].tone}`} ?disabled=${draft.busy || draft.lost || barred !== "" || isNew(draft)}>
        ${draft.busy ? t("acts.busy") : t("acts.sign", { what: t(`kind.${kind}`) })}
      </button>
      <button type="button" class="quiet" data-close ?disabled=${draft.busy} @click=${cancel}>
        ${t(draft.lost ? "acts.put_away" : "acts.later")}
      </button>
    </div>
  </form>`;
}

/** Who asked for this act, when, for which reason and in which words. @param {Model} model @param {string} kind */
function asking(model, kind) {
  const act = askedFor(model, kind);
  if (!act) return nothing;
  const { reason } = act.fields;
  const why = reason ? ` · ${word(`reason.${reason}`, visible(reason))}` : "";
  return html`<div data-asked>
    <p class="say warn">${t(`kind.${act.kind}`)}${why}</p>
    ${notesOf(model, act).map((item) => html`<p class="words">${visible(item.text)}</p>`)}
    <p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p>
  </div>`;
}

/** @param {Model} model @param {import("../types.js").Act} act */
const notesOf = ({ items }, { hash }) =>
  items.filter((item) => item.post === hash && item.comp === "work" && item.text);

/** A day that changes changes in the words that name it too: she must not be told two last days.
 * @param {string} kind @param {string} name @param {Value} value @param {Draft} draft */
function alsoNamed(kind, name, value, draft) {
  const { namedIn } = ACTS[kind].inputs.find((/** @type {Input} */ input) => input.name === name) ?? {};
  if (!namedIn) return {};
  const before = draft.values[name] || draft.named;
  if (!value) draft.named = before; // half typed
  return value && before ? { [namedIn]: draft.values[namedIn].replaceAll(before, value) } : {};
}

const SETTLED = 500; // ms

/** A form that came up by itself under a finger that is still pressing the last one's button is not signed by it.
 * @param {Draft} draft */
function isNew(draft) {
  const left = draft.since + SETTLED - Date.now();
  if (left > 0) window.setTimeout(changed, left);
  return left > 0;
}

/** The act's items, its files sent before it. @param {Model} model @param {string} kind @param {Draft} draft */
async function sealed(model, kind, draft) {
  const act = { ...(await compose(kind, draft.values, model, office())), files: enclosedIn(draft) };
  const watch = {
    sent: (/** @type {number} */ sent) => set({ sent }, draft),
    signal: new AbortController().signal,
    go: async () => {},
  };
  return seal(office(), model, act, watch);
}

/** Where a picture made in the viewer may go: acts this person can do now, and their compartments. @param {Model} model */
export function goals(model) {
  return offered(model)
    .filter((kind) => !isRare(model, kind))
    .flatMap((kind) => openTo(model.workflow.kinds[kind].items, channelOf(model)).map((comp) => ({ kind, comp })));
}

/** A picture made in the viewer waits in the form of its act. @type {import("../files/card.js").Take} */
export function take(kind, comp, picture) {
  const { model } = viewing();
  putFile(
    draftOf(model.id, kind, () => startValues(kind, model, t)),
    comp,
    picture,
  );
  set({ openAct: kind });
}

/** Sign and send. Whatever goes wrong, the draft stays as it was typed. */
async function submit(
  /** @type {Event} */ event,
  /** @type {Model} */ model,
  /** @type {string} */ kind,
  /** @type {Draft} */ draft,
) {
  event.preventDefault();
  if (draft.busy) return;
  const wrong = problem(kind, draft.values, model);
  if (wrong) {
    set({ error: t(wrong) }, draft);
    return;
  }
  set({ openAct: kind }); // a form that came up by itself stays where it is, whatever the answer
  set({ busy: true, error: "" }, draft);
  try {
    const ready = (draft.sealed ??= await signedIn(() => sealed(model, kind, draft)));
    /** @type {string[]} */
    const before = [];
    const overtaken = (/** @type {unknown} */ _model, /** @type {string[]} */ kinds) => before.push(...kinds);
    await signedIn(async () => send(office(), await prepared(model, kind, draft), ready, { overtaken }));
    dropDraft(model.id, kind);
    set({ openAct: "" });
    tell(t(before.length ? "acts.overtaken_fine" : "acts.done", { what: t(`kind.${kind}`), before: names(before) }));
    window.dispatchEvent(new CustomEvent("case-changed", { detail: model.id }));
  } catch (error) {
    failed(error, model, draft);
  }
  changed();
}

/** The case as the act is signed on it: what has to stand before, is posted; already there after a lost answer, not again.
 * @param {Model} model @param {string} kind @param {Draft} draft */
async function prepared(model, kind, draft) {
  if (!first(kind, draft.values, model)) return model;
  // The act itself must still be possible, else a class would be signed for nothing and no one told what came in.
  const overtaken = (/** @type {Parameters<typeof recheck>[1]} */ later) =>
    recheck(office(), later, kind, later.acts.slice(model.acts.length));
  const now = await office().openCase(model.id);
  overtaken(now);
  const act = first(kind, draft.values, now);
  if (!act) return now;
  recheck(office(), now, act.kind, now.acts.slice(model.acts.length));
  await send(office(), now, await seal(office(), now, act), { overtaken });
  return office().openCase(model.id);
}

const names = (/** @type {string[]} */ kinds) => [...new Set(kinds)].map((kind) => t(`kind.${kind}`)).join("、");

function failed(/** @type {unknown} */ error, /** @type {Model} */ model, /** @type {Draft} */ draft) {
  const overtaken = error instanceof ClientError && error.code === "overtaken";
  // Money waits for a look at what came in; any other act that is no longer allowed is lost.
  const lost = overtaken && !error.facts.stands;
  const said = lost ? "acts.overtaken" : "acts.look_first";
  set({ busy: false, lost, error: overtaken ? t(said, { what: names(error.facts.kinds) }) : sentence(error) }, draft);
  // What was sealed for the case as it stood is not sent again; what was signed once was touched, and stays to be looked at.
  if (overtaken) set({ sealed: null, touched: true }, draft);
  if (overtaken) window.dispatchEvent(new CustomEvent("case-changed", { detail: model.id }));
}

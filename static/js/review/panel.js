/** What can be done now: the acts the table allows this person, one open at a time, signed and sent. */

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { allowed } from "../core/case.js";
import { DoorError } from "../client/door.js";
import { seal, send } from "../client/sealing.js";
import { ACTS, compose, problem, startValues } from "./acts.js";
import { newKeys } from "./grants.js";
import { field } from "./inputs.js";
import { office, sentence, signedIn } from "./session.js";
import { changed, draftOf, dropDraft, set, state, tell } from "./store.js";
import { t } from "./words.js";

/** Acts that stand behind "more": rare, or not a step of the way. */
const RARE = new Set(["recuse", "regrant", "identity.ask", "identity.give", "identity.opened", "transfer", "forfeit", "extend", "pause", "merge", "list", "reinstate", "clawback", "escalate", "repin"]);

/** The acts offered: what the table allows and what would not be empty. @param {any} model @returns {string[]} */
export function offered(model) {
  const kinds = Object.keys(ACTS).filter((kind) => allowed(model.fold, model.roles, model.me.person, model.workflow).includes(kind));
  return kinds.filter((kind) => (USEFUL[kind] ? USEFUL[kind](model) : true));
}

/** @type {Record<string, (model: any) => boolean>} */
const USEFUL = {
  regrant: (model) => newKeys(office(), model).length > 0,
  "claim.check": (model) => !model.fold.marks.includes("claim.check"),
  "identity.ask": (model) => model.fold.asks.every((/** @type {any} */ ask) => ask.opened),
};

/** @param {any} model */
export function panel(model) {
  if (model.chain.withheld) return html`<section class="card acts"><h2>${t("acts.title")}</h2><p class="say bad">${t("acts.withheld")}</p></section>`;
  const kinds = offered(model);
  const open = kinds.includes(state.openAct) || lostDraft(model.id, state.openAct) ? state.openAct : "";
  return html`<section class="card acts" id="acts"><h2 tabindex="-1">${t("acts.title")}</h2>
    ${wayOut(model) ? html`<p class="say bad">${t(wayOut(model), { who: reviewerNames(model) })}</p>` : nothing}
    ${kinds.some((kind) => !RARE.has(kind)) ? nothing : html`<p class="quietly">${t("acts.none")}</p>`}
    ${open ? actForm(model, open) : buttons(kinds, Boolean(state.cases.get(model.id)?.busy))}</section>`;
}

/** Who of the leaders may look at an objection again: nobody who made the decision it is about. @param {any} model */
function reviewers(model) {
  const made = model.workflow.kinds["objection.decide"].other_person.flatMap((/** @type {string} */ kind) => model.fold.acted[kind] ?? []);
  return model.people("leader").filter((/** @type {any} */ one) => !made.includes(one.person));
}

const reviewerNames = (/** @type {any} */ model) => reviewers(model).map((/** @type {any} */ one) => one.name || one.label).join("、");

/** An objection that this person cannot decide, or nobody can: the word that names the way out, "" where there is none
 * to tell. The deputy, or whom the level above sends, is named in the directory and seated. @param {any} model */
export function wayOut(model) {
  if (model.fold.state !== "objection") return "";
  if (!reviewers(model).length) return ["leader", "intake"].some((role) => model.roles.includes(role)) ? "acts.objection_nobody" : "";
  return model.roles.includes("leader") && !reviewers(model).some((/** @type {any} */ one) => one.person === model.me.person) ? "acts.objection_other" : "";
}

/** An act begun in time that somebody made impossible: it stays on the screen, unsigned, until it is put away. */
const lostDraft = (/** @type {string} */ id, /** @type {string} */ kind) => Boolean(state.drafts.get(`${id}/${kind}`)?.lost);

/** While the case is fetched anew the buttons wait: none may turn into another under the finger. */
function buttons(/** @type {any} */ kinds, /** @type {boolean} */ waits) {
  const main = kinds.filter((/** @type {any} */ kind) => !RARE.has(kind));
  const rare = kinds.filter((/** @type {any} */ kind) => RARE.has(kind));
  return html`<div class="buttons">${each(main, waits)}</div>
    ${rare.length ? html`<details class="more"><summary>${t("acts.more")}</summary><div class="buttons">${each(rare, waits)}</div></details>` : nothing}`;
}

/** One node for each kind, so that a press that has begun ends on what it began on, or on nothing. */
const each = (/** @type {string[]} */ kinds, /** @type {boolean} */ waits) => repeat(kinds, (kind) => kind, (kind) => button(kind, waits));

function button(/** @type {any} */ kind, /** @type {boolean} */ waits) {
  return html`<button type="button" class=${`act ${ACTS[kind].tone}`} data-kind=${kind} ?disabled=${waits} @click=${() => set({ openAct: kind })}>
    <b>${t(`kind.${kind}`)}</b><small>${t(`does.${kind}`)}</small></button>`;
}

function actForm(/** @type {any} */ model, /** @type {any} */ kind) {
  const draft = draftOf(model.id, kind, () => startValues(kind, model, t));
  const put = (/** @type {string} */ name) => (/** @type {any} */ value) => {
    draft.values = { ...draft.values, [name]: value };
    set({ touched: true, sealed: null, error: "" }, draft);
  };
  const cancel = () => {
    if (draft.lost || !draft.touched) dropDraft(model.id, kind);
    set({ openAct: "" });
  };
  return html`<form class="actform" data-kind=${kind} @submit=${(/** @type {Event} */ event) => submit(event, model, kind, draft)} aria-busy=${draft.busy ? "true" : "false"}>
    <h3 tabindex="-1">${t(`kind.${kind}`)}</h3><p class="quietly">${t(`does.${kind}`)}</p>
    ${ACTS[kind].inputs.map((/** @type {any} */ input) => field(input, draft.values[input.name], put(input.name), model))}
    ${draft.error ? html`<p class="say bad" role="alert">${draft.error}</p>` : nothing}
    <p class="hint">${t("acts.signing", { who: model.me.label })}</p>
    <div class="row"><button class=${`main ${ACTS[kind].tone}`} ?disabled=${draft.busy || draft.lost}>${draft.busy ? t("acts.busy") : t("acts.sign", { what: t(`kind.${kind}`) })}</button>
      <button type="button" class="quiet" ?disabled=${draft.busy} @click=${cancel}>${t(draft.lost ? "acts.put_away" : "acts.later")}</button></div></form>`;
}

/** Sign and send. Whatever goes wrong, the draft stays as it was typed. */
async function submit(/** @type {any} */ event, /** @type {any} */ model, /** @type {any} */ kind, /** @type {any} */ draft) {
  event.preventDefault();
  if (draft.busy) return;
  const wrong = problem(kind, draft.values, model);
  if (wrong) {
    set({ error: t(wrong) }, draft);
    return;
  }
  set({ busy: true, error: "" }, draft);
  try {
    draft.sealed ??= await seal(office(), model, await compose(kind, draft.values, model, office()));
    /** @type {string[]} */
    const before = [];
    await signedIn(() => send(office(), model, draft.sealed, { overtaken: (_model, kinds) => before.push(...kinds) }));
    dropDraft(model.id, kind);
    set({ openAct: "" });
    tell(t(before.length ? "acts.overtaken_fine" : "acts.done", { what: t(`kind.${kind}`), before: names(before) }));
    window.dispatchEvent(new CustomEvent("case-changed", { detail: model.id }));
  } catch (error) {
    failed(error, model, draft);
  }
  changed();
}

const names = (/** @type {string[]} */ kinds) => [...new Set(kinds)].map((kind) => t(`kind.${kind}`)).join("、");

function failed(/** @type {any} */ error, /** @type {any} */ model, /** @type {any} */ draft) {
  const lost = error instanceof DoorError && error.code === "overtaken";
  set({ busy: false, lost, error: lost ? t("acts.overtaken", { what: names(error.facts.kinds) }) : sentence(error) }, draft);
  if (lost) window.dispatchEvent(new CustomEvent("case-changed", { detail: model.id }));
}

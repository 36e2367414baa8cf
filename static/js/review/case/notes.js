/** 内部备注: what colleagues write to one another on a case, whom they mean, and the question of such a note. */

import { html, nothing } from "lit";
import { isSheet } from "../../client/registers.js";
import { stretches } from "../../client/mentions.js";
import { readersOf } from "../../client/sealing.js";
import { readersIn } from "../../client/view.js";
import { visible } from "../../core/visible.js";
import { zoneTime } from "../days.js";
import { isFile } from "../files/listed.js";
import { labelsIn } from "../mentions.js";
import { office } from "../session.js";
import { set } from "../store.js";
import { t } from "../words.js";
import { chip } from "./sentences.js";
import { itemWords } from "./sheets.js";
import { whoLine } from "./timeline.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Person} Person */
/** @typedef {import("../types.js").Put} Put */

/** Notes of every kind of act, the newest last, and the way to write one where that is offered. @param {Model} model @param {string[]} kinds offered */
export function notesCard(model, kinds) {
  const { items, workflow } = model;
  const noted = items.filter(
    (item) => item.comp === "work" && workflow.kinds[item.kind].note && item.text && !isFile(item),
  );
  const may = kinds.includes("note");
  if (!noted.length && !may) return nothing;
  return html`<section class="card notes" data-notes>
    <h2>${t("case.notes")}</h2>
    ${noted.map((item) => oneNote(model, item))}
    ${noted.length ? nothing : html`<p class="quietly">${t("case.notes_none")}</p>`}
    ${may ? html`<button type="button" data-write-note @click=${() => set({ openAct: "note" })}>${t("case.note_write")}</button>` : nothing}
  </section>`;
}

/** @param {Model} model @param {Item} item */
function oneNote(model, item) {
  const act = /** @type {Act} */ (model.acts.find(({ hash }) => hash === item.post));
  return html`<div class="signed">
    ${isSheet(item) ? itemWords(item) : html`<p class="words">${marked(model, item)}</p>`}
    <p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p>
  </div>`;
}

/** @param {Model} model @param {Item} item */
function marked(model, { kind, text }) {
  if (kind !== "note") return visible(text);
  return stretches(text, labelsIn(model.chain.channelId)).map(({ text: words, label }) =>
    label ? html`<mark class="mention">${visible(words)}</mark>` : visible(words),
  );
}

/** Whom a note of this case reaches: who is granted its key when it is signed. @param {Model} model @returns {Person[]} */
function reached(model) {
  const { directories } = office();
  const { channelId } = model.chain;
  const granted = [...readersOf("work", readersIn(office(), model), "note").keys()];
  const persons = new Set(granted.map((rid) => directories.reader(directories.newestHash, channelId, rid)?.person));
  const all = model.workflow.kinds.note.roles.flatMap((role) => model.people(role));
  const once = [...new Map(all.map((one) => [one.person, one])).values()];
  return once.filter(({ person }) => persons.has(person) && person !== model.me.person);
}

/** Below a note that is being written: whom it may mean. @param {Model} model @param {Put} put */
export function meanable(model, put) {
  const people = reached(model);
  return people.length
    ? html`<div class="snippets" data-meant>
        <span>${t("case.note_to")}</span>
        ${people.map(({ label, name }) => chip(`@${label} ${name}`.trim(), `@${label} `, put, true))}
      </div>`
    : html`<p class="hint">${t("case.note_nobody")}</p>`;
}

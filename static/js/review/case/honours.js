/** Honours of a case: what was proposed and why, what she was told, what was taken back. */

import { html, nothing } from "lit";
import { whoLine } from "./timeline.js";
import { zoneTime } from "../days.js";
import { visible } from "../../core/visible.js";
import { t, word } from "../words.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Model} Model */

/** @param {Model} model @param {Act} act @param {string} document */
const said = ({ items }, act, document) =>
  items.find((item) => item.post === act.hash && item.document === document)?.data ?? null;

/** What stands on the certificate that a leader signed. @param {Model} model @param {Act} act */
function certified(model, act) {
  try {
    return String(JSON.parse(said(model, act, "certificate")?.certificate ?? "{}").text ?? "");
  } catch {
    return "";
  }
}

/** The newest proposal. @param {Model} model */
const proposal = ({ acts, fold }) => acts.find(({ hash }) => hash === fold.honourProposal) ?? null;

/** Why it is proposed, for the leader before he signs. @param {Input} _input @param {unknown} _value @param {unknown} _put @param {Model} model */
export function groundsField(_input, _value, _put, model) {
  const act = proposal(model);
  if (!act) return nothing;
  return html`<div class="say" data-grounds>
    <p><b>${word(`honour.${act.fields.honour}`, visible(act.fields.honour))}</b></p>
    <p class="words">${visible(said(model, act, "grounds")?.grounds ?? "") || t("honour.unread")}</p>
  </div>`;
}

/** @param {Model} model */
export function honours(model) {
  const acts = model.acts.filter(({ kind }) => kind.startsWith("honour."));
  if (!acts.length) return nothing;
  return html`<section class="card" data-honours>
    <h2>${t("honour.title")}</h2>
    ${acts.map(
      (act) =>
        html`<div class="signed">
          <p>
            <b>${t(`kind.${act.kind}`)}</b> ${act.fields.honour ? word(`honour.${act.fields.honour}`, "") : nothing}
            ${act.fields.reason ? word(`reason.${act.fields.reason}`, visible(act.fields.reason)) : nothing}
          </p>
          <p class="words">${visible(said(model, act, "grounds")?.grounds ?? certified(model, act))}</p>
          <p class="meta">${whoLine(model.who(act))} <time>${zoneTime(act.when)}</time></p>
        </div>`,
    )}
  </section>`;
}

/** 回避建议: a unit or a name that this person declared a tie to stands in the case. Seen by him alone; he decides. */

import { html, nothing } from "lit";
import { met } from "../../client/ties.js";
import { visible } from "../../core/visible.js";
import { kept, standing } from "../drawer.js";
import { set } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Model} Model */

/** @param {Model} model @param {string[]} kinds offered */
export function tiesCard(model, kinds) {
  if (!kinds.includes("recuse")) return nothing;
  const found = met(kept().ties, model.items);
  if (standing().error && !standing().kept) return html`<p class="say warn" data-ties-unread>${t("ties.unread")}</p>`;
  if (!found.length) return nothing;
  return html`<section class="card" role="note" data-ties>
    <h2>${t("ties.met")}</h2>
    <p>${t("ties.met_text", { what: found.map(visible).join("、") })}</p>
    <button type="button" class="stop" @click=${() => set({ openAct: "recuse" })}>${t("ties.recuse")}</button>
  </section>`;
}

/** Of which closed cases something may be destroyed by now: a list to work through, the oldest reports first. */

import { html, nothing } from "lit";
import { getJson } from "../../client/wire.js";
import { shaped } from "../../client/shapes.js";
import { workflow } from "../../core/table.js";
import { addDays } from "../days.js";
import { formatHash } from "../route.js";
import { sentence, signedIn } from "../session.js";
import { set, state } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../../client/answers.js").Expired} Expired */

/** Whom the list is for. @param {string[]} roles */
export const mayDestroy = (roles) => roles.includes("leader") || roles.includes("auditor");

export async function loadRetention() {
  set({ retention: { rows: [], next: "", busy: false, done: false, error: "" } });
  await more();
}

/** A page is what the server looked at, not what it found: it is asked on until something is there. */
async function more() {
  const list = state.retention;
  if (!list || list.busy) return;
  set({ busy: true, error: "" }, list);
  try {
    const before = list.rows.length;
    do {
      const { next } = list;
      const told = await signedIn(() => getJson(`/api/retention?after=${next}`));
      const answer = shaped("/api/retention", told);
      list.rows.push(...answer.rows);
      list.next = answer.next;
    } while (list.next && list.rows.length === before && state.retention === list);
  } catch (error) {
    set({ error: sentence(error) }, list);
  }
  set({ busy: false, done: !list.next }, list);
}

export function retentionPage() {
  const list = state.retention;
  if (!list) return html`<div class="page"></div>`;
  return html`<div class="page retention">
    <header class="pagehead"><h1 tabindex="-1">${t("retention.title")}</h1></header>
    <p class="hint">${t("retention.rule")}</p>
    ${list.error ? html`<p class="say bad" role="alert">${list.error}</p>` : nothing}
    ${list.rows.length ? table(list.rows) : nothing}
    <p role="status">
      ${list.busy ? t("retention.loading") : list.rows.length || list.error ? "" : t("retention.none")}
    </p>
    ${list.next && !list.busy ? html`<button @click=${more}>${t("retention.more")}</button>` : nothing}
  </div>`;
}

/** @param {Expired[]} rows */
const table = (rows) =>
  html`<div class="scroll" tabindex="0" role="region" aria-label=${t("retention.title")}>
    <table class="book">
      <thead>
        <tr>
          ${["number", "what", "closed", "day"].map((name) => html`<th scope="col">${t(`retention.${name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <td><a href=${formatHash("case", row.case)}>${row.number || t("inbox.no_number")}</a></td>
              <td>
                ${row.held ? html`<span class="tag">${t("retention.held")}</span>` : nothing}
                ${row.terms.map(
                  ({ scope, asked }) =>
                    html`<div>
                      ${t(`scope.${scope}`)}${asked ? html` <em>${t("custody.asked", { day: asked, from: addDays(asked, workflow.days.destroy) })}</em>` : nothing}
                    </div>`,
                )}
              </td>
              <td>${row.closed}</td>
              <td>${row.day}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

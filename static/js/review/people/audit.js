/** 查阅记录: who did and opened what, for the auditor; and on a case, for leader and auditor, who opened it. */

import { html, nothing } from "lit";
import { shaped } from "../../client/shapes.js";
import { getJson } from "../../client/wire.js";
import { visible } from "../../core/visible.js";
import { formatHash } from "../route.js";
import { sentence, signedIn } from "../session.js";
import { set, state } from "../store.js";
import { t, word } from "../words.js";

/** @typedef {import("../types.js").Audit} Audit */
/** @typedef {import("../../client/answers.js").Entry} Entry */

const CASE = /^[\w-]{43}$/;

/** @returns {Audit} */
const fresh = () => ({ person: "", day: "", case: "", rows: [], next: "", people: [], busy: false, error: "" });
const caseHeader = (/** @type {string} */ id) => (id ? { "Whistle-Case": id } : undefined);

/** The page as its address asks for it; what a former question found goes. */
export async function loadAudit() {
  const { person = "", day = "", case: id = "" } = state.route.filters;
  set({ audit: { ...fresh(), people: state.audit?.people ?? [], person, day, case: id } });
  await further(/** @type {Audit} */ (state.audit));
}

/** The next rows of what is asked. @param {Audit} draft */
async function further(draft) {
  if (draft.case && !CASE.test(draft.case)) return set({ error: t("audit.case_wrong"), busy: false }, draft);
  const asked = new URLSearchParams({ person: draft.person, day: draft.day, before: draft.next });
  set({ busy: true, error: "" }, draft);
  try {
    const path = /** @type {"/api/audit"} */ (`/api/audit?${asked}`);
    const found = shaped("/api/audit", await signedIn(() => getJson(path, caseHeader(draft.case))));
    set({ rows: [...draft.rows, ...found.rows], next: found.next, people: found.people }, draft);
  } catch (error) {
    set({ error: sentence(error) }, draft);
  }
  set({ busy: false }, draft);
}

/** What is asked for stands in the address, so that a view can be kept. @param {Event} event */
function ask(event) {
  event.preventDefault();
  const given = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
  const filters = ["person", "day", "case"].map((name) => [name, String(given.get(name) ?? "").trim()]);
  const goal = formatHash("audit", "", Object.fromEntries(filters));
  if (goal === location.hash) loadAudit();
  else location.hash = goal;
}

export function auditPage() {
  const draft = state.audit ?? fresh();
  return html`<div class="page audit" aria-busy=${draft.busy ? "true" : "false"}>
    <header class="pagehead"><h1>${t("audit.title")}</h1></header>
    <p class="hint">${t("audit.rule")}</p>
    <form class="card row" @submit=${ask}>
      <label class="field"
        ><span>${t("audit.person")}</span
        ><select name="person">
          <option value="">${t("audit.anybody")}</option>
          ${draft.people.map(({ rid, label }) => html`<option value=${rid} .selected=${rid === draft.person}>${visible(label)}</option>`)}
        </select></label
      ><label class="field"><span>${t("audit.day")}</span><input type="date" name="day" .value=${draft.day} /></label
      ><label class="field"
        ><span>${t("audit.case")}</span><input name="case" autocomplete="off" .value=${draft.case} /><small
          >${t("audit.case_hint")}</small
        ></label
      ><button class="main" ?disabled=${draft.busy}>${t("audit.look")}</button>
    </form>
    ${draft.error ? html`<p class="say bad" role="alert">${draft.error}</p>` : nothing}
    ${draft.rows.length ? table(draft.rows, true) : draft.busy || draft.error ? nothing : html`<p>${t("audit.none")}</p>`}
    ${draft.next ? html`<button class="quiet" data-more ?disabled=${draft.busy} @click=${() => further(draft)}>${t("audit.more")}</button>` : nothing}
  </div>`;
}

/** @param {Entry[]} rows @param {boolean} whole with the case and the outcome, which on a case's own page are known */
function table(rows, whole) {
  const heads = ["when", "person", "act", ...(whole ? ["case", "outcome"] : [])];
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("audit.title")}>
    <table class="small entries">
      <thead>
        <tr>
          ${heads.map((name) => html`<th scope="col">${t(`audit.${name === "case" ? "of" : name}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => line(row, whole))}
      </tbody>
    </table>
  </div>`;
}

/** @param {Entry} row @param {boolean} whole */
function line(row, whole) {
  const act = word(`audit_act.${row.act}`, "") || word(`kind.${row.act}`, row.act);
  return html`<tr class=${row.outcome === "done" ? "" : "refused"}>
    <td><time>${row.day}${row.minute ? ` ${row.minute}` : ""}</time></td>
    <td>${row.rid ? visible(row.label) || row.rid.slice(0, 8) : t("audit.server")}</td>
    <td>${act}${noted(row, whole)}</td>
    ${
      whole
        ? html`<td>${ofCase(row)}</td>
            <td>${word(`audit_outcome.${row.outcome}`, row.outcome)}</td>`
        : nothing
    }
  </tr>`;
}

/** What a row says beside its act; how many cases a search read says nothing of the one it is shown on.
 * @param {Entry} row @param {boolean} whole */
function noted({ act, note }, whole) {
  if (act === "paper") return ` ${word(`kind.${note}`, note)}`;
  return act === "search" && note && whole ? ` ${t("audit.searched", { count: note })}` : "";
}

/** The case's own id, cut short: the auditor may hold no key that opens it. @param {Entry} row */
const ofCase = (row) =>
  row.case
    ? html`<a href=${formatHash("audit", "", { case: row.case })} translate="no">${row.case.slice(0, 8)}…</a>`
    : nothing;

/** Who opened this case, asked when it is wanted. @param {{id: string, roles: string[]}} model */
export function openingsCard({ id, roles }) {
  if (!roles.includes("leader") && !roles.includes("auditor")) return nothing;
  const slot = state.openings.get(id);
  return html`<details class="card" data-openings @toggle=${(/** @type {Event} */ event) => look(event, id)}>
    <summary>${t("audit.of_case")}</summary>
    <p class="hint">${t("audit.of_case_rule")}</p>
    ${slot?.error ? html`<p class="say bad" role="alert">${slot.error}</p>` : nothing}
    ${slot?.rows ? (slot.rows.length || slot.next ? table(slot.rows, false) : html`<p>${t("audit.none")}</p>`) : nothing}
    ${slot?.next ? html`<button class="quiet" data-more ?disabled=${slot.busy} @click=${() => earlier(slot, id)}>${t("audit.more")}</button>` : nothing}
  </details>`;
}

/** @param {Event} event @param {string} id */
async function look(event, id) {
  if (!(/** @type {HTMLDetailsElement} */ (event.currentTarget).open)) return;
  const slot = { rows: null, next: "", busy: false, error: "" };
  state.openings.set(id, slot);
  await earlier(slot, id);
}

/** The next page of who opened it. @param {import("../types.js").Openings} slot @param {string} id */
async function earlier(slot, id) {
  set({ busy: true, error: "" }, slot);
  try {
    const path = /** @type {"/api/openings"} */ (`/api/openings?before=${slot.next}`);
    const found = shaped("/api/openings", await signedIn(() => getJson(path, caseHeader(id))));
    set({ rows: [...(slot.rows ?? []), ...found.rows], next: found.next }, slot);
  } catch (error) {
    set({ error: sentence(error) }, slot);
  }
  set({ busy: false }, slot);
}

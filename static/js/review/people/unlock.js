/** Unlocking: a login name or a key file, and the passphrase. Over the page when a session ended mid-case. */

import { html, nothing } from "lit";
import { Office } from "../../client/office.js";
import { slotsOf } from "../../client/session.js";
import { ClientError } from "../../client/errors.js";
import { getJson } from "../../client/wire.js";
import { workflow } from "../../core/table.js";
import { storedDrafts } from "../drafts.js";
import { putBack } from "../forms.js";
import { forget, putDraft, set, state } from "../store.js";
import { leaveOffice } from "./offices.js";
import { tellTabs } from "./tabs.js";
import { giveUpWaiting, sentence } from "../session.js";
import { t } from "../words.js";

/** @typedef {import("../../client/answers.js").Player} Player */
/** @typedef {import("../types.js").Typed} Typed */

/** The demo's people, where there is a demo. */
export async function loadDemo() {
  const demo = await getJson("/api/demo").catch(() => null);
  if (demo) set({ demo: demo.people });
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const passphrase = /** @type {HTMLInputElement} */ (form.elements.namedItem("passphrase"));
  if (state.login.busy) return;
  set({ busy: true, error: "" }, state.login);
  try {
    await unlock(passphrase.value);
    passphrase.value = "";
    set({ busy: false }, state.login);
  } catch (error) {
    set({ busy: false, error: fault(error) }, state.login);
    passphrase.focus();
    passphrase.select();
  }
}

/** @param {string} passphrase */
async function unlock(passphrase) {
  const { name, slots } = state.login;
  const office = new Office(workflow, state.office);
  await office.unlock(slots ?? (await slotsOf(name.trim())), passphrase);
  await office.learnSelf();
  const before = state.office;
  const same = before?.rid === office.rid;
  if (before && !same) forget();
  if (!same) await takeUpDrafts(office);
  const folded = state.unlock;
  const resume = same && goesOn(before, office) ? folded?.resume : null;
  set({ office: same ? before : office, unlock: null });
  tellTabs({ rid: office.rid, label: office.me.label });
  if (same) requestAnimationFrame(() => window.scrollTo(0, folded?.at ?? 0));
  if (resume) resume();
  else window.dispatchEvent(new Event("hashchange"));
}

/** The same reader again, with his fresh session. Whether he goes on: not with what he had open for an office where he has no
 * seat any more. @param {Office} before @param {Office} fresh */
function goesOn(before, fresh) {
  const { serves } = before;
  before.resume(fresh);
  if (before.serves === serves) return true;
  leaveOffice();
  giveUpWaiting();
  return false;
}

/** What he had written in this tab before it was loaded anew stands in its forms again, in the office that he wrote it for.
 * @param {Office} office */
async function takeUpDrafts(office) {
  const { serves, written } = await storedDrafts(office.keys);
  if (serves) office.serve(serves);
  const here = serves ? office.serves === serves : office.offices().length < 2;
  for (const [key, values] of written) putBack(key, values, here) || putDraft(key, values);
}

/** A wrong name and a wrong passphrase are one sentence: the page must not tell who works here. */
function fault(/** @type {unknown} */ error) {
  const spoken =
    error instanceof ClientError
      ? error.code !== "not_signed_in"
      : /** @type {{code?: string}} */ (error).code === "old_directory";
  return spoken ? sentence(error) : t("unlock.wrong");
}

/** @param {Event} event */
async function loadFile(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  const file = input.files?.[0];
  if (!file) return;
  try {
    set({ slots: [JSON.parse(await file.text())], fileName: file.name, error: "" }, state.login);
  } catch {
    set({ slots: null, fileName: "", error: t("unlock.not_key") }, state.login);
  }
}

/** @param {Player} person */
function pick(person) {
  set({ name: person.login ?? person.role, slots: null, fileName: "", error: "" }, state.login);
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("#passphrase"));
  if (field) {
    field.value = person.passphrase;
    field.focus();
  }
}

function nameField() {
  const { fileName, name } = state.login;
  if (fileName) {
    return html`<p class="keyfile">
      <span>${t("unlock.key_loaded")} <b>${fileName}</b></span>
      <button type="button" class="quiet" @click=${() => set({ slots: null, fileName: "" }, state.login)}>
        ${t("unlock.use_name")}
      </button>
    </p>`;
  }
  return html`<label class="field"
    ><span>${t("unlock.name")}</span>
    <input
      name="login"
      required
      autocomplete="username"
      autocapitalize="none"
      spellcheck="false"
      .value=${name}
      @input=${(/** @type {Typed} */ event) => set({ name: event.target.value, slots: null }, state.login)}
  /></label>`;
}

function form() {
  const { busy, error } = state.login;
  return html`<form class="unlock" @submit=${submit} aria-busy=${busy ? "true" : "false"}>
    ${nameField()}
    <label class="field"
      ><span>${t("unlock.passphrase")}</span>
      <input
        id="passphrase"
        name="passphrase"
        type="password"
        required
        autocomplete="current-password"
        aria-describedby="unlock-say"
    /></label>
    <p class="say bad" id="unlock-say" role="alert">${error}</p>
    <button class="main wide" ?disabled=${busy}>${busy ? t("unlock.busy") : t("unlock.open")}</button>
    <label class="filepick quiet"
      >${t("unlock.file")}<input type="file" accept=".key,.json,application/json" @change=${loadFile}
    /></label>
    <p class="hint">${t("unlock.hint")}</p>
  </form>`;
}

function demoTable() {
  if (!Array.isArray(state.demo)) return nothing;
  return html`<section class="demo">
    <h2>${t("demo.title")}</h2>
    <p class="hint">${t("demo.hint")}</p>
    <table>
      <thead>
        <tr>
          <th>${t("demo.role")}</th>
          <th>${t("demo.name")}</th>
          <th>${t("demo.passphrase")}</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${state.demo.map(
          (/** @type {Player} */ person) =>
            html`<tr>
              <td>${person.label}</td>
              <td>${person.name ?? person.login}</td>
              <td><code>${person.passphrase}</code></td>
              <td><button type="button" class="small" @click=${() => pick(person)}>${t("demo.use")}</button></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** The first page of the day. */
export function welcome() {
  return html`<div class="gate">
    <section class="gatecard">
      <h1>${t("unlock.title")}</h1>
      <p class="lead">${t("unlock.lead")}</p>
      ${form()}
    </section>
    ${demoTable()}
  </div>`;
}

/** Over a page with work on it. */
/** @param {{other?: string, quiet?: boolean}} folded */
function why({ other, quiet }) {
  if (other) return t("unlock.other", { who: other });
  return t(quiet ? "unlock.quiet" : "unlock.kept");
}

export function overlay() {
  return html`<div class="veil locked" role="dialog" aria-modal="true" aria-labelledby="over-title">
    <section class="gatecard">
      <h1 id="over-title">${t("unlock.again")}</h1>
      <p class="lead">${why(state.unlock ?? {})}</p>
      ${form()}
    </section>
    ${demoTable()}
  </div>`;
}

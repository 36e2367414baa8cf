/** 提醒: where this person is told that there is something to look at. The sentences are fixed; the jobs send them. */

import { html, nothing } from "lit";
import { shaped } from "../../client/shapes.js";
import { getJson, postJson } from "../../client/wire.js";
import { sentence, signedIn } from "../session.js";
import { set, state, tell } from "../store.js";
import { has, t } from "../words.js";

/** @typedef {import("../types.js").Destinations} Destinations */
/** @typedef {import("../types.js").Typed} Typed */
/** @typedef {import("../../client/answers.js").Destination} Destination */
/** @typedef {NonNullable<Destinations["known"]>} Known */

const KINDS = ["mail", "wecom", "dingtalk", "feishu", "json"];
const SIGNED = ["dingtalk", "feishu"];

/** @returns {Destinations} */
const fresh = () => ({ known: null, kind: "mail", busy: false, error: "" });

export async function loadNotices() {
  if (!state.destinations) set({ destinations: fresh() });
  const draft = /** @type {Destinations} */ (state.destinations);
  try {
    const known = shaped("/api/destinations", await signedIn(() => getJson("/api/destinations")));
    set({ known, error: "" }, draft);
  } catch (error) {
    set({ error: sentence(error) }, draft);
  }
}

/** Send, say what was done, read anew. @param {() => Promise<unknown>} work @param {string} [done] */
async function change(work, done) {
  const draft = /** @type {Destinations} */ (state.destinations);
  if (draft.busy) return false;
  set({ busy: true, error: "" }, draft);
  try {
    await signedIn(work);
    if (done) tell(done);
    await loadNotices();
    return true;
  } catch (error) {
    set({ error: sentence(error) }, draft);
    return false;
  } finally {
    set({ busy: false }, draft);
  }
}

/** @param {Event} event */
async function add(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const given = new FormData(form);
  const said = Object.fromEntries(
    ["kind", "address", "secret", "label"].map((name) => [name, String(given.get(name) ?? "")]),
  );
  if (await change(() => postJson("/api/destinations", said), t("notices.added"))) {
    form.reset();
    set({ kind: "mail" }, /** @type {Destinations} */ (state.destinations));
  }
}

export function noticesPage() {
  const draft = state.destinations;
  const { known, error, busy } = draft ?? fresh();
  return html`<div class="page reminders" aria-busy=${busy ? "true" : "false"}>
    <header class="pagehead">
      <h1>${t("notices.title")}</h1>
      <button class="quiet" @click=${loadNotices}>${t("notices.reload")}</button>
    </header>
    <p class="hint">${t("notices.rule")}</p>
    ${error ? html`<p class="say bad" role="alert">${error}</p>` : nothing}
    ${known ? html`${when(known)}${mine(known, busy)}${newForm(known, draft ?? fresh())}` : nothing}
  </div>`;
}

/** @param {Known} known */
function when({ hours, duty }) {
  return html`<section class="card">
    ${
      hours.length
        ? html`<p>${t("notices.digest", { hours: hours.join("、") })}</p>
            <blockquote>${t("notices.digest_words")}</blockquote>`
        : html`<p>${t("notices.digest_off")}</p>`
    }
    ${
      duty
        ? html`<p>${t("notices.urgent_rule")}</p>
            <blockquote>${t("notices.urgent_words")}</blockquote>`
        : nothing
    }
  </section>`;
}

/** @param {Known} known @param {boolean} busy */
function mine({ destinations, duty }, busy) {
  return html`<section class="card">
    <h2>${t("notices.mine")}</h2>
    ${
      destinations.length
        ? html`<ul class="destinations">
            ${destinations.map((one) => row(one, duty, busy))}
          </ul>`
        : html`<p class="say warn">${t("notices.none")}</p>`
    }
  </section>`;
}

/** @param {Destination} one @param {boolean} duty @param {boolean} busy */
function row(one, duty, busy) {
  const { id, urgent } = one;
  const said = has(`notice_said.${one.said}`) ? one.said : "nothing";
  return html`<li data-destination=${one.kind}>
    <p>
      <b>${t(`notice_kind.${one.kind}`)}</b> ${one.label}<br /><span class="address" translate="no"
        >${one.address}</span
      >
    </p>
    <p class="meta">
      ${t("notices.last", { said: t(`notice_said.${said}`) })}
      ${one.dropped ? html`<br /><b>${t("notices.dropped", { count: one.dropped })}</b>` : nothing}
    </p>
    <div class="row">
      ${
        duty
          ? html`<label class="pick"
              ><input
                type="checkbox"
                name="urgent"
                .checked=${urgent}
                ?disabled=${busy}
                @change=${() => change(() => postJson("/api/destinations/urgent", { id, urgent: !urgent }))}
              /><span>${t("notices.urgent")}</span></label
            >`
          : nothing
      }
      <button
        class="small"
        data-test
        ?disabled=${busy}
        @click=${() => change(() => postJson("/api/destinations/test", { id }), t("notices.tested"))}
      >
        ${t("notices.test")}
      </button>
      <button
        class="small quiet"
        data-remove
        ?disabled=${busy}
        @click=${() => change(() => postJson("/api/destinations/remove", { id }), t("notices.removed"))}
      >
        ${t("notices.remove")}
      </button>
    </div>
  </li>`;
}

/** @param {Known} known @param {Destinations} draft */
function newForm({ mail }, draft) {
  const { kind, busy } = draft;
  const isMail = kind === "mail";
  return html`<form class="card" @submit=${add}>
    <h2>${t("notices.new")}</h2>
    <label class="field"
      ><span>${t("notices.kind")}</span
      ><select name="kind" @change=${(/** @type {Typed} */ event) => set({ kind: event.target.value }, draft)}>
        ${KINDS.map((name) => html`<option value=${name} ?selected=${name === kind}>${t(`notice_kind.${name}`)}</option>`)}
      </select></label
    >
    ${isMail && !mail ? html`<p class="say warn">${t("notices.no_mail")}</p>` : nothing}
    <label class="field"
      ><span>${t("notices.address")}</span
      ><input
        name="address"
        required
        maxlength="500"
        type=${isMail ? "email" : "url"}
        autocomplete=${isMail ? "email" : "off"}
        autocapitalize="none"
        spellcheck="false"
      /><small>${t(isMail ? "notices.address_mail" : "notices.address_hook")}</small></label
    >
    ${
      SIGNED.includes(kind)
        ? html`<label class="field"
            ><span>${t("notices.secret")} <em>${t("field.optional")}</em></span
            ><input name="secret" type="password" autocomplete="off" maxlength="500" /><small
              >${t("notices.secret_hint")}</small
            ></label
          >`
        : nothing
    }
    <label class="field"
      ><span>${t("notices.label")} <em>${t("field.optional")}</em></span
      ><input name="label" maxlength="40" autocomplete="off" spellcheck="false" translate="no" /><small
        >${t("notices.label_hint")}</small
      ></label
    >
    <p class="row"><button class="main" ?disabled=${busy}>${t("notices.add")}</button></p>
  </form>`;
}

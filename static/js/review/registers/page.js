/** The registers a key makes: chosen, made in this page, saved. What was made is gone when the page is left. */

import { html, nothing } from "lit";
import { getJson } from "../../client/wire.js";
import { shaped } from "../../client/shapes.js";
import { zoneDay } from "../days.js";
import { save } from "../files.js";
import { office, sentence, signedIn } from "../session.js";
import { changed, onForget, set, state } from "../store.js";
import { say, t } from "../words.js";
import { REGISTERS } from "./columns.js";
import { csv } from "./csv.js";
import { jsonl } from "./lines.js";
import { MAKERS, lines } from "./making.js";
import { xlsx } from "./xlsx.js";

/** @typedef {import("../types.js").Register} Register */
/** @typedef {import("../types.js").Typed} Typed */

const YEARS = 5;
const TYPES = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv;charset=utf-8",
  jsonl: "application/jsonl",
};

/** The registers that these roles may make. @param {string[]} roles @returns {string[]} */
export function registersOf(roles) {
  return Object.keys(MAKERS).filter((name) => MAKERS[name].some((role) => roles.includes(role)));
}

const mine = () => registersOf(office().me.channels.flatMap(({ roles }) => roles));
/** @returns {Register} */
const fresh = () => ({
  name: mine()[0] ?? "",
  year: Number(zoneDay().slice(0, 4)),
  enterprise: "",
  busy: false,
  done: 0,
  all: 0,
  error: "",
  made: null,
  stopped: false,
});

export async function loadRegisters() {
  set({ registers: fresh() });
}

/** What was opened stays nowhere; a register half made stops. */
export function leaveRegisters() {
  if (!state.registers) return;
  state.registers.stopped = true;
  set({ registers: null });
}
onForget(leaveRegisters);

export function registersPage() {
  const draft = state.registers;
  if (!draft?.name) return html`<div class="page"><p class="say bad">${t("registers.none")}</p></div>`;
  return html`<div class="page registers">
    <header class="pagehead"><h1>${t("registers.title")}</h1></header>
    <p class="hint">${t("registers.rule")}</p>
    <div class="sums">
      <form class="card" @submit=${(/** @type {Event} */ event) => make(event, draft)}>
        <fieldset class="field radios" ?disabled=${draft.busy}>
          <legend>${t("registers.which")}</legend>
          ${mine().map((name) => choice(name, draft))}
        </fieldset>
        <label class="field"
          ><span>${t("registers.year")}</span
          ><select
            name="year"
            ?disabled=${draft.busy}
            @change=${(/** @type {Typed} */ event) => put(draft, { year: Number(event.target.value) })}
          >
            ${years().map((year) => html`<option value=${year} ?selected=${year === draft.year}>${year || t("registers.all_years")}</option>`)}
          </select></label
        >
        ${
          draft.name === "hazards"
            ? html`<label class="field"
                ><span>${t("registers.enterprise")} <em>${t("field.optional")}</em></span
                ><input
                  name="enterprise"
                  autocomplete="off"
                  ?disabled=${draft.busy}
                  .value=${draft.enterprise}
                  @input=${(/** @type {Typed} */ event) => put(draft, { enterprise: event.target.value })}
                /><small>${t("registers.enterprise_hint")}</small></label
              >`
            : nothing
        }
        ${draft.error ? html`<p class="say bad" role="alert">${draft.error}</p>` : nothing}
        ${draft.busy ? running(draft) : html`<button class="main">${t("registers.make")}</button>`}
      </form>
      ${draft.made ? result(draft.made) : nothing}
    </div>
  </div>`;
}

const years = () => [...Array(YEARS).keys()].map((back) => Number(zoneDay().slice(0, 4)) - back).concat(0);

/** Another question makes what was made before another paper: it goes. @param {Register} draft @param {Partial<Register>} part */
function put(draft, part) {
  set({ ...part, made: null, error: "" }, draft);
}

function choice(/** @type {string} */ name, /** @type {Register} */ draft) {
  return html`<label class="pick"
    ><input
      type="radio"
      name="register"
      value=${name}
      .checked=${draft.name === name}
      @change=${() => put(draft, { name })}
    /><span>${t(`register.${name}`)} <small>${t(`registers.about_${name}`)}</small></span></label
  >`;
}

function running(/** @type {Register} */ draft) {
  return html`<p class="quietly" role="status">${t("registers.busy", { done: draft.done, all: draft.all || "…" })}</p>
    <progress max=${draft.all || 1} .value=${draft.done} aria-label=${t("registers.title")}></progress>
    <div class="row">
      <button type="button" class="quiet" data-stop @click=${() => set({ stopped: true }, draft)}>
        ${t("registers.stop")}
      </button>
    </div>`;
}

/** The file's digest stands beside it: written into the register of files, it shows that nothing was changed since. */
function result(/** @type {NonNullable<Register["made"]>} */ made) {
  return html`<section class="card" data-made>
    <h2>${t(`register.${made.name}`)}</h2>
    <p>${t("registers.rows", { count: made.rows })}</p>
    ${made.name === "hazards" ? html`<p class="say warn">${t("registers.look")}</p>` : nothing}
    ${made.files.map(
      (file) =>
        html`<div class="file">
          <button
            type="button"
            data-format=${file.form}
            @click=${() => save(file.name, /** @type {BlobPart} */ (file.body), TYPES[file.form])}
          >
            ${t(`registers.${file.form}`)}
          </button>
          <p class="meta">
            ${file.form === "csv" ? html`${t("registers.csv_hint")}<br />` : nothing}${file.name}<br />SHA-256
            <code class="digits" data-digest=${file.form}>${file.digest}</code>
          </p>
        </div>`,
    )}
    <p class="hint">${t("registers.keep")}</p>
  </section>`;
}

/** @param {Event} event @param {Register} draft */
async function make(event, draft) {
  event.preventDefault();
  if (draft.busy) return;
  set({ busy: true, stopped: false, done: 0, all: 0, error: "", made: null }, draft);
  try {
    draft.made = await files(draft);
  } catch (error) {
    draft.error = /** @type {{code?: string}} */ (error).code === "stopped" ? "" : sentence(error);
  }
  set({ busy: false }, draft);
}

/** @param {Register} draft @returns {Promise<NonNullable<Register["made"]>>} */
async function files(draft) {
  const asked = { name: draft.name, year: draft.year, enterprise: draft.enterprise.trim() };
  const step = (/** @type {number} */ done, /** @type {number} */ all) => {
    Object.assign(draft, { done, all });
    changed();
    return !draft.stopped;
  };
  const letterhead = shaped("/api/letterhead", await signedIn(() => getJson("/api/letterhead")));
  const rows = await lines({ office: office(), say, asked, step });
  const heading = { office: letterhead.office, period: asked.year ? `${asked.year}年` : "", made: zoneDay(), note: "" };
  const register = REGISTERS[asked.name];
  const bodies = /** @type {const} */ ([
    ["xlsx", xlsx(register, rows, heading)],
    ["csv", csv(register, rows)],
    ["jsonl", jsonl(register, rows)],
  ]);
  const made = bodies.map(async ([form, body]) => ({
    form,
    body,
    name: `${register.sheet}${asked.year || ""}.${form}`,
    digest: await digestOf(body),
  }));
  return { name: asked.name, rows: rows.length, files: await Promise.all(made) };
}

/** @param {Uint8Array} body */
async function digestOf(body) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (body)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** 代录: a report that came by phone, letter, visit or hotline. The ticket is the caller's: shown once, forgotten on leaving. */

import { html, nothing } from "lit";
import { Transcriber, Transcription, TRANSCRIBED } from "../../client/transcribing.js";
import { overflowing } from "../../client/cards.js";
import { startCombo } from "../../combo.js";
import { show } from "../../crypto/ticket.js";
import { AUTHORITY } from "../../core/offices.js";
import { listed } from "../../core/newposts.js";
import { workflow } from "../../core/table.js";
import { zoneDay } from "../days.js";
import { join, likeIn } from "../forms.js";
import { formatHash } from "../route.js";
import { storeNow } from "../drafts.js";
import { office, sentence, signedIn } from "../session.js";
import { set, state } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../../client/cards.js").Form} Form */
/** @typedef {keyof Omit<Form, "readback">} Field what is typed or chosen as text */
/** @typedef {(name: Field) => (event: Typed) => void} Put */
/** @typedef {import("../types.js").Calling} Calling */
/** @typedef {import("../types.js").Typed} Typed */

const SINCE = ["", "ongoing", "now"];
const RELATIONS = ["", "employee", "contractor", "family", "public", "unsaid"];
const GROUP = 5;

const channels = () => office().me.channels.filter(({ roles }) => roles.includes("intake"));

/** A new sheet; nothing of the one before stands in it. @returns {Calling} */
function blank() {
  const form = {
    source: "phone",
    arrived: zoneDay(),
    paper: "",
    category: "general_hazard",
    sector: "unknown",
    enterprise: "",
    place: "",
    since: "",
    text: "",
    contact: "",
    passphrase: "",
    relation: "",
    reward: "later",
    readback: false,
    channel: channels()[0]?.id ?? "",
  };
  return {
    form,
    filing: new Transcription(),
    touched: false,
    busy: false,
    error: "",
    done: null,
    last: "",
    dropping: false,
  };
}

/** What was typed before the page was loaded anew, until its sheet is looked at. @type {Record<string, unknown> | null} */
let typedBefore = null;

join("transcription", {
  read: () => typedBefore ?? (state.transcription?.touched ? { ...state.transcription.form } : null),
  put: (values) => (typedBefore = values),
  clear: () => (typedBefore = null),
  anywhere: true, // whom a caller reached by mistake is heard all the same
});

/** What is kept between the page's visits, and over a reload, is what was typed; a ticket that was shown is not. */
export function loadTranscription() {
  if (state.transcription) return;
  const fresh = blank();
  const typed = typedBefore && likeIn(/** @type {Record<string, unknown>} */ (fresh.form), typedBefore);
  typedBefore = null;
  if (typed && !channels().some(({ id }) => id === typed.channel)) delete typed.channel; // of an office he does not work for
  set({
    transcription: typed ? { ...fresh, form: /** @type {Form} */ ({ ...fresh.form, ...typed }), touched: true } : fresh,
  });
}

/** Called when the page is left. */
export function leaveTranscription() {
  if (state.transcription?.done) set({ transcription: null });
}

/** The first thing that stands in the way, as a word key, or "". @param {Form} form */
export function wrong(form) {
  const { arrived = "" } = form;
  if (!/^\d{4}-\d\d-\d\d$/.test(arrived) || arrived > zoneDay()) return "transcribe.need_arrived";
  if (!form.enterprise.trim() && !form.place.trim()) return "transcribe.need_where";
  if ([...form.text.trim()].length < 10) return "transcribe.need_text";
  if (form.passphrase && [...form.passphrase].length < 4) return "transcribe.need_passphrase";
  return overflowing(form).length ? "problem.long" : "";
}

/** @param {Form} form @returns {Form} */
const tidy = (form) => ({
  ...form,
  ...Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value.trim().normalize("NFC")]] : [],
    ),
  ),
});

/** @param {Event} event @param {Calling} transcription @param {Form} typed */
async function submit(event, transcription, typed) {
  event.preventDefault();
  const form = tidy(typed);
  if (transcription.busy) return;
  if (wrong(form)) {
    set({ error: t(wrong(form)) }, transcription);
    return;
  }
  set({ busy: true, error: "" }, transcription);
  try {
    const door = await Transcriber.open(office().zone, office().directories);
    const { receipt, post } = await signedIn(() => transcription.filing.send(door, form, () => {}));
    set(
      {
        done: {
          ticket: show(transcription.filing.digits),
          id: post.head.case,
          day: post.head.when,
          source: form.source,
          doubt: !receipt,
        },
        form: null,
        touched: false,
      },
      transcription,
    );
  } catch (error) {
    set({ error: sentence(error) }, transcription);
  }
  set({ busy: false }, transcription);
}

export function transcribePage() {
  const { transcription } = state;
  if (!transcription || !channels().length)
    return html`<div class="page"><p class="say bad">${t("error.wrong_role")}</p></div>`;
  return html`<div class="page transcribe">
    <h1 class="noprint">${t("transcribe.title")}</h1>
    ${transcription.done ? handOver(transcription, transcription.done) : nothing}${transcription.form ? sheet(transcription, transcription.form) : nothing}
  </div>`;
}

/** @param {Calling} transcription @param {Form} form */
function sheet(transcription, form) {
  /** @type {Put} */
  const put = (name) => (event) => {
    transcription.form = { ...(transcription.form ?? form), [name]: event.target.value };
    set({ touched: true, error: "" }, transcription);
  };
  return html`<form
    class="card sheet"
    @submit=${(/** @type {Event} */ event) => submit(event, transcription, form)}
    aria-busy=${transcription.busy ? "true" : "false"}
  >
    <p class="quietly">${t("transcribe.lead")}</p>
    <fieldset class="field radios across">
      <legend>${t("transcribe.source")}</legend>
      ${TRANSCRIBED.map((one) => html`<label class="pick"><input type="radio" name="source" value=${one} .checked=${form.source === one} @change=${put("source")} /><span>${t(`source.${one}`)}</span></label>`)}
    </fieldset>
    <div class="pair">${line("arrived", form, put, "date")}${line("paper", form, put)}</div>
    <div class="pair">
      ${select("category", form, put, listed(workflow, office().officeKind(), "categories"))}${select("sector", form, put, workflow.sectors)}
    </div>
    <div class="pair">${combo(form, put)}${line("place", form, put)}</div>
    <div class="pair">${select("since", form, put, SINCE)}${select("relation", form, put, RELATIONS)}</div>
    <label class="field"
      ><span>${t("transcribe.text")}</span
      ><textarea name="text" rows="10" .value=${form.text} @input=${put("text")}></textarea
      ><small>${t("transcribe.text_hint")}</small></label
    >
    <label class="field" ?hidden=${office().officeKind() !== AUTHORITY}
      ><span>${t("transcribe.contact")} <em>${t("field.optional")}</em></span
      ><textarea name="contact" rows="2" .value=${form.contact} @input=${put("contact")}></textarea
      ><small class="sealed">${t("transcribe.contact_sealed")}</small></label
    >
    ${line("passphrase", form, put)}
    <p class="hint">${t("transcribe.passphrase_hint")}</p>
    ${
      channels().length > 1
        ? html`<label class="field"
            ><span>${t("transcribe.channel")}</span
            ><select name="channel" @change=${put("channel")}>
              ${channels().map((one) => html`<option value=${one.id} ?selected=${one.id === form.channel}>${one.label}</option>`)}
            </select></label
          >`
        : nothing
    }
    ${transcription.error ? html`<p class="say bad" role="alert">${transcription.error}</p>` : nothing}
    <div class="row">
      <button class="main" ?disabled=${transcription.busy}>
        ${t(transcription.busy ? "transcribe.busy" : "transcribe.send")}</button
      ><span class="hint">${t("transcribe.signing", { who: office().me.label })}</span>
    </div>
    ${transcription.touched && !transcription.busy ? dropping(transcription) : nothing}
  </form>`;
}

/** Gone now, and not once the typing pauses: a reload in between brought it back. */
function drop() {
  set({ transcription: blank() });
  queueMicrotask(storeNow);
}

/** A caller who hung up: what was typed goes, after a question. One that may be on disk all the same is said to be.
 * @param {Calling} transcription */
function dropping(transcription) {
  const ask = (/** @type {boolean} */ asked) => () => set({ dropping: asked }, transcription);
  if (!transcription.dropping)
    return html`<p>
      <button type="button" class="quiet" data-drop @click=${ask(true)}>${t("transcribe.drop")}</button>
    </p>`;
  return html`<div class="say bad" role="alert" data-dropping>
    <p>${t(transcription.filing.mayStand ? "transcribe.drop_doubt" : "transcribe.drop_ask")}</p>
    <div class="row">
      <button type="button" data-dropped @click=${drop}>${t("transcribe.drop_yes")}</button
      ><button type="button" class="quiet" @click=${ask(false)}>${t("transcribe.drop_no")}</button>
    </div>
  </div>`;
}

function line(/** @type {Field} */ name, /** @type {Form} */ form, /** @type {Put} */ put, type = "text") {
  return html`<label class="field"
    ><span>${t(`transcribe.${name}`)}</span
    ><input
      name=${name}
      type=${type}
      autocomplete="off"
      .value=${form[name]}
      max=${type === "date" ? zoneDay() : nothing}
      @input=${put(name)}
  /></label>`;
}

/** Boxes that offer names already: one is made so when it is first touched. @type {WeakSet<HTMLInputElement>} */
const begun = new WeakSet();

/** A name of the register, and where that is if nothing stands there. @type {import("../../combo.js").Choose} */
function choose({ name, place }) {
  const { transcription } = state;
  if (!transcription?.form) return;
  const typed = transcription.form;
  transcription.form = { ...typed, enterprise: name, place: typed.place.trim() ? typed.place : place };
  set({ touched: true, error: "" }, transcription);
}

/** The register is fetched with the first touch, and searched in this page (static/js/combo.js).
 * @param {Form} form @param {Put} put */
function combo(form, put) {
  const begin = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const list = /** @type {HTMLElement} */ (input.nextElementSibling);
    if (begun.has(input)) return;
    begun.add(input);
    startCombo({ input, list }, { none: t("transcribe.unlisted"), many: t("transcribe.more") }, choose);
  };
  return html`<div class="field combo">
    <label for="enterprise">${t("transcribe.enterprise")}</label
    ><input
      id="enterprise"
      name="enterprise"
      autocomplete="off"
      maxlength="100"
      role="combobox"
      aria-expanded="false"
      aria-autocomplete="list"
      aria-controls="enterprise-list"
      aria-describedby="enterprise-hint"
      .value=${form.enterprise}
      @focus=${begin}
      @input=${put("enterprise")}
    />
    <ul id="enterprise-list" role="listbox" aria-label=${t("transcribe.enterprise")} hidden></ul>
    <small id="enterprise-hint">${t("transcribe.enterprise_hint")}</small>
  </div>`;
}

function select(
  /** @type {Field} */ name,
  /** @type {Form} */ form,
  /** @type {Put} */ put,
  /** @type {string[]} */ ids,
) {
  const words = (/** @type {string} */ id) => (id ? t(`${name}.${id}`) : t("transcribe.unsaid"));
  return html`<label class="field"
    ><span>${t(`transcribe.${name}`)}</span
    ><select name=${name} @change=${put(name)}>
      ${ids.map((id) => html`<option value=${id} ?selected=${id === form[name]}>${words(id)}</option>`)}
    </select></label
  >`;
}

/** Filed: the ticket to read out or to print. It goes for good when the officer says it was handed over. */
function handOver(
  /** @type {Calling} */ transcription,
  /** @type {NonNullable<Calling["done"]>} */ { ticket, id, day, doubt },
) {
  const groups = ticket.split(" ");
  const heard = transcription.last.replace(/\D/g, "") === groups[groups.length - 1];
  const away = () => {
    set({ transcription: blank() });
    location.hash = formatHash("case", id);
  };
  return html`<section class="card hand">
    ${
      doubt
        ? html`<p class="say bad noprint" role="alert">${t("error.receipt")}</p>`
        : html`<p class="say good noprint" role="status">${t("transcribe.filed")}</p>`
    }
    <div class="slip">
      <h2>${t("transcribe.slip_title")}</h2>
      <p class="ticket digits" data-ticket>${groups.map((group) => html`<span>${group}</span>`)}</p>
      <p>${t("transcribe.slip_day", { day })}</p>
      <ol>
        ${["follow", "claim", "secret", "lost"].map((one) => html`<li>${t(`transcribe.slip_${one}`)}</li>`)}
      </ol>
    </div>
    <div class="noprint">
      <p>${t("transcribe.read_back")}</p>
      <div class="row">
        <label class="field last"
          ><span>${t("transcribe.last")}</span
          ><input
            class="digits"
            name="last"
            inputmode="numeric"
            maxlength=${GROUP + 3}
            autocomplete="off"
            .value=${transcription.last}
            @input=${(/** @type {Typed} */ event) => set({ last: event.target.value }, transcription)}
        /></label>
        <button type="button" class="quiet" @click=${() => window.print()}>${t("transcribe.print")}</button>
        <button type="button" class="main" ?disabled=${!heard} @click=${away}>${t("transcribe.put_away")}</button>
      </div>
      <p class="hint">${t("transcribe.forgets")}</p>
    </div>
  </section>`;
}

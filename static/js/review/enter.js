/** 代录: a report that came by phone, letter, visit or hotline. The ticket is the caller's: shown once, forgotten on leaving. */

import { html, nothing } from "lit";
import { Counter, ENTERED } from "../client/entering.js";
import { Filing, overflowing } from "../client/filing.js";
import { show } from "../crypto/ticket.js";
import workflow from "../../../whistle/core/workflow.json" with { type: "json" };
import { zoneDay } from "./days.js";
import { formatHash } from "./route.js";
import { office, sentence, signedIn } from "./session.js";
import { set, state } from "./store.js";
import { t } from "./words.js";

const SINCE = ["", "ongoing", "now"];
const RELATIONS = ["", "employee", "contractor", "family", "public", "unsaid"];
const GROUP = 5;

const channels = () => office().me.channels.filter((/** @type {any} */ one) => one.roles.includes("intake"));

/** A new sheet; nothing of the one before stands in it. */
function blank() {
  const form = { source: "phone", arrived: zoneDay(), paper: "", category: "general_hazard", sector: "unknown", enterprise: "", place: "", since: "",
    text: "", contact: "", passphrase: "", relation: "", reward: "later", readback: false, channel: channels()[0]?.id ?? "" };
  return { form, filing: new Filing(), touched: false, busy: false, error: "", done: null, last: "" };
}

/** What is kept between the page's visits is what was typed; a ticket that was shown is not. */
export function loadEntry() {
  if (!state.entry) set({ entry: blank() });
}

/** Called when the page is left. */
export function leaveEntry() {
  if (state.entry?.done) set({ entry: null });
}

/** The first thing that stands in the way, as a word key, or "". @param {any} form */
export function wrong(form) {
  if (!/^\d{4}-\d\d-\d\d$/.test(form.arrived) || form.arrived > zoneDay()) return "enter.need_arrived";
  if (!form.enterprise.trim() && !form.place.trim()) return "enter.need_where";
  if ([...form.text.trim()].length < 10) return "enter.need_text";
  if (form.passphrase && [...form.passphrase].length < 4) return "enter.need_passphrase";
  return overflowing(form).length ? "problem.long" : "";
}

const tidy = (/** @type {any} */ form) => Object.fromEntries(Object.entries(form).map(([name, value]) => [name, typeof value === "string" ? value.trim().normalize("NFC") : value]));

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const { entry } = state;
  const form = tidy(entry.form);
  if (entry.busy) return;
  if (wrong(form)) {
    set({ error: t(wrong(form)) }, entry);
    return;
  }
  set({ busy: true, error: "" }, entry);
  try {
    const session = await Counter.open(office().zone);
    const { receipt } = await signedIn(() => entry.filing.send(session, form, () => {}));
    set({ done: { ticket: show(entry.filing.digits), id: receipt.case, day: receipt.day, source: form.source }, form: null, touched: false }, entry);
  } catch (error) {
    set({ error: sentence(error) }, entry);
  }
  set({ busy: false }, entry);
}

export function enterPage() {
  const { entry } = state;
  if (!entry || !channels().length) return html`<div class="page"><p class="say bad">${t("error.wrong_role")}</p></div>`;
  return html`<div class="page enter"><h1 class="noprint">${t("enter.title")}</h1>${entry.done ? handOver(entry) : sheet(entry)}</div>`;
}

function sheet(/** @type {any} */ entry) {
  const { form } = entry;
  const put = (/** @type {string} */ name) => (/** @type {any} */ event) => {
    entry.form = { ...entry.form, [name]: event.target.value };
    set({ touched: true, error: "" }, entry);
  };
  return html`<form class="card sheet" @submit=${submit} aria-busy=${entry.busy ? "true" : "false"}><p class="quietly">${t("enter.lead")}</p>
    <fieldset class="field radios across"><legend>${t("enter.source")}</legend>${ENTERED.map((one) => html`<label class="pick"><input type="radio" name="source" value=${one} .checked=${form.source === one} @change=${put("source")}><span>${t(`source.${one}`)}</span></label>`)}</fieldset>
    <div class="pair">${line("arrived", form, put, "date")}${line("paper", form, put)}</div>
    <div class="pair">${select("category", form, put, workflow.categories)}${select("sector", form, put, workflow.sectors)}</div>
    <div class="pair">${line("enterprise", form, put)}${line("place", form, put)}</div>
    <div class="pair">${select("since", form, put, SINCE)}${select("relation", form, put, RELATIONS)}</div>
    <label class="field"><span>${t("enter.text")}</span><textarea name="text" rows="10" .value=${form.text} @input=${put("text")}></textarea><small>${t("enter.text_hint")}</small></label>
    <label class="field"><span>${t("enter.contact")} <em>${t("field.optional")}</em></span><textarea name="contact" rows="2" .value=${form.contact} @input=${put("contact")}></textarea><small class="sealed">${t("enter.contact_sealed")}</small></label>
    ${line("passphrase", form, put)}<p class="hint">${t("enter.passphrase_hint")}</p>
    ${channels().length > 1 ? html`<label class="field"><span>${t("enter.channel")}</span><select name="channel" @change=${put("channel")}>${channels().map((/** @type {any} */ one) => html`<option value=${one.id} ?selected=${one.id === form.channel}>${one.label}</option>`)}</select></label>` : nothing}
    ${entry.error ? html`<p class="say bad" role="alert">${entry.error}</p>` : nothing}
    <div class="row"><button class="main" ?disabled=${entry.busy}>${t(entry.busy ? "enter.busy" : "enter.send")}</button><span class="hint">${t("enter.signing", { who: office().me.label })}</span></div></form>`;
}

function line(/** @type {string} */ name, /** @type {any} */ form, /** @type {any} */ put, type = "text") {
  return html`<label class="field"><span>${t(`enter.${name}`)}</span><input name=${name} type=${type} autocomplete="off" .value=${form[name]} max=${type === "date" ? zoneDay() : nothing} @input=${put(name)}></label>`;
}

function select(/** @type {string} */ name, /** @type {any} */ form, /** @type {any} */ put, /** @type {string[]} */ ids) {
  const words = (/** @type {string} */ id) => (id ? t(`${name}.${id}`) : t("enter.unsaid"));
  return html`<label class="field"><span>${t(`enter.${name}`)}</span><select name=${name} @change=${put(name)}>${ids.map((id) => html`<option value=${id} ?selected=${id === form[name]}>${words(id)}</option>`)}</select></label>`;
}

/** Filed: the ticket to read out or to print. It goes for good when the officer says it was handed over. */
function handOver(/** @type {any} */ entry) {
  const { ticket, id, day } = entry.done;
  const groups = ticket.split(" ");
  const heard = entry.last.replace(/\D/g, "") === groups[groups.length - 1];
  const away = () => {
    set({ entry: blank() });
    location.hash = formatHash("case", id);
  };
  return html`<section class="card hand"><p class="say good noprint" role="status">${t("enter.filed")}</p>
    <div class="slip"><h2>${t("enter.slip_title")}</h2><p class="ticket digits" data-ticket>${groups.map((/** @type {string} */ group) => html`<span>${group}</span>`)}</p>
      <p>${t("enter.slip_day", { day })}</p><ol>${["follow", "claim", "secret", "lost"].map((one) => html`<li>${t(`enter.slip_${one}`)}</li>`)}</ol></div>
    <div class="noprint"><p>${t("enter.read_back")}</p>
      <div class="row"><label class="field last"><span>${t("enter.last")}</span><input class="digits" name="last" inputmode="numeric" maxlength=${GROUP + 3} autocomplete="off" .value=${entry.last} @input=${(/** @type {any} */ event) => set({ last: event.target.value }, entry)}></label>
        <button type="button" class="quiet" @click=${() => window.print()}>${t("enter.print")}</button>
        <button type="button" class="main" ?disabled=${!heard} @click=${away}>${t("enter.put_away")}</button></div>
      <p class="hint">${t("enter.forgets")}</p></div></section>`;
}

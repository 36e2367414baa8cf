/**
 * Enrolment: the seed is made here, sealed under a generated passphrase that is shown once, and only the public
 * keys, the proof and the sealed slot leave the page. The invitation stands in the fragment.
 */

import { html, nothing, render } from "lit";
import { DoorError, getJson, postJson } from "../client/door.js";
import { b64, random, unb64 } from "../crypto/encoding.js";
import { show as fingerprint } from "../crypto/fingerprint.js";
import { reviewerId, reviewerKeys } from "../crypto/keys.js";
import { signEnrol } from "../crypto/login.js";
import { newPassphrase, sealSlot } from "../crypto/slots.js";
import { secureHere } from "./start.js";
import { block, has, setWords, t } from "./words.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @type {any} */
const state = { step: "reading", invite: location.hash.slice(1), label: "", zone: null, passphrase: "", typed: "", made: null, error: "" };

const show = (/** @type {any} */ part) => {
  Object.assign(state, part);
  render(STEPS[/** @type {keyof typeof STEPS} */ (state.step)](), root);
};

async function start() {
  history.replaceState(null, "", location.pathname);
  try {
    const { zone, label } = await getJson("/api/enrol", { "Whistle-Invite": state.invite });
    show({ step: "ready", zone: unb64(zone), label });
  } catch {
    show({ step: "lost" });
  }
}

async function make() {
  show({ step: "making" });
  const seed = random(32);
  const keys = await reviewerKeys(seed);
  const rid = await reviewerId(state.zone, keys.kem, keys.sig);
  const passphrase = newPassphrase();
  const slot = await sealSlot(state.zone, b64(rid), seed, passphrase);
  const proof = await signEnrol(keys, state.zone, unb64(state.invite));
  seed.fill(0);
  const sent = { invite: state.invite, kem: b64(keys.kem), sig: b64(keys.sig), proof: b64(proof), slot };
  show({ step: "write", passphrase, made: { sent, slot, fingerprint: fingerprint(rid) } });
}

const plain = (/** @type {string} */ text) => text.normalize("NFKC").trim().replace(/\s+/g, " ");

/** @param {Event} event */
async function finish(event) {
  event.preventDefault();
  if (plain(state.typed) !== plain(state.passphrase)) {
    show({ error: t("enrol.differs") });
    return;
  }
  show({ step: "sending", error: "" });
  try {
    await postJson("/api/enrol", state.made.sent);
    show({ step: "done" });
  } catch (error) {
    const code = error instanceof DoorError ? error.code : "fault";
    show({ step: "write", error: t("enrol.failed", { why: has(`error.${code}`) ? t(`error.${code}`, { seconds: 10 }) : code }) });
  }
}

function saveFile() {
  const url = URL.createObjectURL(new Blob([JSON.stringify(state.made.slot)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "whistle.key";
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const card = (/** @type {any} */ inner) => html`<main id="main" class="gate"><section class="gatecard enrol">${inner}</section></main>`;

const writeDown = () => card(html`<h1>${t("enrol.once")}</h1><p class="passphrase">${state.passphrase}</p><p class="lead noprint">${t("enrol.write")}</p>
  <form class="noprint" @submit=${finish}><p class="row"><button type="button" class="quiet" @click=${() => window.print()}>${t("enrol.print")}</button></p>
    <label class="field"><span>${t("enrol.retype")}</span><input autocomplete="off" autocapitalize="none" spellcheck="false" .value=${state.typed} @input=${(/** @type {any} */ event) => { state.typed = event.target.value; }}></label>
    ${state.error ? html`<p class="say bad" role="alert">${state.error}</p>` : nothing}
    <button class="main wide" ?disabled=${state.step === "sending"}>${t(state.step === "sending" ? "enrol.sending" : "enrol.send")}</button></form>`);

const STEPS = {
  reading: () => card(html`<p class="loading">${t("enrol.reading")}</p>`),
  lost: () => card(html`<p class="say bad">${t("enrol.no_invite")}</p>`),
  ready: () => card(html`<h1>${t("enrol.for", { label: state.label })}</h1><p class="lead">${t("enrol.write")}</p><button class="main wide" @click=${make}>${t("enrol.make")}</button>`),
  making: () => card(html`<p class="loading">${t("enrol.making")}</p>`),
  write: writeDown,
  sending: writeDown,
  done: () => card(html`<h1>${t("enrol.done")}</h1><p class="lead">${t("enrol.fingerprint")}</p><p class="passphrase digits">${state.made.fingerprint}</p>
    <p class="row"><button type="button" class="quiet" @click=${saveFile}>${t("enrol.save")}</button></p>`),
};

setWords(block("words", {}));
if (secureHere()) {
  root.replaceChildren();
  start();
}

/**
 * Enrolment: the seed is made here, sealed under a generated passphrase that is shown once, and only the public
 * keys, the proof and the sealed slot leave the page. The invitation stands in the fragment.
 */

import { html, nothing, render } from "lit";
import { ClientError } from "../../client/errors.js";
import { getJson, postJson } from "../../client/wire.js";
import { b64, random, unb64 } from "../../crypto/encoding.js";
import { show as fingerprint } from "../../crypto/fingerprint.js";
import { reviewerId, reviewerKeys } from "../../crypto/keys.js";
import { signEnrol } from "../../crypto/login.js";
import { newPassphrase, sealSlot } from "../../crypto/slots.js";
import { save } from "../files.js";
import { has, t } from "../words.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
/** @typedef {import("../../crypto/slots.js").Slot} Slot */
/** What leaves the page, and what the person keeps.
 * @typedef {{sent: {invite: string, kem: string, sig: string, proof: string, slot: Slot}, slot: Slot, fingerprint: string}} Made */
/**
 * @typedef {object} Enrolling
 * @property {keyof typeof STEPS} step
 * @property {string} invite
 * @property {string} label
 * @property {import("../../crypto/encoding.js").Bytes} zone none before the invitation was read
 * @property {string} passphrase
 * @property {string} typed of it, to prove that it was written down
 * @property {Made | null} made
 * @property {string} error
 */
/** @type {Enrolling} */
const state = {
  step: "reading",
  invite: location.hash.slice(1),
  label: "",
  zone: new Uint8Array(),
  passphrase: "",
  typed: "",
  made: null,
  error: "",
};

const show = (/** @type {Partial<Enrolling>} */ part) => {
  Object.assign(state, part);
  render(STEPS[state.step](), root);
};

export async function startEnrolment() {
  root.replaceChildren();
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

/** Every screen that asks comes after the key was made. */
const made = () => /** @type {Made} */ (state.made);

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
    await postJson("/api/enrol", made().sent);
    show({ step: "done" });
  } catch (error) {
    const code = error instanceof ClientError ? error.code : "fault";
    show({
      step: "write",
      error: t("enrol.failed", { why: has(`error.${code}`) ? t(`error.${code}`, { seconds: 10 }) : code }),
    });
  }
}

const saveFile = () => save("whistle.key", JSON.stringify(made().slot), "application/json");

const card = (/** @type {unknown} */ inner) =>
  html`<main id="main" class="gate"><section class="gatecard enrol">${inner}</section></main>`;

const writeDown = () =>
  card(
    html`<h1>${t("enrol.once")}</h1>
      <p class="passphrase">${state.passphrase}</p>
      <p class="lead noprint">${t("enrol.write")}</p>
      <form class="noprint" @submit=${finish}>
        <p class="row">
          <button type="button" class="quiet" @click=${() => window.print()}>${t("enrol.print")}</button>
        </p>
        <label class="field"
          ><span>${t("enrol.retype")}</span
          ><input
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            .value=${state.typed}
            @input=${(/** @type {import("../types.js").Typed} */ event) => {
              state.typed = event.target.value;
            }}
        /></label>
        ${state.error ? html`<p class="say bad" role="alert">${state.error}</p>` : nothing}
        <button class="main wide" ?disabled=${state.step === "sending"}>
          ${t(state.step === "sending" ? "enrol.sending" : "enrol.send")}
        </button>
      </form>`,
  );

const STEPS = {
  reading: () => card(html`<p class="loading">${t("enrol.reading")}</p>`),
  lost: () => card(html`<p class="say bad">${t("enrol.no_invite")}</p>`),
  ready: () =>
    card(
      html`<h1>${t("enrol.for", { label: state.label })}</h1>
        <p class="lead">${t("enrol.write")}</p>
        <button class="main wide" @click=${make}>${t("enrol.make")}</button>`,
    ),
  making: () => card(html`<p class="loading">${t("enrol.making")}</p>`),
  write: writeDown,
  sending: writeDown,
  done: () =>
    card(
      html`<h1>${t("enrol.done")}</h1>
        <p class="lead">${t("enrol.fingerprint")}</p>
        <p class="passphrase digits">${made().fingerprint}</p>
        <p class="row"><button type="button" class="quiet" @click=${saveFile}>${t("enrol.save")}</button></p>`,
    ),
};

/** Files that are named in a signature by their SHA-256: they are read here, and stay where they are. */

import { html } from "lit";
import { b64 } from "../../crypto/encoding.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Input} Input */
/** @typedef {import("../types.js").Put} Put */
/** @typedef {{name: string, hash: string}} Digest */

/** @param {Input} input @param {Digest[]} value @param {Put} put */
export function digestsField(input, value, put) {
  return html`<div class="field">
    <label
      ><span>${t(`field.${input.name}`)}</span
      ><input type="file" multiple @change=${(/** @type {Event} */ event) => read(event, put)} /></label
    ><small class="hint">${t("custody.registers_hint")}</small>
    <ul class="digests">
      ${value.map(({ name }) => html`<li>${name}</li>`)}
    </ul>
  </div>`;
}

/** @param {Event} event @param {Put} put */
async function read(event, put) {
  const files = [.../** @type {FileList} */ (/** @type {HTMLInputElement} */ (event.target).files)];
  const read = await Promise.all(files.filter(({ size }) => size > 0).map(digest));
  put(read.filter(({ hash }, at) => read.findIndex((one) => one.hash === hash) === at));
}

/** @param {File} file @returns {Promise<Digest>} */
async function digest(file) {
  const bytes = await file.arrayBuffer();
  return { name: file.name, hash: b64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) };
}

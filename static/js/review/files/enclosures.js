/** Files beside a draft: chosen from this person's disk or made in the viewer, in memory until they are signed. */

import { html, nothing } from "lit";
import { NotAPicture, cleaned, kindOf } from "../../client/pictures.js";
import { LOOKED_AT, SORTS, TYPES, plainName, sortOf, typeOf } from "../../core/filetypes.js";
import { changed } from "../store.js";
import { fileSize } from "../text.js";
import { t } from "../words.js";

/** @typedef {import("../../client/enclosing.js").Enclosed} Enclosed */
/** @typedef {import("../types.js").Draft} Draft */

const MOST = 20; // of a post's 32 items

/** Compartments in which an act may carry files: those its kind allows any number of. @param {string[]} items of the kind @param {string} named the compartment that the act's field names */
export const openTo = (items, named) =>
  items.filter((item) => item.endsWith("*")).map((item) => item.slice(0, -1).replace("$comp", named));

/** What goes with a draft. @param {Draft} draft @returns {Enclosed[]} */
export const enclosedIn = (draft) => draft.files ?? [];

/** @param {Draft} draft @param {string} comp @param {Blob} blob its type told by its own bytes */
export function put(draft, comp, blob) {
  const files = enclosedIn(draft);
  const name = plainName(blob.type, files.length + 1);
  Object.assign(draft, { files: [...files, { comp, name, type: blob.type, blob }], touched: true, sealed: null });
  changed();
}

/** Files from the disk, one after the other; the first fault is told in the form and the others go on.
 * @param {Draft} draft @param {string} comp @param {File[]} chosen */
export async function choose(draft, comp, chosen) {
  draft.error = "";
  for (const file of chosen) {
    const fault = enclosedIn(draft).length < MOST ? await taken(draft, comp, file) : "files.most";
    if (fault) draft.error ||= t(fault);
  }
  changed();
}

/** @param {Draft} draft @param {string} comp @param {File} file @returns {Promise<string>} the word of what is wrong */
async function taken(draft, comp, file) {
  try {
    const type = typeOf(new Uint8Array(await file.slice(0, LOOKED_AT).arrayBuffer()));
    if (!type) return file.size ? "files.wrong_type" : "files.wrong_empty";
    if (file.size > SORTS[TYPES[type].sort].most) return "files.wrong_large";
    put(draft, comp, await withoutTraces(file, type));
    return "";
  } catch (error) {
    return error instanceof NotAPicture ? "files.wrong_broken" : "files.wrong_gone";
  }
}

/** A picture loses what it says of place, time and device: it may go to the reporter. @param {File} file @param {string} type */
async function withoutTraces(file, type) {
  const bytes = sortOf(type) === "picture" ? new Uint8Array(await file.arrayBuffer()) : null;
  return bytes && kindOf(bytes) ? new Blob([cleaned(bytes)], { type }) : file.slice(0, file.size, type);
}

/** @param {Draft} draft @param {Enclosed} file */
function take(draft, file) {
  Object.assign(draft, { files: enclosedIn(draft).filter((one) => one !== file), sealed: null });
  changed();
}

/** The place for files of one compartment in an act's form. @param {Draft} draft @param {string} comp */
export function enclosures(draft, comp) {
  const picked = async (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const chosen = [...(input.files ?? [])];
    input.value = "";
    await choose(draft, comp, chosen);
  };
  return html`<div class="field enclosures" data-comp=${comp}>
    <span id=${`with-${comp}`}>${t(`files.with_${comp}`)} <em>${t("field.optional")}</em></span>
    <label class="filepick quiet"
      >${t("files.choose")}<input
        type="file"
        multiple
        data-files=${comp}
        aria-describedby=${`with-${comp}`}
        ?disabled=${draft.busy}
        @change=${picked}
    /></label>
    <small class="sealed">${t(`files.sealed_${comp}`)}</small>
    <ul>
      ${enclosedIn(draft)
        .filter((file) => file.comp === comp)
        .map(
          (file) =>
            html`<li>
              ${file.name} <small>${fileSize(file.blob.size)}</small>
              <button type="button" class="quiet" ?disabled=${draft.busy} @click=${() => take(draft, file)}>
                ${t("files.remove")}
              </button>
            </li>`,
        )}
    </ul>
  </div>`;
}

/** How far the files are, while they go. @param {Draft} draft */
export const onTheWay = (draft) =>
  draft.busy && draft.sent
    ? html`<p class="hint" role="status">${t("files.going", { size: fileSize(draft.sent) })}</p>`
    : nothing;

/** Files for the person's own disk: made in this page, or fetched under a session that may have to be opened again. */

import { getBytes } from "../client/wire.js";
import { ZONE } from "../core/offices.js";
import { office, sentence, signedIn } from "./session.js";
import { tell } from "./store.js";

const KEPT = 60_000; // ms until the browser has surely read it

/** Hand a file to the browser's downloads. @param {string} name @param {BlobPart} body @param {string} [type] */
export function save(name, body, type = "application/octet-stream") {
  const url = URL.createObjectURL(new Blob([body], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

/** Fetched first and saved then: a link would save the refusal of an expired session as if it were the file.
 * @param {string} path @param {string} name */
export async function fetchFile(path, name) {
  try {
    const { serves } = office();
    const whose = serves === ZONE ? "" : `${serves}-`; // two offices' files of one name are told apart
    save(whose + name, /** @type {BlobPart} */ (await signedIn(() => getBytes(path))));
  } catch (error) {
    tell(sentence(error), "bad");
  }
}

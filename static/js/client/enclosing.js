/**
 * Files beside what an officer writes: items of his post, after its words. Small ones travel inside the post, large ones
 * before it, slice by slice, under the same pid.
 */

import { random } from "../crypto/encoding.js";
import { SLICE, sealItem } from "../crypto/items.js";
import { INLINE } from "../crypto/posts.js";
import { blobOf } from "../crypto/slices.js";
import { getJson, putBytes, remove } from "./wire.js";
import { Uploading, prepare } from "./uploading.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("./reading.js").Party} Party */
/** @typedef {import("./sealing.js").Piece} Piece */
/** A file and the compartment it is sealed in. @typedef {{comp: string, name: string, type: string, blob: Blob}} Enclosed */
/** @typedef {import("../crypto/items.js").SealedItem<Bytes>} Sealed */
/** @typedef {import("./uploading.js").Watch} Watch */

/** An officer's parts in a case; no work is asked of him. @param {string} caseId @returns {import("./uploading.js").Parts} */
function partsOf(caseId) {
  const at = (/** @type {string} */ name) => ({ "Whistle-Case": caseId, "Whistle-Part": name });
  return {
    put: (name, slice) => putBytes("/api/parts", slice, at(name)),
    have: (name) => getJson("/api/parts", at(name)),
    drop: (name) => remove("/api/parts", at(name)),
  };
}

/**
 * The items of a post with files, where `slots`, the table's items of the kind, have room for them. What was sent is taken
 * back when one of them fails: the next try begins anew, under other keys.
 * @param {Party} writer @param {string} caseId @param {{slots: string[], parts: Piece[], files: Enclosed[]}} what @param {Watch} watch
 * @returns {Promise<import("./sealing.js").Items>}
 */
export async function sealWith(writer, caseId, what, watch) {
  const pid = random(16);
  const parts = partsOf(caseId);
  /** @type {Uploading[]} */
  const begun = [];
  const items = [];
  try {
    for (const [index, one] of placed(what).entries())
      items.push(await sealOne({ writer, pid, index, parts, watch, begun }, one));
    return { pid, items };
  } catch (error) {
    await Promise.all(begun.map((one) => one.cancel(parts).catch(() => null)));
    throw error;
  }
}

/** A file stands behind the words of its compartment and of those before it, in front of those after it.
 * @param {{slots: string[], parts: Piece[], files: Enclosed[]}} what @returns {(Piece | Enclosed)[]} */
export function placed({ slots, parts, files }) {
  const rank = new Map(slots.map((slot, at) => [slot.replace("*", ""), at]));
  const found = /** @type {(Piece | Enclosed)[]} */ ([...parts]);
  for (const file of files) {
    const here = rank.get(file.comp) ?? 0;
    const last = found.reduce((at, { comp }, index) => ((rank.get(comp) ?? 0) <= here ? index : at), -1);
    found.splice(last + 1, 0, file);
  }
  return found;
}

/** @param {{writer: Party, pid: Bytes, index: number, parts: import("./uploading.js").Parts, watch: Watch, begun: Uploading[]}} post
 * @param {Piece | Enclosed} one @returns {Promise<Sealed>} */
async function sealOne({ writer, pid, index, parts, watch, begun }, one) {
  const { zone, case: caseId, name: author } = writer;
  const inline = (/** @type {Piece} */ piece) => sealItem(zone, caseId, author, pid, index, piece);
  if (!("blob" in one)) return inline(one);
  const { comp, name, type, blob } = one;
  if (blobOf({ comp, name, type, size: blob.size }) <= INLINE)
    return inline({ comp, name, type, body: new Uint8Array(await blob.arrayBuffer()) });
  const prepared = await prepare({ comp, name, type }, () => piecesOf(blob));
  const uploading = new Uploading({ zone, caseId, author, index }, prepared, pid);
  begun.push(uploading);
  return { ...(await uploading.send(parts, watch)), blob: new Uint8Array() };
}

/** @param {Blob} blob @returns {AsyncGenerator<Bytes, void>} */
async function* piecesOf(blob) {
  for (let at = 0; at < blob.size; at += SLICE) yield new Uint8Array(await blob.slice(at, at + SLICE).arrayBuffer());
}

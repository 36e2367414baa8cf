/** One chosen file, told by its first bytes and cleaned as its sort can be: what will be sealed, and what was done to it. */

import { FileFault, checkFile, named } from "../../client/attaching.js";
import { prepare } from "../../client/uploading.js";
import { LOOKED_AT, TYPES, plainName, sortOf, typeOf } from "../../core/filetypes.js";
import { b64, concat, digest, utf8 } from "../../crypto/encoding.js";
import { SLICE } from "../../crypto/items.js";
import { bring } from "../../bring.js";
import { clean as cleanPicture } from "./picture.js";

/** @typedef {import("../../crypto/encoding.js").Bytes} Bytes */
/** What will be sealed; `told` is a word of what was done, `asks` whether she has to decide.
 * @typedef {{type: string, told: string, asks: boolean, look: Blob | null, pieces: import("../../client/uploading.js").Pieces}} Cleaned */

/** @param {Blob} file @param {number} from @param {number} to @returns {Promise<Bytes>} */
async function bytesOf(file, from, to) {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch {
    throw new FileFault("file_gone");
  }
}

/** @param {Blob} file @returns {import("../../client/uploading.js").Pieces} */
const piecesOf = (file) =>
  async function* () {
    for (let at = 0; at < file.size; at += SLICE) yield await bytesOf(file, at, at + SLICE);
  };

/** Its type by its bytes, or FileFault. @param {Blob} file */
export async function look(file) {
  if (!file.size) throw new FileFault("file_empty");
  const type = typeOf(await bytesOf(file, 0, LOOKED_AT));
  checkFile(type, file.size);
  return type;
}

/** Two choices of the same file have the same mark: length, beginning and end. It stays in this page's memory. @param {Blob} file */
export async function markOf(file) {
  const ends = [await bytesOf(file, 0, SLICE), await bytesOf(file, Math.max(0, file.size - SLICE), file.size)];
  return b64(await digest(concat(utf8(`${file.size} `), ...ends)));
}

/** @param {Blob} file @param {string} type @returns {Promise<Cleaned>} */
export async function clean(file, type) {
  const sort = sortOf(type);
  if (sort === "picture") return picture(await cleanPicture(file, type));
  const asIs = { type, asks: true, look: null, pieces: piecesOf(file) };
  if (sort === "document") return { ...asIs, told: "author" };
  const made = await remuxed(file, type);
  return made ? { ...made, told: "cleaned", asks: false, look: null } : { ...asIs, told: "uncleaned" };
}

/** A film or a sound made anew, null where nothing of it can be taken over. @param {Blob} file @param {string} type */
async function remuxed(file, type) {
  const remux = await bring("films").catch(() => {
    throw new FileFault("script");
  });
  return remux(file, type).catch(() => null);
}

/** @param {Blob} made @returns {Cleaned} */
export function picture(made) {
  return { type: made.type, told: "cleaned", asks: false, look: made, pieces: piecesOf(made) };
}

/** First reading of what will be sealed, under a plain name. @param {Cleaned} cleaned @param {number} number among those of its sort */
export async function prepared({ type, pieces }, number) {
  const found = await prepare(named(plainName(type, number), type), pieces);
  checkFile(type, found.shape.size);
  return found;
}

/** @param {string} type @param {number} number @param {Record<string, string>} sorts the page's words for them */
export const shownName = (type, number, sorts) => `${sorts[sortOf(type)]} ${number}.${TYPES[type].ext}`;

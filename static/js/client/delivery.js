/** One post on its way: what is sealed stays sealed, and only grants and head are made again. The twin of whistle/client/delivery.py. */

import { b64 } from "../crypto/encoding.js";
import { draftBody, packUpload, signPost } from "../crypto/posts.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** Where a post goes in the chain, under which directory, and when.
 * @typedef {{no: number, prev: string, last: string, dir: string, vis: "all" | "office", when: string}} Place */

/**
 * The signed post, and the upload with its grants and items as the door takes it.
 * @param {import("./reading.js").Party} writer @param {string} kind @param {Record<string, unknown>} fields
 * @param {import("./sealing.js").Items} items @param {import("./sealing.js").Grant[]} grants @param {Place} place
 * @returns {Promise<{post: import("../crypto/posts.js").Post, bytes: Bytes}>}
 */
export async function signed(writer, kind, fields, { pid, items }, grants, place) {
  const body = draftBody(
    kind,
    fields,
    items.map(({ entry }) => entry),
    grants.map(({ entry }) => entry),
  );
  const whose = { zone: b64(writer.zone), case: b64(writer.case), author: writer.name, pid: b64(pid) };
  const post = await signPost(writer.keys, { ...whose, ...place }, body);
  const blobs = Object.fromEntries(items.map(({ entry, blob }) => [entry.id, blob]));
  return {
    post,
    bytes: packUpload(
      post,
      grants.map(({ sealed }) => sealed),
      blobs,
    ),
  };
}

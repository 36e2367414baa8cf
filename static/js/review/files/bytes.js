/** The bytes of a file of the case, in memory only. */

import { unb64 } from "../../crypto/encoding.js";
import { ClientError } from "../../client/errors.js";
import { fetched, slicesAt, whole } from "../../client/fetching.js";
import { office, signedIn } from "../session.js";

/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */

/** What is shown whole. Chromium pages larger Blobs to its profile in plain: they go by `whistle open --save`. */
export const MOST = 100_000_000;

/**
 * ClientError: "too_large" for more than is shown here, "broken" where a slice is not as it was signed.
 * @param {Model} model @param {Item} item @param {(bytes: number, of: number) => void} tell
 */
export async function bytesOf(model, item, tell) {
  if (!item.apart) return item.body;
  if (item.length > MOST) throw new ClientError("too_large");
  const post = model.acts.find(({ hash }) => hash === item.post);
  if (!post) throw new ClientError("not_found");
  const place = { zone: office().zone, case: unb64(model.id) };
  const at = slicesAt({ "Whistle-Case": model.id }, item.id);
  const slices = {
    hashes: () => signedIn(at.hashes),
    piece: (/** @type {number} */ first, /** @type {number} */ last) => signedIn(() => at.piece(first, last)),
  };
  return whole(await fetched(place, post, item, slices), MOST, tell);
}

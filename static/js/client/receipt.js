/** A door's answer to a post must be a receipt for that very post, signed by a key its directory lists. */

import { unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { checkReceipt, readReceipt } from "../crypto/receipts.js";
import { ClientError } from "./errors.js";

/**
 * @param {{zone: import("../crypto/encoding.js").Bytes, directories: import("../crypto/directory.js").Directories}} session @param {{bytes: string, sig: string}} answer @param {import("../crypto/posts.js").Post} post
 * @returns {Promise<import("../crypto/receipts.js").Receipt>} throws ClientError("receipt"): the door says that the post is stored, and does not prove it
 */
export async function receiptFor(session, answer, post) {
  try {
    const receipt = await readReceipt(session.directories, utf8(answer.bytes), unb64(answer.sig));
    return checkReceipt(receipt, post, session.zone);
  } catch (error) {
    if (error instanceof EnvelopeError) throw new ClientError("receipt");
    throw error;
  }
}

/** A door's answer to a post must be a receipt for that very post, signed by a key the directory lists. */

import { unb64, utf8 } from "../crypto/encoding.js";
import { checkReceipt, verifyReceipt } from "../crypto/receipts.js";
import { DoorError } from "./door.js";

/**
 * @param {{zone: import("../crypto/encoding.js").Bytes, directories: any}} session @param {{bytes: string, sig: string}} answer @param {any} post
 * @returns {Promise<any>} the receipt; throws DoorError("receipt")
 */
export async function receiptFor(session, answer, post) {
  const bytes = utf8(answer.bytes);
  for (const door of session.directories.newest.doors) {
    if (door.use !== "receipt") continue;
    const found = verifyReceipt(unb64(door.sig), bytes, unb64(answer.sig));
    const doc = await found.then((receipt) => checkReceipt(receipt, post, session.zone)).catch(() => null);
    if (doc) return doc;
  }
  throw new DoorError("receipt");
}

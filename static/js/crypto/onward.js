// Proof that whoever reports here reported inside a company before (envelope.md, ONWARD): the company's first post with its
// receipt, and a statement for the new case, signed by the old case's key.

import { Chain } from "./chain.js";
import { SUITE, TAG, b64, text, unb64, utf8 } from "./encoding.js";
import { refuse } from "./errors.js";
import { verify } from "./keys.js";
import { parsePost } from "./posts.js";
import { checkReceipt, readReceipt } from "./receipts.js";
import { bytes, dump, oneOf, parse, record, schema, string } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {import("./posts.js").Post} Post */

export const MOST = 61_440; // bytes: what an item beside its post bears

export const PROOF = schema(
  MOST,
  record({
    v: oneOf(1),
    suite: oneOf(SUITE),
    zone: bytes(16),
    head: string(1024),
    head_sig: bytes(64),
    body: string(MOST),
    receipt: string(1024),
    receipt_sig: bytes(64),
    case: bytes(32),
    sig: bytes(64),
  }),
);

/** What is proven: the day of the earlier report by its receipt, and the channel it went to.
 * @typedef {{day: string, channel: string, source: string}} Onward */

/** What the old case's key signs. @param {string} zone @param {string} old @param {string} fresh */
const stated = (zone, old, fresh) => [SUITE, unb64(zone), unb64(old), unb64(fresh)];

/** The proof for the new case, by the keys of the old one. Throws EnvelopeError when the first body is gone, or too large.
 * @param {import("./keys.js").KeyPair} keys @param {string} zone @param {Post} first
 * @param {{bytes: string, sig: string}} receipt @param {string} fresh the new case @returns {Promise<Bytes>} */
export async function prove(keys, zone, first, receipt, fresh) {
  if (!first.bodyBytes) return refuse("onward");
  return dump(PROOF, {
    v: 1,
    suite: SUITE,
    zone,
    head: text(first.headBytes),
    head_sig: b64(first.sig),
    body: text(first.bodyBytes),
    receipt: receipt.bytes,
    receipt_sig: receipt.sig,
    case: fresh,
    sig: b64(await keys.sign(TAG.ONWARD, stated(zone, first.head.case, fresh))),
  });
}

/** The first post that a proof carries, parsed and not verified: it names directory and channel. @param {Bytes} data */
export async function readProof(data) {
  const document = parse(PROOF, data);
  return parsePost(utf8(document.head), unb64(document.head_sig), utf8(document.body));
}

/** What this proof shows to whoever holds the new case. The channel it names must have been added to `directories`. Throws
 * EnvelopeError for one of another zone or case, or of which anything does not hold.
 * @param {import("./directory.js").Directories} directories @param {import("./chain.js").Table} table @param {Bytes} data @param {string} fresh the new case
 * @returns {Promise<Onward>} */
export async function verifyProof(directories, table, data, fresh) {
  const document = parse(PROOF, data);
  const first = await readProof(data);
  const { zone } = directories.newest;
  const isFor = document.zone === zone && document.case === fresh && first.head.case !== fresh;
  if (!isFor || first.kind !== "report") refuse("onward");
  await new Chain(unb64(zone), directories, table, "reporter").add(first);
  const receipt = await readReceipt(directories, utf8(document.receipt), unb64(document.receipt_sig));
  checkReceipt(receipt, first, unb64(zone));
  const signed = stated(zone, first.head.case, fresh);
  await verify(unb64(first.fields.reporter.sig), TAG.ONWARD, signed, unb64(document.sig));
  return { day: receipt.day, channel: first.fields.channel, source: first.fields.source };
}

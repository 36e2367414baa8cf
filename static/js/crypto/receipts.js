// Receipts and checkpoints: what the door signs, so that what it accepted cannot be denied (envelope.md). Checkpoint,
// witness and their roots are a frozen part of X1, held by its vectors; no door of this release makes one.

import { SUITE, TAG, b64, concat, digest, lp, unb64 } from "./encoding.js";
import { EnvelopeError, refuse } from "./errors.js";
import { verify } from "./keys.js";
import { bytes, day, dump, integer, oneOf, orEmpty, parse, record, schema, string } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

export const RECEIPT = schema(
  1024,
  record({
    v: oneOf(1),
    suite: oneOf(SUITE),
    zone: bytes(16),
    door: string(32),
    epoch: bytes(16),
    case: bytes(32),
    no: integer,
    post: bytes(32),
    dir: bytes(32),
    day,
    seqc: orEmpty(bytes(32)),
  }),
);

const COUNTED = record({ count: integer, root: bytes(32) });
const CHAINED = record({ count: integer, head: bytes(32) });

export const CHECKPOINT = schema(
  2048,
  record({
    v: oneOf(1),
    suite: oneOf(SUITE),
    zone: bytes(16),
    epoch: bytes(16),
    no: integer,
    prev: bytes(32),
    day,
    dir: bytes(32),
    posts: COUNTED,
    seqs: COUNTED,
    ledger: CHAINED,
    audit: CHAINED,
  }),
);

/** @typedef {ReturnType<typeof RECEIPT.check>} Receipt */
/** @typedef {ReturnType<typeof CHECKPOINT.check>} Checkpoint */
/** @typedef {{sign: (tag: string, doc: Bytes) => Promise<Bytes>}} SigningKey */

/** @param {SigningKey} door @param {Receipt} doc */
export async function signReceipt(door, doc) {
  const data = dump(RECEIPT, doc);
  return { bytes: data, sig: await door.sign(TAG.RECEIPT, data) };
}

/** @param {Bytes} doorPublic @param {Bytes} data @param {Bytes} sig */
export async function verifyReceipt(doorPublic, data, sig) {
  await verify(doorPublic, TAG.RECEIPT, data, sig);
  return parse(RECEIPT, data);
}

/**
 * The receipt, signed by a key that the directory it names lists for its door. A key that is listed only earlier or
 * only later signs nothing under it; old and new may stand side by side.
 * @param {import("./directory.js").Directories} directories @param {Bytes} data @param {Bytes} sig
 */
export async function readReceipt(directories, data, sig) {
  const { door, dir } = parse(RECEIPT, data);
  for (const key of receiptKeys(directories.byHash(dir), door)) {
    const found = await verifyReceipt(key, data, sig).catch(unlessRefused);
    if (found) return found;
  }
  return refuse("unknown_door");
}

/** @param {unknown} error */
function unlessRefused(error) {
  if (error instanceof EnvelopeError) return null;
  throw error;
}

/** Every key the directory lists for this door to sign receipts with. @param {import("./directory.js").Directory | null} directory @param {string} door */
export function receiptKeys(directory, door) {
  const listed = directory?.doors ?? [];
  return listed.filter(({ id, use }) => id === door && use === "receipt").map(({ sig }) => unb64(sig, 32));
}

/** A receipt for another post would let a server forget this one. @param {Receipt} doc @param {import("./posts.js").Post} post @param {Bytes} zone */
export function checkReceipt(doc, post, zone) {
  const { head, hash } = post;
  const same = doc.zone === b64(zone) && doc.case === head.case && doc.post === hash && doc.dir === head.dir;
  if (!same || doc.no !== head.no) refuse("wrong_receipt");
  return doc;
}

/** The door signs "checkpoint", the auditor countersigns "witness" over the same bytes. @param {Bytes} open @param {Bytes} data @param {Bytes} sig @param {string} [tag] */
export async function verifyCheckpoint(open, data, sig, tag = TAG.CHECKPOINT) {
  await verify(open, tag, data, sig);
  return parse(CHECKPOINT, data);
}

/** Order of receipt, committed and not told. @param {Bytes} zone @param {Bytes} epoch @param {number} seq from 1 @param {Bytes} salt */
export function seqCommitment(zone, epoch, seq, salt) {
  return digest(lp("seq v1", zone, epoch, seq, salt));
}

/** RFC 6962: H of nothing when empty. @param {Bytes[]} leaves @returns {Promise<Bytes>} */
export async function merkleRoot(leaves) {
  if (leaves.length === 0) return digest(new Uint8Array(0));
  if (leaves.length === 1) return digest(concat([0], leaves[0]));
  let middle = 1;
  while (middle * 2 < leaves.length) middle *= 2;
  const [left, right] = await Promise.all([merkleRoot(leaves.slice(0, middle)), merkleRoot(leaves.slice(middle))]);
  return digest(concat([1], left, right));
}

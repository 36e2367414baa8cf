/**
 * Sealing a post: items once, then a grant for every reader the table and the channel name. Whoever writes, reporter or
 * reviewer, seals through here. The twin of whistle/client/sealing.py.
 */

import { audience, part as partOf } from "../core/access.js";
import { recipients } from "../crypto/directory.js";
import { random, unb64 } from "../crypto/encoding.js";
import { refuse } from "../crypto/errors.js";
import { sealGrant } from "../crypto/grants.js";
import { sealItem } from "../crypto/items.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/grants.js").KeyRow} KeyRow */
/** @typedef {import("./reading.js").Party} Party */
/** @typedef {import("../crypto/items.js").Part<Bytes>} Piece one item to be */
/** The sealed items of one post. They bind the pid, not the place: a conflict never seals them again.
 * @typedef {{pid: Bytes, items: import("../crypto/items.js").SealedItem<Bytes>[]}} Items */
/** @typedef {{entry: import("../crypto/grants.js").GrantEntry, sealed: Bytes}} Grant */
/** Who reads: the channel, and what the chain says about seats; `exclude` names persons.
 * @typedef {{channel: import("../crypto/directory.js").Channel, workflow: import("../core/workflow.js").Workflow,
 *   seats: import("../crypto/directory.js").Seats, exclude: string[], assigned: boolean}} Readers */

const REPORTER = "reporter";
/** The smallest office has no auditor; any other empty role loses the case for somebody: refused. */
const MAY_BE_EMPTY = new Set(["auditor"]);

/** Each piece under a fresh key, all under a fresh pid. @param {Party} writer @param {Piece[]} pieces @returns {Promise<Items>} */
export async function sealItems(writer, pieces) {
  const pid = random(16);
  const items = [];
  for (const [index, one] of pieces.entries())
    items.push(await sealItem(writer.zone, writer.case, writer.name, pid, index, one));
  return { pid, items };
}

/** Every rid that an item of this compartment is sealed to, with the part of its key that is his. Throws
 * EnvelopeError("no_reader") when a role is empty. @param {string} comp @param {Readers} readers @param {string} [kind] of the post @returns {Map<string, number>} */
export function readersOf(comp, readers, kind = "") {
  const { channel, workflow, seats, exclude, assigned } = readers;
  const found = new Map();
  for (const role of audience(comp, workflow, assigned, kind)) {
    if (MAY_BE_EMPTY.has(role) && !channel.readers.some(({ roles }) => roles.includes(role))) continue;
    const part = partOf(comp, role, workflow) ?? 0;
    for (const rid of recipients(channel, role, seats, exclude)) found.set(rid, part);
  }
  return found;
}

/** Which keys of these items each reader is given; the reporter's where `hers` says so. One grant for each reader.
 * @param {Items} sealed @param {Readers} readers @param {string} kind @param {(comp: string) => boolean} hers @returns {Map<string, KeyRow[]>} */
export function plan({ items }, readers, kind, hers) {
  /** @type {Map<string, KeyRow[]>} */
  const wanted = new Map();
  for (const { entry, key, halves } of items) {
    const to = readersOf(entry.comp, readers, kind);
    if (hers(entry.comp)) to.set(REPORTER, 0);
    for (const [rid, part] of to)
      give(wanted, rid, [{ id: entry.id, part, key: part && halves ? halves[part - 1] : key }]);
  }
  return wanted;
}

/** @param {Map<string, KeyRow[]>} wanted @param {string} rid @param {KeyRow[]} rows */
export function give(wanted, rid, rows) {
  wanted.set(rid, [...(wanted.get(rid) ?? []), ...rows]);
}

/** Seal each reader's keys to his KEM key of this channel.
 * @param {Party} writer @param {Bytes} pid @param {Map<string, KeyRow[]>} wanted @param {Readers} readers @param {Bytes} reporterKem @returns {Promise<Grant[]>} */
export async function sealGrants(writer, pid, wanted, { channel }, reporterKem) {
  const kems = new Map(channel.readers.map(({ rid, kem }) => [rid, kem]));
  const grants = [];
  for (const [rid, rows] of wanted) {
    const kem = rid === REPORTER ? reporterKem : unb64(kems.get(rid) ?? refuse("no_reader"));
    grants.push(await sealGrant(writer.zone, writer.case, writer.name, pid, rid, kem, rows));
  }
  return grants;
}

/** The rows that hand on an item: of a large one every key that grants gave, for which of them opens it is not known yet.
 * @param {{id: string, key: Bytes | null, spare?: Bytes[]}} item @returns {KeyRow[]} */
export function wholeKeys({ id, key, spare = [] }) {
  return [key ?? refuse("no_key"), ...spare].map((one) => ({ id, part: 0, key: one }));
}

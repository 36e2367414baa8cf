/**
 * From what a person wrote to a signed post. Sealing happens once; what a colleague's post or a new directory
 * changes is only the grants and the 430-byte head (envelope.md section 2, Conflicts).
 */

import { b64, random, unb64 } from "../crypto/encoding.js";
import { recipients } from "../crypto/directory.js";
import { sealGrant } from "../crypto/grants.js";
import { sealItem } from "../crypto/items.js";
import { draftBody, packUpload, signPost } from "../crypto/posts.js";
import { checkReceipt, verifyReceipt } from "../crypto/receipts.js";
import { audience } from "../core/access.js";
import { allowed } from "../core/case.js";
import { DoorError, postBytes } from "./door.js";

const TRIES = 5;
/** The smallest office has no auditor; any other empty role loses the case for somebody: refused. */
const MAY_BE_EMPTY = new Set(["auditor"]);

/**
 * Seal the items of an act under a fresh pid.
 * @param {any} office @param {any} model the opened case
 * @param {{kind: string, fields: any, parts: any[], extra?: (model: any) => {reader: string, rows: any[]}[]}} act
 */
export async function seal(office, model, act) {
  const pid = random(16);
  const items = [];
  for (const [index, part] of act.parts.entries()) {
    items.push(await sealItem(office.zone, unb64(model.id), office.rid, pid, index, part));
  }
  return { ...act, pid, items };
}

/** Who gets the keys of a compartment now: rids by role and seats, and the reporter where the table says so. */
export function readersOf(/** @type {any} */ office, /** @type {any} */ model, /** @type {any} */ comp, seats = model.chain.seats, assigned = model.fold.isAssigned) {
  const channel = office.directories.channel(office.directories.newestHash, model.chain.channelId);
  const exclude = [...model.chain.excluded];
  const rids = new Set();
  for (const role of audience(comp, office.workflow, assigned)) {
    if (MAY_BE_EMPTY.has(role) && !channel.readers.some((/** @type {any} */ reader) => reader.roles.includes(role))) continue;
    for (const rid of recipients(channel, role, seats, exclude)) rids.add(rid);
  }
  return [...rids];
}

/** Rows for each reader of the act's own items, then what the act hands on; one grant for each reader. */
function grantRows(/** @type {any} */ office, /** @type {any} */ model, /** @type {any} */ sealed) {
  /** @type {Map<string, any[]>} */
  const rows = new Map();
  const give = (/** @type {string} */ reader, /** @type {any[]} */ list) => rows.set(reader, [...(rows.get(reader) ?? []), ...list]);
  for (const { entry, key } of sealed.items) {
    const whole = [{ id: entry.id, part: 0, key }];
    for (const rid of readersOf(office, model, entry.comp)) give(rid, whole);
    if (office.workflow.compartments[entry.comp].reporter) give("reporter", whole);
  }
  for (const { reader, rows: list } of sealed.extra ? sealed.extra(model) : []) give(reader, list);
  return rows;
}

/** The public key a grant to this reader is sealed to. */
function kemOf(/** @type {any} */ office, /** @type {any} */ model, /** @type {any} */ reader) {
  if (reader === "reporter") return unb64(model.chain.reporter.kem);
  return unb64(office.directories.reader(office.directories.newestHash, model.chain.channelId, reader).kem);
}

/** Grants and head for the case as it stands; the items stay as they were sealed. */
async function dress(/** @type {any} */ office, /** @type {any} */ model, /** @type {any} */ sealed) {
  const grants = [];
  for (const [reader, rows] of grantRows(office, model, sealed)) {
    const kem = kemOf(office, model, reader);
    grants.push(await sealGrant(office.zone, unb64(model.id), office.rid, sealed.pid, reader, kem, rows));
  }
  const entries = sealed.items.map((/** @type {any} */ item) => item.entry);
  const body = draftBody(sealed.kind, sealed.fields, entries, grants.map((grant) => grant.entry));
  const { vis } = office.workflow.kinds[sealed.kind];
  const head = {
    zone: b64(office.zone), case: model.id, ...model.chain.next(vis), dir: office.directories.newestHash,
    author: office.rid, pid: b64(sealed.pid), vis, when: `${new Date().toISOString().slice(0, 16)}Z`,
  };
  const post = await signPost(office.keys, head, body);
  const blobs = Object.fromEntries(sealed.items.map((/** @type {any} */ item) => [item.entry.id, item.blob]));
  return { post, bytes: packUpload(post, grants.map((grant) => grant.sealed), blobs) };
}

/** The door's answer must be a receipt for this very post, signed by a key of the directory. */
async function checkAnswer(/** @type {any} */ office, /** @type {any} */ answer, /** @type {any} */ post) {
  const bytes = new TextEncoder().encode(answer.bytes);
  const doors = office.directories.newest.doors.filter((/** @type {any} */ door) => door.use === "receipt");
  for (const door of doors) {
    const doc = await verifyReceipt(unb64(door.sig), bytes, unb64(answer.sig)).catch(() => null);
    if (doc) return checkReceipt(doc, post, office.zone);
  }
  throw new DoorError("receipt");
}

/**
 * Sign and send; when somebody was quicker, fetch what came in, ask `overtaken`, and sign the same items again.
 * @param {any} office @param {any} model @param {any} sealed
 * @param {{overtaken?: (model: any, kinds: string[]) => void}} [told]
 */
export async function send(office, model, sealed, told = {}) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    sealed.ready ??= await dress(office, model, sealed);
    try {
      return await checkAnswer(office, await postBytes("/api/posts", sealed.ready.bytes), sealed.ready.post);
    } catch (error) {
      if (!(error instanceof DoorError) || !["conflict", "stale_directory"].includes(error.code)) throw error;
      if (error.code === "stale_directory") await office.refreshDirectory();
      const known = model.acts.length;
      model = await office.openCase(model.id);
      if (model.chain.pids.has(b64(sealed.pid))) return null;
      recheck(office, model, sealed.kind, model.acts.slice(known), told);
      sealed.ready = null;
    }
  }
  throw new DoorError("busy");
}

/** The act must still be allowed after what came in; else the person is told and keeps the draft. */
function recheck(/** @type {any} */ office, /** @type {any} */ model, /** @type {any} */ kind, /** @type {any} */ came, /** @type {any} */ told) {
  const kinds = came.map((/** @type {any} */ act) => act.kind);
  if (!allowed(model.fold, model.roles, office.me.person, office.workflow).includes(kind)) {
    throw new DoorError("overtaken", { kinds, model });
  }
  if (kinds.length && told.overtaken) told.overtaken(model, kinds);
}

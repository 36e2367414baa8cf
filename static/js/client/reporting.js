/**
 * A reporter's posts: sealed once, then granted, signed and sent. What a new directory or an office post in between
 * changes is the grants and the 430-byte head (envelope.md section 2, Conflicts); nothing is ever typed twice.
 */

import { b64, random, unb64 } from "../crypto/encoding.js";
import { recipients } from "../crypto/directory.js";
import { sealGrant } from "../crypto/grants.js";
import { sealItem } from "../crypto/items.js";
import { draftBody, packUpload, signPost } from "../crypto/posts.js";
import { header, readChallenge, solve } from "../crypto/work.js";
import { audience, part as partOf, reporterReads } from "../core/access.js";
import { DoorError } from "./door.js";
import { receiptFor } from "./receipt.js";

const LONGEST_WAIT = 8;
/** What is worked for under another purpose: the envelope knows three. @type {Record<string, string>} */
const PURPOSE = { objection: "message" };

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {{no: number, prev: string, last: string, channel: any, seats: any, exclude: string[], assigned: boolean}} Place where a post stands */
/** @typedef {{post: import("../crypto/posts.js").Post, bytes: Bytes, headers: Record<string, string>}} Ready a signed upload that may have arrived */
/**
 * @typedef {object} Act
 * @property {"report" | "message" | "claim" | "objection"} kind
 * @property {Record<string, any>} fields
 * @property {boolean} own whether her own copies are granted to herself
 * @property {(session: Session) => Promise<Place>} place
 */
/** @typedef {Act & {ticket: import("../crypto/ticket.js").Ticket, pid: Bytes, items: any[], ready: Ready | null}} Draft */

/**
 * Seal the items of a post under a fresh pid.
 * @param {Session} session @param {import("../crypto/ticket.js").Ticket} ticket @param {Act & {parts: import("../crypto/items.js").Part<Bytes>[]}} act @returns {Promise<Draft>}
 */
export async function seal(session, ticket, { kind, fields, parts, own, place }) {
  const pid = random(16);
  const items = [];
  for (const [index, one] of parts.entries()) {
    items.push(await sealItem(session.zone, ticket.case, "reporter", pid, index, one));
  }
  return { kind, fields, ticket, pid, items, own, place, ready: null };
}

/** Everybody who may read an item now, with the part of its key that is theirs. @param {Session} session @param {Draft} draft @param {Place} place @param {{comp: string}} entry */
function readers(session, draft, place, entry) {
  /** @type {[string, number][]} */
  const out = [];
  for (const role of audience(entry.comp, session.workflow, place.assigned)) {
    const part = partOf(entry.comp, role, session.workflow);
    for (const rid of recipients(place.channel, role, place.seats, place.exclude)) out.push([rid, part]);
  }
  if (draft.own && reporterReads(draft.kind, entry.comp, "reporter", session.workflow)) out.push(["reporter", 0]);
  return out;
}

/** Reader to the rows of his one grant; a reader with two roles gets a key once. @param {Session} session @param {Draft} draft @param {Place} place @returns {Map<string, any[]>} */
export function grantRows(session, draft, place) {
  const rows = new Map();
  for (const { entry, key, halves } of draft.items) {
    for (const [reader, part] of readers(session, draft, place, entry)) {
      const mine = rows.get(reader) ?? [];
      const known = mine.some((/** @type {any} */ row) => row.id === entry.id && row.part === part);
      if (!known) rows.set(reader, [...mine, { id: entry.id, part, key: part ? halves[part - 1] : key }]);
    }
  }
  return rows;
}

/** @param {Session} session @param {Draft} draft @param {Place} place */
async function sealGrants(session, draft, place) {
  const grants = [];
  for (const [reader, rows] of grantRows(session, draft, place)) {
    const found = place.channel.readers.find((/** @type {any} */ one) => one.rid === reader);
    const kem = reader === "reporter" ? draft.ticket.keys.kem : unb64(found.kem);
    grants.push(await sealGrant(session.zone, draft.ticket.case, "reporter", draft.pid, reader, kem, rows));
  }
  return grants;
}

/** A challenge, the work for it, and the signed bytes for the case as it stands now.
 * @param {Session} session @param {Draft} draft @param {(step: string) => void} tell @returns {Promise<Ready>} */
async function dress(session, draft, tell) {
  /** @type {Record<string, string>} */
  const shown = draft.kind === "report" ? {} : { Authorization: draft.ticket.authorization };
  const place = await draft.place(session);
  const asked = await session.challenge(PURPOSE[draft.kind] ?? draft.kind, shown);
  tell("seal");
  const grants = await sealGrants(session, draft, place);
  const entries = draft.items.map((/** @type {any} */ item) => item.entry);
  const body = draftBody(draft.kind, draft.fields, entries, grants.map((grant) => grant.entry));
  const head = {
    zone: b64(session.zone), case: b64(draft.ticket.case), no: place.no, prev: asked.prev || place.prev, last: place.last,
    dir: session.directories.newestHash, author: "reporter", pid: b64(draft.pid), vis: /** @type {const} */ ("all"), when: asked.day,
  };
  const post = await signPost(draft.ticket.keys, head, body);
  const blobs = Object.fromEntries(draft.items.map((/** @type {any} */ item) => [item.entry.id, item.blob]));
  tell("work");
  const work = await worked(asked.challenge, draft);
  return { post, bytes: packUpload(post, grants.map((grant) => grant.sealed), blobs), headers: { ...shown, ...work } };
}

/** @param {string} asked "" when no work is asked @param {Draft} draft @returns {Promise<Record<string, string>>} */
async function worked(asked, draft) {
  if (!asked) return {};
  const challenge = unb64(asked);
  const counter = await solve(challenge, draft.ticket.case, draft.pid, readChallenge(challenge).bits, {});
  return { "Whistle-Work": header(challenge, counter) };
}

/** How often a refusal is answered by itself; after that she is told, and decides. */
const PATIENCE = { work: 3, conflict: 5, stale_directory: 3, busy: 2, too_many: 2 };

/** The door's answer, if it is a receipt for this very post. @param {Session} session @param {Ready} ready */
async function submit(session, { post, bytes, headers }) {
  const answer = await session.post(bytes, headers);
  return { receipt: await receiptFor(session, answer, post), answer, post };
}

/** Make the draft ready for another try, or throw: the words and the sealed items stay in any case.
 * @param {Session} session @param {Draft} draft @param {unknown} error @param {Record<string, number>} patience what is left of it */
async function recover(session, draft, error, patience) {
  const code = error instanceof DoorError ? error.code : "";
  // A report's only conflict is with itself: an earlier text under the same ticket did arrive.
  const hopeless = code === "conflict" && draft.kind === "report";
  if (hopeless || !(patience[code] > 0)) throw error;
  patience[code] -= 1;
  if (code === "busy" || code === "too_many") return wait(/** @type {DoorError} */ (error));
  draft.ready = null;
  return code === "stale_directory" ? session.refresh() : undefined;
}

/** @param {DoorError} error */
function wait(error) {
  const seconds = Math.min(Number(error.facts.retry) || 2, LONGEST_WAIT);
  return /** @type {Promise<void>} */ (new Promise((done) => setTimeout(done, seconds * 1000)));
}

/**
 * Send until there is a receipt. The same signed bytes are sent again after a lost answer, so that the door can
 * recognise them: one post, the same receipt. Throws DoorError; the draft can be given here again.
 * @param {Session} session @param {Draft} draft @param {(step: string) => void} [tell]
 * @returns {Promise<{receipt: any, answer: {bytes: string, sig: string}, post: any}>}
 */
export async function deliver(session, draft, tell = () => {}) {
  const patience = { ...PATIENCE };
  for (;;) {
    draft.ready ??= await dress(session, draft, tell);
    tell("post");
    try {
      return await submit(session, draft.ready);
    } catch (error) {
      await recover(session, draft, error, patience);
    }
  }
}

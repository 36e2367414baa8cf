/** A case as its reporter reads it: the chain verified, her items opened, the state folded from the same one table. */

import { b64, unb64, utf8 } from "../crypto/encoding.js";
import { Chain } from "../crypto/chain.js";
import { openGrant } from "../crypto/grants.js";
import { openItem } from "../crypto/items.js";
import { parsePost } from "../crypto/posts.js";
import { allowed, fold } from "../core/case.js";
import { DoorError, getJson } from "./door.js";
import { seal } from "./reporting.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("../crypto/ticket.js").Ticket} Ticket */
/** @typedef {import("../crypto/posts.js").Post} Post */
/** @typedef {{comp: string, text: string, hash: string, index: number}} Opened */

/**
 * Fetch, verify and open. Throws DoorError("unknown_ticket"), EnvelopeError or Refused when the record does not hold.
 * @param {Session} session @param {Ticket} ticket
 */
export async function openDossier(session, ticket) {
  const served = await getJson("/api/case", { Authorization: ticket.authorization });
  const posts = await Promise.all(served.posts.map(readPost));
  await learn(session, posts);
  const chain = new Chain(session.zone, session.directories, session.workflow, "reporter");
  for (const post of posts) await chain.add(post);
  if (chain.case !== b64(ticket.case)) throw new DoorError("unknown_ticket");
  const folded = fold(chain.acts, session.workflow, served.today, "reporter");
  const { opened, failed } = await openAll(session, ticket, chain, posts, served.posts);
  return { ticket, chain, folded, posts, opened, failed, today: served.today, clocks: served.clocks,
    may: allowed(folded, ["reporter"], "", session.workflow) };
}

/** @param {any} one */
function readPost(one) {
  return parsePost(utf8(one.head), unb64(one.sig), one.body ? utf8(one.body) : null);
}

/** Every directory a post was made under, and the channel as that directory lists it. @param {Session} session @param {Post[]} posts */
async function learn(session, posts) {
  if (!posts.length || !posts[0].body) throw new DoorError("unknown_ticket");
  const { channel } = posts[0].fields;
  const dirs = new Set(posts.map((post) => post.head.dir));
  if ([...dirs].some((dir) => !session.directories.byHash(dir))) await session.refresh();
  for (const dir of dirs) await session.channel(channel, dir);
}

/** All that is granted to her: keys first, from any post, then each item under the post that carries it.
 * @param {Session} session @param {Ticket} ticket @param {Chain} chain @param {Post[]} posts @param {any[]} served */
async function openAll(session, ticket, chain, posts, served) {
  const keys = new Map();
  const blobs = new Map();
  for (const [at, post] of posts.entries()) {
    for (const [id, blob] of Object.entries(served[at].items)) blobs.set(id, unb64(blob));
    for (const [row, sealed] of Object.entries(served[at].grants)) {
      const rows = await openRow(session, ticket, post, Number(row), unb64(sealed)).catch(() => []);
      for (const { id, part, key } of rows) if (part === 0) keys.set(id, key);
    }
  }
  /** @type {Opened[]} */
  const opened = [];
  /** @type {string[]} */
  const failed = [];
  for (const [id, blob] of blobs) {
    const one = await openOne(session, ticket, chain.carrier(id), keys.get(id), blob).catch(() => null);
    if (one) opened.push(one);
    else failed.push(chain.carrier(id)?.hash ?? "");
  }
  return { opened, failed };
}

/** @param {Session} session @param {Ticket} ticket @param {Post} post @param {number} row @param {Bytes} sealed */
function openRow(session, ticket, post, row, sealed) {
  const entry = post.grants[row];
  if (!entry || entry.to !== "reporter") throw new DoorError("malformed");
  return openGrant(session.zone, ticket.case, post.author, unb64(post.pid), "reporter", ticket.keys, entry, sealed);
}

/** @param {Session} session @param {Ticket} ticket @param {any} carrier @param {Bytes} key @param {Bytes} blob @returns {Promise<Opened>} */
async function openOne(session, ticket, carrier, key, blob) {
  if (!carrier || !key) throw new DoorError("malformed");
  const { entry, author, pid, index, hash } = carrier;
  const { meta, body } = await openItem(session.zone, ticket.case, author, unb64(pid), index, entry, key, blob);
  const text = meta.name ? meta.name : new TextDecoder("utf-8", { fatal: true }).decode(/** @type {Bytes} */ (body));
  return { comp: entry.comp, text, hash, index };
}

/** Where her next post stands: read anew each time, so that what came in between is checked and chained to.
 * @param {Ticket} ticket @param {string} kind @returns {(session: Session) => Promise<import("./reporting.js").Place>} */
export function placeIn(ticket, kind) {
  return async (session) => {
    const dossier = await openDossier(session, ticket);
    if (!dossier.may.includes(kind)) throw new DoorError("refused");
    const { chain } = dossier;
    const channel = await session.channel(chain.channelId);
    return { ...chain.next("all"), channel, seats: chain.seats, exclude: [...chain.excluded], assigned: dossier.folded.isAssigned };
  };
}

/** @param {Session} session @param {Ticket} ticket @param {string} words @param {"thread" | "payout"} comp */
export function sealMessage(session, ticket, words, comp) {
  const parts = [{ comp, name: "", type: "text/plain", body: utf8(words) }];
  return seal(session, ticket, { kind: "message", fields: { comp }, parts, own: true, place: placeIn(ticket, "message") });
}

/** Her objection, with what it is about: the decision she was told last. @param {Session} session @param {Ticket} ticket @param {string} words @param {string} about */
export function sealObjection(session, ticket, words, about) {
  const parts = [{ comp: "thread", name: "", type: "text/plain", body: utf8(words) }];
  return seal(session, ticket, { kind: "objection", fields: { about }, parts, own: true, place: placeIn(ticket, "objection") });
}

/** What she can object to now. @param {string} state as she sees it @returns {"decline" | "award.refuse" | "feedback"} */
export function objectionAbout(state) {
  return state === "not_accepted" ? "decline" : state === "refused" ? "award.refuse" : "feedback";
}

/** A claim is never granted back to her: a found code must not show payee and name.
 * @param {Session} session @param {Ticket} ticket @param {string} method @param {{payee: string, code: string, passphrase: string, note: string}} claim */
export function sealClaim(session, ticket, method, claim) {
  const body = utf8(JSON.stringify(claim));
  const parts = [{ comp: "payout", name: "", type: "application/json", body }];
  return seal(session, ticket, { kind: "claim", fields: { method }, parts, own: false, place: placeIn(ticket, "claim") });
}

/**
 * The reporter's side: file, read, write, claim. What is sealed stays sealed; what a new directory or an office post in
 * between changes is the grants and the 430-byte head (envelope.md section 2, Conflicts), so nothing is ever typed twice.
 * The twin of whistle/client/reporter.py.
 */

import { b64, unb64, utf8 } from "../crypto/encoding.js";
import { Chain } from "../crypto/chain.js";
import { refuse } from "../crypto/errors.js";
import { INLINE } from "../crypto/posts.js";
import { newTicket, openTicket } from "../crypto/ticket.js";
import { header, readChallenge, solve, wrong } from "../crypto/work.js";
import { reporterReads } from "../core/access.js";
import { allowed, fold } from "../core/case.js";
import { listed } from "../core/newposts.js";
import { isAuthority } from "../core/offices.js";
import { parts } from "./cards.js";
import { checkPieces } from "./checking.js";
import { signed } from "./delivery.js";
import { ClientError } from "./errors.js";
import { goneItems } from "./destroyed.js";
import { carried, openItems, openKeys, reading } from "./reading.js";
import { receiptFor } from "./receipt.js";
import { plan, readersOf, sealGrants, sealItems } from "./sealing.js";
import { duesOf, todayOf } from "./status.js";
import { buried } from "./tombs.js";
import { Trust, fetched, officeKind } from "./trust.js";
import { getJson, postBytes } from "./wire.js";

const LONGEST_WAIT = 8;
/** What is worked for under another purpose: the envelope knows three. @type {Record<string, string>} */
const PURPOSE = { objection: "message", evidence: "message", withdraw: "message", "withdraw.undo": "message" };

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/ticket.js").Ticket} Ticket */
/** @typedef {import("../crypto/posts.js").Post} Post */
/** @typedef {import("./cards.js").Form} Form */
/** @typedef {{no: number, prev: string, last: string, channel: import("../crypto/directory.js").Channel, seats: import("../crypto/directory.js").Seats, exclude: string[], assigned: boolean}} Place where a post stands */
/** @typedef {{post: import("../crypto/posts.js").Post, bytes: Bytes, headers: Record<string, string>}} Ready a signed upload that may have arrived */
/** @typedef {{receipt: import("../crypto/receipts.js").Receipt | null, answer: {bytes: string, sig: string}, post: import("../crypto/posts.js").Post}} Sent `receipt` null: taken, but not proved */
/** A report that was taken; `first`: an earlier text is what arrived. @typedef {Sent & {first: boolean, ticket: Ticket}} Filed */
/**
 * @typedef {object} Act
 * @property {"report" | "message" | "claim" | "objection" | "evidence" | "withdraw" | "withdraw.undo"} kind
 * @property {Record<string, unknown>} fields
 * @property {boolean} own whether her own copies are granted to herself
 * @property {(door: Public) => Promise<Place>} place
 */
/** `unheard`: it was sent, and no answer was heard: it may have arrived.
 * @typedef {Act & import("./sealing.js").Items & {ticket: import("../crypto/ticket.js").Ticket, ready: Ready | null, unheard?: boolean, sent?: boolean}} Draft */

/** One public door, verified against one zone. */
export class Public extends Trust {
  /** Throws EnvelopeError when the server's papers are not the pinned zone's.
   * @param {Bytes} zone @param {import("../crypto/directory.js").Directories | null} [seen] what this page has verified before */
  static async open(zone, seen = null) {
    return new this(zone, await fetched(zone, seen));
  }

  /**
   * Work for a post, the day to date it, and with a ticket the newest head.
   * @param {string} purpose @param {number} size of the post's sealed items, in bytes @param {Record<string, string>} shown @returns {Promise<{challenge: string, day: string, prev: string}>}
   */
  async challenge(purpose, size, shown) {
    const asked = { "Whistle-Purpose": purpose, "Whistle-Size": String(size), ...shown };
    return checked(this.zone, purpose, await getJson("/api/challenge", asked));
  }

  /** A signed post in, the door's answer out. @param {Bytes} bytes @param {Record<string, string>} headers */
  post(bytes, headers) {
    return postBytes("/api/posts", bytes, headers);
  }
}

/** A file's parts are worked for as a message is: the envelope knows no purpose of their own. @type {Record<string, string>} */
const WORKED_AS = { file: "message" };

/** The challenge is for this zone and purpose and the day it says; its size is what honest doors ask.
 * @param {Bytes} zone @param {string} purpose @param {{challenge: string, day: string, prev: string}} asked */
function checked(zone, purpose, asked) {
  const said = readChallenge(unb64(asked.challenge));
  const prev = asked.prev ? b64(unb64(asked.prev, 32)) : "";
  const why = wrong(said, zone, WORKED_AS[purpose] ?? purpose, asked.day);
  if (why === "busy") throw new ClientError(why, { retry: 60 });
  if (why) refuse(why);
  return { challenge: asked.challenge, day: said.day, prev };
}

/** Her case as the office told it. @typedef {Awaited<ReturnType<typeof statusOf>>} Status */

/**
 * Fetch, verify and open. Throws ClientError("unknown_ticket"), EnvelopeError or Refused when the record does not hold.
 * @param {Public} door @param {Ticket} ticket
 */
export async function statusOf(door, ticket) {
  const served = await getJson("/api/case", { Authorization: ticket.authorization });
  const given = await carried(served.posts);
  const posts = given.map(({ post }) => post);
  await learn(door, posts);
  const chain = new Chain(door.zone, door.directories, door.workflow, "reporter");
  for (const post of posts) await chain.add(post);
  if (chain.case !== b64(ticket.case)) throw new ClientError("unknown_ticket");
  const today = todayOf(served.today);
  const folded = fold(chain.acts, door.workflow, today, "reporter");
  const reader = { zone: door.zone, case: ticket.case, name: "reporter", keys: ticket.keys };
  const items = await openItems(reader, given, await openKeys(reader, given));
  const lost = await reading(() => buried(door.directories, chain, served.tombs ?? [], door.workflow));
  return {
    ticket,
    gone: goneItems(chain.acts, items, lost, door.workflow),
    isEmptied: lost.has("thread") || folded.destroyed.includes("content"),
    chain,
    folded,
    posts,
    items,
    today,
    clocks: duesOf(served.clocks, folded.clocks),
    may: allowed(folded, ["reporter"], "", door.workflow),
    methods: listed(door.workflow, officeKind(door.directories, chain.channelId), "methods"),
  };
}

/** Every directory a post was made under, and the channel as that directory lists it. @param {Public} door @param {Post[]} posts */
async function learn(door, posts) {
  if (!posts.length || !posts[0].body) throw new ClientError("unknown_ticket");
  const { channel } = posts[0].fields;
  const dirs = new Set(posts.map((post) => post.head.dir));
  if ([...dirs].some((dir) => !door.directories.byHash(dir))) await door.refresh();
  for (const dir of dirs) await door.channel(channel, dir);
}

/** Where her next post stands: read anew each time, so that what came in between is checked and chained to.
 * @param {Ticket} ticket @param {string} kind @returns {(door: Public) => Promise<Place>} */
export function placeIn(ticket, kind) {
  return async (door) => {
    const status = await statusOf(door, ticket);
    if (!status.may.includes(kind)) throw new ClientError("refused");
    const { chain } = status;
    const channel = await door.channel(chain.channelId);
    return {
      ...chain.next("all"),
      channel,
      seats: chain.seats,
      exclude: [...chain.excluded],
      assigned: status.folded.isAssigned,
    };
  };
}

/** Seal what its readers will be able to read: ClientError("content") for anything else.
 * @param {Public} door @param {Ticket} ticket @param {Parameters<typeof seal>[2]} act */
async function sealRead(door, ticket, act) {
  checkPieces(act.kind, act.parts);
  return seal(door, ticket, act);
}

/** @param {Public} door @param {Ticket} ticket @param {string} words @param {"thread" | "payout"} comp */
export function sealMessage(door, ticket, words, comp) {
  const parts = [{ comp, name: "", type: "text/plain", body: utf8(words) }];
  return sealRead(door, ticket, {
    kind: "message",
    fields: { comp },
    parts,
    own: true,
    place: placeIn(ticket, "message"),
  });
}

/** Her objection, with what it is about: the decision she was told last. @param {Public} door @param {Ticket} ticket @param {string} words @param {string} about */
export function sealObjection(door, ticket, words, about) {
  const parts = [{ comp: "thread", name: "", type: "text/plain", body: utf8(words) }];
  return sealRead(door, ticket, {
    kind: "objection",
    fields: { about },
    parts,
    own: true,
    place: placeIn(ticket, "objection"),
  });
}

/** Taking back the report, or her name and telephone alone: it waits until the fourth day.
 * @param {Public} door @param {Ticket} ticket @param {import("./withdrawal.js").Scope} scope */
export function sealWithdrawal(door, ticket, scope) {
  return sealBare(door, ticket, "withdraw", { scope });
}

/** Undoing the withdrawal of this hash, while it waits. @param {Public} door @param {Ticket} ticket @param {string} withdraw */
export function sealUndoing(door, ticket, withdraw) {
  return sealBare(door, ticket, "withdraw.undo", { withdraw });
}

/** A post that says all it says in its fields. @param {Public} door @param {Ticket} ticket
 * @param {"withdraw" | "withdraw.undo"} kind @param {Record<string, unknown>} fields */
function sealBare(door, ticket, kind, fields) {
  return sealRead(door, ticket, { kind, fields, parts: [], own: false, place: placeIn(ticket, kind) });
}

/** What she can object to now. @param {string} state as she sees it @returns {"decline" | "award.refuse" | "feedback"} */
export function objectionAbout(state) {
  return state === "not_accepted" ? "decline" : state === "refused" ? "award.refuse" : "feedback";
}

/** A claim is never granted back to her: a found code must not show payee and name.
 * @param {Public} door @param {Ticket} ticket @param {string} method @param {{payee: string, code: string, passphrase: string, note: string}} claim */
export function sealClaim(door, ticket, method, claim) {
  const body = utf8(JSON.stringify(claim));
  const parts = [{ comp: "payout", name: "", type: "application/json", body }];
  return sealRead(door, ticket, {
    kind: "claim",
    fields: { method },
    parts,
    own: false,
    place: placeIn(ticket, "claim"),
  });
}

/**
 * Seal the items of a post under a fresh pid.
 * @param {Public} door @param {Ticket} ticket @param {Act & {parts: import("../crypto/items.js").Part<Bytes>[]}} act @returns {Promise<Draft>}
 */
export async function seal(door, ticket, { kind, fields, parts, own, place }) {
  const sealed = await sealItems(party(door, ticket), parts);
  return { kind, fields, ticket, ...sealed, own, place, ready: null };
}

/** @param {Public} door @param {Ticket} ticket @returns {import("./reading.js").Party} */
function party({ zone }, ticket) {
  return { zone, case: ticket.case, name: "reporter", keys: ticket.keys };
}

/** @param {Public} door @param {Draft} draft @param {Place} place */
function grantsOf(door, draft, place) {
  const readers = { ...place, workflow: door.workflow };
  const hers = (/** @type {string} */ comp) => draft.own && reporterReads(draft.kind, comp, "reporter", door.workflow);
  const wanted = plan(draft, readers, draft.kind, hers);
  return sealGrants(party(door, draft.ticket), draft.pid, wanted, readers, draft.ticket.keys.kem);
}

/** Bytes of the items that travel inside the post: work grows with them. @param {Draft} draft @returns {number} */
const inlineSize = (draft) => draft.items.reduce((sum, { entry }) => sum + (entry.len <= INLINE ? entry.len : 0), 0);

/** A challenge, the work for it, and the signed bytes for the case as it stands now.
 * @param {Public} door @param {Draft} draft @param {(step: string) => void} tell @returns {Promise<Ready>} */
async function dress(door, draft, tell) {
  /** @type {Record<string, string>} */
  const shown = draft.kind === "report" ? {} : { Authorization: draft.ticket.authorization };
  const place = await draft.place(door);
  const asked = await door.challenge(PURPOSE[draft.kind] ?? draft.kind, inlineSize(draft), shown);
  tell("seal");
  const grants = await grantsOf(door, draft, place);
  const made = await signed(party(door, draft.ticket), draft.kind, draft.fields, draft, grants, {
    no: place.no,
    // A first post follows nothing, whatever the door says: under another head no reviewer's client would open it.
    prev: draft.kind === "report" ? place.prev : asked.prev,
    last: place.last,
    dir: door.directories.newestHash,
    vis: "all",
    when: asked.day,
  });
  tell("work");
  return { ...made, headers: { ...shown, ...(await worked(asked.challenge, draft)) } };
}

/** The header of the work for what bears this pid. @param {string} asked "" when no work is asked
 * @param {{ticket: import("../crypto/ticket.js").Ticket, pid: Bytes}} whose @returns {Promise<Record<string, string>>} */
export async function worked(asked, { ticket, pid }) {
  if (!asked) return {};
  const challenge = unb64(asked);
  const counter = await solve(challenge, ticket.case, pid, readChallenge(challenge).bits, {});
  return { "Whistle-Work": header(challenge, counter) };
}

/** How often a refusal is answered by itself; after that she is told, and decides. */
const PATIENCE = { work: 3, conflict: 5, stale_directory: 3, busy: 2, too_many: 2 };

/** The door took the post. A receipt that does not prove it is null: the post may stand, so nothing of hers is withheld
 * from her. @param {Public} door @param {Ready} ready @returns {Promise<Sent>} */
async function submit(door, { post, bytes, headers }) {
  const answer = await door.post(bytes, headers);
  const receipt = await receiptFor(door, answer, post).catch((error) => {
    if (error instanceof ClientError && error.code === "receipt") return null;
    throw error;
  });
  return { receipt, answer, post };
}

/** What came back was no answer of the door's. @param {unknown} error */
const isUnheard = (error) => !(error instanceof ClientError) || error.code === "offline" || error.code === "fault";

/** Make the draft ready for another try, or throw: the words and the sealed items stay in any case.
 * @param {Public} door @param {Draft} draft @param {unknown} error @param {Record<string, number>} patience what is left of it */
async function recover(door, draft, error, patience) {
  const code = error instanceof ClientError ? error.code : "";
  // A report's only conflict is with itself: an earlier text under the same ticket did arrive.
  const hopeless = code === "conflict" && draft.kind === "report";
  if (hopeless || !(patience[code] > 0)) throw error;
  patience[code] -= 1;
  if (code === "busy" || code === "too_many") return wait(/** @type {ClientError} */ (error));
  draft.ready = null;
  return code === "stale_directory" ? door.refresh() : undefined;
}

/** @param {ClientError} error */
function wait(error) {
  const seconds = Math.min(Number(error.facts.retry) || 2, LONGEST_WAIT);
  return /** @type {Promise<void>} */ (new Promise((done) => setTimeout(done, seconds * 1000)));
}

/**
 * Send until the door has taken it. The same signed bytes are sent again after a lost answer, so that the door can
 * recognise them: one post, the same receipt. Throws ClientError; the draft can be given here again.
 * @param {Public} door @param {Draft} draft @param {(step: string) => void} [tell]
 * @returns {Promise<Sent>}
 */
export async function deliver(door, draft, tell = () => {}) {
  const patience = { ...PATIENCE };
  for (;;) {
    draft.ready ??= await dress(door, draft, tell);
    tell("post");
    try {
      return await submit(door, draft.ready);
    } catch (error) {
      draft.unheard ||= isUnheard(error);
      await recover(door, draft, error, patience);
    }
  }
}

/** Whether anybody could open a report in this channel now: ClientError("closed", "unknown_channel") or
 * EnvelopeError("no_reader") when not. @param {Public} door @param {string} wanted */
export async function checkOpen(door, wanted) {
  const channel = await door.channel(door.channelId(wanted));
  const readers = { channel, workflow: door.workflow, seats: [], exclude: [], assigned: false };
  for (const comp of ["card", "report", "identity", "payout"]) readersOf(comp, readers, "report");
}

/**
 * One report of this page. The ticket stays the same when the text is changed after a failed try, so that a first
 * try that did arrive is found again instead of becoming a second report.
 */
export class Filing {
  constructor() {
    this.digits = "";
    /** @type {Ticket | null} */ this.ticket = null;
    /** @type {Draft | null} */ this.draft = null;
    /** @type {Draft | null} */ this.earlier = null;
    this.content = "";
  }

  /**
   * @param {Public} door @param {Form} form @param {(step: string) => void} tell
   * @returns {Promise<Filed>}
   */
  async send(door, form, tell) {
    const draft = await this.prepare(door, form, tell);
    try {
      return { ...(await deliver(door, draft, tell)), first: false, ticket: draft.ticket };
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "conflict" || !this.earlier) throw error;
      return { ...(await deliver(door, this.earlier, tell)), first: true, ticket: draft.ticket };
    }
  }

  /** Whether a report may stand under this ticket already, its answer lost. */
  get mayStand() {
    return Boolean(this.draft?.unheard || this.earlier?.unheard);
  }

  /** The code, before anything is sealed or sent. */
  draw() {
    this.digits ||= newTicket();
  }

  /** Ticket and sealed items, made once for the same words. @param {Public} door @param {Form} form @param {(step: string) => void} tell
   * @returns {Promise<Draft>} */
  async prepare(door, form, tell) {
    tell("ticket");
    this.draw();
    this.ticket ??= await openTicket(door.zone, this.digits);
    const content = JSON.stringify(form);
    if (this.draft && content === this.content) return this.draft;
    tell("seal");
    if (this.draft?.ready) this.earlier = this.draft;
    this.content = content;
    this.draft = await this.seal(door, form, this.ticket);
    return this.draft;
  }

  /** @param {Public} door @param {Form} form @param {Ticket} ticket @returns {Promise<Draft>} */
  async seal(door, form, ticket) {
    const channel = door.channelId(form.channel);
    const { policy } = await door.channel(channel);
    const fields = {
      reporter: { kem: b64(ticket.keys.kem), sig: b64(ticket.keys.sig) },
      access: b64(ticket.accessHash),
      channel,
      source: form.source || "web",
      urgent: form.since === "now" && isAuthority(policy), // nobody is on duty elsewhere
      exclude: [],
      sealed_by: "browser",
    };
    const id = b64(ticket.case);
    const place = async (/** @type {Public} */ now) => ({
      no: 0,
      prev: id,
      last: id,
      channel: await now.channel(channel),
      seats: [],
      exclude: [],
      assigned: false,
    });
    // An enterprise's office holds no sealed identity: what its form does not ask is not sealed there either.
    const said = isAuthority(policy) ? form : { ...form, contact: "" };
    return seal(door, ticket, { kind: "report", fields, parts: parts(said), own: form.readback, place });
  }
}

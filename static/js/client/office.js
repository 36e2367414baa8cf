/**
 * A reviewer's session in the browser: unlock, sign in, open cards and cases.
 * The seed and every opened text live in this object only; nothing is stored.
 */

import { b64, sameBytes, unb64 } from "../crypto/encoding.js";
import { EnvelopeError, refuse } from "../crypto/errors.js";
import { reviewerKeys } from "../crypto/keys.js";
import { allowed } from "../core/case.js";
import { zoneDay } from "../core/clock.js";
import { openUntil, refused } from "../core/newposts.js";
import { AUTHORITY, ZONE, kindOf, officeOf } from "../core/offices.js";
import { cameIn } from "./basis.js";
import { checkPieces } from "./checking.js";
import { signed } from "./delivery.js";
import { sealWith } from "./enclosing.js";
import { ClientError } from "./errors.js";
import { askFor, getBytes, getJson, postBytes } from "./wire.js";
import { openCard } from "./listrow.js";
import { carried } from "./reading.js";
import { receiptFor } from "./receipt.js";
import { login, openAny } from "./session.js";
import { give, plan, readersOf, sealGrants, wholeKeys } from "./sealing.js";
import { shaped } from "./shapes.js";
import { fetched, refuseMoved } from "./trust.js";
import { COMPUTED, readersIn, see } from "./view.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/directory.js").Directories} Directories */
/** @typedef {import("../crypto/keys.js").KeyPair} KeyPair */
/** @typedef {import("../crypto/posts.js").Post} Post */
/** @typedef {import("../crypto/grants.js").KeyRow} KeyRow */
/** @typedef {import("../crypto/slots.js").Slot} Slot */
/** @typedef {import("./session.js").Me} Me */
/** A case opened by this office, with who reads it. @typedef {import("./view.js").View & {roles: string[], me: Me, rid: string}} Model */

export class Office {
  /** @param {import("../core/workflow.js").Workflow} workflow the one table @param {Office | null} [before] who was signed in on this page before */
  constructor(workflow, before = null) {
    this.workflow = workflow;
    /** @type {Directories | null} */ this.before = before?.directories ?? null;
    this.keys = /** @type {KeyPair} */ (/** @type {unknown} */ (null)); // until unlocked, and again once locked
    this.me = /** @type {Me} */ (/** @type {unknown} */ (null));
    /** Where this reader sits, by what the zone signed. @type {{office: string, kind: string, label: string, channel: Me["channels"][number]}[]} */ this.seats =
      [];
    this.serves = before?.serves ?? ZONE; // the office he works for now
    this.rid = "";
    /** @type {Bytes} */ this.zone = new Uint8Array();
    this.directories = /** @type {Directories} */ (/** @type {unknown} */ (null));
    /** @type {Set<string>} */ this.learnt = new Set();
  }

  /**
   * Open a slot and sign in. Throws EnvelopeError on a wrong passphrase, ClientError from the door.
   * @param {Slot[]} slots @param {string} passphrase
   */
  async unlock(slots, passphrase) {
    const { slot, seed } = await openAny(slots, passphrase);
    this.zone = unb64(slot.zone);
    this.keys = await reviewerKeys(seed);
    this.rid = slot.rid;
    await this.refreshDirectory();
    await this.signIn();
  }

  /** The session has ended: without a key nothing more is opened or signed. What was opened stays on the screen's behalf. */
  lock() {
    this.keys = /** @type {KeyPair} */ (/** @type {unknown} */ (null));
  }

  /** The same reader unlocked again: go on with his fresh session. @param {Office} fresh */
  resume(fresh) {
    this.keys = fresh.keys;
    this.me = fresh.me;
    this.seats = fresh.seats;
    this.serve(this.serves);
  }

  /** Sign in at the review door: see session.js. */
  async signIn() {
    this.me = await login(this.keys, this.zone, this.rid, this.directories.newestHash);
  }

  /** Fetch the directories, verified from number 0 against the zone this key belongs to; never older than were seen. */
  async refreshDirectory() {
    const before = this.before && sameBytes(this.before.zone, this.zone) ? this.before : null;
    this.directories = await fetched(this.zone, this.directories ?? before);
    this.learnt.clear();
  }

  /** Make one channel's readers known, in every directory it stands in. @param {string} id */
  async learnChannel(id) {
    const hashes = this.directories
      .every()
      .flatMap(({ channels }) => channels.filter(([each]) => each === id).map(([, hash]) => hash));
    for (const hash of new Set(hashes)) {
      if (this.learnt.has(hash)) continue;
      await this.directories.addChannel(await getBytes(`/api/channels/${hash}`));
      this.learnt.add(hash);
    }
    refuseMoved(this.directories, id);
  }

  /** Who signs here, as the newest directory lists him: label, channels and roles are shown by it, and not by the door's
   * word. Throws EnvelopeError("person") when the door means another person. */
  async learnSelf() {
    this.seats = [];
    for (const { id } of this.me.channels) {
      await this.learnChannel(id);
      const roles = this.roles(id);
      const channel = this.directories.channel(this.directories.newestHash, id);
      const reader = this.directories.reader(this.directories.newestHash, id, this.rid);
      const shown = channel && { id, label: channel.label, roles };
      if (!reader || !shown) continue;
      const { policy } = channel;
      this.seats.push({ office: officeOf(policy), kind: kindOf(policy), label: reader.label, channel: shown });
    }
    this.serve(this.serves);
  }

  /** The offices he sits in, the zone's own first. @returns {string[]} */
  offices() {
    const found = [...new Set(this.seats.map(({ office }) => office))].sort();
    return found.includes(ZONE) ? [ZONE, ...found.filter((one) => one !== ZONE)] : found;
  }

  /** Work for this office from now on, for his first where he does not sit in it: label, channels and roles are those he
   * has there, and the door is asked for it. @param {string} office */
  serve(office) {
    const offices = this.offices();
    this.serves = offices.includes(office) ? office : (offices[0] ?? ZONE);
    const here = this.seats.filter((seat) => seat.office === this.serves);
    this.me = { ...this.me, label: here[0]?.label ?? "", channels: here.map(({ channel }) => channel) };
    askFor(this.serves);
  }

  /** What kind of office he works for. @returns {string} */
  officeKind() {
    return this.seats.find((seat) => seat.office === this.serves)?.kind ?? AUTHORITY;
  }

  /** A head names a directory we do not know yet: a colleague signed under a newer one. @param {Post[]} posts */
  async knowDirectories(posts) {
    if (posts.some((post) => this.directories.number(post.head.dir) < 0)) await this.refreshDirectory();
  }

  /** Roles of this reader in a channel, by the newest signed directory; the channel is learnt. The session's own answer
   * says them too, and is not asked. @param {string} channel @returns {string[]} */
  roles(channel) {
    const reader = this.directories.reader(this.directories.newestHash, channel, this.rid);
    if (reader && reader.person !== this.me.person) throw new EnvelopeError("person");
    return reader ? [...reader.roles] : [];
  }

  /** What these posts are read by: every directory they name, and the channel in each. @param {Post[]} posts @param {string} channel */
  async learn(posts, channel) {
    await this.knowDirectories(posts);
    await this.learnChannel(channel);
  }

  /** Who reads a case here. @param {string} id @returns {import("./reading.js").Party} */
  party(id) {
    return { zone: this.zone, case: unb64(id), name: this.rid, keys: this.keys };
  }

  /** The card of an inbox row: see listrow.js. @param {import("./listrow.js").Row} row */
  openCard(row) {
    return openCard(this, row);
  }

  /** A whole case: chain verified from the first post, every item granted to us opened, the state folded.
   * @param {string} id @returns {Promise<Model>} */
  async openCase(id) {
    return this.openServed(id, shaped("/api/case", await getJson("/api/case", { "Whistle-Case": id })));
  }

  /** A case as the door served it, alone or among others. @param {string} id
   * @param {{posts: import("./reading.js").Served[]} & import("./view.js").Beside} answer @returns {Promise<Model>} */
  async openServed(id, answer) {
    const posts = await carried(answer.posts);
    await this.learn(
      posts.map(({ post }) => post),
      posts[0]?.post.fields.channel ?? "",
    );
    const view = await see(this.directories, this.workflow, this.party(id), posts, answer);
    return { ...view, roles: this.roles(view.chain.channelId), me: this.me, rid: this.rid };
  }
}

/** What a person is about to do, as the form made it; `files` stand behind the words; `extra`: keys of earlier items that
 * the act hands on.
 * @typedef {{kind: string, fields: Record<string, unknown>, parts: import("./sealing.js").Piece[],
 *   files?: import("./enclosing.js").Enclosed[],
 *   extra?: (model: Model) => {reader: string, rows: KeyRow[]}[]}} Act */
/** An act whose items are sealed; `ready` while its last signed form may have arrived.
 * @typedef {Act & import("./sealing.js").Items & {ready?: {post: Post, bytes: Bytes} | null}} Sealed */

/** Nobody watches a post whose files are few and small, nor stops it. @returns {import("./uploading.js").Watch} */
const unwatched = () => ({ sent: () => {}, signal: new AbortController().signal, go: async () => {} });

/** Seal the items of an act under a fresh pid; its large files are sent here, before their post.
 * @param {Office} office @param {Model} model the opened case @param {Act} act @param {import("./uploading.js").Watch} [watch] @returns {Promise<Sealed>} */
export async function seal(office, model, act, watch = unwatched()) {
  const code = refusedNew(model, act.kind, act.fields);
  if (code) throw new ClientError("refused", { reason: code });
  checkPieces(act.kind, act.parts, COMPUTED);
  const what = { slots: office.workflow.kinds[act.kind].items, parts: act.parts, files: act.files ?? [] };
  return { ...act, ...(await sealWith(office.party(model.id), model.id, what, watch)) };
}

/** The table's rule for new posts that says no, "" if none: what the door would answer, before anything is signed.
 * @param {Pick<Model, "today" | "clocks" | "fold" | "review" | "officeKind"> & {parent?: Model["fold"] | null}} model `parent`: the case it is merged into, where it is known @param {string} kind @param {Record<string, unknown>} fields */
export function refusedNew(model, kind, fields) {
  const { today, clocks, parent = null, review, officeKind: office } = model;
  const now = { today, openUntil: openUntil(clocks), parent, review, office };
  return refused(model.fold, kind, fields, now);
}

/** Grants and head for the case as it stands; the items stay as they were sealed. @param {Office} office @param {Model} model @param {Sealed} sealed */
async function dress(office, model, sealed) {
  if (office.directories.isExpired(zoneDay())) throw new ClientError("expired_directory");
  const { kind, fields, pid } = sealed;
  const readers = readersIn(office, model);
  const writer = office.party(model.id);
  const { compartments, kinds } = office.workflow;
  const wanted = plan(sealed, readers, kind, (comp) => compartments[comp].reporter);
  for (const [reader, row] of sharedRows(office, model, kind)) give(wanted, reader, [row]);
  for (const { reader, rows } of sealed.extra?.(model) ?? []) give(wanted, reader, rows);
  const kem = unb64(model.chain.reporter?.kem ?? refuse("withheld"));
  const grants = await sealGrants(writer, pid, wanted, readers, kem);
  const { vis } = kinds[kind];
  const when = `${new Date().toISOString().slice(0, 16)}Z`;
  const place = { ...model.chain.next(vis), dir: office.directories.newestHash, vis, when };
  return signed(writer, kind, fields, sealed, grants, place);
}

/** What the kind hands on of earlier items (`shares`): to its roles, what they do not hold yet.
 * @param {Office} office @param {Model} model @param {string} kind @returns {[string, KeyRow][]} */
function sharedRows(office, model, kind) {
  const { kinds } = office.workflow;
  const { shares = {} } = kinds[kind];
  const readers = readersIn(office, model);
  // What a kind keeps for some roles (`only`) stays with them.
  const mine = model.items.filter((item) => item.comp in shares && item.key && !kinds[item.kind].only?.[item.comp]);
  return mine.flatMap((item) =>
    [...readersOf(item.comp, readers, kind).keys()]
      .filter((rid) => rid !== office.rid && model.chain.holds(rid, item.id).length === 0)
      .flatMap((rid) => wholeKeys(item).map((row) => /** @type {[string, KeyRow]} */ ([rid, row]))),
  );
}

const TRIES = 5;

/**
 * Sign and send; when somebody was quicker, fetch what came in, ask `overtaken`, and sign the same items again.
 * @param {Office} office @param {Model} model @param {Sealed} sealed
 * @param {{overtaken?: (model: Model, kinds: string[]) => void}} [heard]
 */
export async function send(office, model, sealed, heard = {}) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    sealed.ready ??= await dress(office, model, sealed);
    try {
      return await receiptFor(office, await postBytes("/api/posts", sealed.ready.bytes), sealed.ready.post);
    } catch (error) {
      if (!(error instanceof ClientError) || !["conflict", "stale_directory"].includes(error.code)) throw error;
      if (error.code === "stale_directory") await office.refreshDirectory();
      const known = model.acts.length;
      model = await office.openCase(model.id);
      if (model.chain.pids.has(b64(sealed.pid))) return null;
      recheck(office, model, sealed.kind, model.acts.slice(known), heard);
      sealed.ready = null;
    }
  }
  throw new ClientError("busy");
}

/** The act must still be allowed after what came in; else the person is told and keeps the draft.
 * @throws {ClientError} overtaken, with the kinds that came in
 * @param {Office} office @param {Model} model @param {string} kind @param {import("../crypto/chain.js").Act[]} came
 * @param {{overtaken?: (model: Model, kinds: string[]) => void}} [heard] */
export function recheck(office, model, kind, came, heard = {}) {
  const kinds = came.map((act) => act.kind);
  if (!allowed(model.fold, model.roles, office.me.person, office.workflow).includes(kind)) {
    throw new ClientError("overtaken", { kinds, model });
  }
  const changed = cameIn(came, kind, "").map((act) => act.kind);
  if (changed.length) throw new ClientError("overtaken", { kinds: changed, model, stands: true });
  if (kinds.length && heard.overtaken) heard.overtaken(model, kinds);
}

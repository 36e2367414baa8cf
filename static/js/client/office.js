/**
 * A reviewer's session in the browser: unlock, sign in, open cards and cases.
 * The seed and every opened text live in this object only; nothing is stored.
 */

import { b64, random, unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { Chain } from "../crypto/chain.js";
import { Directories } from "../crypto/directory.js";
import { openGrant } from "../crypto/grants.js";
import { joinHalves, openItem } from "../crypto/items.js";
import { caseId, reviewerKeys, verify } from "../crypto/keys.js";
import { TAG } from "../crypto/encoding.js";
import { signLogin } from "../crypto/login.js";
import { parsePost } from "../crypto/posts.js";
import { openSlot } from "../crypto/slots.js";
import { fold } from "../core/case.js";
import { getBytes, getJson, postJson } from "./door.js";

/** A document served as text or, where bytes are meant, as base64url. @param {string} value */
export function served(value) {
  return value.startsWith("{") ? utf8(value) : unb64(value);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** An item's bytes as text, "" for what is no text. @param {Uint8Array} bytes */
function asText(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return "";
  }
}

export class Office {
  /** @param {any} workflow the one table */
  constructor(workflow) {
    this.workflow = workflow;
    /** @type {any} */ this.keys = null;
    /** @type {any} */ this.me = null;
    this.rid = "";
    this.zone = new Uint8Array();
    /** @type {any} */ this.directories = null;
    /** @type {{bytes: string, sig: string}[]} */ this.signed = [];
    /** @type {Set<string>} */ this.learnt = new Set();
  }

  /** Slots of a login name; an unknown name looks like any other. @param {string} login @returns {Promise<any[]>} */
  static async slots(login) {
    return (await postJson("/api/slots", { login })).slots;
  }

  /**
   * Open a slot and sign in. Throws EnvelopeError on a wrong passphrase, DoorError from the door.
   * @param {any[]} slots @param {string} passphrase
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
    this.keys = null;
  }

  /** The same reader unlocked again: go on with his fresh session. @param {Office} fresh */
  resume(fresh) {
    this.keys = fresh.keys;
    this.me = fresh.me;
  }

  /** The signed challenge of envelope.md LOGIN, for this page's own origin only. */
  async signIn() {
    const { nonce, expires, origin } = await postJson("/api/login/challenge", {});
    if (origin !== location.origin) throw new EnvelopeError("origin");
    const clientNonce = random(32);
    const dir = this.directories.newestHash;
    const sig = await signLogin(this.keys, {
      zone: this.zone, origin: location.origin, rid: this.rid, dir, serverNonce: unb64(nonce), clientNonce, expires,
    });
    this.me = await postJson("/api/login", { rid: this.rid, dir, nonce, client_nonce: b64(clientNonce), expires, sig: b64(sig) });
  }

  /** Fetch the directories, verified from number 0 against the zone this key belongs to. */
  async refreshDirectory() {
    this.signed = (await getJson("/api/directory")).directories;
    const pairs = this.signed.map(({ bytes, sig }) => ({ bytes: served(bytes), sig: unb64(sig) }));
    this.directories = await Directories.verify(this.zone, pairs);
    this.learnt.clear();
  }

  /** Make one channel's readers known, in every directory it stands in. @param {string} id */
  async learnChannel(id) {
    const hashes = this.signed.flatMap(({ bytes }) => {
      const doc = JSON.parse(bytes.startsWith("{") ? bytes : asText(unb64(bytes)));
      return doc.channels.filter((/** @type {string[]} */ entry) => entry[0] === id).map((/** @type {string[]} */ entry) => entry[1]);
    });
    for (const hash of new Set(hashes)) {
      if (this.learnt.has(hash)) continue;
      await this.directories.addChannel(await getBytes(`/api/channels/${hash}`));
      this.learnt.add(hash);
    }
  }

  /** A head names a directory we do not know yet: a colleague signed under a newer one. @param {any[]} posts */
  async knowDirectories(posts) {
    if (posts.some((post) => this.directories.number(post.head.dir) < 0)) await this.refreshDirectory();
  }

  /** Roles of this reader in a channel. @param {string} channel @returns {string[]} */
  roles(channel) {
    return this.me.channels.find((/** @type {any} */ one) => one.id === channel)?.roles ?? [];
  }

  /**
   * The card of an inbox row, opened only after the carrying and the granting post prove to be what they say.
   * @param {any} row @returns {Promise<any>} the card, or null when this reader was given none
   */
  async openCard(row) {
    if (!row.card) return null;
    const carrier = await readPost(row.card.carrier);
    const granter = row.card.granter ? await readPost(row.card.granter) : carrier;
    await this.knowDirectories([carrier, granter]);
    await this.learnChannel(row.channel);
    for (const post of [carrier, granter]) await this.checkAuthor(row, post);
    const entry = granter.grants[row.card.row];
    if (!entry || entry.to !== this.rid) throw new EnvelopeError("grant");
    const keys = await openGrant(this.zone, unb64(row.case), granter.author, unb64(granter.pid), this.rid, this.keys, entry, unb64(row.card.grant));
    const item = carrier.items[row.card.index];
    const found = keys.find((/** @type {any} */ key) => key.id === item?.id && key.part === 0);
    if (!found) throw new EnvelopeError("grant");
    const opened = await openItem(this.zone, unb64(row.case), carrier.author, unb64(carrier.pid), row.card.index, item, found.key, unb64(row.card.blob));
    return JSON.parse(asText(/** @type {Uint8Array} */ (opened.body)));
  }

  /** A post of this case by a live author, its signature holding. @param {any} row @param {any} post */
  async checkAuthor(row, post) {
    if (post.head.case !== row.case || !post.body) throw new EnvelopeError("case");
    await verify(await this.authorKey(row, post), TAG.POST, post.headBytes, post.sig);
  }

  async authorKey(/** @type {any} */ row, /** @type {any} */ post) {
    if (post.author === "reporter") {
      if (post.kind !== "report") throw new EnvelopeError("author");
      const { kem, sig } = post.fields.reporter;
      if (b64(await caseId(this.zone, unb64(kem), unb64(sig))) !== row.case) throw new EnvelopeError("case");
      return unb64(sig);
    }
    const reader = this.directories.reader(post.head.dir, row.channel, post.author);
    if (!reader || !reader.roles.includes("intake")) throw new EnvelopeError("author");
    return unb64(reader.sig);
  }

  /**
   * A whole case: chain verified from the first post, every item granted to us opened, the state folded.
   * @param {string} id
   */
  async openCase(id) {
    const data = await getJson("/api/case", { "Whistle-Case": id });
    const posts = await Promise.all(data.posts.map(readPost));
    await this.knowDirectories(posts);
    const channel = posts[0]?.fields?.channel ?? "";
    await this.learnChannel(channel);
    const chain = new Chain(this.zone, this.directories, this.workflow, "office");
    for (const post of posts) await chain.add(post);
    if (chain.case !== id) throw new EnvelopeError("case");
    const held = await this.collectKeys(id, posts, data.posts);
    const items = await this.openItems(id, posts, data.posts, held);
    const roles = this.roles(chain.channelId);
    const state = fold(knownActs(chain), this.workflow, data.today);
    return { id, number: data.number, chain, acts: chain.acts, fold: state, items, held, clocks: data.clocks, waiting: data.held === true, large: Number(data.large) || 0, concur: data.concur === true, papers: data.papers ?? {}, today: data.today, roles, me: this.me, rid: this.rid };
  }

  /** Every item whose key was granted to us, in the order of the chain. */
  async openItems(/** @type {any} */ id, /** @type {any} */ posts, /** @type {any} */ served_, /** @type {Map<string, Map<number, Uint8Array>>} */ keys) {
    const opened = [];
    for (const [number, post] of posts.entries()) {
      for (const [index, entry] of post.items.entries()) {
        const key = wholeKey(keys, entry);
        const blob = served_[number].items?.[entry.id];
        if (key && blob) opened.push(await this.openOne(id, post, index, entry, key, blob));
      }
    }
    return opened;
  }

  async openOne(/** @type {any} */ id, /** @type {any} */ post, /** @type {any} */ index, /** @type {any} */ entry, /** @type {any} */ key, /** @type {any} */ blob) {
    const { meta, body } = await openItem(this.zone, unb64(id), post.author, unb64(post.pid), index, entry, key, unb64(blob));
    const whole = { id: entry.id, part: 0, key };
    return { id: entry.id, comp: entry.comp, index, post: post.hash, kind: post.kind, author: post.author, meta, body, text: asText(/** @type {Uint8Array} */ (body)), key: whole };
  }

  /** All key rows that any post granted to this reader: item id to part to key. */
  async collectKeys(/** @type {any} */ id, /** @type {any} */ posts, /** @type {any} */ served_) {
    /** @type {Map<string, Map<number, Uint8Array>>} */
    const keys = new Map();
    for (const [number, post] of posts.entries()) {
      for (const [row, entry] of post.grants.entries()) {
        const sealed = served_[number].grants?.[String(row)];
        if (entry.to !== this.rid || !sealed) continue;
        const rows = await openGrant(this.zone, unb64(id), post.author, unb64(post.pid), this.rid, this.keys, entry, unb64(sealed));
        for (const { id: item, part, key } of rows) keys.set(item, (keys.get(item) ?? new Map()).set(part, key));
      }
    }
    return keys;
  }
}

/** The acts up to the first whose body was withheld: what came after cannot be judged, and nothing is signed on it. @param {Chain} chain */
function knownActs(chain) {
  const first = chain.withheld ? chain.acts.findIndex((act) => !act.kind) : -1;
  return first < 0 ? chain.acts : chain.acts.slice(0, first);
}

/** @param {Map<string, Map<number, Uint8Array>>} keys @param {any} entry */
function wholeKey(keys, entry) {
  const parts = keys.get(entry.id);
  if (!parts) return null;
  if (parts.has(0)) return parts.get(0);
  return parts.has(1) && parts.has(2) ? joinHalves(/** @type {any} */ (parts.get(1)), /** @type {any} */ (parts.get(2))) : null;
}

/** @param {{head: string, sig: string, body: string|null}} post */
function readPost(post) {
  return parsePost(served(post.head), unb64(post.sig), post.body ? served(post.body) : null);
}

/** The first slot this passphrase opens. A wrong one costs as long as a right one. */
async function openAny(/** @type {any} */ slots, /** @type {any} */ passphrase) {
  /** @type {unknown} */
  let last = new EnvelopeError("slot");
  for (const slot of slots.filter((/** @type {any} */ one) => one.kind === "passphrase")) {
    try {
      return { slot, seed: await openSlot(slot, passphrase) };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

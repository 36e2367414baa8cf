// A case's chain of posts, checked from the first one (envelope.md section 2: Valid chain, Two views, Grants are
// checkable). What the state of the case is by then is core/case's to say.

import { b64, unb64 } from "./encoding.js";
import { refuse } from "./errors.js";
import { checkGrants, itemsFit } from "./holdings.js";
import { caseId, checkKemPublic, checkSigPublic } from "./keys.js";
import { verifyPost } from "./posts.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {import("./posts.js").Post} Post */
/** @typedef {import("./items.js").ItemEntry} ItemEntry */
/** @typedef {import("./grants.js").GrantEntry} GrantEntry */
/** @typedef {import("./directory.js").Seats} Seats */
/**
 * @typedef {object} Kind
 * @property {string[]} roles
 * @property {string} vis
 * @property {string[]} items compartments in order; "work*" any number, "$comp" the one the field names
 * @property {Record<string, Record<string, string[]>>} [roles_by] roles by the value of a field
 * @property {string} grants readers, none, asker, own, colleague
 * @property {Record<string, string[]>} [also] by compartment, further roles that may read what this kind carries
 * @property {Record<string, string[]>} [only] by compartment, the roles that alone may
 * @property {string[]} [own_copy] what of her own items a reporter may grant herself
 * @property {Record<string, string>} [other_person] kinds whose authors must be other people, and the fold's code
 */
/** @typedef {{kinds: Record<string, Kind>, compartments: Record<string, {roles: Record<string, number>, reporter: boolean}>}} Table workflow.json */
/** @typedef {{rid: string, person: string, roles: readonly string[], sig: string}} Author */
/** @typedef {{entry: ItemEntry, author: string, pid: string, index: number, hash: string, kind: string}} Carrier */
/** @typedef {{kem: string, sig: string}} Keys b64u, as in body 0 */
/** @typedef {{case: string, reporter: Keys, channel: string | null, exclude: string[]}} Opening no channel is null: that body is gone */
/**
 * One accepted post, as the fold over the case reads it.
 * @typedef {object} Act
 * @property {string} hash
 * @property {string} kind "" when the body is withheld
 * @property {string} vis
 * @property {string} author
 * @property {string} person "" for the reporter
 * @property {number} no
 * @property {string} when
 * @property {string} day
 * @property {Record<string, any>} fields
 * @property {readonly string[]} comps
 * @property {readonly ItemEntry[]} items
 * @property {readonly GrantEntry[]} grants
 * @property {string} dir
 * @property {string} pid
 */

const DAY = 86400000;

/** @param {string} day */
const dayBefore = (day) => new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10);

/** @param {Kind} kind @param {Record<string, any>} fields */
function rolesFor(kind, fields) {
  const byField = Object.entries(kind.roles_by ?? {}).map(([name, values]) => values[fields[name]] ?? []);
  return byField[0] ?? kind.roles;
}

export class Chain {
  /** @type {Record<string, number>} */
  #counts = { all: 0, office: 0 };
  #last = "";
  #latest = "0001-01-02";
  #directory = 0;
  /** @type {Set<string>} */
  #reported = new Set();
  /** @type {Map<string, Carrier>} */
  #carriers = new Map();
  /** @type {Map<string, Map<string, Set<number>>>} reader, item, parts */
  #held = new Map();
  /** @type {Map<string, Set<number>>} person and item, parts */
  #parts = new Map();
  /** @type {Map<string, Set<string>>} kind, persons */
  #persons = new Map();
  /** @type {Map<string, Act>} by hash */
  #byHash = new Map();
  /** @type {Keys | null} */
  #kept;
  /** @type {string | null} */
  #channel = null;

  /**
   * @param {Bytes} zone the pinned zone id
   * @param {import("./directory.js").Directories} directories with the case's channels added
   * @param {Table} table workflow.json
   * @param {"office" | "reporter"} viewer which of the two views is served
   * @param {Keys | null} kept the reporter's keys, kept beside the heads after body 0 is gone
   */
  constructor(zone, directories, table, viewer = "office", kept = null) {
    this.#kept = kept;
    this.zone = zone;
    this.directories = directories;
    this.table = table;
    this.viewer = viewer;
    this.case = "";
    this.newest = "";
    this.withheld = 0;
    /** @type {Keys | null} */
    this.reporter = null;
    /** @type {Seats} */
    this.seats = [];
    /** @type {Set<string>} persons, the recused among them */
    this.excluded = new Set();
    /** @type {Set<string>} */
    this.pids = new Set();
    /** @type {Act[]} */
    this.acts = [];
  }

  /** The case's channel, "" when its first body is gone. */
  get channelId() {
    return this.#channel ?? "";
  }

  /** Where the next post of this vis stands. Refused while a body is withheld, for it hides who acted. @param {"all" | "office"} vis */
  next(vis) {
    if (this.newest === "") refuse("empty_chain");
    if (this.withheld > 0) refuse("withheld");
    return { no: this.#counts[vis], prev: this.newest, last: this.#last };
  }

  /** The parts of an item's key this reader was granted. @param {string} reader @param {string} item */
  holds(reader, item) {
    return [...(this.#held.get(reader)?.get(item) ?? [])].sort();
  }

  /** The parts of an item's key that any key of this person was granted. @param {string} person @param {string} item */
  parts(person, item) {
    return new Set(this.#parts.get(`${person} ${item}`));
  }

  /** The post that carries an item: its author, pid and index open it. @param {string} id */
  carrier(id) {
    return this.#carriers.get(id) ?? null;
  }

  /**
   * The next post, or EnvelopeError; a refused post leaves no trace. `trusted` skips the signature: for posts
   * the caller has itself accepted before.
   * @param {Post} post @param {boolean} [trusted]
   * @returns {Promise<Act>}
   */
  async add(post, trusted = false) {
    const opening = this.newest === "" ? await this.#open(post) : null;
    this.#checkPlace(post, opening?.case ?? this.case);
    this.#checkTime(post);
    const author = this.#author(post, opening);
    if (!trusted) await verifyPost(post, unb64(author.sig, 32));
    if (post.body) this.#checkBody(post, author, opening);
    return this.#keep(post, author, opening);
  }

  /** The first post names the case by its keys: else a server swaps them and answers as the reporter. @param {Post} post @returns {Promise<Opening>} */
  async #open(post) {
    if (post.body && post.kind !== "report") refuse("not_a_report");
    const { reporter = this.#kept, channel = null, exclude = [] } = post.fields;
    if (!reporter) return refuse("withheld");
    const [kem, sig] = [unb64(reporter.kem), unb64(reporter.sig)];
    checkKemPublic(kem);
    checkSigPublic(sig);
    const id = b64(await caseId(this.zone, kem, sig));
    if (post.author !== "reporter" || id !== post.head.case) refuse("wrong_case");
    return { case: id, reporter, channel, exclude };
  }

  /** @param {Post} post @param {string} id of the case */
  #checkPlace({ head }, id) {
    const seesAll = this.viewer === "office" || this.newest === "";
    if (head.zone !== b64(this.zone) || head.case !== id) refuse("wrong_case");
    if (this.viewer === "reporter" && head.vis !== "all") refuse("not_shown");
    if (head.no !== this.#counts[head.vis]) refuse("wrong_place");
    if (seesAll && head.prev !== (this.newest || id)) refuse("wrong_place");
    if (head.last !== (this.#last || id)) refuse("wrong_place");
    if (this.pids.has(head.pid)) refuse("pid_repeated");
  }

  /** Neither the directory nor the day runs backwards: a revoked reviewer would sign under an old one. @param {Post} post */
  #checkTime({ head, day }) {
    const directory = this.directories.byHash(head.dir) ?? refuse("wrong_directory");
    if (directory.no < this.#directory) refuse("wrong_directory");
    if (day < dayBefore(this.#latest) || day < dayBefore(directory.issued)) refuse("back_dated");
  }

  /**
   * The reporter, or the author's entry in the case's channel of his directory.
   * @param {Post} post @param {Opening | null} opening
   * @returns {Author}
   */
  #author(post, opening) {
    const reporter = opening?.reporter ?? this.reporter;
    const channel = opening ? opening.channel : this.#channel;
    if (channel !== null && !this.directories.channel(post.head.dir, channel)) refuse("wrong_channel");
    if (post.author === "reporter") {
      return { rid: "reporter", person: "", roles: ["reporter"], sig: reporter?.sig ?? refuse("wrong_case") };
    }
    const author = this.#live(post.head.dir, channel, post.author);
    return this.excluded.has(author.person) ? refuse("excluded") : author;
  }

  /** A rid in that channel of that directory; in any of them once body 0 is gone. @param {string} dir @param {string | null} channel @param {string} rid */
  #live(dir, channel, rid) {
    const found = channel === null ? this.directories.readers(dir, rid)[0] : this.directories.reader(dir, channel, rid);
    return found ?? refuse("not_a_reader");
  }

  /** @param {Post} post @param {Author} author @param {Opening | null} opening */
  #checkBody(post, author, opening) {
    const kind = this.table.kinds[post.kind] ?? refuse("unknown_kind");
    if ((post.kind === "report") !== (opening !== null)) refuse("not_a_report");
    if (kind.vis !== post.vis) refuse("wrong_vis");
    if (!rolesFor(kind, post.fields).some((role) => author.roles.includes(role))) refuse("wrong_role");
    const others = Object.keys(kind.other_person ?? {}).map((each) => this.#persons.get(each));
    if (others.some((persons) => persons?.has(author.person))) refuse("same_person");
    const comps = post.items.map(({ comp }) => comp);
    if (!itemsFit(kind.items, comps, post.fields.comp)) refuse("wrong_items");
    const ids = post.items.map(({ id }) => id);
    if (new Set(ids).size !== ids.length || ids.some((id) => this.#carriers.has(id))) refuse("item_repeated");
    checkGrants(post, author, kind, {
      table: this.table,
      partial: this.viewer === "reporter" || this.withheld > 0,
      reader: (rid) => this.#reader(post, rid, opening),
      carrier: (id) => this.carrier(id),
      holds: (reader, id) => this.holds(reader, id),
      parts: (person, id) => this.parts(person, id),
      asker: () => this.#asker(post.fields.ask),
    });
  }

  /**
   * The reader a grant names. A reporter cannot know who is recused: in her posts such a grant stands.
   * @param {Post} post @param {string} rid @param {Opening | null} opening
   */
  #reader(post, rid, opening) {
    const channel = opening ? opening.channel : this.#channel;
    const reader = this.#live(post.head.dir, channel, rid);
    const shut = opening?.exclude ?? [...(post.author === "reporter" ? this.#reported : this.excluded)];
    return shut.includes(reader.person) ? refuse("excluded") : reader;
  }

  /** Who asked; of a withheld ask the head still says. @param {string} hash */
  #asker(hash) {
    const ask = this.#byHash.get(hash);
    return ask && ["identity.ask", ""].includes(ask.kind) ? ask.author : refuse("unknown_ask");
  }

  /** @param {Post} post @param {Author} author @param {Opening | null} opening */
  #keep(post, author, opening) {
    if (opening) {
      this.case = opening.case;
      this.reporter = opening.reporter;
      this.#channel = opening.channel;
      this.#reported = new Set(opening.exclude);
      this.excluded = new Set(opening.exclude);
    }
    this.#keepPlace(post);
    this.#keepKeys(post);
    this.#keepKind(post, author);
    const act = this.#act(post, author);
    this.acts.push(act);
    this.#byHash.set(act.hash, act);
    return act;
  }

  /** @param {Post} post */
  #keepPlace({ hash, vis, pid, day, body, head }) {
    this.#counts[vis] += 1;
    this.newest = hash;
    if (vis === "all") this.#last = hash;
    this.pids.add(pid);
    if (day > this.#latest) this.#latest = day;
    this.#directory = this.directories.number(head.dir);
    if (!body) this.withheld += 1;
  }

  /** @param {Post} post */
  #keepKeys({ hash, author, pid, kind, items, grants, head }) {
    items.forEach((entry, index) => this.#carriers.set(entry.id, { entry, author, pid, index, hash, kind }));
    for (const { to, items: rows } of grants) {
      const person = to === "reporter" ? "" : this.#live(head.dir, this.#channel, to).person;
      for (const [id, part] of rows) {
        const byItem = this.#held.get(to) ?? new Map();
        this.#held.set(to, byItem.set(id, new Set(byItem.get(id)).add(part)));
        this.#parts.set(`${person} ${id}`, new Set(this.#parts.get(`${person} ${id}`)).add(part));
      }
    }
  }

  /** @param {Post} post @param {Author} author */
  #keepKind({ kind, fields }, { person }) {
    if (person) this.#persons.set(kind, new Set(this.#persons.get(kind)).add(person));
    if (kind === "assign") this.seats = fields.seats;
    if (kind === "recuse") this.excluded.add(person);
  }

  /** @param {Post} post @param {Author} author @returns {Act} */
  #act(post, { person }) {
    const { hash, kind, vis, author, no, when, day, fields, items, grants, pid, head } = post;
    const comps = Object.freeze(items.map(({ comp }) => comp));
    return Object.freeze({
      hash,
      kind,
      vis,
      author,
      person,
      no,
      when,
      day,
      fields,
      comps,
      items,
      grants,
      dir: head.dir,
      pid,
    });
  }
}

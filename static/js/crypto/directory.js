// The directory: who may read and sign, signed by the zone's offline root and pinned by the zone id (envelope.md).

import { SUITE, TAG, b64, sameBytes, tagged, unb64 } from "./encoding.js";
import { refuse } from "./errors.js";
import { checkKemPublic, checkSigPublic, reviewerId, verify, zoneId } from "./keys.js";
import { ROLES, inOrder } from "./kinds.js";
import {
  boolean,
  bytes,
  day,
  dump,
  integer,
  list,
  oneOf,
  orEmpty,
  pair,
  parse,
  record,
  schema,
  string,
  such,
} from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {[string, string[]][]} Seats role and persons */

/** Never one person, over all channels of a directory. @type {readonly [string, string][]} */
export const APART = Object.freeze([
  ["verifier", "leader"], ["intake", "payout"], ["payout", "verifier"], ["payout", "leader"], ["finance", "payout"],
  ["finance", "leader"], ["auditor", "intake"], ["auditor", "verifier"], ["auditor", "leader"], ["auditor", "payout"],
  ["auditor", "finance"],
]); // prettier-ignore

/** @param {unknown[]} values */
const unlike = (values) => new Set(values).size === values.length;

/** @param {string} from @param {string} to */
const daysBetween = (from, to) => (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86400000;

const PACK = record({ id: string(64), sha256: bytes(32), from: day, to: orEmpty(day), note: string(600) });
const DOOR = record({ id: string(32), sig: bytes(32), use: oneOf("receipt", "witness") });

export const DIRECTORY = schema(
  65536,
  such(
    record({
      v: oneOf(1),
      suite: oneOf(SUITE),
      zone: bytes(16),
      no: integer,
      prev: bytes(32),
      issued: day,
      expires: day,
      allow: list(oneOf("X1", "X2", "C1")),
      demo: boolean,
      root: bytes(32),
      packs: list(PACK),
      doors: list(DOOR),
      escrow: list(boolean, 0),
      roster: bytes(32),
      channels: such(list(pair(string(64), bytes(32))), (rows) => unlike(rows.map(([id]) => id))),
    }),
    ({ issued, expires }) => daysBetween(issued, expires) >= 1 && daysBetween(issued, expires) <= 400,
  ),
);

const READER = record({
  rid: bytes(16),
  person: bytes(16),
  suite: oneOf(SUITE),
  kem: bytes(1216),
  sig: bytes(32),
  roles: such(list(oneOf(...ROLES)), inOrder),
  unit: string(200),
  label: string(200),
  replaces: orEmpty(bytes(16)),
});

export const CHANNEL = schema(
  262144,
  record({
    id: string(64),
    label: string(200),
    policy: string(64),
    readers: such(list(READER), (readers) => unlike(readers.map(({ rid }) => rid))),
  }),
);

const PERSON = record({ person: bytes(16), name: string(200), title: string(200) });

export const ROSTER = schema(
  262144,
  record({ v: oneOf(1), suite: oneOf(SUITE), zone: bytes(16), no: integer, salt: bytes(16), people: list(PERSON) }),
);

/** @typedef {ReturnType<typeof DIRECTORY.check>} Directory */
/** @typedef {ReturnType<typeof CHANNEL.check>} Channel */
/** @typedef {ReturnType<typeof READER>} Reader */

/** @param {Bytes} data */
export async function directoryHash(data) {
  return b64(await tagged(TAG.DIR, data));
}

/** @param {Bytes} data */
export async function channelHash(data) {
  return b64(await tagged(TAG.CHANNEL, data));
}

/** @param {import("./keys.js").RootKey} root @param {Directory} doc */
export async function signDirectory(root, doc) {
  const data = dump(DIRECTORY, doc);
  return { bytes: data, sig: await root.sign(TAG.DIRECTORY, data) };
}

/** The names of the staff, for staff only. @param {Bytes} root public @param {Bytes} data @param {Bytes} sig @param {Directory} directory */
export async function verifyRoster(root, data, sig, directory) {
  if (b64(await tagged(TAG.ROSTER, data)) !== directory.roster) refuse("wrong_roster");
  await verify(root, TAG.ROSTER, data, sig);
  const roster = parse(ROSTER, data);
  if (roster.zone !== directory.zone || roster.no !== directory.no) refuse("wrong_roster");
  return roster;
}

/** @param {Bytes} zone @param {Reader} reader */
async function checkReader(zone, reader) {
  const [kem, sig] = [unb64(reader.kem), unb64(reader.sig)];
  checkKemPublic(kem);
  checkSigPublic(sig);
  if (b64(await reviewerId(zone, kem, sig)) !== reader.rid) refuse("bad_key");
}

/** The chain of directories from number 0, and the channels fetched so far. */
export class Directories {
  /** @type {Map<string, Directory>} in order */
  #docs = new Map();
  /** @type {Map<string, Channel>} */
  #channels = new Map();

  /** @param {Bytes} zone */
  constructor(zone) {
    this.zone = zone;
    this.newestHash = "";
  }

  /**
   * Directory 0 is signed by its own root, which hashes to the pinned zone; each names the next one's root.
   * @param {Bytes} pinned zone id, 16 bytes
   * @param {{bytes: Bytes, sig: Bytes}[]} served from number 0
   */
  static async verify(pinned, served) {
    const made = new Directories(pinned);
    for (const { bytes: data, sig } of served) await made.#add(data, sig);
    return served.length > 0 ? made : refuse("bad_directory");
  }

  /** @param {Bytes} data @param {Bytes} sig */
  async #add(data, sig) {
    const doc = parse(DIRECTORY, data);
    const first = this.#docs.size === 0;
    const root = unb64(first ? doc.root : this.newest.root);
    if (first && !sameBytes(await zoneId(root), this.zone)) refuse("wrong_zone");
    const prev = first ? b64(new Uint8Array(32)) : this.newestHash;
    if (doc.zone !== b64(this.zone) || doc.no !== this.#docs.size || doc.prev !== prev) refuse("bad_directory");
    checkSigPublic(unb64(doc.root));
    await verify(root, TAG.DIRECTORY, data, sig);
    this.newestHash = await directoryHash(data);
    this.#docs.set(this.newestHash, doc);
  }

  get newest() {
    return this.byHash(this.newestHash) ?? refuse("bad_directory");
  }

  /** @param {string} hash */
  byHash(hash) {
    return this.#docs.get(hash) ?? null;
  }

  /** Whether it goes on from what was seen before: a server that tells fewer directories, or others, goes back. @param {Directories} earlier */
  extends(earlier) {
    return this.number(earlier.newestHash) >= 0;
  }

  /** Whether the newest directory is past its last day: reviewers then sign nothing, reporters are still heard. @param {string} today */
  isExpired(today) {
    return this.newest.expires < today;
  }

  /** All of them from number 0. */
  every() {
    return [...this.#docs.values()];
  }

  /** Its number, −1 when unknown. @param {string} hash */
  number(hash) {
    return this.byHash(hash)?.no ?? -1;
  }

  /** Keep a fetched channel: one that a directory lists, with sound keys, and no roles joined that watch each other. @param {Bytes} data */
  async addChannel(data) {
    const hash = await channelHash(data);
    const listing = [...this.#docs.values()].filter(({ channels }) => channels.some((row) => row[1] === hash));
    if (listing.length === 0) refuse("wrong_channel");
    const doc = this.#channels.get(hash) ?? parse(CHANNEL, data);
    if (this.#channels.has(hash)) return doc;
    for (const reader of doc.readers) await checkReader(this.zone, reader);
    for (const { channels } of listing) this.#checkListed(channels, doc, hash);
    this.#channels.set(hash, doc);
    return doc;
  }

  /** @param {[string, string][]} rows @param {Channel} doc @param {string} hash */
  #checkListed(rows, doc, hash) {
    if (!rows.some(([id, listed]) => id === doc.id && listed === hash)) refuse("wrong_channel");
    const known = rows.map(([, listed]) => this.#channels.get(listed));
    checkApart([doc, ...known.filter((each) => each !== undefined)]);
  }

  /** The channel as that directory lists it; null when it is not listed or not fetched. @param {string} dir @param {string} id */
  channel(dir, id) {
    const row = this.byHash(dir)?.channels.find(([each]) => each === id);
    return (row && this.#channels.get(row[1])) ?? null;
  }

  /** The channel as each directory that lists it has it, as far as it was fetched, oldest first. @param {string} id @returns {Channel[]} */
  versions(id) {
    const hashes = this.every().flatMap(({ channels }) =>
      channels.filter(([each]) => each === id).map(([, one]) => one),
    );
    return hashes.flatMap((hash) => this.#channels.get(hash) ?? []);
  }

  /** @param {string} dir @param {string} channel @param {string} rid */
  reader(dir, channel, rid) {
    return this.channel(dir, channel)?.readers.find((each) => each.rid === rid) ?? null;
  }

  /** That key in any fetched channel of the directory: when a forgotten body no longer says which. @param {string} dir @param {string} rid */
  readers(dir, rid) {
    const rows = this.byHash(dir)?.channels ?? [];
    return rows.map(([id]) => this.reader(dir, id, rid)).filter((reader) => reader !== null);
  }
}

/** @param {string} a b64u @param {string} b b64u */
function byBytes(a, b) {
  const [one, two] = [unb64(a), unb64(b)];
  const at = one.findIndex((byte, i) => byte !== two[i]);
  return at < 0 ? 0 : one[at] - two[at];
}

/**
 * Whom to seal to (envelope.md section 4): readers with the role, neither excluded nor replaced by a newer key of
 * the same person; the seated ones if any is left. EnvelopeError("no_reader") when nobody is.
 * @param {Channel} channel @param {string} role @param {Seats} seats @param {Iterable<string>} exclude persons
 */
export function recipients(channel, role, seats, exclude) {
  const excluded = new Set(exclude);
  const replaced = (/** @type {Reader} */ old) =>
    channel.readers.some(({ replaces, person }) => replaces === old.rid && person === old.person);
  const left = channel.readers.filter((r) => r.roles.includes(role) && !excluded.has(r.person) && !replaced(r));
  const persons = seats.find(([each]) => each === role)?.[1] ?? [];
  const seated = left.filter(({ person }) => persons.includes(person));
  const out = (seated.length > 0 ? seated : left).map(({ rid }) => rid).sort(byBytes);
  return out.length > 0 ? out : refuse("no_reader");
}

/** Nobody holds two roles that watch each other, in any of these channels. @param {Channel[]} channels */
export function checkApart(channels) {
  /** @type {Map<string, Set<string>>} */
  const held = new Map();
  for (const { person, roles } of channels.flatMap(({ readers }) => readers)) {
    held.set(person, new Set([...(held.get(person) ?? []), ...roles]));
  }
  for (const roles of held.values()) {
    if (APART.some(([one, two]) => roles.has(one) && roles.has(two))) refuse("roles_apart");
  }
}

// Posts: a signed head and a body bound to it by hash; upload framing (envelope.md, POST and UPLOAD).

import { SUITE, TAG, b64, concat, random, tagged, u32 } from "./encoding.js";
import { refuse } from "./errors.js";
import { checkGrant, grantSize } from "./grants.js";
import { checkBlob, checkLength } from "./items.js";
import { verify } from "./keys.js";
import { FIELDS } from "./kinds.js";
import {
  bytes,
  checkNfc,
  day,
  dump,
  integer,
  list,
  minute,
  oneOf,
  pair,
  parse,
  record,
  schema,
  string,
  such,
} from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {import("./items.js").ItemEntry} ItemEntry */
/** @typedef {import("./grants.js").GrantEntry} GrantEntry */

export const INLINE = 65536; // larger items are on the server before the post
const ZONE_OFFSET = 8 * 3600000; // the zone's day is UTC+08:00

/** @type {import("./strict.js").Check<string>} */
const reader = (value) => (value === "reporter" ? value : bytes(16)(value));

/** A reporter gives only the day, a reviewer the UTC minute. @param {{author: string, when: string}} head */
const whenFits = ({ author, when }) => (author === "reporter" ? day : minute)(when) === when;

const HEAD_FIELDS = {
  v: oneOf(1),
  suite: oneOf(SUITE),
  zone: bytes(16),
  case: bytes(32),
  no: integer,
  prev: bytes(32),
  last: bytes(32),
  dir: bytes(32),
  author: reader,
  pid: bytes(16),
  vis: oneOf("all", "office"),
  when: string(17),
  body: bytes(32),
};

export const HEAD = schema(1024, such(record(HEAD_FIELDS), whenFits));

const COMPS = /** @type {const} */ (["card", "report", "thread", "work", "award", "identity", "payout"]);
const PAIR_OF_HASHES = such(list(bytes(32)), (halves) => halves.length === 2);

const ITEM_ENTRY = such(
  record({ id: bytes(32), comp: oneOf(...COMPS), len: integer, tree: bytes(32), halves: PAIR_OF_HASHES }, ["halves"]),
  ({ comp, halves, len }) => {
    checkLength(comp, len);
    return (comp === "identity") === (halves !== undefined);
  },
);
const GRANT_ENTRY = such(
  record({ to: reader, items: list(pair(bytes(32), oneOf(0, 1, 2))), len: integer, hash: bytes(32) }),
  ({ items, len }) => len === grantSize(items.length),
);

/** @param {string} kind */
const bodyOf = (kind) =>
  schema(
    65536,
    record({
      v: oneOf(1),
      salt: bytes(16),
      kind: oneOf(kind),
      ...FIELDS[kind],
      items: list(ITEM_ENTRY),
      grants: list(GRANT_ENTRY),
    }),
  );

/** @type {Readonly<Record<string, import("./strict.js").Schema<any>>>} */
export const BODIES = Object.freeze(Object.fromEntries(Object.keys(FIELDS).map((kind) => [kind, bodyOf(kind)])));

/** @typedef {ReturnType<typeof HEAD.check>} Head */
/** @typedef {{v: number, salt: string, kind: string, items: ItemEntry[], grants: GrantEntry[], [field: string]: any}} Body */
/** @typedef {Omit<Head, "v" | "suite" | "body">} HeadFields */

/** A head with its signature, and its body unless that is withheld or forgotten. */
export class Post {
  /** @param {{headBytes: Bytes, sig: Bytes, bodyBytes: Bytes | null, head: Head, body: Body | null, hash: string}} parts */
  constructor({ headBytes, sig, bodyBytes, head, body, hash: name }) {
    this.headBytes = headBytes;
    this.sig = sig;
    this.bodyBytes = bodyBytes;
    this.head = head;
    this.body = body;
    this.hash = name;
    Object.freeze(this);
  }

  /** "" while the body is missing: it hides what was done. */
  get kind() {
    return this.body?.kind ?? "";
  }
  get vis() {
    return this.head.vis;
  }
  get author() {
    return this.head.author;
  }
  get pid() {
    return this.head.pid;
  }
  get no() {
    return this.head.no;
  }
  get when() {
    return this.head.when;
  }
  /** The zone's day of `when`. */
  get day() {
    return dayOf(this.head.when);
  }
  /** The public fields of the kind. @returns {Record<string, any>} */
  get fields() {
    return Object.fromEntries(Object.keys(FIELDS[this.kind] ?? {}).map((name) => [name, this.body?.[name]]));
  }
  get items() {
    return this.body?.items ?? [];
  }
  get grants() {
    return this.body?.grants ?? [];
  }
}

/** The zone's day of a `when`: itself, or that of the UTC minute eight hours further east. @param {string} when */
export function dayOf(when) {
  if (when.length === 10) return when;
  return day(new Date(Date.parse(when) + ZONE_OFFSET).toISOString().slice(0, 10));
}

/** @param {string} kind */
function bodySchema(kind) {
  return Object.prototype.hasOwnProperty.call(BODIES, kind) ? BODIES[kind] : refuse("malformed");
}

/** @param {Bytes} data @returns {Body} */
function parseBody(data) {
  // The kind chooses the schema; the schema then checks every byte, the kind too.
  const found = /^\{"v":1,"salt":"[A-Za-z0-9_-]{22}","kind":"([a-z.]{1,20})"/.exec(
    String.fromCharCode(...data.subarray(0, 90)),
  );
  return parse(bodySchema(found ? found[1] : ""), data);
}

/** The post these bytes are. The signature is the chain's to check, for it needs the author's key. @param {Bytes} headBytes @param {Bytes} sig @param {Bytes | null} bodyBytes @returns {Promise<Post>} */
export async function parsePost(headBytes, sig, bodyBytes) {
  if (sig.length !== 64) refuse("malformed");
  const head = parse(HEAD, headBytes);
  if (bodyBytes && b64(await tagged(TAG.BODY, bodyBytes)) !== head.body) refuse("wrong_body");
  const body = bodyBytes && parseBody(bodyBytes);
  return new Post({ headBytes, sig, bodyBytes, head, body, hash: b64(await tagged(TAG.HEAD, headBytes)) });
}

/** @param {string} kind @param {Record<string, any>} fields @param {ItemEntry[]} items @param {GrantEntry[]} grants */
export function draftBody(kind, fields, items, grants) {
  return dump(bodySchema(kind), { v: 1, salt: b64(random(16)), kind, ...fields, items, grants });
}

/**
 * Sign a head over this body. After a conflict only this is done again: items and grants bind `pid`, not `no`.
 * @param {import("./keys.js").KeyPair} keys @param {HeadFields} fields @param {Bytes} bodyBytes
 */
export async function signPost(keys, fields, bodyBytes) {
  const body = b64(await tagged(TAG.BODY, bodyBytes));
  const headBytes = dump(HEAD, { v: 1, suite: SUITE, ...fields, body });
  return parsePost(headBytes, await keys.sign(TAG.POST, headBytes), bodyBytes);
}

/** @param {Post} post @param {Bytes} sigPublic */
export function verifyPost(post, sigPublic) {
  return verify(sigPublic, TAG.POST, post.headBytes, post.sig);
}

/** The salted hash of an award's facts. @param {Bytes} body of the facts item */
export async function factsHash(body) {
  return b64(await tagged(TAG.FACTS, body));
}

/** One body for the server. Items over 65,536 bytes are left out: they are there before. @param {Post} post @param {Bytes[]} grants in body order @param {Record<string, Bytes>} items by id */
export function packUpload(post, grants, items) {
  if (!post.bodyBytes || grants.length !== post.grants.length) return refuse("malformed");
  const inline = post.items.filter(({ len }) => len <= INLINE).map(({ id }) => items[id] ?? refuse("malformed"));
  const parts = [post.headBytes, post.sig, post.bodyBytes, ...grants, ...inline];
  return concat(...parts.flatMap((part) => [u32(part.length), part]));
}

/** @param {Bytes} data @returns {Bytes[]} */
function unpackParts(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const parts = [];
  for (let at = 0; at < data.length;) {
    if (at + 4 > data.length) refuse("malformed");
    const end = at + 4 + view.getUint32(at);
    if (end > data.length) refuse("malformed");
    parts.push(data.slice(at + 4, end));
    at = end;
  }
  return parts;
}

/**
 * The post that arrived; its grants and blobs are the bytes the body names, its text NFC, nothing after.
 * @param {Bytes} data
 * @returns {Promise<{post: Post, grants: Bytes[], items: Record<string, Bytes>}>}
 */
export async function unpackUpload(data) {
  const [head, sig, body, ...rest] = unpackParts(data);
  if (!body) refuse("malformed");
  const post = await parsePost(head, sig, body);
  checkNfc(post.body);
  const inline = post.items.filter(({ len }) => len <= INLINE);
  if (rest.length !== post.grants.length + inline.length) refuse("malformed");
  const grants = rest.slice(0, post.grants.length);
  const blobs = rest.slice(post.grants.length);
  await Promise.all(post.grants.map((entry, i) => checkGrant(entry, grants[i])));
  await Promise.all(inline.map((entry, i) => checkBlob(entry, blobs[i])));
  return { post, grants, items: Object.fromEntries(inline.map(({ id }, i) => [id, blobs[i]])) };
}

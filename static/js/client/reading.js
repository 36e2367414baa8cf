/**
 * Reading a fetched case: its posts parsed, then every item this reader was given a key to. What was sealed is hostile
 * input, whoever sealed it: an item or a grant that does not open, or holds what no writer of ours seals there, is that
 * item's fault alone. It is listed as broken, with whose it is, and the rest is read. The twin of whistle/client/reading.py.
 */

import { RuleError } from "../core/errors.js";
import { parse } from "../core/contents.js";
import { unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError, refuse } from "../crypto/errors.js";
import { openGrant } from "../crypto/grants.js";
import { checkHalf, joinHalves, openItem } from "../crypto/items.js";
import { INLINE, parsePost } from "../crypto/posts.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/posts.js").Post} Post */
/** @typedef {import("../crypto/items.js").ItemEntry} ItemEntry */
/** @typedef {import("../crypto/items.js").Meta} Meta */
/** @typedef {import("../crypto/grants.js").KeyRow} KeyRow */
/** @typedef {import("../core/contents.js").Parser} Parser */
/** Who reads, in which case. @typedef {{zone: Bytes, case: Bytes, name: string, keys: import("../crypto/keys.js").KeyPair}} Party */
/** A post as the door serves it. @typedef {{head: string, sig: string, body: string, grants: Record<string, string>, items: Record<string, string>,
 *   receipt: {bytes: string, sig: string}}} Served */
/** A post as fetched, with the grants (by row) and items that the server had for this reader.
 * @typedef {{post: Post, grants: Map<number, Bytes>, items: Map<string, Bytes>}} Carried */
/** Item to part to every key that some grant gives for it: a colleague's later, spoiled one puts out no good one.
 * @typedef {Map<string, Map<number, Bytes[]>>} Keys */
/** Item to part to the key that holds. @typedef {Map<string, Map<number, Bytes>>} Held */
/**
 * One item in clear. `text`: a text item's words, "" for a file; `document` and `data`: what a JSON item is and says.
 * @typedef {object} Opened
 * @property {string} id
 * @property {string} comp
 * @property {number} index
 * @property {string} post hash of the post that carries it
 * @property {string} kind
 * @property {string} author
 * @property {Meta} meta
 * @property {Bytes} body
 * @property {boolean} broken its author sealed what does not open or says nothing of the kind: shown with whose it is, never read
 * @property {string} text
 * @property {string} document
 * @property {any} data a document of strings by name, or what its own parser makes of it: which, says `document`
 * @property {Bytes | null} key what opened it
 * @property {boolean} apart a large file, whose `length` bytes are fetched slice by slice when somebody wants it (fetching.js)
 * @property {number} length of its blob, 0 for what came along
 * @property {string[]} given of what no key opens, the later posts that handed this reader one: whoever signed them hands it over again
 * @property {Bytes[]} spare further keys that grants gave of a large file: which opens it is known from its first slice alone
 */

const EMPTY = Object.freeze({ name: "", type: "", size: 0 });
const ALONG = Object.freeze({ apart: false, length: 0, given: [], spare: [] });
const NOTHING = Object.freeze({ text: "", document: "", data: null });

/** The posts of an API answer, parsed; nothing is verified yet. @param {Served[]} posts @returns {Promise<Carried[]>} */
export function carried(posts) {
  return reading(() => Promise.all(posts.map(carriedOne)));
}

/** @param {Served} one @returns {Promise<Carried>} */
async function carriedOne({ head, sig, body, grants, items }) {
  return {
    post: await parsePost(utf8(head), unb64(sig), body ? utf8(body) : null),
    grants: new Map(Object.entries(grants).map(([row, sealed]) => [Number(row), unb64(sealed)])),
    items: new Map(Object.entries(items).map(([id, blob]) => [id, unb64(blob)])),
  };
}

/** Run a reading of what the server sent; whatever is missing or misshapen there is refused as one error.
 * @template T @param {() => Promise<T>} read @returns {Promise<T>} */
export async function reading(read) {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TypeError) return refuse("malformed");
    throw error;
  }
}

/** Every item key, whole or half, that a grant of this case gives the reader; a half is checked on arrival.
 * @param {Party} reader @param {Carried[]} posts @returns {Promise<Keys>} */
export async function openKeys(reader, posts) {
  const entries = new Map(posts.flatMap(({ post }) => post.items.map((entry) => [entry.id, entry])));
  /** @type {Keys} */
  const found = new Map();
  for (const { post, grants } of posts) {
    for (const [row, sealed] of grants) {
      for (const granted of await grantedIn(reader, post, row, sealed)) {
        if (granted.part === 0 || (await halfFits(entries.get(granted.id), granted))) keep(found, granted);
      }
    }
  }
  return found;
}

/** @param {Keys} found @param {KeyRow} granted */
function keep(found, { id, part, key }) {
  const parts = found.get(id) ?? new Map();
  const known = parts.get(part) ?? [];
  const isKnown = known.some((/** @type {Bytes} */ one) => one.every((byte, i) => byte === key[i]));
  found.set(id, parts.set(part, isKnown ? known : [...known, key]));
}

/** The rows of one grant; none when its author or the server spoiled it: what it was to open is listed as broken.
 * @param {Party} reader @param {Post} post @param {number} row @param {Bytes} sealed @returns {Promise<KeyRow[]>} */
async function grantedIn(reader, post, row, sealed) {
  const entry = post.grants[row];
  if (!entry || entry.to !== reader.name) return refuse("malformed");
  const { zone, case: id, name, keys } = reader;
  return openGrant(zone, id, post.author, unb64(post.pid), name, keys, entry, sealed).catch(orNothing([]));
}

/** @param {ItemEntry | undefined} entry @param {KeyRow} granted */
async function halfFits(entry, { part, key }) {
  if (!entry) return false;
  return checkHalf(entry, part, key)
    .then(() => true)
    .catch(orNothing(false));
}

/** What is refused for its content reads as nothing; any other error is ours. @template T @param {T} nothing @returns {(error: unknown) => T} */
function orNothing(nothing) {
  return (error) => {
    if (error instanceof EnvelopeError || error instanceof RuleError) return nothing;
    throw error;
  };
}

/**
 * Every item whose key was granted to the reader, in the order of the posts: opened, or broken. Of an item of which
 * he was granted one half only nothing is listed, unless that half is spoiled. What is too large to come along is listed
 * apart, with the key that opens it.
 * @param {Party} reader @param {Carried[]} posts @param {Keys} keys
 * @param {Record<string, Parser>} [computed] parsers of the documents that rules compute with
 * @returns {Promise<Opened[]>}
 */
export async function openItems(reader, posts, keys, computed = {}) {
  const blobs = new Map(posts.flatMap(({ items }) => [...items]));
  const parts = listedFor(reader.name, posts);
  const givers = giversOf(reader.name, posts);
  const found = [];
  for (const { post } of posts) {
    for (const [index, entry] of post.items.entries()) {
      const [mine, known] = [parts.get(entry.id), keys.get(entry.id) ?? new Map()];
      if (!mine || isWholeHalf(mine, known)) continue;
      const blob = blobs.get(entry.id) ?? new Uint8Array();
      const item = await openOne(reader, post, index, wholes(known), blob, computed);
      const by = item.broken && !item.key ? (givers.get(entry.id) ?? []) : [];
      found.push({ ...item, given: by.filter((hash) => hash !== post.hash) });
    }
  }
  return found;
}

/** Item to the parts of its key that signed grants promise this reader. @param {string} name @param {Carried[]} posts */
function listedFor(name, posts) {
  /** @type {Map<string, Set<number>>} */
  const promised = new Map();
  for (const grant of posts.flatMap(({ post }) => post.grants)) {
    for (const [item, part] of grant.to === name ? grant.items : [])
      promised.set(item, (promised.get(item) ?? new Set()).add(part));
  }
  return promised;
}

/** Item to the hashes of the posts that promise this reader a part of its key. @param {string} name @param {Carried[]} posts */
function giversOf(name, posts) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { post } of posts) {
    const ids = post.grants.flatMap(({ to, items }) => (to === name ? items.map(([id]) => id) : []));
    for (const id of new Set(ids)) found.set(id, [...(found.get(id) ?? []), post.hash]);
  }
  return found;
}

/** One half was promised, and is here. @param {Set<number>} mine @param {Map<number, Bytes[]>} known */
function isWholeHalf(mine, known) {
  return mine.size === 1 && !mine.has(0) && [...mine].every((part) => known.has(part));
}

/** Every key that may open the item; identity halves join to one. @param {Map<number, Bytes[]>} known @returns {Bytes[]} */
function wholes(known) {
  const [one, two] = [known.get(1), known.get(2)];
  return [...(known.get(0) ?? []), ...(one && two ? [joinHalves(one[0], two[0])] : [])];
}

/** The item by the first key that opens it.
 * @param {Party} reader @param {Post} post @param {number} index @param {Bytes[]} keys @param {Bytes} blob
 * @param {Record<string, Parser>} computed @returns {Promise<Opened>} */
async function openOne(reader, post, index, keys, blob, computed) {
  const entry = post.items[index];
  const place = { id: entry.id, comp: entry.comp, index, post: post.hash, kind: post.kind, author: post.author };
  const shut = { ...place, ...NOTHING, meta: EMPTY, body: new Uint8Array(), broken: true, key: null, ...ALONG };
  if (entry.len > INLINE)
    return {
      ...shut,
      broken: !keys.length,
      key: keys[0] ?? null,
      spare: keys.slice(1),
      apart: true,
      length: entry.len,
    };
  for (const key of keys) {
    const found = await openItem(reader.zone, reader.case, post.author, unb64(post.pid), index, entry, key, blob).catch(
      orNothing(null),
    );
    if (found) return { ...shut, key, ...said(post.kind, entry.comp, found, computed) };
  }
  return shut;
}

/** What an opened item says; nothing when it is no such thing as may stand there.
 * @param {string} kind @param {string} comp @param {{meta: Meta, body: Bytes}} found @param {Record<string, Parser>} computed */
function said(kind, comp, { meta, body }, computed) {
  try {
    return { ...parse(kind, comp, meta, body, computed), meta, body, broken: false };
  } catch (error) {
    return orNothing({})(error);
  }
}

/** What this reader holds and may hand on: of an opened item the key that opened it. @param {Keys} keys @param {Opened[]} items @returns {Held} */
export function heldIn(keys, items) {
  const proved = new Map(items.map(({ id, key }) => [id, key]));
  /** @type {Held} */
  const held = new Map();
  for (const [id, parts] of keys) {
    const whole = proved.has(id) ? proved.get(id) : parts.get(0)?.[0];
    const halves = [...parts].filter(([part]) => part > 0).map(([part, [key]]) => /** @type {const} */ ([part, key]));
    const rows = new Map([...(parts.has(0) && whole ? [/** @type {const} */ ([0, whole])] : []), ...halves]);
    if (rows.size) held.set(id, rows);
  }
  return held;
}

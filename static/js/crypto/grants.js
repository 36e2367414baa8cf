// Grants: item keys sealed to one reader, bound to the post that makes the grant (envelope.md, GRANT).

import { SUITE, TAG, authorField, b64, concat, lp, sameBytes, tagged, unb64 } from "./encoding.js";
import { refuse } from "./errors.js";
import { seal } from "./keys.js";
import { ENC_SIZE } from "./xwing.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */
/** @typedef {{id: string, part: number, key: Bytes}} KeyRow part 0 the whole key, 1 and 2 its halves */
/** @typedef {{to: string, items: [string, number][], len: number, hash: string}} GrantEntry */

const ROW = 65;

/** @param {Bytes} zone @param {Bytes} caseId @param {string} author @param {Bytes} pid @param {string} reader */
export function grantInfo(zone, caseId, author, pid, reader) {
  return lp("grant v1", SUITE, zone, caseId, authorField(author), pid, authorField(reader));
}

/** Length of a sealed grant of so many keys. @param {number} count */
export function grantSize(count) {
  return ENC_SIZE + ROW * count + 16;
}

/** The sealed bytes are those the author signed for. @param {GrantEntry} entry @param {Bytes} sealed */
export async function checkGrant(entry, sealed) {
  if (sealed.length !== entry.len) refuse("wrong_grant");
  if (!sameBytes(unb64(await grantHash(sealed)), unb64(entry.hash, 32))) refuse("wrong_grant");
}

/** @param {Bytes} sealed */
async function grantHash(sealed) {
  return b64(await tagged(TAG.GRANT, sealed));
}

/** @param {KeyRow} row */
function packRow({ id, part, key }) {
  if (![0, 1, 2].includes(part) || key.length !== 32) refuse("malformed");
  if (part > 0 && !key.some((byte) => byte !== 0)) refuse("bad_half");
  return concat(unb64(id, 32), [part], key);
}

/** @param {Bytes} plain @returns {KeyRow[]} */
function unpackRows(plain) {
  if (plain.length % ROW !== 0) refuse("wrong_grant");
  return Array.from({ length: plain.length / ROW }, (_, i) => {
    const row = plain.subarray(i * ROW, (i + 1) * ROW);
    return { id: b64(row.subarray(0, 32)), part: row[32], key: row.slice(33) };
  });
}

/**
 * @param {Bytes} zone @param {Bytes} caseId @param {string} author @param {Bytes} pid of this post
 * @param {string} reader rid or "reporter" @param {Bytes} kemPublic the reader's @param {KeyRow[]} rows
 * @returns {Promise<{entry: GrantEntry, sealed: Bytes}>}
 */
export async function sealGrant(zone, caseId, author, pid, reader, kemPublic, rows) {
  const plain = concat(...rows.map(packRow));
  const sealed = await seal(kemPublic, plain, grantInfo(zone, caseId, author, pid, reader));
  /** @type {[string, number][]} */
  const items = rows.map(({ id, part }) => [id, part]);
  return { entry: { to: reader, items, len: sealed.length, hash: await grantHash(sealed) }, sealed };
}

/**
 * The keys a grant holds, if it is the one its author signed for this reader and holds what its entry lists.
 * @param {Bytes} zone @param {Bytes} caseId @param {string} author @param {Bytes} pid of the granting post
 * @param {string} reader @param {import("./keys.js").KeyPair} keys @param {GrantEntry} entry @param {Bytes} sealed
 */
export async function openGrant(zone, caseId, author, pid, reader, keys, entry, sealed) {
  if (entry.to !== reader) refuse("wrong_grant");
  await checkGrant(entry, sealed);
  const rows = unpackRows(await keys.open(sealed, grantInfo(zone, caseId, author, pid, reader)));
  const listed = JSON.stringify(rows.map(({ id, part }) => [id, part]));
  if (listed !== JSON.stringify(entry.items)) refuse("wrong_grant");
  if (rows.some(({ part, key }) => part > 0 && !key.some((byte) => byte !== 0))) refuse("bad_half");
  return rows;
}

/** From the company to the authority: proof that she reported inside before; her client makes it, theirs checks it. The twin
 * of whistle/client/onward.py. */

import { b64 } from "../crypto/encoding.js";
import { EnvelopeError, refuse } from "../crypto/errors.js";
import { MOST, prove, readProof, verifyProof } from "../crypto/onward.js";
import { isAuthority } from "../core/offices.js";
import { ClientError } from "./errors.js";
import { carried } from "./reading.js";
import { placeIn, seal } from "./reporter.js";
import { getJson } from "./wire.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** Who fetches a channel as one directory lists it, and verifies it.
 * @typedef {{directories: import("../crypto/directory.js").Directories, workflow: import("../core/workflow.js").Workflow,
 *   fetchChannel: (id: string, dir: string) => Promise<unknown>}} Reader */
/** What holds of an earlier report inside a company: its day, and the name the zone signed for that office.
 * @typedef {{day: string, office: string}} Inside */

export const NAME = "onward.json";
const TYPE = "application/json";
// A report that the office took down has no key of hers: such a ticket proves nothing.
const HERS = ["web", "poster"];

/** The proof for her case, with the ticket of the report inside, which is not sent. ClientError "onward": that ticket proves
 * nothing here. @param {Reader} reader @param {string} fresh her case @param {import("../crypto/ticket.js").Ticket} earlier
 * @returns {Promise<import("../crypto/items.js").Part<Bytes>>} */
export async function proofOf(reader, fresh, earlier) {
  const { posts } = await getJson("/api/case", { Authorization: earlier.authorization });
  const [first] = await carried(posts.slice(0, 1));
  if (!first || first.post.head.case !== b64(earlier.case)) throw new ClientError("unknown_ticket");
  try {
    const { zone } = reader.directories.newest;
    const body = await prove(earlier.keys, zone, first.post, posts[0].receipt, fresh);
    await verified(reader, fresh, body);
    return { comp: "report", name: NAME, type: TYPE, body };
  } catch (error) {
    if (error instanceof EnvelopeError) throw new ClientError("onward");
    throw error;
  }
}

/** Her post with the proof, sealed: to be delivered. @param {import("./reporter.js").Public} door
 * @param {import("../crypto/ticket.js").Ticket} ticket of her case @param {import("../crypto/ticket.js").Ticket} earlier of the report inside */
export async function onwardDraft(door, ticket, earlier) {
  const reader = {
    directories: door.directories,
    workflow: door.workflow,
    fetchChannel: (/** @type {string} */ id, /** @type {string} */ dir) => door.channel(id, dir),
  };
  const parts = [await proofOf(reader, b64(ticket.case), earlier)];
  return seal(door, ticket, { kind: "evidence", fields: {}, parts, own: true, place: placeIn(ticket, "evidence") });
}

/** The first good proof among the files of a case; null where there is none. @param {Reader} reader @param {string} fresh
 * @param {import("./reading.js").Opened[]} items @returns {Promise<Inside | null>} */
export async function insideOf(reader, fresh, items) {
  const named = items.filter(({ meta, body }) => meta.name === NAME && meta.type === TYPE && body.length <= MOST);
  for (const { body } of named) {
    try {
      return await verified(reader, fresh, body);
    } catch (error) {
      if (!(error instanceof EnvelopeError || error instanceof ClientError)) throw error;
    }
  }
  return null;
}

/** What a proof shows. Throws where it shows nothing of an enterprise's office. @param {Reader} reader @param {string} fresh
 * @param {Bytes} data @returns {Promise<Inside>} */
async function verified(reader, fresh, data) {
  const first = await readProof(data);
  const { dir } = first.head;
  const id = String(first.fields.channel ?? "");
  if (reader.directories.number(dir) < 0) refuse("onward");
  await reader.fetchChannel(id, dir);
  const channel = reader.directories.channel(dir, id);
  if (!channel || isAuthority(channel.policy)) return refuse("onward");
  const { day, source } = await verifyProof(reader.directories, reader.workflow, data, fresh);
  if (!HERS.includes(source)) refuse("onward");
  return { day, office: channel.label };
}

/**
 * A file on its way into her case: one post of the kind `evidence`, sealed to the readers of her words. Small files
 * travel inside the post, large ones before it, slice by slice. The twin of whistle/client/attaching.py.
 */

import { concat, unb64 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { INLINE } from "../crypto/posts.js";
import { blobOf } from "../crypto/slices.js";
import { SORTS, TYPES } from "../core/filetypes.js";
import { placeIn } from "./reporter.js";
import { ClientError } from "./errors.js";
import { getJson, putBytes, remove } from "./wire.js";
import { deliver, seal, worked } from "./reporter.js";
import { Uploading, patiently } from "./uploading.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../crypto/ticket.js").Ticket} Ticket */
/** @typedef {import("./reporter.js").Public} Public */
/** @typedef {import("./uploading.js").Prepared} Prepared */
/** @typedef {import("./uploading.js").Watch} Watch */

const COMP = "report";

/** Why a file is not taken: file_gone, file_empty, file_type, file_large, file_broken and the like. */
export class FileFault extends Error {
  /** @param {string} code @param {Record<string, string | number>} [facts] */
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** A file of this type and size may be sent, or FileFault: file_type, file_large. @param {string} type @param {number} size */
export function checkFile(type, size) {
  if (!type) throw new FileFault("file_type");
  const { most } = SORTS[TYPES[type].sort];
  if (size > most) throw new FileFault("file_large", { most: most / 1e6 });
}

/** Her parts at the public door; the first is worked for. @param {Public} door @param {Ticket} ticket @returns {import("./uploading.js").Parts} */
export function herParts(door, ticket) {
  const shown = { Authorization: ticket.authorization };
  const at = (/** @type {string} */ name) => ({ ...shown, "Whistle-Part": name });
  return {
    put: async (name, slice, first) =>
      putBytes("/api/parts", slice, { ...at(name), ...(first ? await workFor(door, ticket, name) : {}) }),
    have: (name) => getJson("/api/parts", at(name)),
    drop: (name) => remove("/api/parts", at(name)),
  };
}

/** The work for a whole file. @param {Public} door @param {Ticket} ticket @param {string} name of its first part */
async function workFor(door, ticket, name) {
  const [pid, , , length] = name.split(".");
  const { challenge } = await door.challenge("file", Number(length), { Authorization: ticket.authorization });
  return worked(challenge, { ticket, pid: unb64(pid, 16) });
}

/** One prepared file. `send` may be called again after a failure: what arrived is not sent twice, and a post whose answer
 * was lost is the same post. */
export class Attaching {
  /** @param {Public} door @param {Ticket} ticket @param {Prepared} prepared */
  constructor(door, ticket, prepared) {
    this.door = door;
    this.ticket = ticket;
    this.prepared = prepared;
    this.parts = herParts(door, ticket);
    /** @type {Uploading | null} */ this.uploading = null;
    /** @type {import("./reporter.js").Draft | null} */ this.draft = null;
  }

  /** Bytes to be sent. */
  get length() {
    return blobOf(this.prepared.shape);
  }

  /** Parts, then the post. ClientError, or FileFault("file_changed"). @param {Watch} watch @returns {Promise<import("./reporter.js").Sent>} */
  async send(watch) {
    try {
      this.draft ??= await this.#sealed(watch);
      const { draft } = this;
      const sent = await patiently(watch, () => deliver(this.door, draft));
      watch.sent(this.length);
      return sent;
    } catch (error) {
      throw this.#fault(error);
    }
  }

  /** Take back what was sent. */
  async cancel() {
    if (this.uploading && !this.draft?.ready) await this.uploading.cancel(this.parts);
  }

  /** @param {Watch} watch */
  async #sealed(watch) {
    const { door, ticket, prepared } = this;
    const act = { kind: /** @type {const} */ ("evidence"), fields: {}, own: false, place: placeIn(ticket, "evidence") };
    if (this.length <= INLINE) {
      const { comp, name, type } = prepared.shape;
      return seal(door, ticket, { ...act, parts: [{ comp, name, type, body: await bodyOf(prepared) }] });
    }
    this.uploading ??= new Uploading({ zone: door.zone, caseId: ticket.case, author: "reporter", index: 0 }, prepared);
    const sealed = await this.uploading.send(this.parts, watch);
    const items = [{ ...sealed, blob: /** @type {Bytes} */ (new Uint8Array()) }];
    return { ...act, ticket, pid: this.uploading.place.pid, items, ready: null };
  }

  /** After what cannot go on, the next try begins anew under another key. @param {unknown} error */
  #fault(error) {
    const code = error instanceof ClientError || error instanceof EnvelopeError ? error.code : "";
    if (code === "items_missing") this.draft = null;
    if (code === "part_differs") this.uploading = null;
    return code === "changed" ? new FileFault("file_changed") : error;
  }
}

/** @param {Prepared} prepared */
async function bodyOf({ shape, pieces }) {
  /** @type {Bytes[]} */
  const found = [];
  for await (const piece of pieces()) found.push(piece);
  const body = concat(...found);
  if (body.length !== shape.size) throw new FileFault("file_changed");
  return body;
}

/** What `prepare` needs of a file's name and type. @param {string} name @param {string} type */
export const named = (name, type) => ({ comp: COMP, name, type });

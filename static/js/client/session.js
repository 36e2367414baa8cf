/** What a reporter's page knows of the zone: the verified directories, channels as they are needed, the one table. */

import { unb64, utf8 } from "../crypto/encoding.js";
import { Directories } from "../crypto/directory.js";
import { DoorError, getBytes, getJson, postBytes } from "./door.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */

export class Session {
  /** @param {Bytes} zone the pinned zone id: from the poster, else the page's own word */
  constructor(zone) {
    this.zone = zone;
    /** @type {any} */ this.directories = null;
    /** @type {any} */ this.workflow = null;
  }

  /** Verified from directory 0 up. Throws EnvelopeError when the server's papers are not the pinned zone's.
   * @param {Bytes} zone */
  static async open(zone) {
    const session = new this(zone);
    [session.workflow] = await Promise.all([getJson("/workflow.json"), session.refresh()]);
    return session;
  }

  /** Take the newest directory; channels are fetched again under it. */
  async refresh() {
    const { directories } = await getJson("/api/directory");
    const signed = directories.map((/** @type {any} */ one) => ({ bytes: utf8(one.bytes), sig: unb64(one.sig) }));
    this.directories = await Directories.verify(this.zone, signed);
  }

  /**
   * Work for a post, the day to date it, and with a ticket the newest head.
   * @param {string} purpose @param {Record<string, string>} shown @returns {Promise<{challenge: string, day: string, prev: string}>}
   */
  challenge(purpose, shown) {
    return getJson(`/api/challenge?purpose=${purpose}`, shown);
  }

  /** A signed post in, the door's answer out. @param {Bytes} bytes @param {Record<string, string>} headers */
  post(bytes, headers) {
    return postBytes("/api/posts", bytes, headers);
  }

  /** The channel a report goes to: the poster's, else the zone's first. @param {string} [wanted] @returns {string} */
  channelId(wanted = "") {
    const ids = this.directories.newest.channels.map((/** @type {any} */ row) => row[0]);
    if (!ids.length) throw new DoorError("closed");
    return ids.includes(wanted) ? wanted : ids[0];
  }

  /** Fetch a channel as one directory lists it, once. @param {string} id @param {string} [dir] hash of a directory @returns {Promise<any>} */
  async channel(id, dir = this.directories.newestHash) {
    const known = this.directories.channel(dir, id);
    if (known) return known;
    const rows = this.directories.byHash(dir)?.channels ?? [];
    const row = rows.find((/** @type {any} */ one) => one[0] === id);
    if (!row) throw new DoorError("closed");
    await this.directories.addChannel(await getBytes(`/api/channels/${row[1]}`));
    return this.directories.channel(dir, id);
  }

  /** Whether the staff's keys are past their date: a report is still sealed, after one plain sentence. @param {string} today */
  isExpired(today) {
    return this.directories.newest.expires < today;
  }
}

/** Which zone answers, and who its readers are: directories verified from number 0, channels by their hash. The twin of
 * whistle/client/trust.py. */

import { unb64, utf8 } from "../crypto/encoding.js";
import { Directories } from "../crypto/directory.js";
import { refuse } from "../crypto/errors.js";
import { ClientError } from "./errors.js";
import { getBytes, getPublished } from "./wire.js";
import { isAuthority, isOne, kindOf, officeOf } from "../core/offices.js";
import { workflow } from "../core/table.js";

/** @typedef {import("../crypto/encoding.js").Bytes} Bytes */
/** Who receives a report: a channel, its name as the zone signed it, its office and what kind that is. @typedef {{id: string, label: string, office: string, kind: string}} Receiver */

/** A report is sealed to each of these. */
const READ_BY = ["intake", "leader", "payout"];

export class Trust {
  /** @param {Bytes} zone the pinned zone id: from the poster, else the page's own word @param {Directories} directories verified against it */
  constructor(zone, directories) {
    this.zone = zone;
    this.directories = directories;
    // Part of the script, never asked for: whoever could change the table would choose whom her words are sealed to.
    /** @type {import("../core/workflow.js").Workflow} */ this.workflow = workflow;
  }

  /** Take the newest directory, never one older than was seen; channels are fetched again under it. */
  async refresh() {
    this.directories = await fetched(this.zone, this.directories);
  }

  /** The channel that is asked for, else the zone's first. One that a poster names and the zone does not have is
   * refused: who stands behind another she was not told. @param {string} [wanted] @returns {string} */
  channelId(wanted = "") {
    const ids = this.directories.newest.channels.map(([id]) => id);
    if (!ids.length) throw new ClientError("closed");
    if (wanted && !ids.includes(wanted)) throw new ClientError("unknown_channel");
    return wanted || ids[0];
  }

  /** Fetch a channel as one directory lists it, once. @param {string} id @param {string} [dir] hash of a directory @returns {Promise<import("../crypto/directory.js").Channel>} */
  async channel(id, dir = this.directories.newestHash) {
    const known = this.directories.channel(dir, id);
    if (known) return known;
    const rows = this.directories.byHash(dir)?.channels ?? [];
    const row = rows.find((one) => one[0] === id);
    if (!row) throw new ClientError("closed");
    await this.directories.addChannel(await getBytes(`/api/channels/${row[1]}`));
    refuseMoved(this.directories, id);
    return this.directories.channel(dir, id) ?? refuse("unknown_channel");
  }

  /** Where a report may go: the authorities' channels that somebody reads, in the order of the directory, which the zone
   * signs with theirs first; behind the first enterprise's none is asked for. With `wanted`, which a poster names, that one
   * alone. @param {string} [wanted] @returns {Promise<Receiver[]>} */
  async receivers(wanted = "") {
    const found = [];
    for (const id of wanted ? [this.channelId(wanted)] : this.directories.newest.channels.map(([each]) => each)) {
      const { label, policy, readers } = await this.channel(id);
      // Behind an earlier release's directory a department may stand after a firm: nobody stops before the first is found.
      if (!wanted && !isAuthority(policy)) {
        if (found.length > 0) break;
        continue;
      }
      const isRead = READ_BY.every((role) => readers.some(({ roles }) => roles.includes(role)));
      if (isRead) found.push({ id, label, office: officeOf(policy), kind: kindOf(policy) });
    }
    return found;
  }

  /** Whether the staff's keys are past their date: a report is still sealed, after one plain sentence. @param {string} today */
  isExpired(today) {
    return this.directories.isExpired(today);
  }
}

/** What kind of office a channel that was fetched belongs to. @param {Directories} directories @param {string} id */
export const officeKind = (directories, id) => kindOf(directories.versions(id).slice(-1)[0].policy);

/** A channel belongs to one office for ever: one that another directory gives to another is a trick. @param {Directories} directories @param {string} id */
export function refuseMoved(directories, id) {
  if (!isOne(directories.versions(id).map(({ policy }) => policy))) refuse("moved_channel");
}

/** Verified from directory 0 up. Throws EnvelopeError when the server's papers are not the pinned zone's, or older than
 * what was seen. @param {Bytes} zone @param {Directories | null} [seen] what this page has verified before */
export async function fetched(zone, seen = null) {
  /** @type {{directories: {bytes: string, sig: string}[]}} */
  const { directories } = await getPublished("/api/directory");
  const signed = directories.map(({ bytes, sig }) => ({ bytes: utf8(bytes), sig: unb64(sig) }));
  const fresh = await Directories.verify(zone, signed);
  if (seen && !fresh.extends(seen)) refuse("old_directory");
  return fresh;
}

/** 代录: what a caller or a letter says, sealed as the public page would seal it, sent through the review door. */

import { zoneDay } from "../core/clock.js";
import { parts } from "./cards.js";
import { checkPieces } from "./checking.js";
import { ClientError } from "./errors.js";
import { Filing, Public } from "./reporter.js";
import { postBytes } from "./wire.js";

/** Sources that come to the office, which vouches for them; the table's others are the reporter's own doing. */
export const TRANSCRIBED = ["phone", "letter", "counter", "hotline"];

/** The review door as a place to file at: the officer's session stands for the work. */
export class Transcriber extends Public {
  /** @param {string} _purpose @param {number} _size @param {Record<string, string>} _shown */
  async challenge(_purpose, _size, _shown) {
    const day = zoneDay();
    if (this.isExpired(day)) throw new ClientError("expired_directory");
    return { challenge: "", day, prev: "" };
  }

  /** @param {Uint8Array} bytes @param {Record<string, string>} headers */
  post(bytes, headers) {
    return postBytes("/api/enter", bytes, headers);
  }
}

/** A report as an officer takes it down: no list or length of a page stands before him, so its items are read first. */
export class Transcription extends Filing {
  /** ClientError("content") for what no reader would accept. @param {Public} door @param {import("./cards.js").Form} form
   * @param {import("../crypto/ticket.js").Ticket} ticket */
  seal(door, form, ticket) {
    checkPieces("report", parts(form));
    return super.seal(door, form, ticket);
  }
}

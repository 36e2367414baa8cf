/** 代录: what a caller or a letter says, sealed as the public page would seal it, sent through the review door. */

import { postBytes } from "./door.js";
import { Session } from "./session.js";

/** Sources that come to the office, which vouches for them; the table's others are the reporter's own doing. */
export const ENTERED = ["phone", "letter", "counter", "hotline"];

const ZONE = 8 * 3_600_000;

/** The review door as a place to file at: the officer's session stands for the work. */
export class Counter extends Session {
  /** @param {string} _purpose @param {Record<string, string>} _shown */
  async challenge(_purpose, _shown) {
    return { challenge: "", day: new Date(Date.now() + ZONE).toISOString().slice(0, 10), prev: "" };
  }

  /** @param {Uint8Array} bytes @param {Record<string, string>} headers */
  post(bytes, headers) {
    return postBytes("/api/enter", bytes, headers);
  }
}

/** Filing a report: four items in the fixed order, under a ticket made here (envelope.md sections 1 and 2). */

import { b64, utf8 } from "../crypto/encoding.js";
import { TEXT_SIZE } from "../crypto/items.js";
import { newTicket, openTicket } from "../crypto/ticket.js";
import { DoorError } from "./door.js";
import { deliver, seal } from "./reporting.js";

const LINE = 60;
const OVERHEAD = 128; // length, meta and the byte that must stay free

/** @typedef {{category: string, sector: string, enterprise: string, place: string, since: string, text: string, contact: string,
 *   passphrase: string, relation: string, reward: string, readback: boolean, channel: string,
 *   source?: string, arrived?: string, paper?: string}} Form the last three of what the office takes down for a caller */

/** @param {any} value */
const json = (value) => ({ type: "application/json", body: utf8(JSON.stringify(value)) });
/** @param {string} words */
const plain = (words) => ({ type: words ? "text/plain" : "", body: utf8(words) });

/** The report's items: every report carries all four, empty ones too. @param {Form} form */
export function parts(form) {
  const { category, sector, enterprise, place, since, relation, reward, text, contact, passphrase } = form;
  const line = [...text.replace(/\s+/g, " ").trim()].slice(0, LINE).join("");
  const taken = form.source ? { arrived: form.arrived ?? "", paper: form.paper ?? "" } : {};
  const card = { category, sector, enterprise, place, line, since, relation, reward, ...taken };
  return [
    { comp: "card", name: "", ...json(card) },
    { comp: "report", name: "", ...plain(text) },
    { comp: "identity", name: "", ...plain(contact) },
    { comp: "payout", name: "", ...(passphrase ? json({ passphrase }) : plain("")) },
  ];
}

/** The compartments whose text is too long to be sealed. @param {Form} form @returns {string[]} */
export function overflowing(form) {
  const limits = /** @type {Record<string, number>} */ (TEXT_SIZE);
  return parts(form).filter((one) => one.body.length > limits[one.comp] - OVERHEAD).map((one) => one.comp);
}

/**
 * One report of this page. The ticket stays the same when the text is changed after a failed try, so that a first
 * try that did arrive is found again instead of becoming a second report.
 */
export class Filing {
  constructor() {
    this.digits = "";
    /** @type {any} */ this.ticket = null;
    /** @type {any} */ this.draft = null;
    /** @type {any} */ this.earlier = null;
    this.content = "";
  }

  /**
   * @param {any} session @param {Form} form @param {(step: string) => void} tell
   * @returns {Promise<{receipt: any, answer: any, post: any, first: boolean}>} `first`: an earlier text is what arrived
   */
  async send(session, form, tell) {
    await this.prepare(session, form, tell);
    try {
      return { ...(await deliver(session, this.draft, tell)), first: false };
    } catch (error) {
      if (!(error instanceof DoorError) || error.code !== "conflict" || !this.earlier) throw error;
      return { ...(await deliver(session, this.earlier, tell)), first: true };
    }
  }

  /** Ticket and sealed items, made once for the same words. @param {any} session @param {Form} form @param {(step: string) => void} tell */
  async prepare(session, form, tell) {
    tell("ticket");
    this.digits ||= newTicket();
    this.ticket ??= await openTicket(session.zone, this.digits);
    const content = JSON.stringify(form);
    if (this.draft && content === this.content) return;
    tell("seal");
    if (this.draft?.ready) this.earlier = this.draft;
    this.content = content;
    this.draft = await this.seal(session, form);
  }

  /** @param {any} session @param {Form} form */
  seal(session, form) {
    const { ticket } = this;
    const channel = session.channelId(form.channel);
    const fields = {
      reporter: { kem: b64(ticket.keys.kem), sig: b64(ticket.keys.sig) }, access: b64(ticket.accessHash),
      channel, source: form.source || "web", urgent: form.since === "now", exclude: [], sealed_by: "browser",
    };
    const id = b64(ticket.case);
    const place = async (/** @type {any} */ now) => ({
      no: 0, prev: id, last: id, channel: await now.channel(channel), seats: [], exclude: [], assigned: false,
    });
    return seal(session, ticket, { kind: "report", fields, parts: parts(form), own: form.readback, place });
  }
}

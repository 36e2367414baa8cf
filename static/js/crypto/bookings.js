// What finance enters in the ledger by itself, signed by its key like every act (envelope.md, BOOKING).

import { SUITE, TAG } from "./encoding.js";
import { verify } from "./keys.js";
import { bytes, dump, integer, minute, oneOf, orEmpty, parse, record, schema, string, such } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

/** What each act says; fields it does not use are 0 or empty. An act to come is a row of this table. @type {Record<string, string[]>} */
export const USES = {
  budget: ["year", "source", "fen"],
  reverse: ["no", "memo"],
  lock: ["month"],
  concur: ["number", "approval", "memo"],
  meeting: ["number", "approval", "memo"],
  filing: ["number", "approval", "memo"],
  cash: ["number", "approval", "source", "memo"], // `source` is the paper's number, `memo` the reason
  amend: ["no", "number", "source", "memo"], // `number` is the voucher's, `source` the treasury's
};
const SAID = { year: 0, source: "", fen: 0, no: 0, month: "", number: "", approval: "", memo: "" };

/** @param {Record<string, unknown>} document */
const leavesUnusedEmpty = (document) =>
  Object.entries(SAID).every(([name, empty]) => USES[String(document.act)].includes(name) || document[name] === empty);

export const BOOKING = schema(
  2048,
  such(
    record({
      v: oneOf(1),
      suite: oneOf(SUITE),
      zone: bytes(16),
      dir: bytes(32),
      author: bytes(16),
      pid: bytes(16),
      when: minute,
      act: oneOf(...Object.keys(USES)),
      year: integer,
      source: string(600),
      fen: integer,
      no: integer,
      month: string(64),
      number: string(64),
      approval: orEmpty(bytes(32)),
      memo: string(600),
    }),
    leavesUnusedEmpty,
  ),
);

/** @typedef {ReturnType<typeof BOOKING.check>} Booking */
/** @typedef {{zone: string, dir: string, author: string, pid: string, when: string}} Head */

/** The document of an act. @param {Head} head @param {string} act @param {Partial<typeof SAID>} said @returns {Booking} */
export function draft({ zone, dir, author, pid, when }, act, said) {
  return { v: 1, suite: SUITE, zone, dir, author, pid, when, act, ...SAID, ...said };
}

/** @param {import("./keys.js").KeyPair} keys @param {Booking} document */
export async function signBooking(keys, document) {
  const data = dump(BOOKING, document);
  return { bytes: data, sig: await keys.sign(TAG.BOOKING, data) };
}

/** The document, signed by this key. @param {Bytes} open @param {Bytes} data @param {Bytes} sig */
export async function verifyBooking(open, data, sig) {
  const document = parse(BOOKING, data);
  await verify(open, TAG.BOOKING, data, sig);
  return document;
}

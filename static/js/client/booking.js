/** Finance's own ledger entries, signed by the officer's key and sent once: the same booking again is entered once. */

import { draft, signBooking } from "../crypto/bookings.js";
import { b64, random, text } from "../crypto/encoding.js";
import { ClientError } from "./errors.js";
import { postJson } from "./wire.js";

/** @typedef {import("./office.js").Office} Office */

/** @param {Office} office @param {string} serves whose ledger it is for @param {string} pid @param {string} act @param {Record<string, string | number>} said */
async function send(office, serves, pid, act, said) {
  const when = `${new Date().toISOString().slice(0, 16)}Z`;
  const head = { zone: b64(office.zone), dir: office.directories.newestHash, author: office.rid, pid, when };
  if (!office.keys) throw new ClientError("not_signed_in");
  const { bytes, sig } = await signBooking(office.keys, draft(head, act, said));
  await postJson("/api/ledger/book", { booking: text(bytes), sig: b64(sig) }, { "Whistle-Office": serves });
}

/**
 * Sign and enter; under a directory that came meanwhile it is signed again, for the office it was begun for.
 * @param {Office} office @param {string} act @param {Record<string, string | number>} said
 */
export async function book(office, act, said) {
  const pid = b64(random(16));
  const { serves } = office;
  try {
    await send(office, serves, pid, act, said);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "stale_directory") throw error;
    await office.refreshDirectory();
    await send(office, serves, pid, act, said);
  }
}

/**
 * A case is handed to a colleague 交接: who leaves, or helps one whose key is lost, grants what he holds of it to another
 * person of his role. The twin of whistle/client/handover.py.
 */

import { mayRead, part } from "../core/access.js";
import { destroyedItems } from "../core/custody.js";
import { ClientError } from "./errors.js";

/** @typedef {import("../crypto/directory.js").Reader} Reader */
/** @typedef {import("../crypto/grants.js").KeyRow} KeyRow */
/** @typedef {import("./office.js").Office} Office */
/** @typedef {import("./office.js").Model} Model */

/** The newest key of everybody else in a channel who has a role of this person's, by label.
 * @param {readonly Reader[]} readers @param {string} person @returns {Reader[]} */
export function colleagues(readers, person) {
  const held = new Set(readers.filter((one) => one.person === person).flatMap(({ roles }) => roles));
  return newest(readers)
    .filter((one) => one.person !== person && one.roles.some((role) => held.has(role)))
    .sort((one, other) => one.label.localeCompare(other.label, "zh"));
}

/** The colleagues of this office's reader, in all his channels. @param {Office} of @returns {Reader[]} */
export function colleaguesOf(of) {
  const { newestHash } = of.directories;
  const channels = of.me.channels.map(({ id }) => of.directories.channel(newestHash, id)?.readers ?? []);
  return channels.flatMap((readers) => colleagues(readers, of.me.person));
}

/** What the author holds of a case and this colleague lacks, to his newest keys. Throws ClientError "refused": reason
 * "colleague_role" where no role is shared in the case's channel, "colleague_barred" where the reporter excluded him or
 * he stepped back, "colleague_has_all" where nothing is left to hand.
 * @param {Office} of @param {string} person */
export function toColleague(of, person) {
  return (/** @type {Model} */ model) => {
    const readers = of.directories.channel(of.directories.newestHash, model.chain.channelId)?.readers ?? [];
    const mine = readers.find(({ rid }) => rid === of.rid);
    const keys = newest(readers).filter((one) => one.person === person && shared(mine, one).length > 0);
    if (!mine || !keys.length || person === mine.person) throw new ClientError("refused", { reason: "colleague_role" });
    if (model.chain.excluded.has(person)) throw new ClientError("refused", { reason: "colleague_barred" });
    const found = keys
      .map((one) => ({ reader: one.rid, rows: lacking(of, model, one, shared(mine, one)) }))
      .filter(({ rows }) => rows.length > 0);
    if (!found.length) throw new ClientError("refused", { reason: "colleague_has_all" });
    return found;
  };
}

/** The keys that no other key of the same person replaces: what is sealed goes to these. @param {readonly Reader[]} readers */
const newest = (readers) =>
  readers.filter(({ person, rid }) => !readers.some((one) => one.person === person && one.replaces === rid));

/** @param {Reader | undefined} mine @param {Reader} other */
const shared = (mine, other) => other.roles.filter((role) => mine?.roles.includes(role));

/** @param {Office} of @param {Model} model @param {Reader} reader @param {string[]} roles @returns {KeyRow[]} */
function lacking({ workflow }, model, reader, roles) {
  const gone = destroyedItems(model.acts, workflow.scopes);
  return [...model.held].flatMap(([id, held]) => {
    const carrier = model.chain.carrier(id);
    if (!carrier || gone.has(id)) return [];
    const { comp } = carrier.entry;
    const reading = roles.filter((role) => mayRead(comp, [role], workflow, carrier.kind));
    const parts = reading.map((role) => part(comp, role, workflow));
    return [...held]
      .filter(([number]) => parts.includes(number) && mayTake(model, reader, id, number))
      .map(([number, key]) => ({ id, part: number, key }));
  });
}

/** Not what this key has already, nor the other half of an identity of which he was ever given one.
 * @param {Model} model @param {Reader} reader @param {string} id @param {number} number */
function mayTake({ chain }, reader, id, number) {
  if (chain.holds(reader.rid, id).includes(number)) return false;
  return number === 0 || [...chain.parts(reader.person, id)].every((had) => had === number);
}

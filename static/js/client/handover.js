/**
 * A case is handed to a colleague 交接: who leaves, or helps one whose key is lost, grants what he holds of it to another
 * person of his role. The twin of whistle/client/handover.py.
 */

import { mayRead, part } from "../core/access.js";
import { destroyedItems } from "../core/custody.js";
import { ClientError } from "./errors.js";
import { rowsOf } from "./grants.js";

/** @typedef {import("../crypto/directory.js").Reader} Reader */
/** @typedef {import("../crypto/grants.js").KeyRow} KeyRow */
/** @typedef {import("./office.js").Office} Office */
/** @typedef {import("./office.js").Model} Model */
/** @typedef {import("./view.js").View} View */
/** A part of an item's key that this reader holds, with the item's compartment and the kind that carries it.
 * @typedef {KeyRow & {comp: string, kind: string}} Held */

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

/** What the author holds of a case and this colleague lacks, to his newest keys; `again`: all that his role reads, for a
 * grant says who was given a key and not that it opens. Throws ClientError "refused": reason
 * "colleague_role" where no role is shared in the case's channel, "colleague_barred" where the reporter excluded him or
 * he stepped back, "colleague_has_all" where nothing is left to hand.
 * @param {Office} of @param {string} person @param {boolean} [again] */
export function toColleague(of, person, again = false) {
  return (/** @type {Model} */ model) => {
    const readers = of.directories.channel(of.directories.newestHash, model.chain.channelId)?.readers ?? [];
    const mine = readers.find(({ rid }) => rid === of.rid);
    const keys = newest(readers).filter((one) => one.person === person && shared(mine, one).length > 0);
    if (!mine || !keys.length || person === mine.person) throw new ClientError("refused", { reason: "colleague_role" });
    if (model.chain.excluded.has(person)) throw new ClientError("refused", { reason: "colleague_barred" });
    const found = keys
      .map((one) => ({ reader: one.rid, rows: lacking(of, model, one, shared(mine, one), again) }))
      .filter(({ rows }) => rows.length > 0);
    if (!found.length) throw new ClientError("refused", { reason: "colleague_has_all" });
    return found;
  };
}

/** The compartments of which this key could hand something on that opens for nobody else who may act on the case: they go
 * to a colleague before he steps back. @param {Office} of @param {View} model @returns {string[]} */
export function sole(of, model) {
  const readers = of.directories.channel(of.directories.newestHash, model.chain.channelId)?.readers ?? [];
  const mine = readers.find(({ rid }) => rid === of.rid);
  const others = readers.filter((one) => one.person !== mine?.person && !model.chain.excluded.has(one.person));
  const opens = (/** @type {Reader} */ one, /** @type {Held} */ held) =>
    isFor(of, one.roles, held) && model.chain.holds(one.rid, held.id).includes(held.part);
  const found = everything(of, model)
    .filter((held) => isFor(of, mine?.roles ?? [], held) && !others.some((one) => opens(one, held)))
    .map(({ comp }) => comp);
  return Object.keys(of.workflow.compartments).filter((comp) => found.includes(comp));
}

/** The keys that no other key of the same person replaces: what is sealed goes to these. @param {readonly Reader[]} readers */
const newest = (readers) =>
  readers.filter(({ person, rid }) => !readers.some((one) => one.person === person && one.replaces === rid));

/** @param {Reader | undefined} mine @param {Reader} other */
const shared = (mine, other) => other.roles.filter((role) => mine?.roles.includes(role));

/** Everything this reader holds that was not destroyed. @param {Office} of @param {View} model @returns {Held[]} */
function everything({ workflow }, model) {
  const { acts, chain, held } = model;
  const gone = destroyedItems(acts, workflow.scopes);
  return [...held].flatMap(([id, parts]) => {
    const carrier = gone.has(id) ? null : chain.carrier(id);
    if (!carrier) return [];
    return rowsOf(model, id, parts).map((row) => ({ ...row, comp: carrier.entry.comp, kind: carrier.kind }));
  });
}

/** @param {Office} of @param {Model} model @param {Reader} reader @param {string[]} roles @param {boolean} again @returns {KeyRow[]} */
const lacking = (of, model, reader, roles, again) =>
  everything(of, model)
    .filter((held) => isFor(of, roles, held) && mayTake(model, reader, held, again))
    .map(({ id, part: number, key }) => ({ id, part: number, key }));

/** Whether one of these roles is what this part of such an item is for. @param {Office} of @param {readonly string[]} roles @param {Held} held */
const isFor = ({ workflow }, roles, { comp, kind, part: number }) =>
  roles.some((role) => mayRead(comp, [role], workflow, kind) && part(comp, role, workflow) === number);

/** Not what this key was given already, unless it is given again; nor the other half of an identity of which he was ever given one.
 * @param {Model} model @param {Reader} reader @param {Held} held @param {boolean} again */
function mayTake({ chain }, reader, { id, part: number }, again) {
  if (!again && chain.holds(reader.rid, id).includes(number)) return false;
  return number === 0 || [...chain.parts(reader.person, id)].every((had) => had === number);
}

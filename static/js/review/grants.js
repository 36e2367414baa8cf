/** What an act hands on besides its own items: keys this reader holds, for exactly those the table allows. */

import { mayRead } from "../core/access.js";
import { readersOf } from "../client/sealing.js";

const ORDER = ["intake", "verifier", "leader", "payout", "finance", "auditor"];

/** Seats as the envelope orders them, empty roles left out. @param {Record<string, string[]>} chosen */
export function seatsFrom(chosen) {
  return ORDER.filter((role) => chosen[role]?.length).map((role) => [role, [...chosen[role]].sort()]);
}

/** Group (reader, row) pairs into one list for each reader. @param {[string, any][]} pairs */
function byReader(pairs) {
  /** @type {Map<string, any[]>} */
  const rows = new Map();
  for (const [reader, row] of pairs) rows.set(reader, [...(rows.get(reader) ?? []), row]);
  return [...rows].map(([reader, list]) => ({ reader, rows: list }));
}

/** Whoever takes a seat gets what his role may read and he does not hold yet. */
export function grantAssigned(/** @type {any} */ office, /** @type {any} */ seats) {
  return (/** @type {any} */ model) => {
    const pairs = model.items.filter((/** @type {any} */ item) => item.comp !== "identity").flatMap((/** @type {any} */ item) =>
      readersOf(office, model, item.comp, seats, true)
        .filter((rid) => rid !== office.rid && model.chain.holds(rid, item.id).length === 0)
        .map((rid) => [rid, item.key]));
    return byReader(pairs);
  };
}

/** The leader's half of the sealed identity, to the one officer who asked for it. */
export function grantHalves(/** @type {any} */ model, /** @type {any} */ ask) {
  const reader = model.acts.find((/** @type {any} */ act) => act.hash === ask && act.kind === "identity.ask").author;
  const rows = [];
  for (const [id, parts] of model.held) {
    if (parts.has(1)) rows.push({ id, part: 1, key: parts.get(1) });
  }
  return rows.length ? [{ reader, rows }] : [];
}

/** Everything held, for the newer keys of the same person. */
export function grantOwnKeys(/** @type {any} */ office) {
  return (/** @type {any} */ model) => {
    const pairs = newKeys(office, model).flatMap((/** @type {any} */ reader) =>
      [...model.held].filter(([id]) => mayRead(model.chain.item(id).entry.comp, reader.roles, office.workflow)).flatMap(([id, parts]) => [...parts]
        .filter(([number]) => !model.chain.holds(reader.rid, id).includes(number))
        .map(([number, key]) => [reader.rid, { id, part: number, key }])));
    return byReader(pairs);
  };
}

/** Other keys of this person in the channel: where a regrant would make sense. */
export function newKeys(/** @type {any} */ office, /** @type {any} */ model) {
  const channel = office.directories.channel(office.directories.newestHash, model.chain.channelId);
  return channel.readers.filter((/** @type {any} */ reader) => reader.person === office.me.person && reader.rid !== office.rid);
}

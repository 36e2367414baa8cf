/** What an act hands on besides its own items: keys this reader holds, for exactly those the table allows. */

import { mayRead } from "../core/access.js";
import { readersOf, wholeKeys } from "./sealing.js";
import { readersIn } from "./view.js";
import { ROLES } from "../crypto/kinds.js";

/** @typedef {import("../crypto/grants.js").KeyRow} KeyRow */
/** @typedef {import("../crypto/directory.js").Reader} Reader */
/** A role and the persons seated for it. @typedef {import("../crypto/directory.js").Seats[number]} Seat */
/** @typedef {import("./office.js").Office} Office */
/** @typedef {import("./view.js").View} View */

/** Seats as the envelope orders them, empty roles left out.
 * @param {Record<string, string[]>} chosen @returns {Seat[]} */
export function seatsFrom(chosen) {
  return ROLES.filter((role) => chosen[role]?.length).map(
    (role) => /** @type {Seat} */ ([role, [...chosen[role]].sort()]),
  );
}

/** @param {string} reader @param {KeyRow} row @returns {[string, KeyRow]} */
const pair = (reader, row) => [reader, row];

/** Group (reader, row) pairs into one list for each reader. @param {[string, KeyRow][]} pairs */
function byReader(pairs) {
  /** @type {Map<string, KeyRow[]>} */
  const rows = new Map();
  for (const [reader, row] of pairs) rows.set(reader, [...(rows.get(reader) ?? []), row]);
  return [...rows].map(([reader, list]) => ({ reader, rows: list }));
}

/** Whoever takes a seat gets what his role may read and he was not given yet; `again`: all of it, where a key that was
 * given does not open. */
export function grantAssigned(/** @type {Office} */ office, /** @type {Seat[]} */ seats, again = false) {
  return (/** @type {View} */ model) => {
    const readers = readersIn(office, model, seats);
    const pairs = model.items
      .filter((item) => item.comp !== "identity")
      .flatMap((item) =>
        [...readersOf(item.comp, readers, item.kind).keys()]
          .filter((rid) => rid !== office.rid && (again || model.chain.holds(rid, item.id).length === 0))
          .flatMap((rid) => wholeKeys(item).map((row) => pair(rid, row))),
      );
    return byReader(pairs);
  };
}

/** The leader's half of the sealed identity, to the one officer who asked for it. */
export function grantHalves(/** @type {View} */ model, /** @type {string} */ ask) {
  const asked = model.acts.find((act) => act.hash === ask && act.kind === "identity.ask");
  const halves = [...model.held].flatMap(([id, parts]) => {
    const key = parts.get(1);
    return key ? [{ id, part: 1, key }] : [];
  });
  return asked && halves.length ? [{ reader: asked.author, rows: halves }] : [];
}

/** Everything held that the newer keys of the same person were not given, and `again` what they were. */
export function grantOwnKeys(/** @type {Office} */ office, again = false) {
  return (/** @type {View} */ model) => {
    const pairs = newKeys(office, model).flatMap((/** @type {Reader} */ reader) =>
      [...model.held]
        .filter(([id]) => mayHold(model.chain.carrier(id), reader, office.workflow))
        .flatMap(([id, parts]) =>
          rowsOf(model, id, parts)
            .filter(({ part }) => again || !model.chain.holds(reader.rid, id).includes(part))
            .map((row) => pair(reader.rid, row)),
        ),
    );
    return byReader(pairs);
  };
}

/** Everything held of one item, as rows to hand on. @param {Pick<View, "items">} model @param {string} id @param {ReadonlyMap<number, KeyRow["key"]>} parts @returns {KeyRow[]} */
export function rowsOf({ items }, id, parts) {
  const spare = items.find((item) => item.id === id)?.spare;
  return [...parts].flatMap(([part, key]) => (part ? [{ id, part, key }] : wholeKeys({ id, key, spare })));
}

/** Whether a key of these roles may hold an item. @param {import("../crypto/holdings.js").Carrier | null} carrier @param {Reader} reader @param {import("../core/workflow.js").Workflow} workflow */
const mayHold = (carrier, reader, workflow) =>
  carrier !== null && mayRead(carrier.entry.comp, reader.roles, workflow, carrier.kind);

/** Other keys of this person in the channel: where a regrant would make sense. */
export function newKeys(/** @type {Office} */ office, /** @type {View} */ model) {
  const channel = office.directories.channel(office.directories.newestHash, model.chain.channelId);
  return (channel?.readers ?? []).filter(
    (/** @type {Reader} */ reader) => reader.person === office.me.person && reader.rid !== office.rid,
  );
}

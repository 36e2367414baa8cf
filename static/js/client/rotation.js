/**
 * Every case of a key goes on: to the newer keys of its own person 换钥, or to a colleague of the same role 交接, one post
 * each. What was handed over has nothing left to hand, so that a round broken off goes on where it stopped. The twin of
 * whistle/client/rotation.py.
 */

import { allowed } from "../core/case.js";
import { ClientError } from "./errors.js";
import { grantOwnKeys } from "./grants.js";
import { sole, toColleague } from "./handover.js";
import { seal, send } from "./office.js";

/** @typedef {import("./office.js").Office} Office */

/** Whether the newest directory lists another key of this person. @param {Office} of */
export function hasOtherKey(of) {
  const { newestHash } = of.directories;
  return of.me.channels.some((/** @type {{id: string}} */ { id }) =>
    of.directories
      .channel(newestHash, id)
      ?.readers.some(
        (/** @type {import("../crypto/directory.js").Reader} */ one) =>
          one.person === of.me.person && one.rid !== of.rid,
      ),
  );
}

/** Hand one case over to one's own keys, if anything of it is left to hand. @param {Office} of @param {string} id @param {boolean} [again] @returns {Promise<boolean>} whether something was */
export async function handOver(of, id, again = false) {
  const model = await of.openCase(id);
  const extra = grantOwnKeys(of, again);
  if (extra(model).length === 0) return false;
  await post(of, model, "regrant", extra);
  return true;
}

/** How many items of a case a handover would give this colleague; nothing is signed. Throws as `toColleague` does.
 * @param {Office} of @param {string} id @param {string} person @param {boolean} [again] @returns {Promise<number>} */
export async function dueTo(of, id, person, again = false) {
  return count(toColleague(of, person, again)(await of.openCase(id)));
}

/** Hand one case to a colleague; how many items it were. @param {Office} of @param {string} id @param {string} person @param {boolean} [again] @returns {Promise<number>} */
export async function handTo(of, id, person, again = false) {
  const model = await of.openCase(id);
  const extra = toColleague(of, person, again);
  const due = count(extra(model));
  await post(of, model, "handover", extra);
  return due;
}

/** Whether something of a case opens for this person alone. @param {Office} of @param {string} id @returns {Promise<boolean>} */
export const isAlone = async (of, id) => sole(of, await of.openCase(id)).length > 0;

/** @param {{rows: {id: string}[]}[]} wanted */
const count = (wanted) => new Set(wanted.flatMap(({ rows }) => rows.map(({ id }) => id))).size;

/** @param {Office} of @param {import("./office.js").Model} model @param {string} kind @param {NonNullable<import("./office.js").Act["extra"]>} extra */
async function post(of, model, kind, extra) {
  if (model.chain.withheld) throw new ClientError("refused", { reason: "withheld" });
  if (!allowed(model.fold, model.roles, of.me.person, of.workflow).includes(kind))
    throw new ClientError("refused", { reason: "state" });
  await send(of, model, await seal(of, model, { kind, fields: {}, parts: [], extra }));
}

/**
 * A new key takes over from an old one 换钥: the old key hands every case it opens to the other keys of its person, one
 * regrant each. What was handed over has nothing left to hand, so that a round broken off goes on where it stopped. The twin
 * of whistle/client/rotation.py.
 */

import { allowed } from "../core/case.js";
import { grantOwnKeys } from "./grants.js";
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

/** Hand one case over, if anything of it is left to hand. @param {Office} of @param {string} id @returns {Promise<boolean>} whether something was */
export async function handOver(of, id) {
  const model = await of.openCase(id);
  const extra = grantOwnKeys(of);
  if (extra(model).length === 0) return false;
  if (!allowed(model.fold, model.roles, of.me.person, of.workflow).includes("regrant")) throw new Error("refused");
  await send(of, model, await seal(of, model, { kind: "regrant", fields: {}, parts: [], extra }));
  return true;
}

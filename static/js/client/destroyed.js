/** What is gone for good of a case as its reporter sees it: nobody is served it any more. The twin of
 * whistle/client/destroyed.py. */

import { destroyedItems } from "../core/custody.js";

/** The ids of items that a signed `destroy` of the chain emptied, and of those that do not open in the compartments `lost`
 * by one that the chain lacks since a restore (tombs.js).
 * @param {readonly import("../crypto/chain.js").Act[]} acts @param {readonly import("./reading.js").Opened[]} items
 * @param {Set<string>} lost @param {import("../core/workflow.js").Workflow} workflow @returns {Set<string>} */
export function goneItems(acts, items, lost, { scopes }) {
  const opened = new Set(items.filter(({ broken }) => !broken).map(({ id }) => id));
  const buried = acts
    .flatMap((act) => act.items)
    .filter(({ id, comp }) => lost.has(comp) && !opened.has(id))
    .map(({ id }) => id);
  return new Set([...destroyedItems(acts, scopes), ...buried]);
}

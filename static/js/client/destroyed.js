/** What is gone for good: the items that a signed `destroy` of the same chain names, which nobody is served any more. The
 * twin of whistle/client/destroyed.py. */

/** The ids of items in a compartment that a later post of the chain destroyed; what came after it stays.
 * @param {readonly import("../crypto/chain.js").Act[]} acts @param {Pick<import("../core/workflow.js").Workflow, "scopes">} workflow
 * @returns {Set<string>} */
export function destroyedItems(acts, { scopes }) {
  /** @type {Set<string>} */ const emptied = new Set();
  /** @type {Set<string>} */ const gone = new Set();
  for (const act of [...acts].reverse()) {
    for (const { id, comp } of act.items) if (emptied.has(comp)) gone.add(id);
    if (act.kind === "destroy") for (const comp of scopes[act.fields.scope]) emptied.add(comp);
  }
  return gone;
}

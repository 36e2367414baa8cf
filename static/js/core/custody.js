/** Which sealed items of a case a signed destruction has emptied: the twin of whistle/core/custody.py. */

const DESTROY = "destroy";

/** The ids of the items that stood in the compartments of a scope when its `destroy` was signed. What comes into the case
 * later stays.
 * @param {readonly {kind: string, fields: any, items: readonly {id: string, comp: string}[]}[]} posts
 * @param {Record<string, string[]>} scopes of the table @returns {Set<string>} */
export function destroyedItems(posts, scopes) {
  /** @type {{id: string, comp: string}[]} */
  const standing = [];
  /** @type {Set<string>} */
  const gone = new Set();
  for (const { kind, fields, items } of posts) {
    if (kind === DESTROY) for (const { id, comp } of standing) if (scopes[fields.scope].includes(comp)) gone.add(id);
    standing.push(...items);
  }
  return gone;
}

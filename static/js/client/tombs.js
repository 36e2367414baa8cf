/** Signed destructions that a case's own chain lacks, for it came back from a backup made before them: the twin of
 * whistle/client/tombs.py. */

import { unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { parsePost, verifyPost } from "../crypto/posts.js";

/** @typedef {{head: string, sig: string, body: string}} Tomb */

const DESTROY = "destroy";

/** The compartments that such posts destroyed. One that is not signed, for this very case, by somebody who may destroy in
 * the directory it names, says nothing: what is missing then was kept from the reader.
 * @param {import("../crypto/directory.js").Directories} directories @param {import("../crypto/chain.js").Chain} chain
 * @param {Tomb[]} served @param {import("../core/workflow.js").Workflow} workflow @returns {Promise<Set<string>>} */
export async function buried(directories, chain, served, workflow) {
  /** @type {Set<string>} */
  const lost = new Set();
  for (const one of served)
    for (const scope of await signed(directories, chain, one, workflow))
      for (const comp of workflow.scopes[scope]) lost.add(comp);
  return lost;
}

/** @param {import("../crypto/directory.js").Directories} directories @param {import("../crypto/chain.js").Chain} chain
 * @param {Tomb} tomb @param {import("../core/workflow.js").Workflow} workflow @returns {Promise<string[]>} the scope, if it is signed */
async function signed(directories, chain, tomb, { kinds }) {
  try {
    const post = await parsePost(utf8(tomb.head), unb64(tomb.sig, 64), utf8(tomb.body));
    const author = directories.reader(post.head.dir, chain.channelId, post.head.author);
    const may = author?.roles.some((/** @type {string} */ role) => kinds[DESTROY].roles.includes(role));
    if (!author || !may || post.kind !== DESTROY || post.head.case !== chain.case) return [];
    await verifyPost(post, unb64(author.sig, 32));
    return [post.fields.scope];
  } catch (error) {
    if (error instanceof EnvelopeError) return [];
    throw error;
  }
}

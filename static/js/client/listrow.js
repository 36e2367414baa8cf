/** The sealed card of a list row: one item, opened without fetching its case. The twin of whistle/client/listrow.py. */

import { parse } from "../core/contents.js";
import { TAG, b64, unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { openGrant } from "../crypto/grants.js";
import { openItem } from "../crypto/items.js";
import { caseId, verify } from "../crypto/keys.js";
import { parsePost } from "../crypto/posts.js";
import { reading } from "./reading.js";

/** @typedef {import("../crypto/posts.js").Post} Post */
/** @typedef {{head: string, sig: string, body: string}} Listed a post as the list tells it */
/** @typedef {{carrier: Listed, index: number, granter: Listed | null, grant: string, row: number, blob: string}} Sealed */
/** @typedef {{case: string, channel: string, card: Sealed | null}} Row */
/** What opening needs of an office: whose key, and directories with the row's channel learnt.
 * @typedef {Pick<import("./office.js").Office, "directories" | "party" | "learn">} Office */

/**
 * The card's fields, {} when it was left empty, null when this reader was given none. It opens only after the carrying and
 * the granting post prove to be what they say; throws EnvelopeError or RuleError otherwise.
 * @param {Office} office @param {Row} row @returns {Promise<import("../core/contents.js").Flat | null>}
 */
export async function openCard(office, row) {
  const { card } = row;
  if (!card) return null;
  const [carrier, granter] = await reading(async () => [
    await postOf(card.carrier),
    await postOf(card.granter ?? card.carrier),
  ]);
  await office.learn([carrier, granter], row.channel);
  for (const post of [carrier, granter]) await checkAuthor(office, row, post);
  return reading(() => opened(office.party(row.case), carrier, granter, card));
}

/** @param {Listed} told */
function postOf({ head, sig, body }) {
  return parsePost(utf8(head), unb64(sig), body ? utf8(body) : null);
}

/** @param {import("./reading.js").Party} reader @param {Post} carrier @param {Post} granter @param {Sealed} card */
async function opened(reader, carrier, granter, { index, grant, row, blob }) {
  const [entry, item] = [granter.grants[row], carrier.items[index]];
  if (!entry || entry.to !== reader.name || !item) throw new EnvelopeError("grant");
  const { zone, case: id, name, keys } = reader;
  const rows = await openGrant(zone, id, granter.author, unb64(granter.pid), name, keys, entry, unb64(grant));
  const found = rows.find((one) => one.id === item.id && one.part === 0);
  if (!found) throw new EnvelopeError("grant");
  const whole = await openItem(zone, id, carrier.author, unb64(carrier.pid), index, item, found.key, unb64(blob));
  const said = parse(carrier.kind, item.comp, whole.meta, whole.body);
  return /** @type {import("../core/contents.js").Flat} */ (said.data ?? {});
}

/** A post of this case by a live author, its signature holding. @param {Office} office @param {Row} row @param {Post} post */
async function checkAuthor(office, row, post) {
  if (post.head.case !== row.case || !post.body) throw new EnvelopeError("case");
  await verify(await authorKey(office, row, post), TAG.POST, post.headBytes, post.sig);
}

/** @param {Office} office @param {Row} row @param {Post} post */
async function authorKey(office, row, post) {
  if (post.author === "reporter") {
    if (post.kind !== "report") throw new EnvelopeError("author");
    const { kem, sig } = post.fields.reporter;
    const { zone } = office.party(row.case);
    if (b64(await caseId(zone, unb64(kem), unb64(sig))) !== row.case) throw new EnvelopeError("case");
    return unb64(sig);
  }
  const reader = office.directories.reader(post.head.dir, row.channel, post.author);
  if (!reader || !reader.roles.includes("intake")) throw new EnvelopeError("author");
  return unb64(reader.sig);
}

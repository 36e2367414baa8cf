// Who may hand which key to whom (envelope.md section 2, Grants are checkable; Two-person identity).

import { refuse } from "./errors.js";

/** @typedef {import("./chain.js").Author} Author */
/** @typedef {import("./chain.js").Carrier} Carrier */
/** @typedef {import("./posts.js").Post} Post */
/**
 * What the chain knows before this post.
 * @typedef {object} Known
 * @property {import("./chain.js").Table} table
 * @property {boolean} partial some bodies are not here: unknown items are skipped, possession is not checked
 * @property {(rid: string) => Author} reader live, not excluded, or EnvelopeError
 * @property {(id: string) => Carrier | null} carrier
 * @property {(reader: string, id: string) => number[]} holds
 * @property {(person: string, id: string) => Set<number>} parts ever granted to any key of this person
 * @property {() => string} asker whose ask an identity.give answers, or EnvelopeError
 */
/** @typedef {{post: Post, author: Author, kind: import("./chain.js").Kind, known: Known}} Scene */
/** @typedef {{to: string, reader: Author | null, carrier: Carrier, part: number}} Row reader null: the reporter */

/** Whether compartments stand as a kind's `items` say; `comp` is the message's field, `*` means any number.
 * @param {string[]} items @param {string[]} comps @param {string} [comp] */
export function itemsFit(items, comps, comp = "") {
  const token = (/** @type {string} */ name) => (name.endsWith("*") ? `(?:${name.slice(0, -1)};)*` : `${name};`);
  const wanted = items.map((name) => token(name.replace("$comp", comp))).join("");
  return new RegExp(`^${wanted}$`).test(comps.map((each) => `${each};`).join(""));
}

/** Beyond the compartment's roles those that the carrying kind names: leaders read what an objection carries. What a
 * kind keeps for some of them is never for the others: why somebody stepped back is for leaders alone.
 * @param {Known} known @param {Carrier} carrier @param {Author} reader @returns {number[]} the parts his roles may hold */
function partsOf({ table }, { entry: { comp }, kind }, reader) {
  const also = Object.fromEntries((table.kinds[kind]?.also?.[comp] ?? []).map((role) => [role, 0]));
  /** @type {Record<string, number>} */
  const byRole = { ...also, ...table.compartments[comp]?.roles };
  const only = table.kinds[kind]?.only?.[comp] ?? Object.keys(byRole);
  return reader.roles.filter((role) => role in byRole && only.includes(role)).map((role) => byRole[role]);
}

/** What reviewers wrote to her; of her own only the copy she takes in the post that carries it. @param {Scene} scene @param {Row} row */
function forReporter({ post, kind, known }, { carrier, part }) {
  const { comp } = carrier.entry;
  if (part !== 0 || kind.grants !== "readers") return false;
  if (carrier.author !== "reporter") return known.table.compartments[comp].reporter;
  return carrier.hash === post.hash && (kind.own_copy ?? []).includes(comp);
}

/** Only to newer keys of the author's own person; an identity half stays with its two roles. @param {Scene} scene @param {Row} row */
function byOwn({ author, known }, { reader, carrier, part }) {
  const parts = reader?.person === author.person ? partsOf(known, carrier, reader) : [];
  return carrier.entry.comp === "identity" ? parts.length > 0 && part > 0 : parts.includes(part);
}

/** To a colleague of the author's own role: the part it gives, and nothing that another role of his would.
 * @param {Scene} scene @param {Row} row */
function byColleague({ author, known }, { reader, carrier, part }) {
  const shared = reader && { ...reader, roles: reader.roles.filter((role) => author.roles.includes(role)) };
  return shared !== null && partsOf(known, carrier, shared).includes(part);
}

/** Half 1 to the author of the ask this post answers, and to nobody else. @param {Scene} _scene @param {Row} row */
function byAsker(_scene, { carrier, part }) {
  return carrier.entry.comp === "identity" && part === 1;
}

/** @param {Scene} scene @param {Row} row */
function byRole({ known }, { reader, carrier, part }) {
  return reader !== null && partsOf(known, carrier, reader).includes(part);
}

/** The table's word for whom a kind may grant to. @type {Readonly<Record<string, (scene: Scene, row: Row) => boolean>>} */
const RULES = Object.freeze({
  readers: byRole,
  asker: byAsker,
  own: byOwn,
  colleague: byColleague,
  none: () => false,
});

/** @param {Scene} scene @param {Row} row */
function checkRow(scene, row) {
  const { post, author, kind, known } = scene;
  const { entry, hash } = row.carrier;
  const rule = row.reader ? RULES[kind.grants] : forReporter;
  if (!rule(scene, row)) refuse("wrong_role");
  const seen = known.partial || hash === post.hash || known.holds(author.rid, entry.id).includes(row.part);
  if (!seen) refuse("not_held");
}

/**
 * Never two parts to one person, whatever keys he has or had, but by identity.give and regrant.
 * @param {Scene} scene @param {Row} row @param {Map<string, Set<number>>} given within this post
 */
function checkHalf({ kind, known }, { reader, carrier, part }, given) {
  if (!reader || part === 0 || !["readers", "colleague"].includes(kind.grants)) return;
  const { id } = carrier.entry;
  const parts = new Set([...known.parts(reader.person, id), ...(given.get(`${reader.person} ${id}`) ?? []), part]);
  given.set(`${reader.person} ${id}`, parts);
  if (parts.size > 1) refuse("both_halves");
}

/** @param {Scene} scene @param {import("./grants.js").GrantEntry} entry @param {Map<string, Set<number>>} given */
function checkEntry(scene, { to, items }, given) {
  const { post, author, kind, known } = scene;
  const reader = to === "reporter" ? null : known.reader(to);
  if (kind.grants === "own" && reader?.person !== author.person) refuse("wrong_readers");
  for (const [id, part] of items) {
    const carrier = ownCarrier(post, id) ?? known.carrier(id);
    if (!carrier && !known.partial) refuse("unknown_item");
    if (!carrier) continue;
    checkRow(scene, { to, reader, carrier, part });
    checkHalf(scene, { to, reader, carrier, part }, given);
  }
}

/** An item of this very post. @param {Post} post @param {string} id @returns {Carrier | null} */
function ownCarrier({ items, author, pid, hash, kind }, id) {
  const index = items.findIndex((entry) => entry.id === id);
  return index < 0 ? null : { entry: items[index], author, pid, index, hash, kind };
}

/** A handover hands something, and to one other person: the timeline says to whom a case went.
 * @param {Post} post @param {Author} author @param {Known} known */
function checkColleague({ grants }, author, known) {
  const persons = new Set(
    grants.map(({ to }) => (to === "reporter" ? refuse("wrong_readers") : known.reader(to).person)),
  );
  const empty = !grants.length || grants.some(({ items }) => items.length === 0);
  if (empty || persons.has(author.person) || persons.size > 1) refuse("wrong_readers");
}

/**
 * Every grant of a post goes to a live reader whose role may hold it, from an author who holds it.
 * @param {Post} post @param {Author} author @param {import("./chain.js").Kind} kind @param {Known} known
 */
export function checkGrants(post, author, kind, known) {
  const named = post.grants.map(({ to }) => to);
  if (new Set(named).size !== named.length) refuse("wrong_readers");
  if (kind.grants === "none" && named.length > 0) refuse("wrong_readers");
  if (kind.grants === "asker" && (named.length !== 1 || named[0] !== known.asker())) refuse("wrong_readers");
  if (kind.grants === "colleague") checkColleague(post, author, known);
  const given = new Map();
  for (const entry of post.grants) checkEntry({ post, author, kind, known }, entry, given);
}

/** The sum in the browser: payout proposes it, the leader computes it again, and neither signs another. */

import { b64, random, utf8 } from "../crypto/encoding.js";
import { factsHash } from "../crypto/posts.js";
import { award, factsDocument, factsFromYuan, parseFacts, parsePack } from "../core/rulebook.js";
import { text as yuan } from "../core/yuan.js";
import { confirmedText } from "./claims.js";
import { dueDay } from "./days.js";

/** What the platform takes when no process pack names the limit. */
const CLAIM_DAYS = 60;
const KINDS = ["major_hazard", "violation", "general_hazard", "concealed_accident"];

/** What a form of facts holds: money as typed, in yuan; fire has its own rules in some packs. */
export function emptyFacts(kind = "violation", sector = "") {
  return { domain: sector === "fire" ? "fire" : "", kind: KINDS.includes(kind) ? kind : "violation", fine: "", employee: false, officer_value: "", reason: "", deaths: "", deaths_concealed: "" };
}

/** The questions that matter for a kind; the others stay at nothing. @param {string} kind */
export function questions(kind) {
  if (kind === "concealed_accident") return ["deaths", "deaths_concealed"];
  return kind === "general_hazard" ? ["fine", "officer_value", "reason"] : ["fine"];
}

const sum = (/** @type {string} */ typed) => {
  const plain = (typed || "0").normalize("NFKC").replace(/[,\s¥]/g, "");
  return plain.includes(".") ? plain.replace(/\.(\d)$/, ".$10") : `${plain}.00`;
};

/** The typed form as facts in 分. Throws RuleError when a figure is none. @param {any} form */
function factsOf(form) {
  const asked = questions(form.kind);
  /** @type {Record<string, any>} */
  const json = { kind: form.kind, employee: Boolean(form.employee), ...(form.domain ? { domain: form.domain } : {}) };
  const figures = Number(sum(form.fine)) > 0 ? ["fine"] : ["fine", "officer_value"];
  for (const name of figures) if (asked.includes(name) && form[name]) json[name] = sum(form[name]);
  for (const name of ["deaths", "deaths_concealed"]) if (asked.includes(name)) json[name] = Number(form[name] || 0);
  if (json.officer_value && form.reason) json.reason = form.reason;
  return factsFromYuan(JSON.stringify(json));
}

/** The sealed document of a typed form, under a fresh salt. @param {any} form @returns {string} */
export function document(form) {
  return new TextDecoder().decode(factsDocument(factsOf(form), random(32)));
}

/** True when the typed figures are figures. @param {any} form */
export function readable(form) {
  try {
    factsOf(form);
    return true;
  } catch {
    return false;
  }
}

/** The newest facts on the case as a form to start from; the case's category where there are none yet. @param {any} model */
export function factsFrom(model) {
  const item = model.items.filter(isFacts).at(-1);
  if (!item) return emptyFacts(model.fold.category, model.fold.sector);
  const facts = readFacts(item);
  const typed = (/** @type {number} */ fen) => (fen ? yuan(fen) : "");
  return { ...emptyFacts(facts.kind), domain: facts.domain, employee: facts.employee, reason: facts.reason, fine: typed(facts.fine), officer_value: typed(facts.officer_value),
    deaths: facts.deaths ? String(facts.deaths) : "", deaths_concealed: facts.deaths_concealed ? String(facts.deaths_concealed) : "" };
}

/** Facts stand with a finding, or first with a proposal; other `award` items say whom and what the sum is for. @param {any} item */
const isFacts = (item) => item.comp === "award" && item.body.length > 0 && (item.kind === "finding" || (item.kind === "award.propose" && item.index === 0));

/** The newest facts that this key opens, null where there are none. @param {any} model */
export function factsFound(model) {
  try {
    return readFacts(model.items.filter(isFacts).at(-1));
  } catch {
    return null; // none, or what an author sealed is no facts
  }
}

/** @param {any} item an opened award item */
export function readFacts(item) {
  return parseFacts(item.body)[0];
}

/** Packs of the case that pay, as accept pins them: [[id, sha256]]. @param {any} model */
export function packsFor(model) {
  return model.packs.filter((/** @type {any} */ pack) => pack.pays).map((/** @type {any} */ pack) => [pack.id, pack.sha256]);
}

/** The packs a sum may be tried with: those pinned at acceptance first. @param {any} model */
export function choices(model) {
  const pinned = new Set(model.fold.packs.map((/** @type {string[]} */ pair) => pair[1]));
  return model.packs.filter((/** @type {any} */ pack) => pack.rewards).map((/** @type {any} */ pack) => ({ ...pack, pinned: pinned.has(pack.sha256), edited: isEdited(pack, model) }))
    .sort((/** @type {any} */ a, /** @type {any} */ b) => Number(b.pinned && b.pays) - Number(a.pinned && a.pays));
}

/** Each pack with the whole of its hash: what an auditor compares. @param {[string, string][]} packs */
export function packsText(packs) {
  return packs.map(([id, sha256]) => `${id} ${sha256}`).join("、");
}

/** Pinned under this id, and its bytes are others now: it pays nothing until a leader pins it anew. @param {any} pack @param {any} model */
const isEdited = (pack, model) => model.fold.packs.some((/** @type {string[]} */ pair) => pair[0] === pack.id && pair[1] !== pack.sha256);

/** A pack by id among the choices, else the first. @param {any} model @param {string} id */
export function chosen(model, id) {
  const all = choices(model);
  return all.find((/** @type {any} */ pack) => pack.id === id) ?? all[0];
}

/**
 * @typedef {{error: string, pack: any, fen: number, trace: any[], same?: boolean, proposal?: any, facts?: any}} Result
 */

const NONE = { fen: 0, trace: [] };

/**
 * The sum for what is typed, as it would be signed; `error` is the rule book's code instead of a sum.
 * @param {any} form {facts, pack} @param {any} model @returns {Result}
 */
export function preview(form, model) {
  const pack = chosen(model, form.pack);
  if (!pack) return { ...NONE, error: "no_pack", pack: null };
  try {
    const facts = factsOf(form.facts);
    return { ...award(facts, pack.parsed), facts, pack, error: "" };
  } catch (error) {
    return { ...NONE, error: /** @type {any} */ (error).code ?? "figures", pack };
  }
}

/** Fix sum, document and hash just before sealing. @param {any} form @param {any} model */
export async function prepare(form, model) {
  const result = preview(form, model);
  form.document = document(form.facts);
  form.confirmedDocument = confirmedText(form);
  form.signed = { pack: result.pack.id, pack_hash: result.pack.sha256, fen: Number(result.fen), facts: await factsHash(utf8(form.document)) };
}

/**
 * The leader's own computation of the newest proposal, from the sealed facts and the pack named in it.
 * @param {any} model @returns {Result}
 */
export function recheck(model) {
  const proposal = model.acts.filter((/** @type {any} */ act) => act.kind === "award.propose").at(-1);
  const item = proposal && model.items.find((/** @type {any} */ one) => one.post === proposal.hash && one.comp === "award");
  if (!item) return { ...NONE, pack: null, same: false, error: "facts_missing", proposal };
  const pack = model.packs.find((/** @type {any} */ one) => one.sha256 === proposal.fields.pack_hash && one.id === proposal.fields.pack);
  if (!pack) return { ...NONE, pack: null, same: false, error: model.packs.some((/** @type {any} */ one) => one.id === proposal.fields.pack) ? "pack_edited" : "no_pack", proposal };
  try {
    const facts = readFacts(item);
    const mine = award(facts, pack.parsed);
    const facted = model.factsHashes.get(item.id) === proposal.fields.facts;
    return { ...mine, same: facted && pack.pays && Number(mine.fen) === proposal.fields.fen, proposal, pack, facts, error: facted ? "" : "facts_changed" };
  } catch (error) {
    return { ...NONE, pack, same: false, error: /** @type {any} */ (error).code ?? "figures", proposal };
  }
}

/** Hashes of the opened award items, so that the check itself can stay synchronous. @param {any[]} items */
export async function factsHashes(items) {
  const pairs = items.filter(isFacts).map(async (item) => [item.id, await factsHash(item.body)]);
  return new Map(/** @type {[string, string][]} */ (await Promise.all(pairs)));
}

/**
 * Packs as the page uses them: parsed, hashed here, and paying only where the signed directory lists that very hash for the day.
 * @param {{id: string, document: string}[]} served @param {any[]} listed the directory's packs @param {string} day of receipt
 */
export async function knownPacks(served, listed, day) {
  return Promise.all(served.map(async (one) => {
    const bytes = utf8(one.document);
    const sha256 = b64(new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes))));
    const line = listed.find((entry) => entry.id === one.id && entry.sha256 === sha256 && entry.from <= day && (entry.to === "" || day <= entry.to));
    const parsed = await parsePack(one.document);
    const { use, title, document: instrument, banner, steps } = JSON.parse(one.document);
    return { id: one.id, sha256, parsed, title, instrument, banner, steps, rewards: use === "reward", use, pays: Boolean(line), note: line?.note ?? "" };
  }));
}

/** @param {any} model */
export function claimBy(model) {
  const steps = model.packs.filter((/** @type {any} */ pack) => pack.use === "process").flatMap((/** @type {any} */ pack) => pack.steps);
  const limit = steps.find((/** @type {any} */ step) => step.name === "claim" && step.unit === "day")?.limit ?? CLAIM_DAYS;
  return dueDay(model.today, limit, model.years).day;
}

/** @param {any} model @param {any} t */
export function noticeText(model, t) {
  return t("told.award_notify", { sum: yuan(model.fold.approved), day: claimBy(model) });
}

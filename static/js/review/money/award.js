/** The sum in the browser: payout proposes it, the leader computes it again, and neither signs another. */

import { b64, random, utf8 } from "../../crypto/encoding.js";
import { factsHash } from "../../crypto/posts.js";
import { differing, factsIn } from "../../client/basis.js";
import { refuse } from "../../core/errors.js";
import { basisDocument } from "../../core/entitlement.js";
import { award, factsDocument, factsFromYuan, parseFacts, parsePack } from "../../core/rulebook.js";
import { grouped, read as readSum, text as yuan } from "../../core/yuan.js";
import { confirmedText, oneLine } from "../../client/claims.js";
import { dueDay } from "../days.js";

/** @typedef {import("../types.js").Facts} Facts */
/** @typedef {import("../types.js").FactsForm} FactsForm */
/** @typedef {import("../types.js").ProposalForm} ProposalForm */
/** @typedef {import("../types.js").Result} Result */

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Pack} Pack */
/** @typedef {import("../types.js").Say} Say */

/** What the platform takes when no process pack names the limit. */
const CLAIM_DAYS = 60;
const KINDS = ["major_hazard", "violation", "general_hazard", "concealed_accident"];

/** What a form of facts holds: money as typed, in yuan; fire has its own rules in some packs. */
export function emptyFacts(kind = "violation", sector = "") {
  return {
    domain: sector === "fire" ? "fire" : "",
    kind: KINDS.includes(kind) ? kind : "violation",
    fine: "",
    employee: false,
    officer_value: "",
    reason: "",
    deaths: "",
    deaths_concealed: "",
    annex_item: "",
  };
}

/** The questions that matter for a kind; the others stay at nothing. @param {string} kind */
export function questions(kind) {
  if (kind === "concealed_accident") return ["deaths", "deaths_concealed"];
  return kind === "general_hazard" ? ["fine", "officer_value", "reason"] : ["fine"];
}

/** The typed form as facts in 分. Throws RuleError when a figure is none. @param {FactsForm} form */
function factsOf(form) {
  const asked = questions(form.kind);
  /** @type {Record<string, string | number | boolean>} */
  const json = { kind: form.kind, employee: Boolean(form.employee), ...(form.domain ? { domain: form.domain } : {}) };
  const typed = /** @type {Record<string, string>} */ (/** @type {unknown} */ (form));
  const figures = form.fine && readSum(form.fine) > 0 ? ["fine"] : ["fine", "officer_value"];
  for (const name of figures) if (asked.includes(name) && typed[name]) json[name] = yuan(readSum(typed[name]));
  for (const name of ["deaths", "deaths_concealed"])
    if (asked.includes(name)) json[name] = Number(String(typed[name] || 0).normalize("NFKC"));
  if (json.officer_value && form.reason) json.reason = form.reason;
  if (form.annex_item && form.kind !== "concealed_accident") json.annex_item = form.annex_item;
  return factsFromYuan(JSON.stringify(json));
}

/** The sealed document of a typed form, under a fresh salt. @param {FactsForm} form @returns {string} */
export const document = (form) => sealedText(factsOf(form));

/** @param {import("../../core/facts.js").Facts} facts */
const sealedText = (facts) => new TextDecoder().decode(factsDocument(facts, random(32)));

/** True when the typed figures are figures. @param {FactsForm} form */
export function readable(form) {
  try {
    factsOf(form);
    return true;
  } catch {
    return false;
  }
}

/** The facts of the finding that counts, null where it states none that this key opens. @param {Model} model */
export const foundFacts = (model) => factsIn(model.items, model.fold.finding);

/** The facts to start from as a form: the finding's, with what payout itself added before; the case's category where
 * there are none yet. @param {Model} model */
export function factsFrom(model) {
  const found = foundFacts(model);
  const own = proposedBefore(model);
  const facts = found ?? own;
  if (!facts) return emptyFacts(model.fold.category, model.fold.sector);
  const { employee, officer_value, reason } = own ?? facts;
  return { ...formOf(facts), employee, reason, officer_value: typed(officer_value) };
}

/** @param {Model} model */
function proposedBefore(model) {
  const hash = model.acts.filter((/** @type {Act} */ act) => act.kind === "award.propose").slice(-1)[0]?.hash;
  return factsIn(model.items, hash ?? "");
}

const typed = (/** @type {number} */ fen) => (fen ? yuan(fen) : "");

/** Facts as the form holds them. @param {import("../../core/facts.js").Facts} facts */
function formOf(facts) {
  return {
    ...emptyFacts(facts.kind),
    domain: facts.domain,
    employee: facts.employee,
    reason: facts.reason,
    fine: typed(facts.fine),
    officer_value: typed(facts.officer_value),
    deaths: facts.deaths ? String(facts.deaths) : "",
    deaths_concealed: facts.deaths_concealed ? String(facts.deaths_concealed) : "",
    annex_item: facts.annex_item,
  };
}

/** A proposal's form as it begins: everything taken over from the finding. @param {Model} model */
export function proposalFrom(model) {
  const facts = factsFrom(model);
  return { facts, pack: "", part: "whole", confirmed: "", differs: false, why: "", seen: model.chain.newest };
}

/** The facts a proposal signs: the finding's with payout's own, or all as typed where payout says that they differ, or
 * where the finding states none. Throws RuleError. @param {ProposalForm} form @param {Model} model */
function proposedFacts(form, model) {
  const found = foundFacts(model);
  if (form.differs || !found) return factsOf(form.facts);
  const { employee, officer_value, reason } = form.facts;
  return factsOf({ ...formOf(found), employee, officer_value, reason });
}

/** What the proposal does not take over from the finding. @param {Model} model @param {Facts} facts */
export const unlike = (model, facts) => differing(foundFacts(model), facts);

/** Facts stand with a finding, or first with a proposal; other `award` items say whom and what the sum is for. @param {Item} item */
const isFacts = (item) =>
  item.comp === "award" &&
  item.body.length > 0 &&
  (item.kind === "finding" || (item.kind === "award.propose" && item.index === 0));

/** The newest facts that this key opens, null where there are none. @param {Model} model */
export function factsFound(model) {
  try {
    return readFacts(model.items.filter(isFacts).slice(-1)[0]);
  } catch {
    return null; // none, or what an author sealed is no facts
  }
}

/** @param {Item} item an opened award item */
export function readFacts(item) {
  return parseFacts(item.body)[0];
}

/** Packs of the case that pay, as accept pins them: [[id, sha256]]. @param {Model} model */
export function packsFor(model) {
  return model.packs
    .filter((/** @type {Pack} */ pack) => pack.pays)
    .map((/** @type {Pack} */ pack) => [pack.id, pack.sha256]);
}

/** The packs a sum may be tried with: those pinned at acceptance first. @param {Model} model */
export function choices(model) {
  const pinned = new Set(model.fold.packs.map((/** @type {string[]} */ pair) => pair[1]));
  return model.packs
    .filter((/** @type {Pack} */ pack) => pack.rewards)
    .map((/** @type {Pack} */ pack) => ({ ...pack, pinned: pinned.has(pack.sha256), edited: isEdited(pack, model) }))
    .sort((a, b) => Number(b.pinned && b.pays) - Number(a.pinned && a.pays));
}

/** The situations that the packs of the case list, by their code: of those pinned at acceptance, where they pay. @param {Model} model */
export function situations(model) {
  const listed = choices(model).filter(({ pinned, pays }) => pinned && pays);
  return new Map(listed.flatMap(({ parsed }) => parsed.annex.map(({ item, title }) => [item, title])));
}

/** Each pack with the whole of its hash: what an auditor compares. @param {[string, string][]} packs */
export function packsText(packs) {
  return packs.map(([id, sha256]) => `${id} ${sha256}`).join("、");
}

/** Pinned under this id, and its bytes are others now: it pays nothing until a leader pins it anew. @param {Pack} pack @param {Model} model */
const isEdited = (pack, model) =>
  model.fold.packs.some((/** @type {string[]} */ pair) => pair[0] === pack.id && pair[1] !== pack.sha256);

/** A pack by id among the choices, else the first. @param {Model} model @param {string} id */
export function chosen(model, id) {
  const all = choices(model);
  return all.find((/** @type {Pack} */ pack) => pack.id === id) ?? all[0];
}

const NONE = { fen: 0, trace: [] };

/**
 * The sum for what is typed, as it would be signed; `error` is the rule book's code instead of a sum.
 * @param {ProposalForm} form {facts, pack} @param {Model} model @returns {Result}
 */
export function preview(form, model) {
  const pack = chosen(model, form.pack);
  if (!pack) return { ...NONE, error: "no_pack", pack: null };
  try {
    const facts = proposedFacts(form, model);
    return { ...award(facts, pack.parsed), facts, pack, error: "" };
  } catch (error) {
    return { ...NONE, error: /** @type {{code?: string}} */ (error).code ?? "figures", pack };
  }
}

/** @param {Model} model @param {Facts} facts @param {string} why */
function basisText(model, facts, why) {
  const reason = unlike(model, facts).length ? oneLine(why) : "";
  return new TextDecoder().decode(basisDocument({ finding: model.fold.finding, reason }));
}

/** Fix sum, document and hash just before sealing. @param {ProposalForm} form @param {Model} model */
export async function prepare(form, model) {
  const { error, facts, pack, fen } = preview(form, model);
  if (!facts || !pack) return refuse(error); // the form does not come so far with a sum that did not come out
  form.document = sealedText(facts);
  form.basisDocument = basisText(model, facts, form.why);
  form.confirmedDocument = confirmedText(form);
  form.signed = {
    pack: pack.id,
    pack_hash: pack.sha256,
    fen: Number(fen),
    facts: await factsHash(utf8(form.document)),
  };
}

/**
 * The leader's own computation of the newest proposal, from the sealed facts and the pack named in it.
 * @param {Model} model @returns {Result}
 */
export function recheck(model) {
  const proposal = model.acts.filter((/** @type {Act} */ act) => act.kind === "award.propose").slice(-1)[0];
  const item = proposal && model.items.find((one) => one.post === proposal.hash && one.comp === "award");
  if (!item) return { ...NONE, pack: null, same: false, error: "facts_missing", proposal };
  const pack = model.packs.find((one) => one.sha256 === proposal.fields.pack_hash && one.id === proposal.fields.pack);
  if (!pack)
    return {
      ...NONE,
      pack: null,
      same: false,
      error: model.packs.some((one) => one.id === proposal.fields.pack) ? "pack_edited" : "no_pack",
      proposal,
    };
  try {
    const facts = readFacts(item);
    const mine = award(facts, pack.parsed);
    const facted = model.factsHashes.get(item.id) === proposal.fields.facts;
    return {
      ...mine,
      same: facted && pack.pays && Number(mine.fen) === proposal.fields.fen,
      proposal,
      pack,
      facts,
      error: facted ? "" : "facts_changed",
    };
  } catch (error) {
    return { ...NONE, pack, same: false, error: /** @type {{code?: string}} */ (error).code ?? "figures", proposal };
  }
}

/** Hashes of the opened award items, so that the check itself can stay synchronous. @param {Item[]} items */
export async function factsHashes(items) {
  const pairs = items.filter(isFacts).map(async (item) => [item.id, await factsHash(item.body)]);
  return new Map(/** @type {[string, string][]} */ (await Promise.all(pairs)));
}

/**
 * Packs as the page uses them: parsed, hashed here, and paying only where the signed directory lists that very hash for the day.
 * @param {{id: string, document: string}[]} served @param {import("../../crypto/directory.js").Directory["packs"]} listed the directory's packs @param {string} day of receipt
 */
export async function knownPacks(served, listed, day) {
  return Promise.all(
    served.map(async (one) => {
      const bytes = utf8(one.document);
      const sha256 = b64(new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes))));
      const line = listed.find(
        (entry) =>
          entry.id === one.id && entry.sha256 === sha256 && entry.from <= day && (entry.to === "" || day <= entry.to),
      );
      const parsed = await parsePack(one.document);
      const { use, title, document: instrument, banner, steps } = parsed;
      return {
        id: one.id,
        sha256,
        parsed,
        title,
        instrument,
        banner,
        steps,
        rewards: use === "reward",
        use,
        pays: Boolean(line),
        note: line?.note ?? "",
      };
    }),
  );
}

/** @param {Model} model */
export function claimBy(model) {
  const steps = model.packs
    .filter((/** @type {Pack} */ pack) => pack.use === "process")
    .flatMap((/** @type {Pack} */ pack) => pack.steps);
  const limit = steps.find((step) => step.name === "claim" && step.unit === "day")?.limit ?? CLAIM_DAYS;
  return dueDay(model.today, limit, model.years).day;
}

/** @param {Model} model @param {Say} t */
export function noticeText(model, t) {
  return t("told.award_notify", { sum: grouped(model.fold.approved), day: claimBy(model) });
}

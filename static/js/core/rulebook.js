/**
 * From facts to a sum; the twin of whistle/core/rulebook.py, so that payout's and the leader's browsers each
 * compute what they sign. Order: base, floor, uplift, cap; rounded once, half up, to fen.
 */

import { RuleError, refuse } from "./errors.js";
import { checkFacts, factsDocument, factsFromYuan, parseFacts } from "./facts.js";
import { BASES, BP, CHOICES, DEFAULT, UNIT, exactText, least, most, preface, show, traceStep } from "./formulas.js";
import { figureOf, isEmpty, parsePack } from "./packs.js";
import { checkFen } from "./yuan.js";

export { RuleError, checkFacts, factsDocument, factsFromYuan, parseFacts, parsePack };

/** @typedef {import("./facts.js").Facts} Facts */
/** @typedef {import("./packs.js").Pack} Pack */
/** @typedef {import("./packs.js").Figure} Figure */
/** @typedef {import("./formulas.js").TraceStep} TraceStep */
/** @typedef {{fen: number, pack: string, formula: string, clause: string, trace: TraceStep[]}} Award */

/** @type {Record<string, string>} */
const CAPS = { per_death: "cap_concealed" };

/**
 * The sum these facts earn under this pack. Throws RuleError when the pack says nothing of them, or when they
 * contradict themselves. A trial (仅供试算) notes a missing officer's reason instead of refusing it.
 * @param {Partial<Facts>} given @param {Pack} pack @param {boolean} [trial] @returns {Award}
 */
export function award(given, pack, trial = false) {
  const facts = checkFacts(given);
  checkUsable(pack);
  const formula = formulaFor(facts, pack);
  const base = BASES[formula](facts, pack, trial);
  const steps = [...preface(facts), ...base.steps];
  const exact = capped(uplifted(base.exact, facts, pack, steps), figureOf(pack, CAPS[formula] ?? "cap"), steps);
  const fen = (2n * exact + UNIT) / (2n * UNIT);
  const words = fen * UNIT === exact ? "exact" : "rounded_half_up";
  steps.push(traceStep("round", words, DEFAULT, { result: exactText(fen * UNIT) }));
  return { fen: checkFen(Number(fen)), pack: pack.id, formula, clause: base.ground.article, trace: steps };
}

/** @param {Pack} pack */
function checkUsable(pack) {
  if (pack.use === "overlay") refuse("overlay_alone", { pack: pack.id });
  if (pack.use === "process") refuse("pack_not_reward", { pack: pack.id });
  if (isEmpty(pack)) refuse("pack_empty", { pack: pack.id });
}

/** @param {Facts} facts @param {Pack} pack @returns {string} */
function formulaFor(facts, pack) {
  const [name] = CHOICES.find(([, applies]) => applies(facts, pack)) ?? refuse("formula_missing");
  const excluded = pack.excluded.some(({ domain, formulas }) => domain === facts.domain && formulas.includes(name));
  return excluded ? refuse("domain_excluded", { domain: facts.domain, pack: pack.id }) : name;
}

/** @param {bigint} exact @param {Facts} facts @param {Pack} pack @param {TraceStep[]} steps */
function uplifted(exact, facts, pack, steps) {
  if (!facts.employee) return exact;
  const [uplift, minimum] = [figureOf(pack, "uplift"), figureOf(pack, "uplift_min")];
  if (!uplift) {
    steps.push(traceStep("uplift", "uplift_not_in_pack", DEFAULT, { result: exactText(exact) }));
    return exact;
  }
  const share = (exact * BigInt(uplift.value)) / BP; // exact: a base never has more than four decimals of a fen
  const more = most(share, minimum ? BigInt(minimum.value) * UNIT : 0n);
  const ground = minimum && more !== share ? minimum : uplift;
  const figures = { uplift: show(uplift), more: exactText(more), result: exactText(exact + more) };
  steps.push(traceStep("uplift", ground === uplift ? "uplift" : "uplift_minimum", ground, figures));
  return exact + more;
}

/** @param {bigint} exact @param {Figure | undefined} cap @param {TraceStep[]} steps */
function capped(exact, cap, steps) {
  if (!cap) return exact;
  const held = least(exact, BigInt(cap.value) * UNIT);
  steps.push(
    traceStep("cap", held === exact ? "cap_kept" : "cap_applied", cap, { cap: show(cap), result: exactText(held) }),
  );
  return held;
}

/**
 * Whether the root-signed directory lets this pack, in exactly these bytes, pay for a case received that day.
 * @param {{id: string, sha256: string, from: string, to: string}[]} entries
 * @param {string} packId @param {string} packHash b64u @param {string} day
 */
export function listed(entries, packId, packHash, day) {
  return entries.some(
    ({ id, sha256, from, to }) => id === packId && sha256 === packHash && from <= day && (!to || day <= to),
  );
}

/** Advice on equal shares of a joint report; what does not divide is the first signatory's, who is paid (Q12). @param {number} fen @param {number} people @returns {number[]} */
export function shares(fen, people) {
  if (!Number.isSafeInteger(people) || people < 1) return refuse("people_range", { people });
  const rest = checkFen(fen) % people;
  return Array.from({ length: people }, (_, at) => (fen - rest) / people + (at ? 0 : rest));
}

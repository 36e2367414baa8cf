// The formulas of rule packs; the twin of whistle/core/formulas.py. Exact in BigInt: no fraction is ever lost.

import { refuse } from "./errors.js";
import { FIGURES, figureOf } from "./packs.js";
import { text } from "./yuan.js";

/** @typedef {import("./facts.js").Facts} Facts */
/** @typedef {import("./packs.js").Pack} Pack */
/** @typedef {import("./packs.js").Figure} Figure */
/** @typedef {import("./packs.js").Ground} Ground */
/** @typedef {{step: string, words: string, clause: string, mark: string, source: string, origin: string, figures: Record<string, string>}} TraceStep */
/** @typedef {{exact: bigint, ground: Ground, steps: TraceStep[]}} Base */

export const BP = 10000n;
// A rate times an uplift has eight decimals of a fen: sums are held in units that keep all of them.
export const UNIT = BP * BP;
/** @type {[number, string][]} */
const GRADES = [
  [30, "death_extreme"],
  [10, "death_major"],
  [3, "death_larger"],
  [1, "death_ordinary"],
];
/** @type {Ground} */
export const DEFAULT = { article: "", mark: "", source: "default", origin: "", note: "" };

/** @type {[string, (facts: Facts, pack: Pack) => boolean][]} read from the top: the first that fits decides */
export const CHOICES = [
  ["per_death", (facts) => facts.deaths_concealed > 0],
  ["annex", (facts) => facts.annex_item !== ""],
  ["band", (facts) => facts.kind === "general_hazard" && facts.fine === 0],
  ["no_fine", (facts, pack) => facts.fine === 0 && figureOf(pack, "no_fine") !== undefined],
  ["slab", (facts, pack) => pack.slabs.length > 0],
  ["percent", () => true],
];

/** No article covers a concealed accident without concealed dead: doubt Q5, as a violation. @param {Facts} facts */
export function preface(facts) {
  const doubt = facts.kind === "concealed_accident" && !facts.deaths_concealed;
  return doubt ? [traceStep("path", "concealed_without_dead", DEFAULT, {})] : [];
}

/** @type {Record<string, (facts: Facts, pack: Pack, trial: boolean) => Base>} */
export const BASES = { per_death: perDeath, annex, band, no_fine: noFine, slab, percent };

/** @param {Facts} facts @param {Pack} pack @returns {Base} */
function perDeath(facts, pack) {
  const [, name] = GRADES.find(([least]) => facts.deaths >= least) ?? refuse("deaths_range");
  const figure = need(pack, name);
  const exact = BigInt(facts.deaths_concealed) * BigInt(figure.value) * UNIT;
  const figures = { deaths: String(facts.deaths), concealed: String(facts.deaths_concealed), each: show(figure) };
  return base(exact, figure, [traceStep("base", name, figure, { ...figures, result: exactText(exact) })]);
}

/** @param {Facts} facts @param {Pack} pack @returns {Base} */
function annex(facts, pack) {
  const item = pack.annex.find((each) => each.item === facts.annex_item) ?? refuse("annex_unknown", { pack: pack.id });
  if (item.fixed) {
    const exact = BigInt(item.fixed) * UNIT;
    return base(exact, item, [traceStep("base", "annex_fixed", item, { item: item.item, result: exactText(exact) })]);
  }
  const [raw, first] = shareOfFine(facts, need(pack, "rate"));
  const exact = least(most(raw, BigInt(item.low) * UNIT), BigInt(item.high) * UNIT);
  const limits = { item: item.item, min: text(item.low), max: text(item.high), result: exactText(exact) };
  const words = exact === raw ? "annex_limits_kept" : "annex_limits_applied";
  return base(exact, item, [first, traceStep("floor", words, item, limits)]);
}

/** @param {Facts} facts @param {Pack} pack @param {boolean} trial @returns {Base} */
function band(facts, pack, trial) {
  const [low, high] = [need(pack, "general_min"), need(pack, "general_max")];
  const limits = { min: show(low), max: show(high) };
  if (facts.officer_value < low.value || facts.officer_value > high.value) return refuse("outside_band", limits);
  if (!facts.reason && !trial) return refuse("reason_missing");
  const words = facts.reason ? "officer_value" : "officer_value_without_reason";
  const exact = BigInt(facts.officer_value) * UNIT;
  return base(exact, low, [traceStep("base", words, low, { ...limits, result: exactText(exact) })]);
}

/** @param {Facts} facts @param {Pack} pack @returns {Base} */
function noFine(facts, pack) {
  const figure = need(pack, "no_fine");
  const exact = BigInt(figure.value) * UNIT;
  return base(exact, figure, [traceStep("base", "no_fine", figure, { result: exactText(exact) })]);
}

/** @param {Facts} facts @param {Pack} pack @returns {Base} */
function slab(facts, pack) {
  const [found] = pack.slabs.filter((each) => facts.fine >= each.start && (!each.end || facts.fine < each.end));
  const exact = found.fixed ? BigInt(found.fixed) * UNIT : BigInt(facts.fine) * BigInt(found.rate) * BP;
  const edges = { fine: text(facts.fine), from: text(found.start), to: found.end ? text(found.end) : "" };
  /** @type {Record<string, string>} */
  const how = found.rate ? { rate: percentText(found.rate) } : {};
  const words = found.rate ? "slab_rate" : "slab_fixed";
  return base(exact, found, [traceStep("base", words, found, { ...edges, ...how, result: exactText(exact) })]);
}

/** @param {Facts} facts @param {Pack} pack @returns {Base} */
function percent(facts, pack) {
  const [rate, floor] = [need(pack, "rate"), need(pack, "floor")];
  const [raw, first] = shareOfFine(facts, rate);
  const exact = most(raw, BigInt(floor.value) * UNIT);
  const words = exact === raw ? "floor_kept" : "floor_applied";
  return base(exact, rate, [first, traceStep("floor", words, floor, { floor: show(floor), result: exactText(exact) })]);
}

/** @param {Facts} facts @param {Figure} rate @returns {[bigint, TraceStep]} */
function shareOfFine(facts, rate) {
  const raw = BigInt(facts.fine) * BigInt(rate.value) * BP;
  const figures = { fine: text(facts.fine), rate: show(rate), result: exactText(raw) };
  return [raw, traceStep("base", "percent_of_fine", rate, figures)];
}

/** @param {Pack} pack @param {string} name @returns {Figure} */
function need(pack, name) {
  return figureOf(pack, name) ?? refuse("formula_missing", { pack: pack.id, figure: name });
}

/** @param {bigint} exact @param {Ground} ground @param {TraceStep[]} steps @returns {Base} */
function base(exact, ground, steps) {
  return { exact, ground, steps };
}

/** @param {bigint} a @param {bigint} b */
export function most(a, b) {
  return a > b ? a : b;
}

/** @param {bigint} a @param {bigint} b */
export function least(a, b) {
  return a < b ? a : b;
}

/** @param {string} step @param {string} words @param {Ground} ground @param {Record<string, string>} figures @returns {TraceStep} */
export function traceStep(step, words, ground, figures) {
  const { article: clause, mark, source, origin } = ground;
  return { step, words, clause, mark, source, origin, figures };
}

/** @param {Figure} figure */
export function show(figure) {
  return FIGURES[figure.name] === "bp" ? percentText(figure.value) : text(figure.value);
}

/** @param {number} bp */
function percentText(bp) {
  const rest = String(bp % 100)
    .padStart(2, "0")
    .replace(/0+$/, "");
  return `${Math.floor(bp / 100)}${rest ? `.${rest}` : ""}%`;
}

/** A sum in yuan with every decimal it has, at least two. @param {bigint} exact */
export function exactText(exact) {
  const whole = exact / (100n * UNIT);
  const decimals = String(exact % (100n * UNIT))
    .padStart(10, "0")
    .replace(/0+$/, "");
  return `${whole}.${decimals.padEnd(2, "0")}`;
}

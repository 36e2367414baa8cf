// The wire grammar of the kinds: kinds.json, append-only data, made into checks (envelope.md section 2, POST).
// It lies beside crypto and not in the workflow table: a table that people edit must not define bytes.

import wire from "../../../whistle/crypto/kinds.json" with { type: "json" };
import { refuse } from "./errors.js";
import { boolean, bytes, day, integer, list, oneOf, pair, record, string, such } from "./strict.js";

/** @typedef {import("./strict.js").Check<any>} Check */
/** @typedef {(written: any) => Check} Of */

/** Of reviewers, in the one order a channel and its seats have them. @type {readonly string[]} */
export const ROLES = Object.freeze(wire.roles);

/** Roles stand in that order, each once. @param {string[]} roles */
export const inOrder = (roles) => {
  const places = roles.map((role) => ROLES.indexOf(role));
  return places.every((place, i) => i === 0 || places[i - 1] < place);
};

/** Pairs of a role and what it maps to. @param {Check} value */
const byRole = (value) => such(list(pair(oneOf(...ROLES), value)), (rows) => inOrder(rows.map(([role]) => role)));

/** @type {Readonly<Record<string, Check>>} */
const SIMPLE = Object.freeze({ day, integer, boolean });

/** @type {Readonly<Record<string, (inner: any, of: Of) => Check>>} */
const SHAPES = Object.freeze({
  bytes: (size) => bytes(size),
  text: (limit) => string(limit),
  one_of: (values) => oneOf(...values),
  list: (inner, of) => list(of(inner)),
  pair: ([first, second], of) => pair(of(first), of(second)),
  record: (fields, of) => record(mapped(fields, of)),
  by_role: (inner, of) => byRole(of(inner)),
});

/** @template A, B @param {Record<string, A>} table @param {(value: A) => B} change @returns {Record<string, B>} */
const mapped = (table, change) =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));

/** The checks of every kind's fields, in the order of their bytes; refuses a type it does not know.
 * @param {{types: Record<string, any>, kinds: Record<string, Record<string, any>>}} grammar
 * @returns {Record<string, Record<string, Check>>} */
export function fieldsOf(grammar) {
  /** @type {Of} */
  const of = (written) => {
    if (typeof written === "string") return SIMPLE[written] ?? of(grammar.types[written]);
    const [[shape, inner]] = Object.entries(written ?? refuse("malformed"));
    return (SHAPES[shape] ?? refuse("malformed"))(inner, of);
  };
  return mapped(grammar.kinds, (fields) => mapped(fields, of));
}

/** The public fields of each kind, in order. */
export const FIELDS = Object.freeze(fieldsOf(wire));

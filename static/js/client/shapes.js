/**
 * What the office's answers look like, for what no signature proves: the door's own word, but a word of the kind that is
 * asked. Anything else is refused whole, by one error, before a page reads it.
 */

import { ClientError } from "./errors.js";

/** A type by its name, what a text has to match, a list of one kind, or the fields of a record; a field with a mark at its end may be
 * absent, and more may stand there. @typedef {"text" | "count" | "flag" | "object" | "any" | RegExp | [unknown] | {[field: string]: unknown}} Shape */

const DAY = /^\d{4}-\d\d-\d\d$/;
const OR_DAY = /^(\d{4}-\d\d-\d\d)?$/;
const DESTINATION = /^(mail|wecom|dingtalk|feishu|json)$/;
const NAME = /^[a-z0-9_.]*$/;
const ID = /^[\w-]{43}$/;
const LINE = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{0,200}$/u;
const SUMS = Object.fromEntries(
  ["budget", "approved", "paid", "open", "forfeited", "revoked", "left", "cancelled"].map((name) => [name, "count"]),
);
const CARRIED = Object.fromEntries(
  ["year", "brought", "approved", "cancelled", "forfeited", "paid", "returned", "carried"].map((name) => [
    name,
    "count",
  ]),
);
const ENTRIES = [
  {
    no: "count",
    day: DAY,
    minute: /^(\d\d:\d\d)?$/,
    rid: "text",
    label: LINE,
    act: NAME,
    case: "text",
    item: "text",
    note: "text",
    outcome: NAME,
  },
];
const ROWS = [{ no: "count", day: DAY, year: "count", kind: NAME, case: LINE, fen: "count", source: LINE, memo: LINE }];
const AWARD = { number: LINE, fen: "count", day: OR_DAY };
const WAITING = [{ ...AWARD, borne: "flag" }];
const LARGE = [{ ...AWARD, approval: ID }];
const LACKING = [{ ...AWARD, approval: ID, asks: [NAME] }];

/** @type {Record<string, Shape>} */
const SHAPES = {
  "/api/case": {
    posts: ["object"],
    number: LINE,
    today: DAY,
    clocks: [{ step: NAME, start: OR_DAY, due: OR_DAY, stop: OR_DAY, provisional: "flag" }],
    "held?": "flag",
    "large?": "count",
    "concur?": "flag",
    "lacks?": [NAME],
    "review?": NAME,
    "papers?": "object",
    "kept?": [{ scope: NAME, until: DAY, basis: LINE }],
    "destroying?": "flag",
    "tombs?": [{ head: "text", sig: "text", body: "text" }],
  },
  "/api/search": {
    cases: [{ case: ID, number: LINE, state: NAME, day: DAY, posts: ["object"] }],
    next: /^[0-9]{0,19}$/,
    all: "count",
    today: DAY,
  },
  "/api/retention": {
    rows: [
      {
        case: ID,
        number: LINE,
        day: DAY,
        closed: OR_DAY,
        held: "flag",
        terms: [{ scope: NAME, until: DAY, asked: OR_DAY }],
      },
    ],
    next: /^[0-9]{0,19}$/,
    today: DAY,
  },
  "/api/inbox": {
    rows: [
      {
        case: ID,
        number: LINE,
        state: NAME,
        channel: LINE,
        day: OR_DAY,
        due: OR_DAY,
        step: NAME,
        level: NAME,
        category: NAME,
        sector: NAME,
        urgent: "flag",
        unread: "flag",
        seated: [LINE],
        said: "count",
        files: "count",
        card: "any",
      },
    ],
    next: "text",
    counts: "object",
    "unread?": "count",
  },
  "/api/rate": { month: /^\d{4}-\d\d$/, steps: "count", late: "count" },
  "/api/ledger": {
    rows: ROWS,
    next: "text",
    count: "count",
    years: ["count"],
    balance: SUMS,
    sources: [{ source: LINE, fen: "count" }],
    months: [{ month: "text", locked: "flag", ...SUMS }],
    locked: "text",
    account: { now: LINE, set: "flag" },
    cash: { lines: [CARRIED], total: CARRIED },
    waiting: { count: "count", fen: "count", since: OR_DAY, short: "count", awards: WAITING, next: "text" },
    large: { from: "count", awards: LARGE, next: "text" },
    papers: {
      from: { meeting: "count", filing: "count", cash: "count" },
      awards: LACKING,
      next: "text",
    },
  },
  "/api/ledger further": { rows: ROWS, next: "text" },
  "/api/ledger/waiting": { awards: WAITING, next: "text" },
  "/api/ledger/large": { awards: LARGE, next: "text" },
  "/api/ledger/papers": { awards: LACKING, next: "text" },
  "/api/ledger/awards": {
    rows: [{ number: LINE, fen: "count", approval: ID, state: NAME, note: "text" }],
    next: "text",
  },
  "/api/packs": { packs: [{ id: "text", sha256: "text", document: "text", from: "text", to: "text" }] },
  "/api/calendar": { years: "object" },
  "/api/audit": { rows: ENTRIES, next: "text", people: [{ rid: "text", label: LINE }] },
  "/api/openings": { rows: ENTRIES, next: "text" },
  "/api/destinations": {
    destinations: [
      { id: NAME, kind: DESTINATION, address: LINE, label: LINE, urgent: "flag", said: NAME, dropped: "count" },
    ],
    hours: [/^\d\d:\d\d$/],
    mail: "flag",
    duty: "flag",
  },
  "/api/drawer": { rev: "count", sealed: /^[\w-]*$/ },
  "/api/letterhead": { office: LINE, "agency?": LINE },
  "/api/paper-number": { number: LINE },
};

/** @type {Record<string, (value: any) => boolean>} */
const TYPES = {
  text: (value) => typeof value === "string",
  count: Number.isSafeInteger,
  flag: (value) => typeof value === "boolean",
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  any: () => true,
};

/** The answer of this address, when it looks like one; ClientError("server_lies") otherwise.
 * @template T @param {string} address @param {T} answer @returns {T} */
export function shaped(address, answer) {
  if (!fits(answer, SHAPES[address])) throw new ClientError("server_lies");
  return answer;
}

/** @param {any} value @param {unknown} shape @returns {boolean} */
function fits(value, shape) {
  if (typeof shape === "string") return TYPES[shape](value);
  if (shape instanceof RegExp) return typeof value === "string" && shape.test(value);
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((one) => fits(one, shape[0]));
  return (
    TYPES.object(value) &&
    Object.entries(/** @type {Record<string, unknown>} */ (shape)).every(([field, inner]) => {
      const name = field.replace("?", "");
      return name === field || Object.hasOwn(value, name) ? fits(value[name], inner) : true;
    })
  );
}

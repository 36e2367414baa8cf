// The one table, whistle/core/workflow.json, as this program reads it; docs/workflow.md says what each place means.

/** Codes and predicates: [code, predicate, what the predicate is given]. */
type Rules = string[][];
/** The state a post takes the case to: by name, or by the value of a field of it. */
export type Target = string | { [field: string]: { [value: string]: Target } };
/** What starts or stops a clock: a kind with "any", or with the values that some of its fields may have. */
export type Events = { [kind: string]: "any" | Record<string, unknown[]> | undefined };

/** A kind of post. */
export type Kind = {
  zh: string;
  roles: string[];
  roles_by?: Record<string, Record<string, string[]>>;
  vis: "all" | "office";
  /** compartments in their order, `*` behind those that repeat or may be empty, `$` before a field that names one */
  items: string[];
  grants: string;
  own_copy?: string[];
  also?: Record<string, string[]>;
  shares?: Record<string, string[]>;
  only?: Record<string, string[]>;
  from: string | string[];
  to: Target;
  stays_in?: string[];
  mark?: string;
  clears?: string[];
  needs?: Record<string, string>;
  after?: string[];
  after_any?: string[];
  unless?: string[];
  gates?: Rules;
  office_gates?: Rules;
  checks?: Rules;
  office_checks?: Rules;
  new?: Rules;
  other_person?: Record<string, string>;
  waits?: { roles: string[]; until: string[] };
  /** what the case keeps: a field of the post, $day, $hash or $person of it, else the value itself */
  keeps?: Record<string, string | number | boolean | null>;
  effect?: string;
  note?: boolean;
  rare?: boolean;
  retired?: boolean;
  /** the kinds of office that write it; every one where there is no list */
  offices?: string[];
  /** by state, the kinds of office that write it from there */
  from_by_office?: Record<string, string[]>;
  told: string;
};

export type State = { zh: string; seen: string; final: boolean; told: string; turn: string[] };
export type Compartment = {
  zh: string;
  roles: Record<string, number>;
  before_assign: string[];
  reporter: boolean;
};
/** `due`: the field that names its last day; `runs_on`: no pause holds it. */
export type Clock = { step: string; whose: string; start: Events; stop: Events; due?: string; runs_on?: boolean };

/** Lists of codes that rules look into by name. */
export type Lists = Record<
  | "categories"
  | "sectors"
  | "sources"
  | "methods"
  | "extendable"
  | "actions"
  | "levels"
  | "results"
  | "asked_first"
  | "to_county"
  | "agreed_first"
  | "not_first"
  | "archived_first"
  | "honours",
  string[]
>;

export type Workflow = Lists & {
  v: number;
  states: Record<string, State>;
  compartments: Record<string, Compartment>;
  kinds: Record<string, Kind>;
  /** whose turn it is beside that of a state; only the lists of the office read it */
  turns: { role: string; in: string | string[]; open: string; not_by?: string[] }[];
  clocks: Clock[];
  warn: { amber: number; red: number };
  reasons: Record<string, string[]>;
  /** by kind of office, what of a list it offers */
  offices: Record<string, { categories: string[]; decline: string[]; methods: string[]; outcomes: string[]; urgent: boolean[] }>;
  /** what a destruction empties: the compartments of each scope */
  scopes: Record<string, string[]>;
  /** by scope, which withdrawals let it go before the case is closed */
  withdrawn_first: Record<string, string[]>;
  /** by kind, how many days lie between what it answers and itself */
  days: Record<string, number>;
  objectable: Record<string, Record<string, string[]>>;
};

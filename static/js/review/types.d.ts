// What the screens of the back office hand to one another. Shapes of the opened case are the client's and the fold's own.

import type { Office } from "../client/office.js";
import type { ConfirmedForm, ReceiverForm } from "../client/claims.js";
import type { Opened } from "../client/reading.js";
import type { Account, InboxRow, Player, Rate, Year } from "../client/answers.js";
import type { Transcription } from "../client/transcribing.js";
import type { Form } from "../client/cards.js";
import type { Trace } from "../client/repeats.js";
import type { Slot } from "../crypto/slots.js";
import type { Viewing } from "./files/viewing.js";

export type { ConfirmedForm, Office, ReceiverForm };
export type Item = Opened;
/** A case as the client opens it: chain, acts, fold, items. */
export type Opening = Awaited<ReturnType<Office["openCase"]>>;
export type Act = Opening["acts"][number];
/** The fold; a kind's own places are read only where the table offers the kind, so they are there. */
export type Fold = Opening["fold"];
/** A place of the fold by a name that stands in the table: what is there hangs on the place. */
export type Places = Fold & { [place: string]: unknown };
/** A reward or process pack as this desk knows it. */
export type Pack = Awaited<ReturnType<typeof import("./money/award.js").knownPacks>>[number];
/** What a card says, by name; which card it is hangs on who wrote it. */
export type Card = Record<string, string>;
export type Who = { reporter: boolean; label: string; name: string; stead: boolean };

/** One opened case as the screens need it. */
export type Model = Opening & {
  workflow: Office["workflow"];
  payments: import("../core/vouchers.js").Payment[];
  budget: Budget | null;
  years: Record<string, Year>;
  packs: Pack[];
  factsHashes: Map<string, string>;
  card: Card | null;
  taken: Card;
  report: string | null;
  parent: Fold | null;
  people: (role: string) => Person[];
  who: (act: Act) => Who;
  /** compartments of which something opens for this person alone */
  sole: string[];
  /** what is proven of her having reported inside a company before */
  inside: import("../client/onward.js").Inside | null;
  /** to whom it granted keys, by label and name */
  takers: (act: Act) => string[];
};

/** What a form holds hangs on its act: each row of the table of acts knows its own. */
export type Values = Record<string, any>; // any: the table of acts names its own questions, and no place of it reads another's
/** As `Values`: one of them. */
export type Value = Values[string];
export type Put = (value: Value) => void;
/** The word of a key, its places filled. */
export type Say = (key: string, places?: Record<string, string | number>) => string;
/** An event of a field of a form. */
export type Typed = Event & { target: HTMLInputElement };

/** A question of an act. */
export type Input = {
  name: string;
  type: string;
  label?: string;
  options?: string;
  /** which of them are offered on this case, where it is not all */
  choices?: (model: Model) => string[];
  start?: (model: Model, say: Say) => Value;
  needed?: boolean;
  /** another question whose words name this day */
  namedIn?: string;
  bytes?: number;
  rows?: number;
  sealedFor?: string;
  snippets?: string;
  trial?: boolean;
};

/** What a reviewer can do of one kind: its questions, and what is signed of the answers. */
export type ActRow = {
  tone: string;
  inputs: Input[];
  fields: (values: Values, model: Model) => Record<string, unknown>;
  /** the sealed items, empty ones too */
  parts: (values: Values, model: Model) => import("../client/sealing.js").Piece[];
  /** keys of earlier items that it hands on */
  extra?: (values: Values, office: Office) => NonNullable<import("../client/office.js").Act["extra"]>;
  /** fixes what is computed, just before sealing */
  ready?: (values: Values, model: Model, office: Office) => Promise<unknown>;
  /** what stands in the way of signing, as a word key, or "" */
  problem?: (values: Values, model: Model) => string;
  /** what has to be signed before it, null for nothing */
  before?: (values: Values, model: Opening) => import("../client/office.js").Act | null;
};

/** What is written for an act and not signed yet. `since`: milliseconds, when its form came up. */
export type Draft = {
  values: Values;
  /** the day, while its field is half typed, that the words still name */
  named?: string;
  since: number;
  touched: boolean;
  sealed: import("../client/office.js").Sealed | null;
  busy: boolean;
  error: string;
  lost?: boolean;
  /** files beside it, in memory only */
  files?: import("../client/enclosing.js").Enclosed[];
  /** bytes of them that arrived while it is sent */
  sent?: number;
};

export type Person = { person: string; label: string; name: string };
/** A reader of a channel as the directory lists him. */
export type Reader = import("../crypto/directory.js").Reader;
/** Staff by person, as the root signed their names. */
export type Roster = Map<string, { person: string; name: string; title: string }>;
/** A role and the persons seated for it. */
export type Seat = import("../client/grants.js").Seat;

/** A clock of a case as the door serves it. */
export type Clock = Opening["clocks"][number];

/** A row of the inbox with what this browser opened of it. */
export type Row = InboxRow & {
  opened: Card | null;
  /** the word that says why nothing of it is shown */
  unreadable: string;
};

export type Workflow = import("../core/workflow.js").Workflow;
export type Facts = import("../core/facts.js").Facts;
export type Step = import("../core/formulas.js").TraceStep;

/** Facts as they are typed: sums in yuan, counts as digits. */
export type FactsForm = {
  domain: string;
  kind: string;
  fine: string;
  employee: boolean;
  officer_value: string;
  reason: string;
  deaths: string;
  deaths_concealed: string;
  annex_item?: string;
};
/** A pack as a sum may be tried with it. */
export type Choice = Pack & { pinned?: boolean; edited?: boolean };
/** What payout proposes, and what is signed of it once it was made ready. */
export type ProposalForm = ConfirmedForm & {
  facts: FactsForm;
  pack: string;
  differs: boolean;
  why: string;
  seen: string;
  document?: string;
  basisDocument?: string;
  confirmedDocument?: string;
  signed?: { pack: string; pack_hash: string; fen: number; facts: string };
};
/** What a rule computed, or the rule's own code instead. */
export type Result = {
  error: string;
  pack: Choice | null;
  fen: number;
  trace: Step[];
  same?: boolean;
  proposal?: Act;
  facts?: Facts;
};

/** What the door tells of the ledger, and why it tells nothing. `loaded`: how many rows are here while all are fetched. */
export type Ledger = Account & { error: string; loaded?: number };

/** A question of a paper. */
export type PaperAsk = {
  name: string;
  lines?: number;
  day?: boolean;
  start?: string;
  optional?: boolean;
  /** its words are read outside the house: what may point at her is marked */
  shown?: boolean;
};
/** A block of a paper's text as papers.json writes it: what it says, under the name of how it stands; shown where the
 * fact of `if` is there; a row for each of the list `each`. */
export type Block = string | Words | Table | Each | { if?: string; sign: Signed };
/** The day a letter bears: of the act it tells, or of the day it is written on. */
export type Signed = "act" | "today";
type Words = { if?: string } & { [how in "text" | "head" | "left" | "right" | "note" | "alert"]?: string };
export type Table = { if?: string; table: string[][]; widths: number[]; small?: boolean };
export type Each = { if?: string; each: string; columns: string[]; widths: number[]; small?: boolean };
/** A paper of papers.json. `after`: the kinds of which one has to stand, `while`: what the fold has to hold still; `code`: its letters
 * in the number, `number`: the kind whose number it bears; `hers`: a copy goes to the reporter; `sealed`: it never does. */
export type Paper = {
  id: string;
  title: string;
  roles: string[];
  after: string[];
  /** the kinds of office that make it; every one where there is no list */
  offices?: string[];
  while?: string;
  code?: string;
  number?: string;
  hers?: boolean;
  sealed?: boolean;
  asks: PaperAsk[];
  body: Block[];
};

/** Of the year's budget, in fen: what is left, and what awards that are approved already wait for. */
export interface Budget {
  left: number;
  waiting: number;
}

/** A list of the inbox: what was fetched of it, and how it was asked for. */
export type List = {
  rows: Row[];
  /** where the next page begins, "" at the end */
  next: string;
  counts: Record<string, number>;
  /** cases not read to the end, counted up to UNREAD */
  unread: number;
  /** whether the last page brought a row */
  grew: boolean;
  years: Record<string, Year>;
  month?: Rate | null;
  busy: boolean;
  error: string;
  cursor: number;
  search: string;
  filters: Record<string, string>;
  scroll: number;
};
/** A case on the screen; `read`: milliseconds, when it was fetched last. */
export type OpenCase = { model: Model | null; error: string; busy: boolean; read?: number };
/** A report that is being taken down, then the slip for the caller. */
export type Calling = {
  form: Form | null;
  filing: Transcription;
  touched: boolean;
  busy: boolean;
  error: string;
  done: { ticket: string; id: string; day: string; source?: string; doubt: boolean } | null;
  /** what was typed of the ticket's last group */
  last: string;
  /** he is asked whether what was typed may go */
  dropping: boolean;
};
/** A paper that lies on the screen, of the case it belongs to; `hers`: her copy, without the number. */
export type Sheet = {
  case: string;
  id: string;
  given: Record<string, string>;
  hers: boolean;
  /** every place that may point at her was looked at, in the words as they are now */
  looked?: boolean;
  busy: boolean;
  error: string;
};
export type MadeFile = { form: "xlsx" | "csv" | "jsonl"; body: Uint8Array; name: string; digest: string };
/** A register that is being made, then its files. */
export type Register = {
  name: string;
  year: number;
  enterprise: string;
  busy: boolean;
  done: number;
  all: number;
  error: string;
  made: { name: string; rows: number; files: MadeFile[] } | null;
  stopped: boolean;
};
/** Who opened a case: what was fetched of it, and behind which row more stands. */
export type Openings = {
  rows: import("../client/answers.js").Entry[] | null;
  next: string;
  busy: boolean;
  error: string;
};

/** The auditor's page: what is asked for, and the rows that came. */
export type Audit = {
  person: string;
  day: string;
  case: string;
  rows: import("../client/answers.js").Entry[];
  next: string;
  people: { rid: string; label: string }[];
  busy: boolean;
  error: string;
};

/** Where this person is told, and one more that is being written. */
export type Destinations = {
  known: import("../client/answers.js").Answers["/api/destinations"] | null;
  kind: string;
  busy: boolean;
  error: string;
};
/** Earlier claims as they were compared in this page. */
export type Traces = { rows: Map<string, Trace>; whole: boolean; busy: boolean; error: boolean; unread: number };

/** What was opened for search, and how far that is. `next`: where the next page begins; `made`: milliseconds, when all was
 * there; `stopped`: he ended it himself. */
export type Gathering = {
  library: import("../client/searching.js").Library;
  busy: boolean;
  whole: boolean;
  next: string;
  all: number;
  error: string;
  made: number;
  stopped: boolean;
};

/** What the page remembers: nothing of it is ever written anywhere. */
export type State = {
  route: { page: string; id: string; filters: Record<string, string> };
  office: Office | null;
  /** `other`: who unlocked another tab of this browser; `quiet`: nobody was at the desk; `at`: where the page stood, in pixels */
  unlock: {
    over: boolean;
    resume?: (() => void) | null;
    other?: string;
    quiet?: boolean;
    at?: number;
  } | null;
  login: { name: string; slots: Slot[] | null; fileName: string; busy: boolean; error: string };
  demo: Player[] | null;
  inbox: List;
  cases: Map<string, OpenCase>;
  /** by case and kind */
  drafts: Map<string, Draft>;
  /** cases read beside the open one; null where this person may not open it */
  beside: Map<string, Opening | null | undefined>;
  openAct: string;
  transcription: Calling | null;
  paper: Sheet | null;
  ledger: Ledger | null;
  registers: Register | null;
  destinations: Destinations | null;
  audit: Audit | null;
  openings: Map<string, Openings>;
  /** the list of what may be destroyed, as far as it was fetched */
  retention: {
    rows: import("../client/answers.js").Expired[];
    next: string;
    busy: boolean;
    done: boolean;
    error: string;
  } | null;
  notice: { text: string; tone: string } | null;
  viewing: Viewing | null;
  help: boolean;
  traces: Traces;
  /** `beside`: which likely duplicate is read beside the open case */
  search: { question: string; gathered: Gathering | null; beside: string; listed: string };
};

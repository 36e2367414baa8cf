// What the doors answer, by address (docs/api.md): their word, for the screen. Nothing that is signed is believed by it.

import type { Served } from "./reading.js";
import type { Slot } from "../crypto/slots.js";
import type { Me } from "./session.js";
import type { Sealed } from "./listrow.js";
import type { Beside } from "./view.js";

/** A document and its signature, both as text. */
export type Signed = { bytes: string; sig: string };

/** A row of the inbox. */
export type InboxRow = {
  case: string;
  number: string;
  state: string;
  channel: string;
  day: string;
  due: string;
  step: string;
  level: string;
  category: string;
  sector: string;
  urgent: boolean;
  unread: boolean;
  held: boolean;
  provisional: boolean;
  /** labels of who looks into it */
  seated: string[];
  /** what the reporter said and nobody answered */
  said: number;
  files: number;
  card: Sealed | null;
};
/** Of the steps that ended in a month, or run on past their day: how many are late. */
export type Rate = { month: string; steps: number; late: number };

/** A row of the ledger; sums in fen. */
export type LedgerRow = {
  no: number;
  day: string;
  year: number;
  kind: string;
  case: string;
  fen: number;
  pack: string;
  formula: string;
  clause: string;
  source: string;
  voucher: string;
  treasury: string;
  memo: string;
  corrects: number;
};
/** Sums of a year or a month in fen, by what moved them. */
export type Balance = Record<
  "budget" | "approved" | "paid" | "open" | "forfeited" | "revoked" | "left" | "cancelled",
  number
>;
/** An approved award as finance may know of it: its register number, sum and day. */
export type Award = { number: string; fen: number; day: string };
/** What waits for money, the oldest first; `short`: what the budget lacks for all of them, in fen. */
export type Waiting = {
  count: number;
  fen: number;
  since: string;
  short: number;
  awards: (Award & { borne: boolean })[];
  next: string;
};
/** The awards that the finance department has not concurred in, of `from` fen and more; 0: it is asked for none. */
export type Large = { from: number; awards: (Award & { approval: string })[]; next: string };
/** What became of the obligations of a fiscal year (of all years: what a calendar year did with obligations), in fen. */
export type Carried = {
  year: number;
  brought: number;
  approved: number;
  cancelled: number;
  forfeited: number;
  paid: number;
  returned: number;
  carried: number;
};
/** From which sum on other papers are asked for, 0 for no award, and the awards that lack one: which. */
export type Papers = {
  from: Record<string, number>;
  awards: (Award & { approval: string; asks: string[] })[];
  next: string;
};
/** The first page of rows, with the sums of all. `next`: behind which the next page begins, "" at the end. */
export type Account = {
  rows: LedgerRow[];
  next: string;
  /** of the whole year */
  count: number;
  years: number[];
  balance: Balance;
  sources: { source: string; fen: number }[];
  months: ({ month: string; locked: boolean } & Balance)[];
  /** the last month that is closed, "" for none */
  locked: string;
  /** the budget account of the year, "" for none; whether the office has any */
  account: { now: string; set: boolean };
  /** obligations and cash of the calendar year */
  cash: { lines: Carried[]; total: Carried };
  waiting: Waiting;
  large: Large;
  papers: Papers;
};
/** A line of the blind award ledger, by the columns of exports/registers.json; sums in fen. */
export type AwardRow = {
  number: string;
  approval: string;
  fen: number;
  formula: string;
  state: string;
  note: string;
} & {
  [column: string]: string | number | null;
};

/** A rule pack in the bytes its hash is over. */
export type ServedPack = {
  id: string;
  sha256: string;
  document: string;
  from: string;
  to: string;
  note: string;
  pays: boolean;
};
/** A year's working days as the office of the State Council gives them. */
export type Year = { rest: string[]; work: string[] };
/** Somebody of a demo, with what opens his desk. */
export type Player = { login?: string; role: string; label: string; name?: string; passphrase: string };

/** An entry of the audit: who did or opened what. `no` is 0 while it waits for the night, `minute` "" where none is told. */
export type Entry = {
  no: number;
  day: string;
  minute: string;
  rid: string;
  label: string;
  act: string;
  case: string;
  item: string;
  note: string;
  outcome: string;
};

/** Where somebody wants to be told that there is something to look at. `said`: how the last try ended; `dropped`: given up. */
export type Destination = {
  id: string;
  kind: string;
  address: string;
  label: string;
  urgent: boolean;
  said: string;
  dropped: number;
};
/** A case of which something may be destroyed, `closed` "" while it is open and withdrawn; `asked`: since which day, "" where nobody has. */
export type Expired = {
  case: string;
  number: string;
  day: string;
  closed: string;
  held: boolean;
  terms: { scope: string; until: string; asked: string }[];
};

/** A case among those that are searched: its posts, with the words of it that are the reader's. */
export type SearchedCase = { case: string; number: string; state: string; day: string; posts: Served[] };

/** Address to answer. */
export type Answers = {
  "/api/directory": { directories: Signed[] };
  "/api/challenge": { challenge: string; day: string; prev: string };
  "/api/posts": Signed;
  "/api/enter": Signed;
  "/api/case": { posts: Served[] } & Beside;
  "/api/search": { cases: SearchedCase[]; next: string; all: number; today: string };
  "/api/parts": { len: number; have: [number, number][] };
  "/api/slots": { slots: Slot[] };
  "/api/login/challenge": { nonce: string; expires: number; origin: string };
  "/api/login": Me;
  "/api/logout": object;
  "/api/enrol": { zone: string; label: string };
  "/api/demo": { people: Player[] };
  "/api/roster": Signed;
  "/api/packs": { packs: ServedPack[] };
  "/api/calendar": { years: Record<string, Year> };
  "/api/inbox": { rows: InboxRow[]; next: string; counts: Record<string, number>; unread: number; today: string };
  "/api/rate": Rate;
  "/api/retention": { rows: Expired[]; next: string; today: string };
  "/api/seen": object;
  "/api/audit": { rows: Entry[]; next: string; people: { rid: string; label: string }[] };
  "/api/openings": { rows: Entry[]; next: string };
  "/api/destinations": { destinations: Destination[]; hours: string[]; mail: boolean; duty: boolean };
  "/api/destinations/urgent": object;
  "/api/destinations/test": object;
  "/api/destinations/remove": object;
  "/api/drawer": { rev: number; sealed: string };
  "/api/letterhead": { office: string; agency: string };
  "/api/paper-number": { number: string };
  "/api/ledger": Account;
  "/api/ledger/awards": { rows: AwardRow[]; next: string };
  "/api/ledger/waiting": Pick<Waiting, "awards" | "next">;
  "/api/ledger/large": Pick<Large, "awards" | "next">;
  "/api/ledger/papers": Pick<Papers, "awards" | "next">;
  "/api/ledger/book": object;
};
/** The answer at an address, whatever is asked behind its question mark. */
export type Answer<Address extends string> = Address extends keyof Answers
  ? Answers[Address]
  : Address extends `${infer Path}?${string}`
    ? Path extends keyof Answers
      ? Answers[Path]
      : never
    : never;

/** A register from beginning to end: which cases, opened one after the other, then the lines in their order. */

import { DoorError, getJson } from "../../client/door.js";
import { parsePack } from "../../core/rulebook.js";
import { signedIn } from "../session.js";
import { awardFacts, hazardRow, isHazard, reportRow } from "./rows.js";

/** @typedef {import("./columns.js").Row} Row */
/** @typedef {(key: string) => string} Say the office's own words, "" for what is none */
/** @typedef {{name: string, year: number, enterprise: string}} Asked */
/** @typedef {{office: any, say: Say, asked: Asked, step: (done: number, all: number) => boolean}} Making `step` says how far it is, and hears whether to go on */

/** Cases of one register: it is read, signed and filed by people. */
export const MOST = 5_000;
/** Who may make which. @type {Record<string, string[]>} */
export const MAKERS = { reports: ["intake"], awards: ["leader", "payout", "auditor"], hazards: ["leader", "verifier"] };

const PAGE = 200;
const SECONDS = 5;
const DIFFERS = "与密封依据核算不符";
const CHECKED = "领奖码核对";
/** What stands in the words of the office, and under which name. @type {Record<string, string>} */
const CODED = { category: "category", sector: "sector", source: "source", outcome: "outcome", state: "state", reason: "reason", level: "level", listed: "level" };

const isOf = (/** @type {string} */ day, /** @type {number} */ year) => !year || day.startsWith(`${year}-`);
const by = (/** @type {string[]} */ names) => (/** @type {Row} */ one, /** @type {Row} */ two) => {
  const name = names.find((each) => one[each] !== two[each]);
  return name ? (one[name] < two[name] ? -1 : 1) : 0;
};

/** A session that ends on the way is unlocked and the same asked again; a busy door asks for patience. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function patiently(work) {
  for (;;) {
    try {
      return await signedIn(work);
    } catch (error) {
      if (!(error instanceof DoorError) || error.code !== "too_many") throw error;
      await new Promise((go) => window.setTimeout(go, 1000 * Math.min(SECONDS, error.facts.retry ?? SECONDS)));
    }
  }
}

/** Every row of the reader's list, the soonest due first. @returns {Promise<any[]>} */
async function listed() {
  const rows = [];
  let after = "";
  do {
    const page = await patiently(() => getJson(`/api/inbox?order=due&limit=${PAGE}&after=${after}`));
    rows.push(...page.rows.map((/** @type {any} */ { case: id, number, day, category }) => ({ id, number, day, category })));
    after = page.next;
  } while (after);
  return rows;
}

/** The packs a sum is computed by, and who a key is. @param {any} office @returns {Promise<import("./rows.js").Known>} */
async function known(office) {
  const { packs } = await patiently(() => getJson("/api/packs"));
  const parsed = await Promise.all(packs.map(async (/** @type {any} */ one) => [one.id, await parsePack(one.document)]));
  const channel = (/** @type {any} */ model) => office.directories.channel(office.directories.newestHash, model.chain.channelId);
  return { packs: new Map(/** @type {any} */ (parsed)), label: (model, rid) => channel(model).readers.find((/** @type {any} */ reader) => reader.rid === rid)?.label ?? "" };
}

/**
 * Open case after case and keep of each only what `take` makes of it. A case that does not hold ends it: no register
 * has a hole. @param {Making} making @param {any[]} rows @param {(model: any) => void} take
 */
async function through({ office, step }, rows, take) {
  if (rows.length > MOST) throw new DoorError("too_many_cases");
  for (const [at, row] of rows.entries()) {
    if (!step(at, rows.length)) throw new DoorError("stopped");
    const model = await patiently(() => office.openCase(row.id));
    take({ ...model, workflow: office.workflow });
  }
  step(rows.length, rows.length);
}

/** The row with its codes in the words of the office. @param {Row} row @param {Say} say @param {string[]} names */
function worded(row, say, names) {
  return { ...row, ...Object.fromEntries(names.map((name) => [name, say(`${CODED[name]}.${row[name]}`) || row[name]])) };
}

/** @param {Making} making @returns {Promise<Row[]>} */
async function reports(making) {
  const { office, say, asked } = making;
  const who = await known(office);
  /** @type {Row[]} */
  const rows = [];
  const wanted = (await listed()).filter(({ day }) => isOf(day, asked.year));
  await through(making, wanted, (model) => rows.push(worded(reportRow(model, who), say, Object.keys(CODED).filter((name) => name !== "level"))));
  return rows.sort(by(["day", "number"]));
}

/** The blind ledger's lines come from the server; the key adds what was found, fine, formula and hands. @param {Making} making @returns {Promise<Row[]>} */
async function awards(making) {
  const { office, say, asked } = making;
  const who = await known(office);
  const { rows } = await patiently(() => getJson(`/api/ledger/awards?year=${asked.year}`));
  const numbers = new Set(rows.map((/** @type {Row} */ row) => row.number));
  const opened = new Map();
  await through(making, (await listed()).filter(({ number }) => numbers.has(number)), (model) => opened.set(model.number, awardFacts(model, who)));
  return rows.map((/** @type {Row} */ row) => filled(row, opened.get(row.number), say));
}

/** A blind line with what the key opened. A sum that the facts do not give says so. @param {Row} line @param {Row | undefined} facts @param {Say} say @returns {Row} */
function filled(line, facts, say) {
  if (!facts) return line;
  const differs = facts.computed && facts.computed !== line.fen && line.state !== "reversed";
  const steps = facts.trace.map((/** @type {any} */ step) => spoken(step, say));
  return {
    ...line, finding: facts.finding, decision: facts.decision, fine: facts.fine, formula: steps.join("；") || line.formula,
    uplift: facts.employee ? say("yes") : steps.length ? say("no") : "", payee: facts.payee || (facts.checked ? CHECKED : ""), hands: facts.hands,
    note: [line.note, differs ? DIFFERS : ""].filter(Boolean).join(" "),
  };
}

/** @param {any} step @param {Say} say */
function spoken(step, say) {
  return (say(`trace.${step.words}`) || step.words).replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) => step.figures[name] ?? whole);
}

/** By enterprise and finding, never in the order of reports. @param {Making} making @returns {Promise<Row[]>} */
async function hazards(making) {
  const { say, asked } = making;
  /** @type {Row[]} */
  const rows = [];
  const wanted = (await listed()).filter(({ category }) => category === "major_hazard");
  await through(making, wanted, (model) => {
    if (isHazard(model)) rows.push(hazardRow(model, asked.enterprise !== ""));
  });
  const mine = rows.filter((row) => (!asked.enterprise || row.enterprise === asked.enterprise) && isOf(row.found, asked.year));
  return mine.sort(by(["enterprise", "found", "text"])).map((row) => worded(row, say, ["sector", "level"]));
}

/** @type {Record<string, (making: Making) => Promise<Row[]>>} */
const LINES = { reports, awards, hazards };

/** @param {Making} making */
export function lines(making) {
  return LINES[making.asked.name](making);
}

/** A register from beginning to end: which cases, opened one after the other, then the lines in their order. */

import { ClientError } from "../../client/errors.js";
import { shaped } from "../../client/shapes.js";
import { getJson } from "../../client/wire.js";
import { parsePack } from "../../core/rulebook.js";
import { loadRoster } from "../people/roster.js";
import { patiently } from "../session.js";
import { awardFacts, hazardRow, honourRows, inOrder, isHazard, reportRow } from "../../client/registers.js";

/** @typedef {import("./columns.js").Row} Row */
/** @typedef {import("../../client/registers.js").AwardFacts} AwardFacts */
/** @typedef {import("../../client/view.js").View} View */
/** @typedef {{id: string, number: string, day: string, category: string}} Listed */
/** @typedef {(key: string) => string} Say the office's own words, "" for what is none */
/** @typedef {{name: string, year: number, enterprise: string}} Asked */
/** @typedef {{office: import("../../client/office.js").Office, say: Say, asked: Asked, step: (done: number, all: number) => boolean}} Making `step` says how far it is, and hears whether to go on */

/** Cases of one register: it is read, signed and filed by people. */
export const MOST = 5_000;
/** Who may make which. @type {Record<string, string[]>} */
export const MAKERS = {
  reports: ["intake"],
  awards: ["leader", "payout", "auditor"],
  hazards: ["leader", "verifier"],
  honours: ["leader", "payout", "auditor"],
};

const PAGE = 200;
const DIFFERS = "与密封依据核算不符";
/** As the papers and the command line name them. @type {Record<string, string>} */
const FACTS = {
  kind: "类别",
  fine: "处罚金额",
  deaths: "死亡人数",
  deaths_concealed: "瞒报死亡人数",
  annex_item: "附表情形",
  domain: "领域",
};
const CHECKED = "领奖码核对";
/** What stands in the words of the office, and under which name. @type {Record<string, string>} */
const CODED = {
  category: "category",
  sector: "sector",
  source: "source",
  outcome: "outcome",
  state: "state",
  reason: "reason",
  level: "level",
  listed: "level",
  honour: "honour",
};
const OF_REPORT = ["category", "sector", "source", "outcome", "state", "reason", "listed"];
const OF_HONOUR = ["category", "honour", "reason"];

const isOf = (/** @type {string} */ day, /** @type {number} */ year) => !year || day.startsWith(`${year}-`);
const by = (/** @type {string[]} */ names) => (/** @type {Row} */ one, /** @type {Row} */ two) => {
  const name = names.find((each) => one[each] !== two[each]);
  return name ? (String(one[name]) < String(two[name]) ? -1 : 1) : 0;
};

/** Every row of the reader's list, the soonest due first. @returns {Promise<Listed[]>} */
async function listed() {
  const rows = [];
  let after = "";
  do {
    const page = await patiently(() => getJson(`/api/inbox?order=due&limit=${PAGE}&after=${after}`));
    rows.push(...page.rows.map(({ case: id, number, day, category }) => ({ id, number, day, category })));
    after = page.next;
  } while (after);
  return rows;
}

/** Every line of the blind award ledger of a year. @param {number} year */
async function awardLines(year) {
  const rows = [];
  let after = "";
  do {
    const told = await patiently(() => getJson(`/api/ledger/awards?year=${year}&limit=${PAGE}&after=${after}`));
    const page = shaped("/api/ledger/awards", told);
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

/** The packs a sum is computed by, and who a key is. @param {Making["office"]} office @returns {Promise<import("../../client/registers.js").Known>} */
async function known(office) {
  const { packs } = await patiently(() => getJson("/api/packs"));
  const parsed = await Promise.all(
    packs.map(async (one) => /** @type {const} */ ([one.id, await parsePack(one.document)])),
  );
  const roster = await loadRoster(office);
  const { directories } = office;
  const labelOf = (/** @type {View} */ { chain }, /** @type {string} */ rid) =>
    directories.channel(directories.newestHash, chain.channelId)?.readers.find((reader) => reader.rid === rid)?.label ??
    "";
  return {
    packs: new Map(parsed),
    name: (model, act) => roster.get(act.person)?.name || labelOf(model, act.author),
  };
}

/**
 * Open case after case and keep of each only what `take` makes of it. A case that does not hold ends it: no register
 * has a hole. @param {Making} making @param {Listed[]} rows @param {(view: View) => void} take
 */
async function through({ office, step }, rows, take) {
  if (rows.length > MOST) throw new ClientError("too_many_cases");
  for (const [at, row] of rows.entries()) {
    if (!step(at, rows.length)) throw new ClientError("stopped");
    take(await patiently(() => office.openCase(row.id)));
  }
  step(rows.length, rows.length);
}

/** The row with its codes in the words of the office. @param {Row} row @param {Say} say @param {string[]} names */
function worded(row, say, names) {
  return {
    ...row,
    ...Object.fromEntries(names.map((name) => [name, say(`${CODED[name]}.${row[name]}`) || row[name]])),
  };
}

/** @param {Making} making @returns {Promise<Row[]>} */
async function reports(making) {
  const { office, say, asked } = making;
  const who = await known(office);
  /** @type {Row[]} */
  const rows = [];
  const wanted = (await listed()).filter(({ day }) => isOf(day, asked.year));
  await through(making, wanted, (model) => rows.push(worded(reportRow(model, who), say, OF_REPORT)));
  return rows.sort(inOrder);
}

/** The blind ledger's lines come from the server; the key adds what was found, fine, formula and hands. @param {Making} making @returns {Promise<Row[]>} */
async function awards(making) {
  const { office, say, asked } = making;
  const who = await known(office);
  const rows = await awardLines(asked.year);
  const numbers = new Set(rows.map(({ number }) => number));
  /** @type {Map<string, AwardFacts>} */
  const opened = new Map();
  await through(
    making,
    (await listed()).filter(({ number }) => numbers.has(number)),
    (model) => awardFacts(model, who).forEach(([approval, facts]) => opened.set(approval, facts)),
  );
  return rows.map((row) => filled(row, opened.get(row.approval), say));
}

/** A blind line with what the key opened. A sum that the facts do not give says so. @param {import("../../client/answers.js").AwardRow} line @param {AwardFacts | undefined} facts @param {Say} say @returns {Row} */
function filled(line, facts, say) {
  if (!facts) return line;
  const differs = facts.computed && facts.computed !== line.fen && line.state !== "reversed";
  const steps = facts.trace.map((step) => spoken(step, say));
  return {
    ...line,
    finding: facts.finding,
    decision: facts.decision,
    fine: facts.fine,
    formula: steps.join("；") || line.formula,
    uplift: facts.employee ? say("yes") : steps.length ? say("no") : "",
    payee: facts.payee || (facts.checked ? CHECKED : ""),
    hands: facts.hands,
    difference: difference(facts.differs, say),
    note: [line.note, differs ? DIFFERS : ""].filter(Boolean).join(" "),
  };
}

/** What the award does not take over from the finding, and why. @param {import("../../client/basis.js").Rests | null} standing @param {Say} say */
function difference(standing, say) {
  if (!standing?.differs.length) return "";
  const value = (/** @type {string} */ text) => say(`category.${text}`) || text || "—";
  const lines = standing.differs.map(
    ({ name, found, own }) => `${FACTS[name]}：核查结论${value(found)}，奖励依据${value(own)}`,
  );
  return `${lines.join("；")}。${standing.isExplained ? `理由：${standing.reason}` : "没有写明理由"}`;
}

/** @param {AwardFacts["trace"][number]} step @param {Say} say */
function spoken(step, say) {
  return (say(`trace.${step.words}`) || step.words).replace(
    /\{(\w+)\}/g,
    (/** @type {string} */ whole, /** @type {string} */ name) => step.figures[name] ?? whole,
  );
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
  const mine = rows.filter(
    (row) => (!asked.enterprise || row.enterprise === asked.enterprise) && isOf(String(row.found), asked.year),
  );
  return mine.sort(by(["enterprise", "found", "text"])).map((row) => worded(row, say, ["sector", "level"]));
}

/** By the day of the proposal: a case may have been honoured in a later year than it came in. @param {Making} making @returns {Promise<Row[]>} */
async function honours(making) {
  const { office, say, asked } = making;
  const who = await known(office);
  /** @type {Row[]} */
  const rows = [];
  await through(making, await listed(), (model) => rows.push(...honourRows(model, who)));
  const mine = rows.filter((row) => isOf(String(row.day), asked.year));
  return mine.sort(inOrder).map((row) => worded(row, say, OF_HONOUR));
}

/** @type {Record<string, (making: Making) => Promise<Row[]>>} */
const LINES = { reports, awards, hazards, honours };

/** @param {Making} making */
export function lines(making) {
  return LINES[making.asked.name](making);
}

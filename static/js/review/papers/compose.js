/**
 * A paper of the table, filled: title, number and blocks that both the page and the DOCX are made of. Pure. What is
 * missing is said by name, and a paper that lacks something is not made.
 */

import { visible } from "../../core/visible.js";
import { FACTS, LISTS, MAY_BE_EMPTY, phrase, zhDay } from "./facts.js";
import table from "./papers.json" with { type: "json" };

/** @typedef {import("../types.js").Block} Block */
/** @typedef {import("../types.js").Paper} Paper */
/** @typedef {import("../types.js").PaperAsk} PaperAsk */

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Model} Model */

/** @typedef {import("./facts.js").Context} Context */
/** @typedef {{kind: "p" | "left" | "right" | "head" | "note" | "alert", text: string}} Text */
/** @typedef {{kind: "table", rows: {text: string, head: boolean, span: number}[][], widths: number[], small: boolean}} Table */
/** @typedef {{id: string, title: string, number: string, blocks: (Text | Table)[]}} Composed */

/** Every paper, in the order of a case. @type {Paper[]} */
export const PAPERS = table;

const PLACE = /\{(\w+)\}/g;
const LABEL = "*";

/** The kind its number is drawn under; "" for a form that carries none of its own. @param {Paper} paper @returns {string} */
export function numberKind(paper) {
  return paper.code ? (paper.number ?? paper.id) : "";
}

/** Papers that this person may make of this case at all: none of an award that was cancelled, and none that another kind
 * of office makes. @param {Model} model */
export function offered(model) {
  const done = new Set(model.acts.map((/** @type {Act} */ act) => act.kind));
  const holds = (/** @type {Paper} */ { after, while: name, offices = [model.officeKind] }) =>
    offices.includes(model.officeKind) &&
    after.some((kind) => done.has(kind)) &&
    (!name || Boolean(/** @type {import("../types.js").Places} */ (model.fold)[name]));
  return PAPERS.filter((paper) => holds(paper) && paper.roles.some((role) => model.roles.includes(role)));
}

/** How a text may stand. @type {("text" | "head" | "left" | "right" | "note" | "alert")[]} */
const HOW = ["text", "head", "left", "right", "note", "alert"];

/** What a block says, as one text: its words, or all cells. @param {Block} block @returns {string} */
function words(block) {
  if (typeof block === "string") return block;
  if ("table" in block) return block.table.flat().join("\n");
  return "each" in block || "sign" in block ? "" : HOW.flatMap((how) => block[how] || []).join("\n");
}

const names = (/** @type {Block} */ block) => [...words(block).matchAll(PLACE)].map((found) => found[1]);
const isShown = (/** @type {Block} */ block, /** @type {Context} */ context) =>
  typeof block === "string" || !block.if || value(block.if, context) !== "";

/** A typed answer goes before a fact of the same name; a typed day is printed as a day. @param {string} name @param {Context} context @returns {string} */
function value(name, context) {
  const raw = String(name in context.given ? context.given[name] : FACTS[name](context));
  return visible(/^\d{4}-\d\d-\d\d$/.test(raw) ? zhDay(raw) : raw).trim();
}

/** Facts the case does not give to this key: with one of these the paper is refused. @param {Paper} paper @param {Context} context @returns {string[]} */
export function lacking(paper, context) {
  const asked = new Set(paper.asks.map((ask) => ask.name));
  const wanted = paper.body
    .filter((block) => isShown(block, { ...context, given: { ...blanks(paper), ...context.given } }))
    .flatMap(names);
  const empty = wanted.filter((name) => !asked.has(name) && !MAY_BE_EMPTY.has(name) && value(name, context) === "");
  const lists = paper.body
    .flatMap((block) => (typeof block === "object" && "each" in block && !block.if ? [block.each] : []))
    .filter((each) => !LISTS[each](context).length);
  return [...new Set([...empty, ...lists])];
}

/** Questions the clerk has not answered yet. @param {Paper} paper @param {Record<string, string>} given @returns {string[]} */
export function unanswered(paper, given) {
  return paper.asks.filter((ask) => !ask.optional && !(given[ask.name] ?? "").trim()).map((ask) => ask.name);
}

const blanks = (/** @type {Paper} */ paper) => Object.fromEntries(paper.asks.map((ask) => [ask.name, ""]));

/** What stands in the questions at first. @param {Paper} paper @param {Context} context @returns {Record<string, string>} */
export function starts(paper, context) {
  return Object.fromEntries(paper.asks.map((ask) => [ask.name, ask.start ? FACTS[ask.start](context) : ""]));
}

/**
 * The paper as blocks. `hers` is the copy handed to the reporter: it carries no number, for a number tells her, and
 * whoever sees it, how many there are. @param {Paper} paper @param {Context} context @param {boolean} hers @returns {Composed}
 */
export function compose(paper, context, hers) {
  const shown = paper.body.filter((block) => isShown(block, context));
  const year = context.model.today.slice(0, 4);
  const number =
    hers || !paper.code
      ? ""
      : phrase("number", {
          agency: context.agency,
          code: paper.code,
          number: context.number || phrase("no_number", { year }),
        });
  const full = { ...context, number };
  const filing = paper.hers && !hers ? [{ note: phrase("file_copy", { case: context.model.number }) }] : [];
  return {
    id: paper.id,
    title: paper.title,
    number,
    blocks: [...filing, ...shown].flatMap((block) =>
      typeof block === "object" && "sign" in block ? signature(block.sign, paper, full) : made(block, full),
    ),
  };
}

const fill = (/** @type {string} */ text, /** @type {Context} */ context) =>
  text.replace(PLACE, (_whole, name) => value(name, context));

/** Several lines become several paragraphs. @param {Text["kind"]} kind @param {string} text @returns {Text[]} */
const lines = (kind, text) =>
  text
    .split(/\n+/)
    .filter((line) => line.trim())
    .map((line) => ({ kind, text: line.trim() }));

/** Who signs and on which day. A letter that tells of an act bears the day on which that was decided, however late it is
 * printed and however often (Regulations on Official Documents 党政机关公文处理工作条例, article 9, 成文日期).
 * @param {import("../types.js").Signed} by @param {Paper} paper @param {Context} context @returns {Text[]} */
function signature(by, { after }, context) {
  const act = context.model.acts.filter(({ kind }) => after.includes(kind)).slice(-1)[0];
  return [
    { kind: "right", text: context.office },
    { kind: "right", text: by === "act" && act ? zhDay(act.day) : FACTS.today(context) },
    { kind: "right", text: phrase("seal") },
  ];
}

/** @param {Exclude<Block, {sign: unknown}>} block @param {Context} context @returns {(Text | Table)[]} */
function made(block, context) {
  if (typeof block === "string") return lines("p", fill(block, context));
  if ("each" in block) return [listed(block, context)];
  if ("table" in block)
    return [
      {
        kind: "table",
        rows: block.table.map((row) => cells(row, context, block.widths.length)),
        widths: block.widths,
        small: Boolean(block.small),
      },
    ];
  const [how = "text"] = HOW.filter((name) => block[name]);
  return lines(how === "text" ? "p" : how, fill(block[how] ?? "", context));
}

/** A row; its last cell takes what columns are left. @param {string[]} row @param {Context} context @param {number} columns */
function cells(row, context, columns) {
  return row.map((cell, at) => ({
    text: fill(cell.startsWith(LABEL) ? cell.slice(LABEL.length) : cell, context),
    head: cell.startsWith(LABEL),
    span: at === row.length - 1 ? columns - at : 1,
  }));
}

/** @param {import("../types.js").Each} block @param {Context} context @returns {Table} */
function listed(block, context) {
  const head = block.columns.map((text) => ({ text, head: true, span: 1 }));
  const rows = LISTS[block.each](context).map((row) =>
    row.map((text) => ({ text: visible(text), head: false, span: 1 })),
  );
  return { kind: "table", rows: [head, ...rows], widths: block.widths, small: Boolean(block.small) };
}

/**
 * A register as a workbook of one sheet, as whistle/exports/writers.py lays it out: heading, heads, rows, sums,
 * signatures. Sums are numbers with two decimals, everything else is text, no cells are merged, nothing runs.
 */

import { text as yuan } from "../../core/yuan.js";
import { XML, escape, packed } from "../ooxml.js";
import { totals, valueOf } from "./columns.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./columns.js").Register} Register */
/** @typedef {import("./columns.js").Row} Row */
/** @typedef {{office: string, period: string, made: string, note: string}} Heading */

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The styles below, by what they are for. @type {Record<string, number>} */
const STYLE = { plain: 0, title: 1, head: 2, text: 3, no: 4, money: 5, alert: 6 };
const LONGEST = 32_767; // what a cell of a workbook may hold

const CONTROL = "\\u0000-\\u0008\\u000b-\\u001f\\ufffe\\uffff";
const LOOKS_SPELLED = new RegExp(`_(?=x[0-9A-Fa-f]{4}[_${CONTROL}])`, "g");
const CONTROLS = new RegExp(`[${CONTROL}]`, "g");

/**
 * Text as a cell of a workbook spells it (ECMA-376 part 1, ST_Xstring): `_x000D_` stands for a character, so that an
 * underscore which only looks like its beginning is spelled out. @param {string} text
 */
export function spelled(text) {
  const code = (/** @type {string} */ mark) => mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return text.replace(LOOKS_SPELLED, "_x005F_").replace(CONTROLS, (mark) => `_x${code(mark)}_`);
}

/** Text in pieces that a cell may hold; no character is torn in two. @param {string} text @returns {string[]} */
export function pieces(text) {
  if (text.length <= LONGEST) return [text];
  const high = text.charCodeAt(LONGEST - 1);
  const end = high >= 0xd800 && high < 0xdc00 ? LONGEST - 1 : LONGEST;
  return [text.slice(0, end), ...pieces(text.slice(end))];
}

/** 0 → A, 26 → AA. @param {number} at @returns {string} */
export function letters(at) {
  return at < 26 ? String.fromCharCode(65 + at) : letters(Math.floor(at / 26) - 1) + letters(at % 26);
}

const words = (/** @type {string} */ place, /** @type {number} */ style, /** @type {string} */ text) =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(spelled(text))}</t></is></c>`;
const figure = (/** @type {string} */ place, /** @type {number} */ style, /** @type {string} */ value) =>
  `<c r="${place}" s="${style}"><v>${value}</v></c>`;

/** @param {Column} column @param {number | string} value @param {string} place */
function cell(column, value, place) {
  if (value === "") return `<c r="${place}" s="${STYLE.text}"/>`;
  if (typeof value === "string") return words(place, STYLE[column.kind === "alert" ? "alert" : "text"], value);
  return column.kind === "no" ? figure(place, STYLE.no, String(value)) : figure(place, STYLE.money, yuan(value));
}

/** @param {number} at @param {string[]} cells @param {number} [high] points */
const row = (at, cells, high = 0) =>
  `<row r="${at}"${high ? ` ht="${high}" customHeight="1"` : ""}>${cells.join("")}</row>`;

const LINE = 12; // points, of a line of small type
const HIGHEST = 409; // what a row may have at most
const WIDE = /[\u1100-\uffef]/g;

/** How high a row is that shows all its wrapped text: no office program works it out for a file it did not write.
 * @param {Column[]} columns @param {(number | string)[]} values */
function height(columns, values) {
  const lines = columns.map(({ width }, at) => (typeof values[at] === "string" ? linesOf(width, values[at]) : 1));
  return Math.min(Math.max(...lines) * LINE + 2, HIGHEST);
}

/** Lines that a text takes in a column of this width; a Chinese sign is as wide as two others. @param {number} width @param {string} text */
const linesOf = (width, text) =>
  text
    .split("\n")
    .reduce((sum, part) => sum + Math.max(1, Math.ceil((part.length + (part.match(WIDE) ?? []).length) / width)), 0);

/**
 * A row of the table from line `at` on; what a cell cannot hold goes on in the line below, so that nothing is cut.
 * @param {Column[]} columns @param {number} at @param {(number | string)[]} values @returns {string[]}
 */
function lines(columns, at, values) {
  const parts = values.map((value) => (typeof value === "string" ? pieces(value) : [value]));
  const count = Math.max(...parts.map((part) => part.length));
  return [...Array(count).keys()].map((below) => {
    const line = parts.map((part) => part[below] ?? "");
    const cells = columns.map((column, place) => cell(column, line[place], letters(place) + (at + below)));
    return row(at + below, cells, height(columns, line));
  });
}

/** The lines above the table. @param {Register} register @param {Heading} heading */
function above({ title, notes }, heading) {
  const said = [
    ["单位", heading.office],
    ["期间", heading.period],
    ["制表日期", heading.made],
    ["说明", heading.note],
  ];
  return [title, ...said.filter(([, text]) => text).map(([name, text]) => `${name}:${text}`), ...notes];
}

/** @param {Register} register @param {Row[]} rows @param {Heading} heading */
function sheet(register, rows, heading) {
  const { columns, signatures } = register;
  const said = above(register, heading);
  const first = said.length + 1;
  const made = said.map((text, at) => row(at + 1, [words(`A${at + 1}`, at ? STYLE.plain : STYLE.title, text)]));
  made.push(
    row(
      first,
      columns.map(({ head }, at) => words(letters(at) + first, STYLE.head, head)),
      height(
        columns,
        columns.map(({ head }) => head),
      ),
    ),
  );
  const next = () => made.length + 1;
  rows.forEach((one, at) =>
    made.push(
      ...lines(
        columns,
        next(),
        columns.map((column) => valueOf(column, at + 1, one)),
      ),
    ),
  );
  if (columns.some(({ summed }) => summed)) made.push(...lines(columns, next(), totals(register, rows)));
  const below = next() + 1;
  made.push(...signatures.map((text, at) => row(below + at, [words(`A${below + at}`, STYLE.plain, text)])));
  return (
    `${XML}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">` +
    `<pane xSplit="2" ySplit="${first}" topLeftCell="C${first + 1}" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>` +
    `<cols>${columns.map(({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join("")}</cols>` +
    `<sheetData>${made.join("")}</sheetData><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>` +
    `<pageSetup paperSize="8" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>`
  );
}

const face = (/** @type {number} */ size, marks = "") => `<font>${marks}<sz val="${size}"/><name val="宋体"/></font>`;
const FONTS = `<fonts count="5">${face(11)}${face(11, "<b/>")}${face(9)}${face(9, "<b/>")}<font><sz val="9"/><color rgb="FFC00000"/><name val="宋体"/></font></fonts>`;
const FILLS =
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>';
const EDGES = ["left", "right", "top", "bottom"].map((side) => `<${side} style="thin"/>`).join("");
const BORDERS = `<borders count="2"><border><left/><right/><top/><bottom/></border><border>${EDGES}</border></borders>`;
/** What every cell of a printed table has: a frame, lines that wrap, small type. @param {number} form @param {number} font */
const printed = (form, font, across = "") =>
  `<xf numFmtId="${form}" fontId="${font}" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1"><alignment ${across}vertical="top" wrapText="1"/></xf>`;
/** Plain, title, head, text (@), number of the line, money (#,##0.00), red text: the numbers are the format's own. */
const FORMS = [
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
  printed(0, 3, 'horizontal="center" '),
  printed(49, 2),
  printed(1, 2),
  printed(4, 2),
  printed(49, 4),
];
const STYLES =
  `${XML}<styleSheet xmlns="${MAIN}">${FONTS}${FILLS}${BORDERS}` +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="${FORMS.length}">${FORMS.join("")}</cellXfs>` +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
const TYPES =
  `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
  `<Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET}.styles+xml"/></Types>`;
const ROOT = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const LINKS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`;

/** The heads are printed on every page. @param {Register} register @param {number} first */
const book = ({ sheet: name }, first) =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escape(name)}" sheetId="1" r:id="rId1"/></sheets>` +
  `<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'${escape(name)}'!$${first}:$${first}</definedName></definedNames></workbook>`;

/** @param {Register} register @param {Row[]} rows @param {Heading} heading @returns {Uint8Array} */
export function xlsx(register, rows, heading) {
  return packed({
    "[Content_Types].xml": TYPES,
    "_rels/.rels": ROOT,
    "xl/workbook.xml": book(register, above(register, heading).length + 1),
    "xl/_rels/workbook.xml.rels": LINKS,
    "xl/styles.xml": STYLES,
    "xl/worksheets/sheet1.xml": sheet(register, rows, heading),
  });
}

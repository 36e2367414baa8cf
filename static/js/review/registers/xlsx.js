/**
 * A register as a workbook of one sheet, as whistle/exports/writers.py lays it out: heading, heads, rows, sums,
 * signatures. Sums are numbers with two decimals, everything else is text, no cells are merged, nothing runs.
 */

import { text as yuan } from "../../core/yuan.js";
import { XML, escape, packed } from "../ooxml.js";
import { SUMS, isSummed, sums, valueOf } from "./columns.js";

/** @typedef {import("./columns.js").Column} Column */
/** @typedef {import("./columns.js").Register} Register */
/** @typedef {import("./columns.js").Row} Row */
/** @typedef {{office: string, period: string, made: string, note: string}} Heading */

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The styles below, by what they are for. */
const STYLE = { plain: 0, title: 1, head: 2, text: 3, no: 4, money: 5 };
const LONGEST = 32_767; // what a cell of a workbook may hold

/** 0 → A, 26 → AA. @param {number} at @returns {string} */
export function letters(at) {
  return at < 26 ? String.fromCharCode(65 + at) : letters(Math.floor(at / 26) - 1) + letters(at % 26);
}

const words = (/** @type {string} */ place, /** @type {number} */ style, /** @type {string} */ text) => `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(text.slice(0, LONGEST))}</t></is></c>`;
const figure = (/** @type {string} */ place, /** @type {number} */ style, /** @type {string} */ value) => `<c r="${place}" s="${style}"><v>${value}</v></c>`;

/** @param {Column} column @param {number | string} value @param {string} place */
function cell(column, value, place) {
  if (typeof value === "string") return words(place, STYLE.text, value);
  return column.kind === "no" ? figure(place, STYLE.no, String(value)) : figure(place, STYLE.money, yuan(value));
}

/** @param {number} at @param {string[]} cells */
const row = (at, cells) => `<row r="${at}">${cells.join("")}</row>`;

/** The lines above the table. @param {Register} register @param {Heading} heading */
function above({ title, notes }, heading) {
  const said = [["单位", heading.office], ["期间", heading.period], ["制表日期", heading.made], ["说明", heading.note]];
  return [title, ...said.filter(([, text]) => text).map(([name, text]) => `${name}:${text}`), ...notes];
}

/** @param {Register} register @param {Row[]} rows @param {Heading} heading */
function sheet(register, rows, heading) {
  const { columns, signatures } = register;
  const lines = above(register, heading);
  const first = lines.length + 1;
  const made = [
    ...lines.map((text, at) => row(at + 1, [words(`A${at + 1}`, at ? STYLE.plain : STYLE.title, text)])),
    row(first, columns.map(({ head }, at) => words(letters(at) + first, STYLE.head, head))),
    ...rows.map((one, at) => row(first + at + 1, columns.map((column, place) => cell(column, valueOf(column, at + 1, one), letters(place) + (first + at + 1))))),
  ];
  let last = first + rows.length;
  if (columns.some(({ summed }) => summed)) {
    const total = sums(register, rows);
    last += 1;
    made.push(row(last, columns.flatMap((column, place) => (isSummed(column) ? [cell(column, valueOf(column, SUMS, total), letters(place) + last)] : []))));
  }
  made.push(...signatures.map((text, at) => row(last + 2 + at, [words(`A${last + 2 + at}`, STYLE.plain, text)])));
  return `${XML}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">`
    + `<pane xSplit="2" ySplit="${first}" topLeftCell="C${first + 1}" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>`
    + `<cols>${columns.map(({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join("")}</cols>`
    + `<sheetData>${made.join("")}</sheetData><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>`;
}

const FONTS = '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>';
const FILLS = '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>';
const LINE = ["left", "right", "top", "bottom"].map((side) => `<${side} style="thin"/>`).join("");
const BORDERS = `<borders count="2"><border><left/><right/><top/><bottom/></border><border>${LINE}</border></borders>`;
/** Plain, title, head, text (@), number of the line, money (#,##0.00): the numbers are the format's own. */
const FORMS = [
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1"><alignment wrapText="1"/></xf>',
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  '<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
];
const STYLES = `${XML}<styleSheet xmlns="${MAIN}">${FONTS}${FILLS}${BORDERS}<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${FORMS.length}">${FORMS.join("")}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
const TYPES = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
  + `<Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET}.styles+xml"/></Types>`;
const ROOT = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const LINKS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`;

/** The heads are printed on every page. @param {Register} register @param {number} first */
const book = ({ sheet: name }, first) => `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escape(name)}" sheetId="1" r:id="rId1"/></sheets>`
  + `<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'${escape(name)}'!$${first}:$${first}</definedName></definedNames></workbook>`;

/** @param {Register} register @param {Row[]} rows @param {Heading} heading @returns {Uint8Array} */
export function xlsx(register, rows, heading) {
  return packed({
    "[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "xl/workbook.xml": book(register, above(register, heading).length + 1), "xl/_rels/workbook.xml.rels": LINKS,
    "xl/styles.xml": STYLES, "xl/worksheets/sheet1.xml": sheet(register, rows, heading),
  });
}

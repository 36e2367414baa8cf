/**
 * A composed paper as an editable DOCX: our own few lines of WordprocessingML in a zip. The page is GB/T 9704's: A4,
 * margins 37/35/28/26 mm, 22 lines of 28 characters, 仿宋 of 16 points. Fonts are named, never shipped: offices have them.
 */

import { XML, escape, packed } from "../ooxml.js";

const MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

/** Millimetres as twentieths of a point. @param {number} mm */
const twips = (mm) => Math.round((mm / 25.4) * 1440);
const PAGE = {
  width: twips(210),
  height: twips(297),
  top: twips(37),
  bottom: twips(35),
  left: twips(28),
  right: twips(26),
};
const TEXT_WIDTH = PAGE.width - PAGE.left - PAGE.right;

/**
 * Fonts as office software names them; the Latin half stands beside. `tight` is what each character gives up, in
 * twentieths of a point: 28 of 16 points are 2 mm wider than the text. A character grid would do it too, but office
 * programs disagree on how wide its squares are. @type {Record<string, {font: string, half: number, tight?: number, colour?: string}>}
 */
const FACES = {
  title: { font: "方正小标宋简体", half: 44 },
  p: { font: "仿宋_GB2312", half: 32, tight: 5 },
  head: { font: "黑体", half: 32, tight: 5 },
  note: { font: "仿宋_GB2312", half: 24 },
  alert: { font: "黑体", half: 24, colour: "C00000" },
  cell: { font: "仿宋_GB2312", half: 24 },
  label: { font: "黑体", half: 24 },
  small: { font: "仿宋_GB2312", half: 16 },
  page: { font: "宋体", half: 28 },
};

/** How a paragraph stands: alignment, first line by two characters, exact line of 28 points or the font's own. @type {Record<string, string>} */
const PLACES = {
  title: '<w:spacing w:before="280" w:after="120" w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>',
  number: '<w:spacing w:after="280" w:line="560" w:lineRule="exact"/><w:jc w:val="center"/>',
  p: '<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/>',
  head: '<w:spacing w:before="120" w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>',
  left: '<w:spacing w:line="560" w:lineRule="exact"/>',
  right: '<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:rightChars="200" w:right="640"/><w:jc w:val="right"/>',
  sign: '<w:spacing w:before="560" w:line="560" w:lineRule="exact"/><w:ind w:rightChars="200" w:right="640"/><w:jc w:val="right"/>',
  note: '<w:spacing w:before="60" w:after="120"/>',
  alert: '<w:spacing w:before="60" w:after="120"/>',
  gap: '<w:spacing w:line="240" w:lineRule="exact"/>',
  cell: '<w:spacing w:before="40" w:after="40"/>',
  label: '<w:spacing w:before="40" w:after="40"/><w:jc w:val="center"/>',
};

/** @param {string} face */
function runProperties(face) {
  const { font, half, tight, colour } = FACES[face];
  return `<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="${font}"/>${colour ? `<w:color w:val="${colour}"/>` : ""}${tight ? `<w:spacing w:val="-${tight}"/>` : ""}<w:sz w:val="${half}"/><w:szCs w:val="${half}"/></w:rPr>`;
}

/** @param {string} face @param {string} text */
function run(face, text) {
  return `<w:r>${runProperties(face)}<w:t xml:space="preserve">${escape(text)}</w:t></w:r>`;
}

const WITH_NEXT = "<w:keepNext/>";

/** @param {string} place @param {string} face @param {string} text @param {string} [held] */
function paragraph(place, face, text, held = "") {
  return `<w:p><w:pPr>${held}${PLACES[place]}</w:pPr>${text ? run(face, text) : ""}</w:p>`;
}

/**
 * A line of empty paper before the signature, and no signature alone on a page: what comes before goes with it.
 * @param {import("./compose.js").Text} block @param {{kind: string} | undefined} before @param {{kind: string} | undefined} next
 */
function textBlock({ kind, text }, before, next) {
  const held = next && (next.kind === "right" || kind === "head") ? WITH_NEXT : "";
  const place = kind === "right" && before?.kind !== "right" ? "sign" : kind;
  return paragraph(place, kind in FACES ? kind : "p", text, held);
}

const BORDERS = ["top", "left", "bottom", "right", "insideH", "insideV"]
  .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
  .join("");

/** A form stays on one page; a list goes on to the next one, its heads above it again. @param {import("./compose.js").Table} block */
function tableBlock({ rows, widths, small }) {
  const isForm = !rows[0].every((cell) => cell.head);
  const columns = widths.map((percent) => Math.round((TEXT_WIDTH * percent) / 100));
  const grid = columns.map((width) => `<w:gridCol w:w="${width}"/>`).join("");
  const properties = `<w:tblPr><w:tblW w:w="${TEXT_WIDTH}" w:type="dxa"/><w:tblBorders>${BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>`;
  return `<w:tbl>${properties}<w:tblGrid>${grid}</w:tblGrid>${rows.map((row, at) => tableRow(row, columns, small, isForm && at < rows.length - 1)).join("")}</w:tbl><w:p><w:pPr>${PLACES.gap}</w:pPr></w:p>`;
}

/** A row no printer tears in two; empty ones leave room for a pen. @param {import("./compose.js").Table["rows"][0]} row @param {number[]} columns @param {boolean} small @param {boolean} held */
function tableRow(row, columns, small, held) {
  const pen = row.some((cell) => !cell.head && cell.text === "");
  const all = row.every((cell) => cell.head);
  const height = `<w:trPr><w:cantSplit/>${pen ? '<w:trHeight w:val="840" w:hRule="atLeast"/>' : ""}${all ? "<w:tblHeader/>" : ""}</w:trPr>`;
  return `<w:tr>${height}${row.map((cell, at) => tableCell(cell, columns.slice(at, at + cell.span), small, held)).join("")}</w:tr>`;
}

/** @param {{text: string, head: boolean, span: number}} cell @param {number[]} columns @param {boolean} small @param {boolean} held */
function tableCell({ text, head, span }, columns, small, held) {
  const width = columns.reduce((sum, one) => sum + one, 0);
  const face = head ? "label" : small ? "small" : "cell";
  const inside = (text || "")
    .split("\n")
    .map((line) => paragraph(head ? "label" : "cell", face, line, held ? WITH_NEXT : ""))
    .join("");
  return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${span > 1 ? `<w:gridSpan w:val="${span}"/>` : ""}<w:vAlign w:val="center"/></w:tcPr>${inside}</w:tc>`;
}

/** The page's own numbers stand outside, as the standard has them: — 1 — right on odd pages, left on even ones. @param {"left" | "right"} side */
function footer(side) {
  const field = `<w:r>${runProperties("page")}<w:fldChar w:fldCharType="begin"/></w:r><w:r>${runProperties("page")}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r>${runProperties("page")}<w:fldChar w:fldCharType="end"/></w:r>`;
  return `${XML}<w:ftr xmlns:w="${MAIN}"><w:p><w:pPr><w:jc w:val="${side}"/></w:pPr>${run("page", "— ")}${field}${run("page", " —")}</w:p></w:ftr>`;
}

const SECTION =
  `<w:sectPr xmlns:r="${RELATIONS}"><w:footerReference w:type="default" r:id="rId1"/><w:footerReference w:type="even" r:id="rId2"/><w:pgSz w:w="${PAGE.width}" w:h="${PAGE.height}"/>` +
  `<w:pgMar w:top="${PAGE.top}" w:right="${PAGE.right}" w:bottom="${PAGE.bottom}" w:left="${PAGE.left}" w:header="851" w:footer="${twips(28)}" w:gutter="0"/>` +
  "</w:sectPr>";

/** @param {import("./compose.js").Composed} paper */
function document({ title, number, blocks }) {
  const inside = blocks
    .map((block, at) => (block.kind === "table" ? tableBlock(block) : textBlock(block, blocks[at - 1], blocks[at + 1])))
    .join("");
  const head = paragraph("title", "title", title) + (number ? paragraph("number", "p", number) : "");
  return `${XML}<w:document xmlns:w="${MAIN}"><w:body>${head}${inside}${SECTION}</w:body></w:document>`;
}

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const TYPES =
  `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
  `<Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${WORD}.styles+xml"/><Override PartName="/word/settings.xml" ContentType="${WORD}.settings+xml"/>` +
  `<Override PartName="/word/footer1.xml" ContentType="${WORD}.footer+xml"/><Override PartName="/word/footer2.xml" ContentType="${WORD}.footer+xml"/></Types>`;
const ROOT = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>`;
const PARTS = ["footer1.xml:footer", "footer2.xml:footer", "styles.xml:styles", "settings.xml:settings"];
const LINKS = `${XML}<Relationships xmlns="${PACKAGE}/relationships">${PARTS.map((part, at) => `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/${part.split(":")[1]}" Target="${part.split(":")[0]}"/>`).join("")}</Relationships>`;
const STYLES = `${XML}<w:styles xmlns:w="${MAIN}"><w:docDefaults><w:rPrDefault>${runProperties("p")}</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`;
const SETTINGS = `${XML}<w:settings xmlns:w="${MAIN}"><w:evenAndOddHeaders/></w:settings>`;

/** The parts of the package by name, as text. @param {import("./compose.js").Composed} paper @returns {Record<string, string>} */
export function parts(paper) {
  return {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": ROOT,
    "word/document.xml": document(paper),
    "word/_rels/document.xml.rels": LINKS,
    "word/styles.xml": STYLES,
    "word/settings.xml": SETTINGS,
    "word/footer1.xml": footer("right"),
    "word/footer2.xml": footer("left"),
  };
}

/** The file. @param {import("./compose.js").Composed} paper @returns {Uint8Array} */
export function docx(paper) {
  return packed(parts(paper));
}

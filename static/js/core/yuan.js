// Money as whole fen; the twin of whistle/core/yuan.py.

import { refuse } from "./errors.js";

export const MAX_FEN = 10 ** 14; // 10^12 yuan: far above any award, far below where numbers stop being exact
const SPELLING = /^(0|[1-9][0-9]{0,12})\.([0-9]{2})$/;
// As people type it: thousands apart or not, one decimal or two or none, with or without its sign.
const TYPED = /^¥?(0|[1-9][0-9]{0,12}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2}))?元?$/;
const DIGITS = "零壹贰叁肆伍陆柒捌玖";
/** @type {[number, string][]} */
const PLACES = [
  [1000, "仟"],
  [100, "佰"],
  [10, "拾"],
  [1, ""],
];
/** @type {[number, string][]} */
const SCALES = [
  [10 ** 8, "亿"],
  [10 ** 4, "万"],
];

/** "22500.00" → 2250000. Two decimals, plain ASCII digits, no sign, no leading zero, else RuleError. @param {unknown} typed @returns {number} */
export function parse(typed) {
  if (typeof typed !== "string") return refuse("money_text");
  const found = SPELLING.exec(typed);
  if (!found || typed.endsWith("\n")) return refuse("money_form");
  const fen = Number(found[1]) * 100 + Number(found[2]);
  return fen > MAX_FEN ? refuse("money_huge") : fen;
}

/** A sum as a person types it, in any width: "5000", "5,000.00", "５０００", "¥5000.5" → fen, else RuleError. The one
 * reader for whatever is typed; documents have one spelling: `parse`. @param {string} typed @returns {number} */
export function read(typed) {
  const found = TYPED.exec(typed.normalize("NFKC").replace(/[ \t\r\n]/g, ""));
  if (!found) return refuse("money_form");
  return parse(`${found[1].replace(/,/g, "")}.${(found[2] ?? "").padEnd(2, "0")}`);
}

/** A sum that may be kept, else RuleError. @param {unknown} fen @returns {number} */
export function checkFen(fen) {
  const sum = /** @type {number} */ (fen);
  return Number.isSafeInteger(fen) && sum >= 0 && sum <= MAX_FEN ? sum : refuse("money_range");
}

/** 2250000 → "22500.00". @param {number} fen */
export function text(fen) {
  const rest = checkFen(fen) % 100;
  return `${(fen - rest) / 100}.${String(rest).padStart(2, "0")}`;
}

/** 2250000 → "22,500.00", as papers and screens show a sum. @param {number} fen */
export function grouped(fen) {
  return apart(text(fen));
}

/** "22500.00" → "22,500.00"; what is no sum stays as it is. @param {string} yuan */
export function apart(yuan) {
  return /^\d+\.\d\d$/.test(yuan) ? yuan.replace(/\B(?=(\d{3})+(?=\.))/g, ",") : yuan;
}

/** 2250000 → 贰万贰仟伍佰元整: 整 after 元 only, none after 角 or 分; 零 for a gap between digits. @param {number} fen */
export function capitals(fen) {
  const rest = checkFen(fen) % 100;
  const yuan = (fen - rest) / 100;
  const cents = rest % 10;
  const jiao = (rest - cents) / 10;
  const head = yuan ? `${whole(yuan)}元` : "";
  if (!rest) return `${head || "零元"}整`;
  const gap = yuan && (jiao === 0 || yuan % 10 === 0) ? "零" : "";
  return head + gap + (jiao ? `${DIGITS[jiao]}角` : "") + (cents ? `${DIGITS[cents]}分` : "");
}

/** @param {number} number @returns {string} */
function whole(number) {
  for (const [size, unit] of SCALES) {
    if (number >= size) return whole(Math.floor(number / size)) + unit + lower(number % size, size);
  }
  return four(number);
}

/** @param {number} low @param {number} size */
function lower(low, size) {
  return low ? (low < size / 10 ? "零" : "") + whole(low) : "";
}

/** @param {number} number */
function four(number) {
  let words = "";
  let gap = false;
  for (const [place, unit] of PLACES) {
    const digit = Math.floor(number / place) % 10;
    if (digit) words += (gap ? "零" : "") + DIGITS[digit] + unit;
    gap = words !== "" && digit === 0;
  }
  return words;
}

/** What office files share: XML text, and a zip that is the same bytes whenever and wherever it is made. */

import { strToU8, zipSync } from "fflate";

export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it may stand in XML. @param {string} text */
export function escape(text) {
  return text.replace(FORBIDDEN, "").replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** The parts of a package by name as one file. No author, no time, no machine stands in it. @param {Record<string, string>} parts @returns {Uint8Array} */
export function packed(parts) {
  const files = Object.entries(parts).map(([name, text]) => [name, [strToU8(text), { mtime: new Date(1980, 0, 1) }]]);
  return zipSync(Object.fromEntries(files), { level: 6 });
}

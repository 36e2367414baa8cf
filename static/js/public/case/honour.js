/** Her honour: what the certificate says, printing it, and keeping it as a file that proves who signed it. */

import { certificateOf } from "../../client/certificates.js";
import { fill, one, show } from "../../dom.js";
import { visible } from "../../core/visible.js";
import { dayInWords } from "../shell/day.js";

/** @typedef {import("./start.js").CasePage} CasePage */

/** @param {CasePage} page */
export async function drawHonour(page) {
  const { words, status, door } = page;
  const given = status.folded.marks.includes("honour.tell");
  const held = given ? await certificateOf(door, status) : null;
  if (page.status !== status) return; // a newer look, or none at all, stands there by now
  page.certificate = held;
  show(one("[data-honour]"), given);
  show(one("[data-certificate]"), held !== null);
  show(one("[data-honour-bad]"), held === null);
  if (!held) return;
  const { honour, text, day } = held.said;
  one("[data-honour-name]").textContent = words.honours[honour] ?? visible(honour);
  one("[data-honour-text]").textContent = visible(text);
  one("[data-honour-by]").textContent = fill(words.honour.by, { office: held.office, day: dayInWords(words, day) });
}

/** @param {CasePage} page */
export function startHonour(page) {
  one("[data-honour-print]").addEventListener("click", printed);
  one("[data-honour-save]").addEventListener("click", () => page.certificate && saved(page.certificate));
}

/** The certificate alone, and nothing else of the case. */
function printed() {
  document.body.classList.add("certificate-alone");
  window.print();
  document.body.classList.remove("certificate-alone");
}

/** @param {import("../../client/certificates.js").Held} held */
function saved({ text, sig }) {
  const file = new Blob([JSON.stringify({ certificate: text, sig })], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "honour.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Her honour: what the certificate says, printing it, and keeping it as a file that proves who signed it. */

import { ClientError } from "../../client/errors.js";
import { certificateOf } from "../../client/certificates.js";
import { all, fill, one, show } from "../../dom.js";
import { visible } from "../../core/visible.js";
import { dayInWords } from "../shell/day.js";

/** @typedef {import("./start.js").CasePage} CasePage */

/** @param {CasePage} page */
export async function drawHonour(page) {
  const { words, status, door } = page;
  const given = status.folded.marks.includes("honour.tell");
  const held = given ? await certificateOf(door, status).catch(unread) : null;
  if (page.status !== status) return; // a newer look, or none at all, stands there by now
  page.certificate = held ?? null;
  show(one("[data-honour]"), given);
  show(one("[data-certificate]"), Boolean(held));
  show(one("[data-honour-bad]"), held === null);
  for (const button of all("[data-honour] button")) button.disabled = !held;
  if (!held) return;
  const { honour, text, day } = held.said;
  one("[data-honour-name]").textContent = words.honours[honour] ?? visible(honour);
  one("[data-honour-text]").textContent = visible(text);
  one("[data-honour-by]").textContent = fill(words.honour.by, { office: held.office, day: dayInWords(words, day) });
}

/** Without a connection nothing is known yet: no forgery is told of. @param {unknown} error @returns {undefined} */
function unread(error) {
  if (!(error instanceof ClientError)) throw error;
}

/** @param {CasePage} page */
export function startHonour(page) {
  one("[data-honour-print]").addEventListener("click", printed);
  one("[data-honour-save]").addEventListener("click", () => page.certificate && saved(page.certificate));
}

/** The certificate alone, and nothing else of the case: a phone lays the sheet out only after `print` has returned. */
function printed() {
  const { classList } = document.body;
  classList.add("certificate-alone");
  window.addEventListener("afterprint", () => classList.remove("certificate-alone"), { once: true });
  window.print();
}

/** @param {import("../../client/certificates.js").Held} held */
function saved({ text, sig }) {
  const file = new Blob([JSON.stringify({ certificate: text, sig })], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "honour.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

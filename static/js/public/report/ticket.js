/** The code: shown before anything is sent, saved in one of four ways, unlocked by typing its last group. */

import { getJson } from "../../client/wire.js";
import { firstDue } from "../../client/status.js";
import { show as groupsOf } from "../../crypto/ticket.js";
import { holds } from "../../crypto/typed.js";
import { bring } from "../../bring.js";
import { all, el, fill, one, show } from "../../dom.js";
import { dayInWords } from "../shell/day.js";
import { sentence } from "../shell/problem.js";
import { openFiles } from "../shell/place.js";
import { copyText } from "../shell/copying.js";

/** @param {import("./start.js").Report} report */
export function startTicket(report) {
  one("[data-unlock]").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    unlock(report);
  });
  one("[data-copy]").addEventListener("click", async () => {
    const done = await copyText(groupsOf(report.filing.digits));
    one("[data-copied]").textContent = done ? report.words.save.copied : report.words.save.copy_failed;
  });
  one("[data-picture]").addEventListener("click", () => makePicture(report));
  for (const button of all("[data-print]")) button.addEventListener("click", () => window.print());
  one("[data-leave-clean]").addEventListener("click", (/** @type {Event} */ event) => {
    event.preventDefault();
    location.replace(one("[data-leave-clean]").href);
  });
}

/** The ticket of a report the door took is shown in any case; a receipt that proves nothing is not.
 * @param {import("./start.js").Report} report @param {import("../../client/reporter.js").Sent} sent */
function showReceipt(report, { receipt, answer }) {
  for (const node of all("[data-receipt]")) show(node, Boolean(receipt));
  for (const node of all("[data-unproved]")) show(node, !receipt);
  one("[data-unproved-text]").textContent = report.words.problem.receipt;
  if (!receipt) return;
  one("[data-receipt-day]").textContent = dayInWords(report.words, receipt.day);
  one("[data-receipt-mark]").textContent = mark(receipt.post);
  one("[data-receipt-raw]").value = `${answer.bytes}\n${answer.sig}`;
}

/** The code, with what is being done above it. @param {import("./start.js").Report} report */
export function showCode(report) {
  report.filing.draw();
  drawTicket(one("[data-ticket]"), report);
  drawCode(report);
  document.title = one(".paper h2").textContent; // a print or a screenshot carries the title
  show(one("[data-sending]"));
  for (const node of all("[data-failed], [data-receipt], [data-unproved]")) show(node, false);
}

/** @param {import("./start.js").Report} report @param {import("../../client/reporter.js").Filed} sent */
export function showSent(report, sent) {
  show(one("[data-sending]"), false);
  showReceipt(report, sent);
  one("[data-next]").textContent = report.words.next.later;
  show(one("[data-first]"), sent.first);
  tellNext(report, sent);
  const { zone, door } = report;
  openFiles({ zone, directories: door?.directories, ticket: sent.ticket }); // files come after the words
  report.sent = true;
  window.dispatchEvent(new Event("sent"));
  if (report.kept) finish(report);
}

/** @param {HTMLElement} at @param {import("./start.js").Report} report */
function drawTicket(at, report) {
  const groups = groupsOf(report.filing.digits).split(" ");
  at.replaceChildren(...groups.map((group) => el("span", {}, group)));
}

/** For paper only: whoever helps her later scans it and types nothing. @param {import("./start.js").Report} report */
async function drawCode(report) {
  const saving = await bring("saving").catch(() => null);
  if (saving && report.filing.digits)
    one("[data-ticket-code]").src = URL.createObjectURL(saving.codeOf(groupsOf(report.filing.digits)));
}

/** Eight characters of the post's hash: enough to compare by telephone, saying nothing. @param {string} hash */
function mark(hash) {
  const letters = [...atob(hash.replace(/-/g, "+").replace(/_/g, "/"))].map((char) =>
    char.charCodeAt(0).toString(16).padStart(2, "0"),
  );
  return letters
    .join("")
    .slice(0, 8)
    .toUpperCase()
    .replace(/(.{4})/, "$1 ");
}

/** When she will hear, by the door's calendar; without an answer that can be, the general sentence stands.
 * @param {import("./start.js").Report} report @param {import("../../client/reporter.js").Filed} sent */
async function tellNext(report, { ticket, post }) {
  const asked = getJson("/api/case", { Authorization: ticket.authorization });
  const clock = await asked.then((served) => firstDue(served.clocks, post.day)).catch(() => null);
  if (!clock?.due) return;
  one("[data-next]").textContent = fill(report.words.next.accept, { day: dayInWords(report.words, clock.due) });
  show(one("[data-next-provisional]"), clock.provisional);
}

/** @param {import("./start.js").Report} report */
function unlock(report) {
  const right = holds(one("#last").value, report.filing.digits, 5);
  one("#last-wrong").textContent = report.words.wrong.last;
  show(one("#last-wrong"), !right);
  if (!right) return one("#last").focus();
  report.kept = true;
  if (report.sent) return finish(report);
  return show(one("[data-kept]"));
}

/** She has the code, and the door has the report. @param {import("./start.js").Report} report */
function finish(report) {
  report.safe = true;
  forget(report);
  report.go("done");
}

/** Once the code is saved, the page no longer needs code or words. @param {import("./start.js").Report} report */
function forget(report) {
  report.filing.digits = "";
  for (const node of all("[data-ticket]")) node.replaceChildren();
  one("[data-ticket-code]").removeAttribute("src");
  one("[data-picture-here]").replaceChildren();
  one("[data-summary]").replaceChildren();
  for (const form of all("form")) form.reset();
}

/** @param {import("./start.js").Report} report */
async function makePicture(report) {
  const holder = one("[data-picture-here]");
  const told = one("[data-pictured]");
  try {
    const { pictureOf } = await bring("saving");
    const blob = pictureOf(groupsOf(report.filing.digits));
    for (const old of all("img", holder)) old.remove();
    holder.prepend(el("img", { src: URL.createObjectURL(blob), alt: report.words.save.picture }));
    show(holder);
    told.textContent = "";
  } catch (error) {
    told.textContent = sentence(report.words.problem, error);
  }
}

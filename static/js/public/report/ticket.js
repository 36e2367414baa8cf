/** The code: shown after the receipt, saved in one of four ways, unlocked by typing its last group. */

import { getJson } from "../../client/door.js";
import { show as groupsOf } from "../../crypto/ticket.js";
import { all, el, fill, one, show } from "../../dom.js";
import { dayInWords } from "../shell/day.js";
import { copyText, pictureOf } from "./saving.js";

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

/** @param {import("./start.js").Report} report @param {any} sent */
export function showTicket(report, sent) {
  const groups = groupsOf(report.filing.digits).split(" ");
  one("[data-ticket]").replaceChildren(...groups.map((group) => el("span", {}, group)));
  one("[data-receipt-day]").textContent = dayInWords(report.words, sent.receipt.day);
  one("[data-receipt-mark]").textContent = mark(sent.receipt.post);
  one("[data-receipt-raw]").value = `${sent.answer.bytes}\n${sent.answer.sig}`;
  one("[data-next]").textContent = report.words.next.later;
  document.title = one(".paper h2").textContent; // a print or a screenshot carries the title
  show(one("[data-first]"), sent.first);
  tellNext(report);
}

/** Eight characters of the post's hash: enough to compare by telephone, saying nothing. @param {string} hash */
function mark(hash) {
  const letters = [...atob(hash.replace(/-/g, "+").replace(/_/g, "/"))].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
  return letters.join("").slice(0, 8).toUpperCase().replace(/(.{4})/, "$1 ");
}

/** When she will hear, by the door's calendar; without an answer the general sentence stands. @param {import("./start.js").Report} report */
async function tellNext(report) {
  const served = await getJson("/api/case", { Authorization: report.filing.ticket.authorization }).catch(() => null);
  const clock = served?.clocks.find((/** @type {any} */ one_) => one_.step === "accept");
  if (!clock?.due) return;
  one("[data-next]").textContent = fill(report.words.next.accept, { day: dayInWords(report.words, clock.due) });
  show(one("[data-next-provisional]"), Boolean(clock.provisional));
}

/** @param {import("./start.js").Report} report */
function unlock(report) {
  const typed = one("#last").value.normalize("NFKC").replace(/\D/g, "");
  const right = typed === report.filing.digits.slice(-5);
  one("#last-wrong").textContent = report.words.wrong.last;
  show(one("#last-wrong"), !right);
  if (!right) return one("#last").focus();
  report.safe = true;
  forget(report);
  return report.go("done");
}

/** Once the code is saved, the page no longer needs code or words. @param {import("./start.js").Report} report */
function forget(report) {
  report.filing.digits = "";
  one("[data-ticket]").replaceChildren();
  one("[data-picture-here]").replaceChildren();
  one("[data-summary]").replaceChildren();
  for (const form of all("form")) form.reset();
}

/** @param {import("./start.js").Report} report */
async function makePicture(report) {
  const holder = one("[data-picture-here]");
  const blob = await pictureOf(groupsOf(report.filing.digits));
  for (const old of all("img", holder)) old.remove();
  holder.prepend(el("img", { src: URL.createObjectURL(blob), alt: report.words.save.picture }));
  show(holder);
}

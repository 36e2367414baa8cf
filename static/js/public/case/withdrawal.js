/** Taking back: chosen, looked at once more, sent; until it is taken the same code undoes it. */

import { sealUndoing, sealWithdrawal } from "../../client/reporter.js";
import { takenDay, withdrawalOf } from "../../client/withdrawal.js";
import { all, el, fill, one, show } from "../../dom.js";
import { dayInWords } from "../shell/day.js";
import { tell, whileSending } from "./talk.js";

/** @typedef {import("./start.js").CasePage} CasePage */

/** What waits or was taken stands beside the state; what she still may stands at the end, folded. @param {CasePage} page */
export function drawWithdrawal({ words, status }) {
  const { waits, takenFrom, taken, may } = withdrawalOf(status.folded, status.may);
  const told = [
    taken && words.withdrawal.taken[taken],
    waits && fill(words.withdrawal.waits, { scope: words.withdraws[waits], day: dayInWords(words, takenFrom) }),
    waits && words.withdrawal.means[waits],
  ].filter(Boolean);
  one("[data-withdrawal-text]").replaceChildren(...told.map((said) => el("p", {}, said)));
  one("[data-withdrawal]").classList.toggle("warned", waits !== "");
  show(one("[data-withdrawal]"), told.length > 0);
  show(one("[data-withdrawal-undoing]"), status.may.includes("withdraw.undo"));
  for (const choice of all('input[name="withdraw"]')) show(choice.closest("label"), may.includes(choice.value));
  show(one("[data-withdraw-card]"), may.length > 0);
  if (!may.length) shut();
}

/** @param {CasePage} page */
export function startWithdrawal(page) {
  one("[data-withdraw]").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    askAgain(page);
  });
  one("[data-withdraw-leave]").addEventListener("click", () => {
    shut();
    one("[data-withdraw-card] summary").focus();
  });
  const [go, undo] = [one("[data-withdraw-go]"), one("[data-withdrawal-undo]")];
  go.addEventListener("click", () => {
    const scope = chosen();
    return send(page, go, scope, () => sealWithdrawal(page.door, page.ticket, scope));
  });
  undo.addEventListener("click", () => {
    const { withdrawal } = page.status.folded;
    return send(page, undo, withdrawal, () => sealUndoing(page.door, page.ticket, withdrawal));
  });
}

/** What was sealed is sent again in the same bytes and stands once; of a case that has moved on nothing is sent again.
 * @param {CasePage} page @param {any} button @param {string} what @param {() => Promise<any>} seal */
async function send(page, button, what, seal) {
  const { acts, case: id } = page.status.chain;
  const about = acts.filter((/** @type {{kind: string}} */ { kind }) => kind.startsWith("withdraw")).length;
  const key = `${id} ${about} ${what}`;
  await whileSending(page, button, async () => {
    if (page.sealed?.key !== key) page.sealed = { key, draft: await seal() };
    return page.sealed.draft;
  });
  if (!page.sealed?.draft.sent) return;
  page.sealed = null;
  landed();
}

const chosen = () => one('input[name="withdraw"]:checked')?.value ?? "";

/** Nothing is sent by one tap: what will happen is said first, and the reader led to it. @param {CasePage} page */
function askAgain({ words, status }) {
  const scope = chosen();
  tell("withdraw", scope ? "" : words.wrong.withdraw);
  if (!scope) return;
  const day = dayInWords(words, takenDay(status.today, status.folded.workflow));
  one("[data-withdraw-title]").textContent = words.withdrawal.sure[scope];
  one("[data-withdraw-what]").textContent = words.withdrawal.means[scope];
  one("[data-withdraw-when]").textContent = fill(words.withdrawal.when, { day });
  show(one("[data-withdraw]"), false);
  show(one("[data-withdraw-sure]"));
  one("[data-withdraw-title]").focus();
}

/** Nothing is chosen and the section is shut, as it was. */
function shut() {
  one("[data-withdraw]").reset();
  tell("withdraw", "");
  show(one("[data-withdraw]"));
  show(one("[data-withdraw-sure]"), false);
  one("[data-withdraw-card]").open = false;
}

/** It stands: the reader is led to where the case now says so. */
function landed() {
  shut();
  one("[data-case-title]").focus({ preventScroll: true });
  one("[data-withdrawal]").scrollIntoView({ block: "center" });
}

/** Nothing of it stays when the case is shut. */
export const forgetWithdrawal = shut;

/** The award: what it is, until when, and asking for it with a code that only she and payout ever see. */

import { sealClaim } from "../../client/dossier.js";
import { deliver } from "../../client/reporting.js";
import { random } from "../../crypto/encoding.js";
import { capitals, text as inYuan } from "../../core/yuan.js";
import { el, fill, one, show } from "../../dom.js";
import { isClean } from "../../visible.js";
import { grouped } from "../../figures.js";
import { dayInWords } from "../shell/day.js";
import { tell, whileSending } from "./talk.js";

const BYTES = 3900;
const FIELDS = ["payee", "claim-passphrase", "note", "signatories", "declared"];

/** Eight decimal digits, each as likely as any other. @param {(n: number) => Uint8Array} draw @returns {string} */
export function claimCode(draw = random) {
  let code = "";
  while (code.length < 8) {
    const [byte] = draw(1);
    if (byte < 250) code += String(byte % 10);
  }
  return code;
}

/** @param {import("./start.js").CasePage} page */
export function drawPrize({ words, dossier }) {
  const { awarded, claimBy, seen } = dossier.folded;
  show(one("[data-prize]"), awarded > 0 && ["notified", "claimed", "paid"].includes(seen));
  if (!awarded) return;
  one("[data-sum]").textContent = fill(words.sum.yuan, { yuan: grouped(inYuan(awarded)) });
  one("[data-sum-words]").textContent = capitals(awarded);
  one("[data-claim-by]").textContent = seen === "notified" ? fill(words.due.claim, { day: dayInWords(words, claimBy) }) : "";
  show(one("[data-claim]"), dossier.may.includes("claim"));
}

const typed = (/** @type {string} */ id) => one(`#${id}`).value.normalize("NFC").trim();

/** What is wrong with the claim, as [field, word]. @param {{payee: string, passphrase: string, note: string, signatories: string, declared: string}} claim @returns {[string, string] | null} */
export function wrongIn({ payee, passphrase, note, signatories, declared }) {
  const said = [...passphrase].length;
  if (!payee) return ["payee", "payee"];
  if (said < 4 || said > 12) return ["claim-passphrase", "passphrase"];
  if (![payee, passphrase, note].every(isClean)) return ["note", "control"];
  if (new TextEncoder().encode(payee + passphrase + note).length > BYTES) return ["note", "too_long"];
  if (!/^([1-9]\d?|100)$/.test(signatories)) return ["signatories", "signatories"];
  return declared ? null : ["declared", "declared"];
}

/** @param {import("./start.js").CasePage} page */
export function startClaim(page) {
  /** @type {{said: string, code: string, draft: any} | null} */
  let held = null;
  one("[data-claim]").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const claim = { payee: typed("payee"), passphrase: typed("claim-passphrase"), note: typed("note"), signatories: typed("signatories"), declared: one("#declared").checked ? "yes" : "" };
    const method = one('input[name="method"]:checked').value;
    const wrong = wrongIn(claim);
    for (const field of FIELDS) tell(field, "");
    if (wrong?.[0] === "signatories") one("[data-claim] details").open = true;
    if (wrong) return tell(wrong[0], page.words.wrong[wrong[1]]);
    await whileSending(page, one("[data-claim] button"), async () => {
      const said = JSON.stringify([method, claim]);
      if (!held || held.said !== said) held = await prepare(page, method, claim, said);
      await deliver(page.session, held.draft);
      showCode(held.code);
      held = null;
      await page.refresh(page.words.state.sent);
    });
  });
}

/** @param {import("./start.js").CasePage} page @param {string} method @param {any} claim @param {string} said */
async function prepare(page, method, { payee, ...rest }, said) {
  const code = claimCode();
  return { said, code, draft: await sealClaim(page.session, page.ticket, method, { payee, code, ...rest }) };
}

/** @param {string} code */
function showCode(code) {
  one("[data-claim-code]").replaceChildren(el("span", {}, code.slice(0, 4)), el("span", {}, code.slice(4)));
  show(one("[data-claimed]"));
  show(one("[data-claim]"), false);
  one("[data-claimed]").scrollIntoView({ block: "center" });
}

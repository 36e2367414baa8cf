/** The award: what it is, until when, and asking for it with a code that only she and payout ever see. */

import { sealClaim } from "../../client/reporter.js";
import { random } from "../../crypto/encoding.js";
import { holds } from "../../crypto/typed.js";
import { capitals, grouped } from "../../core/yuan.js";
import { all, el, fill, one, show } from "../../dom.js";
import { isClean } from "../../core/visible.js";
import { dayInWords } from "../shell/day.js";
import { copyText } from "../shell/copying.js";
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
export function drawPrize({ words, status }) {
  const { awarded, claimBy, seen } = status.folded;
  show(one("[data-prize]"), awarded > 0 && ["notified", "claimed", "paid"].includes(seen));
  if (!awarded) return;
  one("[data-sum]").textContent = fill(words.sum.yuan, { yuan: grouped(awarded) });
  one("[data-sum-words]").textContent = capitals(awarded);
  one("[data-claim-by]").textContent =
    seen === "notified" ? fill(words.due.claim, { day: dayInWords(words, claimBy) }) : "";
  offerMethods(status.methods);
  const may = status.may.includes("claim");
  show(one("[data-claim]"), may && seen === "notified");
  show(one("[data-claim-again]"), may && seen === "claimed");
  for (const how of all("[data-claim-how]"))
    show(how, seen !== "paid" && status.methods.includes(how.dataset.claimHow));
}

/** How her case's office pays; before she claims she is told what it would learn. @param {string[]} methods */
function offerMethods(methods) {
  for (const input of all('input[name="method"]')) show(input.closest(".choice"), methods.includes(input.value));
  for (const hint of all("[data-method-hint]")) show(hint, methods.includes(hint.dataset.methodHint));
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
  /** @type {{said: string, code: string, draft: any} | null} the same claim is not sealed, or sent, twice */
  let held = null;
  one("[data-claim]").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const claim = typedClaim();
    const method = one('input[name="method"]:checked').value;
    if (isWrong(page, claim)) return;
    const said = JSON.stringify([method, claim]);
    if (!held || held.said !== said) held = { said, code: claimCode(), draft: null };
    const mine = held;
    showCode(page, mine.code);
    await whileSending(page, one("[data-claim] button"), async () => {
      mine.draft ??= await sealed(page, method, claim, mine.code);
      return mine.draft;
    });
    if (mine.draft?.sent) held = null;
  });
  one("[data-claim-again]").addEventListener("click", () => {
    show(one("[data-claim-again]"), false);
    show(one("[data-claim]"));
  });
  startKeeping(page);
}

function typedClaim() {
  return {
    payee: typed("payee"),
    passphrase: typed("claim-passphrase"),
    note: typed("note"),
    signatories: typed("signatories"),
    declared: one("#declared").checked ? "yes" : "",
  };
}

/** Say what is wrong with the claim beside its field. @param {import("./start.js").CasePage} page @param {ReturnType<typeof typedClaim>} claim */
function isWrong(page, claim) {
  const wrong = wrongIn(claim);
  for (const field of FIELDS) tell(field, "");
  if (wrong?.[0] === "signatories") one("[data-claim] details").open = true;
  if (wrong) tell(wrong[0], page.words.wrong[wrong[1]]);
  return wrong !== null;
}

/** @param {import("./start.js").CasePage} page @param {string} method @param {any} claim @param {string} code */
function sealed({ door, ticket }, method, { payee, ...rest }, code) {
  return sealClaim(door, ticket, method, { payee, code, ...rest });
}

/** The code stands there before anything is sent. @param {import("./start.js").CasePage} page @param {string} code */
function showCode(page, code) {
  page.code = code;
  one("[data-claim-code]").replaceChildren(el("span", {}, code.slice(0, 4)), el("span", {}, code.slice(4)));
  show(one("[data-claimed]"));
  show(one("[data-claim-unlock]"));
  show(one("[data-claim-kept]"), false);
  one("[data-claimed]").scrollIntoView({ block: "center" });
}

/** Copying it, and saying that it is kept: until then leaving the page warns. @param {import("./start.js").CasePage} page */
function startKeeping(page) {
  one("[data-claim-copy]").addEventListener("click", async () => {
    const done = await copyText(page.code);
    one("[data-claim-copied]").textContent = done ? page.words.save.copied : page.words.save.copy_failed;
  });
  one("[data-claim-unlock]").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const right = holds(one("#claim-last").value, page.code, 4);
    tell("claim-last", right ? "" : page.words.wrong.claim_last);
    if (!right) return;
    page.code = "";
    show(one("[data-claim-unlock]"), false);
    show(one("[data-claim-kept]"));
  });
}

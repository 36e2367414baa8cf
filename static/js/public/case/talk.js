/** Writing to the office: sealed once, signed again if a colleague was quicker, the words kept until there is a receipt. */

import { objectionAbout, sealMessage, sealObjection } from "../../client/dossier.js";
import { deliver } from "../../client/reporting.js";
import { one, show } from "../../dom.js";
import { isClean } from "../../visible.js";

const MOST = 1200;
const BYTES = 3900; // an item of the thread is 4,096 bytes with its frame

/** @param {import("./start.js").CasePage} page */
export function startTalk(page) {
  /** @type {{text: string, to: string, draft: any} | null} what was sealed already: the same words are not sealed, or sent, twice */
  let held = null;
  one("[data-say]").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = one("#say").value.normalize("NFC").trim();
    const to = one('input[name="to"]:checked').value;
    const wrong = objection(text);
    tell("say", wrong ? page.words.wrong[wrong] : "");
    if (wrong) return;
    await whileSending(page, one("[data-say] button"), async () => {
      if (!held || held.text !== text || held.to !== to) held = { text, to, draft: await sealed(page, text, to) };
      await deliver(page.session, held.draft);
      held = null;
      one("#say").value = "";
      await page.refresh(page.words.state.sent);
    });
  });
}

/** A message, or the objection that another person has to decide. @param {import("./start.js").CasePage} page @param {string} text @param {string} to */
function sealed({ session, ticket, dossier }, text, to) {
  if (to === "objection") return sealObjection(session, ticket, text, objectionAbout(dossier.folded.state));
  return sealMessage(session, ticket, text, /** @type {"thread" | "payout"} */ (to));
}

/** @param {string} text @returns {string} the word of what is wrong, "" when nothing is */
function objection(text) {
  if (!text) return "say";
  if (!isClean(text)) return "control";
  return [...text].length > MOST || new TextEncoder().encode(text).length > BYTES ? "say_long" : "";
}

/** @param {string} field @param {string} words */
export function tell(field, words) {
  const node = one(`#${field}-wrong`);
  node.textContent = words;
  show(node, words !== "");
  one(`#${field}`)?.setAttribute("aria-invalid", String(words !== ""));
  if (words) one(`#${field}`)?.focus();
}

/** One button, one sending; a failure is told and nothing typed is lost. @param {import("./start.js").CasePage} page @param {any} button @param {() => Promise<void>} run */
export async function whileSending(page, button, run) {
  button.disabled = true;
  one("[data-told]").textContent = page.words.state.sending;
  show(one("[data-case-wrong]"), false);
  try {
    await run();
  } catch (error) {
    one("[data-told]").textContent = "";
    page.fail(error);
  } finally {
    button.disabled = false;
  }
}

/** Writing to the office: sealed once, signed again if a colleague was quicker, the words kept until there is a receipt. */

import { objectionAbout, sealMessage, sealObjection } from "../../client/reporter.js";
import { ClientError } from "../../client/errors.js";
import { deliver } from "../../client/reporter.js";
import { one, show } from "../../dom.js";
import { isClean } from "../../core/visible.js";

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
      return held.draft;
    });
    if (!held?.draft.sent) return;
    held = null;
    one("#say").value = "";
    one("#say").dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** A message, or the objection that another person has to decide. @param {import("./start.js").CasePage} page @param {string} text @param {string} to */
function sealed({ door, ticket, status }, text, to) {
  if (to === "objection") return sealObjection(door, ticket, text, objectionAbout(status.folded.state));
  return sealMessage(door, ticket, text, /** @type {"thread" | "payout"} */ (to));
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

/** One button, one sending, which can be stopped; a failure is told and nothing typed is lost.
 * @param {import("./start.js").CasePage} page @param {any} button
 * @param {() => Promise<import("../../client/reporter.js").Draft>} prepare what is sealed once and sent until it is taken */
export async function whileSending(page, button, prepare) {
  /** @type {import("../../client/reporter.js").Draft | null} */
  let draft = null;
  page.stopped = false;
  button.disabled = true;
  say(page.words.state.sending, true);
  show(one("[data-case-wrong]"), false);
  try {
    draft = await prepare();
    const { receipt } = await deliver(page.door, draft, () => goOn(page));
    draft.sent = true;
    await page.refresh(receipt ? page.words.state.sent : page.words.problem.receipt);
    say("", false);
  } catch (error) {
    say("", false);
    page.fail(error, draft?.unheard);
  } finally {
    button.disabled = false;
  }
}

/** @param {string} words @param {boolean} on */
function say(words, on) {
  if (on) one("[data-told]").textContent = words;
  one("[data-case-sending-text]").textContent = words;
  show(one("[data-case-sending]"), on);
}

/** Told to stop, nothing more is sent. @param {import("./start.js").CasePage} page */
function goOn(page) {
  if (page.stopped) throw new ClientError("stopped");
}

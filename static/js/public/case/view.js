/** Drawing the case: where it stands, what is due, what happened, what was said. */

import { all, fill, one, part, show } from "../../dom.js";
import { shown } from "../../visible.js";
import { dayInWords } from "../shell/day.js";
import { eventText } from "./told.js";
import { drawPrize } from "./claim.js";

const IN_TALK = new Set(["thread", "payout"]);

/** @param {import("./start.js").CasePage} page */
export function draw(page) {
  show(one("[data-case-wrong]"), page.dossier.chain.withheld > 0);
  if (page.dossier.chain.withheld > 0) one("[data-case-wrong]").textContent = page.words.state.withheld;
  drawState(page);
  drawDue(page);
  drawLine(page);
  drawTalk(page);
  drawOwn(page);
  drawPrize(page);
  show(one("[data-say]"), page.dossier.may.includes("message"));
  drawWhom(page.dossier);
}

/** @param {import("./start.js").CasePage} page */
function drawState({ words, dossier }) {
  const { seen: state, marks } = dossier.folded;
  const seen = words.seen[state === "verifying" && marks.includes("feedback") ? "told" : state];
  one("[data-state]").textContent = seen.title;
  one("[data-state-text]").textContent = seen.text;
}

/** The next day that matters: what the office owes first, then what she may still do. @param {import("./start.js").CasePage} page */
function drawDue({ words, dossier }) {
  const running = dossier.clocks.filter((/** @type {any} */ clock) => clock.due && !clock.stop && words.due[clock.step]);
  const [next] = running.sort((/** @type {any} */ a, /** @type {any} */ b) => a.due.localeCompare(b.due));
  show(one("[data-due]"), Boolean(next));
  if (!next) return;
  one("[data-due-text]").textContent = fill(words.due[next.step], { day: dayInWords(words, next.due) });
  for (const node of all("[data-provisional], [data-provisional-why]")) show(node, Boolean(next.provisional));
}

/** @param {import("./start.js").CasePage} page */
function drawLine({ words, dossier }) {
  const items = dossier.chain.acts.map((/** @type {any} */ act) => part("event", {
    day: dayInWords(words, act.day),
    title: words.events[act.kind],
    text: shown(eventText(words, act), words.shown.control),
  }));
  one("[data-line]").replaceChildren(...items.reverse());
}

/** @param {import("./start.js").CasePage} page */
function drawTalk(page) {
  const said = page.dossier.chain.acts.flatMap((/** @type {any} */ act) => saidIn(page, act));
  one("[data-talk]").replaceChildren(...said);
  show(one("[data-talk-empty]"), said.length === 0);
}

/** What one post says in words, opened or with a plain sentence why not. @param {import("./start.js").CasePage} page @param {any} act */
function saidIn({ words, dossier }, act) {
  if (act.kind === "report" || act.kind === "claim") return [];
  const mine = act.author === "reporter";
  return act.items.filter((/** @type {any} */ item) => IN_TALK.has(item.comp)).map((/** @type {any} */ item) => {
    const index = act.items.indexOf(item);
    const found = dossier.opened.find((/** @type {any} */ one_) => one_.hash === act.hash && one_.index === index);
    const text = found?.text ?? (mine ? words.said.own_sealed : words.said.unread);
    const who = `${mine ? words.who.me : words.who[item.comp === "payout" ? "payout" : "intake"]} · ${dayInWords(words, act.day)}`;
    const node = part("said", { who, text: shown(text, words.shown.control) });
    node.classList.toggle("mine", mine);
    return node;
  });
}

/** To whom she may write: payout once there is an award, and an objection while her time for it runs.
 * @param {import("./start.js").CasePage["dossier"]} dossier */
function drawWhom({ folded, may }) {
  const ways = { payout: folded.awarded > 0, objection: may.includes("objection") };
  for (const [to, open] of Object.entries(ways)) {
    const choice = one(`input[name="to"][value="${to}"]`);
    if (!open && choice.checked) one('input[name="to"][value="thread"]').checked = true;
    show(choice.closest("label"), open);
  }
  show(one("[data-to]"), ways.payout || ways.objection);
}

/** Her own words, if she asked for a copy when she filed. @param {import("./start.js").CasePage} page */
function drawOwn({ words, dossier }) {
  const own = dossier.opened.find((/** @type {any} */ item) => item.comp === "report");
  show(one("[data-own-card]"), Boolean(own));
  if (own) one("[data-own]").replaceChildren(shown(own.text, words.shown.control));
}

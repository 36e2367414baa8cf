/** Drawing the case: where it stands, what is due, what happened, what was said. */

import { ZONE, officeOf } from "../../core/offices.js";
import { grouped } from "../../core/yuan.js";
import { cancelledFor, roleOf } from "../../client/status.js";
import { withdrawalFacts } from "../../client/withdrawal.js";
import { all, el, fill, one, part, show, shown } from "../../dom.js";
import { dayInWords } from "../shell/day.js";
import { eventText } from "./told.js";
import { drawPrize } from "./claim.js";
import { drawHonour } from "./honour.js";
import { drawOnward } from "./onward.js";
import { drawWithdrawal } from "./withdrawal.js";

const IN_TALK = new Set(["thread", "payout"]);

/** @typedef {import("../../client/reading.js").Opened} Opened */

/** @param {import("./start.js").CasePage} page */
export function draw(page) {
  show(one("[data-case-wrong]"), page.status.chain.withheld > 0);
  if (page.status.chain.withheld > 0) one("[data-case-wrong]").textContent = page.words.state.withheld;
  drawOffice(page);
  drawWanted(page);
  drawState(page);
  drawDue(page);
  drawLine(page);
  drawTalk(page);
  drawOwn(page);
  drawPrize(page);
  drawHonour(page);
  drawOnward(page);
  drawWithdrawal(page);
  const { may, isEmptied } = page.status;
  const over = isEmptied && !may.includes("objection"); // there is nothing left that it could be added to
  show(one("[data-emptied]"), over);
  show(one("[data-say]"), may.includes("message") && !over);
  drawWhom(page.status);
}

/** Where she collects is her case's own office: another than the zone's is named as the zone signed it.
 * @param {import("./start.js").CasePage} page */
function drawOffice({ door, status }) {
  const channel = door?.directories.versions(status.chain.channelId).pop();
  for (const node of all("[data-office]")) {
    node.dataset.zones ??= node.textContent;
    const isZones = !channel || officeOf(channel.policy) === ZONE;
    node.textContent = isZones ? node.dataset.zones : channel.label;
  }
}

/** What is wanted of her stands on top, each in one sentence. @param {import("./start.js").CasePage} page */
function drawWanted({ words, status }) {
  const { seen, waiting, awarded, claimBy } = status.folded;
  const facts = { yuan: grouped(awarded || 0), day: claimBy ? dayInWords(words, claimBy) : "" };
  const wanted = [
    waiting && status.may.includes("message") && !status.isEmptied && words.wanted.answer,
    seen === "notified" && status.may.includes("claim") && fill(words.wanted.claim, facts),
  ].filter(Boolean);
  one("[data-wanted]").replaceChildren(...wanted.map((said) => el("li", {}, said)));
  show(one("[data-wanted-card]"), wanted.length > 0);
}

/** @param {import("./start.js").CasePage} page */
function drawState({ words, status }) {
  const { seen: state, marks, category } = status.folded;
  const cancelled = cancelledFor(status.folded, status.chain.acts);
  const told = state === "verifying" && marks.includes("feedback");
  const seen = words.seen[told ? "told" : cancelled ? "cancelled" : state];
  const text = fill(seen.text, { reason: words.reasons[cancelled] ?? cancelled });
  one("[data-state]").textContent = seen.title;
  one("[data-state-text]").textContent = text + (status.may.includes("objection") ? (seen.object ?? "") : "");
  one("[data-class]").textContent = fill(words.state.class, { category: words.categories[category] ?? "" });
  show(one("[data-class]"), category !== "");
}

/** The next day that matters: what the office owes first, then what she may still do. @param {import("./start.js").CasePage} page */
function drawDue({ words, status }) {
  const running = status.clocks.filter((/** @type {any} */ clock) => clock.due && !clock.stop && words.due[clock.step]);
  const [next] = running.sort((/** @type {any} */ a, /** @type {any} */ b) => a.due.localeCompare(b.due));
  show(one("[data-due]"), Boolean(next));
  if (!next) return;
  one("[data-due-text]").textContent = fill(words.due[next.step], { day: dayInWords(words, next.due) });
  for (const node of all("[data-provisional], [data-provisional-why]")) show(node, Boolean(next.provisional));
}

/** @param {import("./start.js").CasePage} page */
function drawLine({ words, status }) {
  let before = "";
  const items = status.chain.acts.map((/** @type {any} */ act) => {
    const { acts } = status.chain;
    const more = withdrawalFacts(act, acts, status.folded.workflow);
    const text = eventText(words, { ...act, fields: { ...act.fields, ...more } }, before);
    before = act.fields.category ?? before;
    const [day, title] = [dayInWords(words, act.day), words.events[act.kind]];
    return part("event", { day, title, text: shown(text, words.shown.control) });
  });
  one("[data-line]").replaceChildren(...items.reverse());
}

/** @param {import("./start.js").CasePage} page */
function drawTalk(page) {
  const said = page.status.chain.acts.flatMap((/** @type {any} */ act) => saidIn(page, act));
  one("[data-talk]").replaceChildren(...said);
  show(one("[data-talk-empty]"), said.length === 0);
}

/** What one post says in words, opened or with a plain sentence why not. @param {import("./start.js").CasePage} page @param {any} act */
function saidIn({ words, status }, act) {
  if (act.kind === "report" || act.kind === "claim") return [];
  const mine = act.author === "reporter";
  const who = `${mine ? words.who.me : words.who[roleOf(act, status.folded.workflow)]} · ${dayInWords(words, act.day)}`;
  const said = act.items
    .filter((/** @type {any} */ item) => IN_TALK.has(item.comp))
    .flatMap((/** @type {any} */ item) => {
      const index = act.items.indexOf(item);
      if (status.gone.has(item.id)) return [words.said.destroyed];
      const found = status.items.find((/** @type {Opened} */ one_) => one_.post === act.hash && one_.index === index);
      if (found && !found.broken && (found.apart || found.meta.name || found.document)) return []; // a file stands with the files
      if (found && !found.broken) return found.text ? [found.text] : []; // sealed though empty: sizes say nothing
      return [mine ? words.said.own_sealed : words.said.unread];
    });
  const once = said.filter(
    (/** @type {string} */ text, /** @type {number} */ at) =>
      text !== words.said.destroyed || said.indexOf(text) === at,
  );
  return once.map((/** @type {string} */ text) => {
    const node = part("said", { who, text: shown(text, words.shown.control) });
    node.classList.toggle("mine", mine);
    return node;
  });
}

/** To whom she may write: payout once there is an award, and an objection while her time for it runs.
 * @param {import("./start.js").CasePage["status"]} status */
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
function drawOwn({ words, status }) {
  const own = status.items.find(
    (/** @type {Opened} */ { kind, comp, broken, id }) =>
      kind === "report" && comp === "report" && (!broken || status.gone.has(id)),
  );
  show(one("[data-own-card]"), Boolean(own));
  if (!own) return;
  one("[data-own]").replaceChildren(
    shown(status.gone.has(own.id) ? words.said.destroyed : own.text, words.shown.control),
  );
}

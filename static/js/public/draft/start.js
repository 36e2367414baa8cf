/** The draft's own box: a word to put the report aside under, that it lies there, and the word that brings it back. */

import { all, goTo, one, show } from "../../dom.js";
import { aside, drop, putAside } from "../shell/aside.js";
import { putBack, typedIn } from "../shell/fields.js";
import { keyed, opened, sealed } from "./sealed.js";

const LEAST = 6; // characters of a word
const ANSWERS = "form[data-step]";
const MANY = 100; // fields: more are in no form of ours

/** What a page with a report gives. @typedef {{at: string, steps: string[], poster: {channel: string}, go: (step: string) => void, to: (channel: string) => Promise<void>}} Asked */

/** @type {import("./sealed.js").Keyed | null} */ let held = null; // while this page lives
/** @type {Asked} */ let report;
let listening = false;

/** @param {Asked} asked */
export function openDraft(asked) {
  report = asked;
  const actions = { new: start, back: bringBack };
  for (const [name, act] of Object.entries(actions)) {
    one(`[data-draft-form=${name}]`).onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      act();
    };
  }
  for (const button of all("[data-draft-drop]")) button.onclick = () => stand(forget() ?? "gone");
  one("[data-draft-leave]").onclick = () => stand("");
  listen();
  stand(held ? "kept" : aside() ? "back" : "new");
}

/** The key goes, and what lies there. @returns {void} */
function forget() {
  held = null;
  drop();
}

/** Later changes follow by themselves: after each answer, and when the page goes to the back. */
function listen() {
  if (listening) return;
  listening = true;
  document.addEventListener("change", follow);
  document.addEventListener("submit", follow);
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("leaving", () => (held = null));
  window.addEventListener("sent", () => held && forget());
}

/** @param {string} now which part of the box stands there */
function stand(now) {
  const box = one("[data-draft-box]");
  for (const each of all("[data-draft-form]", box)) show(each, each.dataset.draftForm === now);
  for (const field of all("input", box)) field.value = "";
  for (const wrong of all(".wrong", box)) show(wrong, false);
  show(box, Boolean(now));
  if (now) goTo(one(`[data-draft-form=${now}]`));
  if (now) box.scrollIntoView({ block: "center" });
}

/** @param {string} name @param {boolean} isRight @returns {boolean} */
function right(name, isRight) {
  show(one(`#${name}-wrong`), !isRight);
  if (!isRight) one(`#${name}`).focus();
  return isRight;
}

async function start() {
  const word = one("#draft-word").value.normalize("NFKC").trim();
  if (!right("draft-word", [...word].length >= LEAST)) return;
  held = await keyed(word);
  const isKept = await keep();
  if (!isKept) held = null;
  stand(isKept ? "kept" : "refused");
}

/** Whether it lies there now. */
async function keep() {
  if (!held) return false;
  try {
    putAside(await sealed(held, { at: report.at, channel: report.poster.channel, typed: typedIn(ANSWERS) }));
    return true;
  } catch {
    return false;
  }
}

/** Not when it was removed in another tab: what she took away stays away. */
function follow() {
  if (!held) return;
  if (!aside()) return stand(forget() ?? "gone");
  if (report.steps.includes(report.at)) keep();
}

async function bringBack() {
  const found = await opened(one("#draft-again").value, aside());
  const draft = found && asDraft(found.draft);
  if (!right("draft-again", Boolean(draft)) || !found || !draft) return;
  held = found.keyed;
  await report.to(draft.channel); // before the answers: they are of that office
  putBack(draft.typed, ANSWERS);
  stand("");
  report.go(draft.at);
}

/** Only what a form of ours could have put there. @param {any} draft @returns {{at: string, channel: string, typed: import("../shell/fields.js").Typed[]} | null} */
function asDraft(draft) {
  const { at, channel = "", typed } = draft ?? {}; // an earlier release's names no channel
  if (typeof channel !== "string" || channel.length > 64) return null;
  if (!report.steps.includes(at) || !Array.isArray(typed) || typed.length > MANY) return null;
  return typed.every(isTyped) ? { at, channel, typed } : null;
}

/** @param {any} row */
const isTyped = (row) =>
  Array.isArray(row) &&
  row.length === 3 &&
  typeof row[0] === "string" &&
  typeof row[1] === "string" &&
  typeof row[2] === "boolean";

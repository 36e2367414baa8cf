/** What was answered, and what is still wrong with it. The page's fields are the only place it is kept. */

import { overflowing } from "../../client/cards.js";
import { zoneDay } from "../../core/clock.js";
import { all, el, fill, one, show } from "../../dom.js";
import { isClean } from "../../core/visible.js";

export const LEAST = 10;
export const MOST = 5000;

/** @typedef {import("../../client/cards.js").Form} Form */
/** @typedef {Form & {date: string, identity: string}} Answers */
/** @typedef {{field: string, word: string, facts?: Record<string, any>}} Wrong */

const typed = (/** @type {string} */ name) => one(`#${name}`).value.normalize("NFC").trim();
/** What is not asked is not answered: a choice of another kind of office stands there hidden. @param {string} name @returns {string} */
const picked = (name) =>
  all(`input[name="${name}"]:checked`).find((one_) => !one_.closest("[data-offices][hidden]"))?.value ?? "";

/** @param {{channel: string}} poster @returns {Answers} */
export function collect(poster) {
  const identity = picked("identity") || "none"; // where nobody asks, nobody is named
  return {
    category: picked("category"),
    sector: typed("sector"),
    enterprise: typed("enterprise"),
    place: typed("place"),
    since: picked("since"),
    date: typed("date"),
    text: typed("text"),
    identity,
    contact: identity === "none" ? "" : typed("contact"),
    passphrase: typed("passphrase"),
    relation: typed("relation"),
    reward: picked("reward"),
    readback: one('input[name="readback"]').checked,
    channel: poster.channel || one("#channel").value,
  };
}

/** The answers as they are sealed: a day in the past stands with its kind. @param {Answers} answers @returns {Form} */
export function toForm({ date, identity, ...form }) {
  return { ...form, since: form.since === "past" && date ? date : form.since };
}

/** Length as people count it. @param {string} text */
export const count = (text) => [...text].length;

/** @type {Record<string, (answers: Answers) => (Wrong | false)[]>} */
const CHECKS = {
  advice: () => [],
  kind: (a) => [!a.category && { field: "category", word: "category" }],
  where: (a) => [
    !a.enterprise && !a.place && { field: "enterprise", word: "where" },
    overflowing(toForm(a)).includes("card") && { field: "place", word: "card" },
    ...control(a, ["enterprise", "place"]),
  ],
  when: (a) => [
    !a.since && { field: "since", word: "since" },
    a.since === "past" && a.date > zoneDay() && { field: "date", word: "date" },
  ],
  what: (a) => [
    count(a.text) < LEAST && { field: "text", word: "text_short", facts: { n: count(a.text) } },
    count(a.text) > MOST && { field: "text", word: "text_long", facts: { n: count(a.text) } },
    overflowing(toForm(a)).includes("report") && {
      field: "text",
      word: "text_bytes",
      facts: { n: Math.ceil((bytes(a.text) - 16200) / 3) },
    },
    ...control(a, ["text"]),
  ],
  you: (a) => [
    a.identity !== "none" && !a.contact && { field: "contact", word: "contact" },
    a.passphrase !== "" &&
      (count(a.passphrase) < 4 || count(a.passphrase) > 12) && { field: "passphrase", word: "passphrase" },
    ...control(a, ["contact", "passphrase"]),
  ],
  review: (a) =>
    Object.keys(CHECKS)
      .filter((step) => step !== "review")
      .flatMap((step) => check(step, a)),
};

/** All that is wrong with one screen's answers. @param {string} step @param {Answers} answers @returns {Wrong[]} */
export function check(step, answers) {
  return /** @type {Wrong[]} */ (CHECKS[step](answers).filter(Boolean));
}

/** @param {any} answers @param {string[]} names @returns {Wrong[]} */
function control(answers, names) {
  return names.filter((name) => !isClean(answers[name])).map((field) => ({ field, word: "text_control" }));
}

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text).length;
/** The zone's day, by this device's clock. */

/** Say what is wrong beside its field, and go to the first. True when nothing is. @param {string} step @param {Wrong[]} list @param {any} words */
export function showWrong(step, list, words) {
  for (const node of all(`[data-step="${step}"] .wrong`)) show(node, false);
  for (const node of all("[aria-invalid]")) node.removeAttribute("aria-invalid");
  for (const { field, word, facts } of [...list].reverse()) {
    const told = one(`#${field}-wrong`);
    told.textContent = fill(words[word], facts);
    show(told);
    const input = one(`#${field}`) ?? one(`input[name="${field}"]`);
    input.setAttribute("aria-invalid", "true");
    const step_ = input.closest("details");
    if (step_) step_.open = true;
    input.focus();
  }
  return list.length === 0;
}

/** A complaint goes as soon as it no longer holds. @param {string} step @param {Wrong[]} list */
export function settle(step, list) {
  const wrong = new Set(list.map(({ field }) => `${field}-wrong`));
  for (const node of all(`[data-step="${step}"] .wrong:not([hidden])`)) {
    if (wrong.has(node.id)) continue;
    show(node, false);
    one("[aria-invalid]", node.closest("[data-field]"))?.removeAttribute("aria-invalid");
  }
}

/** The sectors from the words, and the fields that show only when they are asked for. @param {any} words */
export function fillChoices(words) {
  one("#sector").append(...sorted(words.sectors).map(([value, label]) => el("option", { value, textContent: label })));
  const toggles = [
    ["since", "past", "[data-when-past]"],
    ["since", "now", "[data-when-now]"],
  ];
  for (const [name, value, shown] of toggles) {
    for (const input of all(`input[name="${name}"]`))
      input.addEventListener("change", () => show(one(shown), picked(name) === value));
  }
  for (const input of all('input[name="identity"]')) {
    input.addEventListener("change", () => show(one("[data-contact]"), picked("identity") !== "none"));
  }
  const told = () => (one("[data-count]").textContent = fill(words.count.left, { n: count(typed("text")) }));
  one("#text").addEventListener("input", told);
  told();
}

/** "unknown" first: it is the answer of whoever does not know. @param {Record<string, string>} table */
function sorted(table) {
  const rows = Object.entries(table);
  return [...rows.filter(([id]) => id === "unknown"), ...rows.filter(([id]) => id !== "unknown")];
}

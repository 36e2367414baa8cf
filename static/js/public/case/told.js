/** What each post is to its reporter, in one sentence of the page's words. */

import { fill } from "../../dom.js";
import { grouped } from "../../core/yuan.js";
import { dayInWords } from "../shell/day.js";

/** The facts a sentence may name. @param {any} words @param {any} act @param {string} before */
function facts(words, act, before) {
  const { scope } = act.fields;
  const {
    category,
    reason,
    to,
    fen,
    method,
    action,
    outcome,
    result,
    level,
    document,
    approved_by: approvedBy,
  } = act.fields;
  const day = act.fields.claim_by ?? act.fields.until ?? act.fields.due;
  return {
    category: words.categories[category] ?? "",
    before: words.categories[before] ?? "",
    reason: words.reasons[reason] ?? reason ?? "",
    method: words.methods[method] ?? "",
    to: to ?? "",
    yuan: fen ? grouped(fen) : "",
    day: day ? dayInWords(words, day) : "",
    action: words.actions?.[action] ?? "",
    outcome: words.outcomes?.[outcome] ?? "",
    result: words.results?.[result] ?? "",
    level: words.levels?.[level] ?? "",
    document: document ?? "",
    approved_by: approvedBy ?? "",
    honour: words.honours?.[act.fields.honour] ?? "",
    scope: words.withdraws?.[scope] ?? words.destroyed?.[scope] ?? "",
  };
}

/** `before`: the category she was told before this post, "" if none. @param {any} words @param {any} act @param {string} [before] @returns {string} */
export function eventText(words, act, before = "") {
  return fill(words.told[keyOf(act, before)] ?? "", facts(words, act, before));
}

/** @param {any} act @param {string} before @returns {string} */
function keyOf({ kind, author, fields }, before) {
  if (kind === "message") return author === "reporter" ? "message_mine" : "message_theirs";
  if (kind === "withdraw.take" && fields.scope === "contact") return "withdraw.take_contact";
  return kind === "classify.tell" && ["", fields.category].includes(before) ? "classify.tell_same" : kind;
}

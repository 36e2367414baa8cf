/** What each post is to its reporter, in one sentence of the page's words. */

import { fill } from "../../dom.js";
import { text as inYuan } from "../../core/yuan.js";
import { grouped } from "../../figures.js";
import { dayInWords } from "../shell/day.js";

/** The facts a sentence may name. @param {any} words @param {any} act */
function facts(words, act) {
  const { category, reason, to, fen, method, action, outcome, result, level, document, approved_by: approvedBy } = act.fields;
  const day = act.fields.claim_by ?? act.fields.until ?? act.fields.due;
  return {
    category: words.categories[category] ?? "",
    reason: words.reasons[reason] ?? reason ?? "",
    method: words.methods[method] ?? "",
    to: to ?? "",
    yuan: fen ? grouped(inYuan(fen)) : "",
    day: day ? dayInWords(words, day) : "",
    action: words.actions?.[action] ?? "",
    outcome: words.outcomes?.[outcome] ?? "",
    result: words.results?.[result] ?? "",
    level: words.levels?.[level] ?? "",
    document: document ?? "",
    approved_by: approvedBy ?? "",
  };
}

/** @param {any} words @param {any} act @returns {string} */
export function eventText(words, act) {
  const mine = act.author === "reporter" ? "message_mine" : "message_theirs";
  const key = act.kind === "message" ? mine : act.kind;
  return fill(words.told[key] ?? "", facts(words, act));
}

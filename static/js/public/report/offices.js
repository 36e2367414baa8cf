/** Whom the report goes to, by what the zone signed: shown always, to be chosen where there are several. */

import { ClientError } from "../../client/errors.js";
import { AUTHORITY } from "../../core/offices.js";
import { all, el, one, show } from "../../dom.js";
import { leadPosterTo } from "../shell/start.js";

/** @typedef {import("../../client/trust.js").Receiver} Receiver */

/** Ask once who there is. Nothing is sealed before that is known: a server that holds one name back could else choose
 * for her. @param {import("./start.js").Report} report @param {import("../../client/reporter.js").Public} door */
export async function askReceivers(report, door) {
  if (report.receivers.length === 0) report.receivers = await door.receivers(report.poster.channel);
  showReceivers(report);
}

/** The choice, for who came by no poster and has one. @param {import("./start.js").Report} report */
export function showReceivers({ receivers, poster }) {
  const select = one("#channel");
  const chosen = select.value || select.dataset.wanted || "";
  select.replaceChildren(...receivers.map(({ id, label }) => el("option", { value: id, textContent: label })));
  if (receivers.some(({ id }) => id === chosen)) select.value = chosen;
  show(one("[data-channel]"), receivers.length > 1 && !poster.channel);
  showFor(receivers[0]?.kind ?? AUTHORITY);
}

/** What is asked and said by the kind of office that receives: what is not its own is neither shown nor answered.
 * @param {string} kind */
function showFor(kind) {
  for (const node of all("[data-offices]")) {
    const isIts = node.dataset.offices === kind;
    show(node, isIts);
    if (isIts) continue;
    for (const input of all("input[type=radio]", node)) input.checked = input.defaultChecked;
    for (const field of all("textarea, select", node)) field.value = "";
  }
}

/** From now on to this channel, "" for the authorities' to choose from. Who stands there is asked anew.
 * @param {import("./start.js").Report} report @param {string} channel */
export function leadTo(report, channel) {
  report.poster = { ...report.poster, channel };
  report.receivers = [];
  leadPosterTo(channel);
}

/** Not to the enterprise whose poster she came by, but to the authority: what she wrote stays.
 * @param {import("./start.js").Report} report @param {import("../../client/reporter.js").Public} door */
export async function askAuthority(report, door) {
  const found = await door.receivers();
  if (found.length === 0) throw new ClientError("closed");
  leadTo(report, "");
  report.receivers = found;
  showReceivers(report);
}

/** Who receives what is answered now; null while nobody was asked. @param {Receiver[]} receivers @param {string} channel */
export const receiverOf = (receivers, channel) =>
  receivers.find(({ id }) => id === channel) ?? (channel === "" ? receivers[0] : null) ?? null;

/** Whom the report goes to, by what the zone signed: shown always, to be chosen where there are several. */

import { el, one, show } from "../../dom.js";

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
}

/** Who receives what is answered now; null while nobody was asked. @param {Receiver[]} receivers @param {string} channel */
export const receiverOf = (receivers, channel) =>
  receivers.find(({ id }) => id === channel) ?? (channel === "" ? receivers[0] : null) ?? null;

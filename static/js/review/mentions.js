/** In which cases this person is meant by a note, as far as they were opened in this page. */

import { isMeant } from "../client/mentions.js";
import { office } from "./session.js";
import { onForget } from "./store.js";

/** @type {Set<string>} */
const meant = new Set();
onForget(() => meant.clear());

/** Whether a note of this case means him. @param {string} id */
export const isMentioned = (id) => meant.has(id);

/** Who can be meant in a channel, by label. @param {string} channel */
export function labelsIn(channel) {
  const { directories } = office();
  return (directories.channel(directories.newestHash, channel)?.readers ?? []).map(({ label }) => label);
}

/** Look at a case that was opened. @param {import("../client/view.js").View} view */
export function lookForMentions(view) {
  const { directories, rid, me } = office();
  const { channelId } = view.chain;
  const mine = directories.reader(directories.newestHash, channelId, rid);
  if (mine && isMeant(view, me.person, mine.label, labelsIn(channelId))) meant.add(view.id);
  else meant.delete(view.id);
}

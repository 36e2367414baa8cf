/** Sealing and sending: what is being done is shown; on any failure the words stay, and the same report is tried again. */

import { checkOpen } from "../../client/reporter.js";
import { ClientError } from "../../client/errors.js";
import { giveUp } from "../../client/wire.js";
import { Public } from "../../client/reporter.js";
import { zoneDay } from "../../core/clock.js";
import { bring } from "../../bring.js";
import { all, goTo, one, show } from "../../dom.js";
import { isDistrust, sentence } from "../shell/problem.js";
import { stop } from "../shell/start.js";
import { check, collect, toForm } from "./form.js";
import { askAuthority, askReceivers, leadTo } from "./offices.js";
import { showSummary } from "./summary.js";
import { showCode, showSent } from "./ticket.js";

const STEPS = ["trust", "seal", "work", "post"];

/** @param {import("./start.js").Report} report */
export function startSending(report) {
  one("[data-stop-sending]").addEventListener("click", () => {
    report.stopped = true;
    giveUp();
  });
}

/** What is being done; told to stop, nothing more is. @param {import("./start.js").Report} report @param {string} now */
function tell(report, now) {
  if (report.stopped) throw new ClientError("stopped");
  const at = STEPS.indexOf(now);
  if (at < 0) return;
  for (const item of all("[data-doing-step]")) {
    const index = STEPS.indexOf(item.dataset.doingStep);
    item.className = index < at ? "done" : index === at ? "now" : "";
  }
}

/** The code stands there before anything is sent: a lost answer or a closed tab then costs nothing.
 * @param {import("./start.js").Report} report */
export async function send(report) {
  report.stopped = false;
  showCode(report);
  report.go("ticket");
  tell(report, "trust");
  await new Promise((painted) => setTimeout(painted, 50));
  try {
    const door = await trusted(report);
    if (!door || (await isNew(report, door))) return;
    const sent = await report.filing.send(door, toForm(collect(report.poster)), (now) => tell(report, now));
    showSent(report, sent);
  } catch (error) {
    showFailed(report, error);
  }
}

/** Whom a report may go to is known before it is sealed. What she had no chance to choose she sees first.
 * @param {import("./start.js").Report} report @param {Public} door */
async function isNew(report, door) {
  const asked = report.receivers.length > 0;
  await askReceivers(report, door);
  if (!report.poster.channel) receiver(report);
  // Whose form it is was not known while she wrote: what another kind of office does not ask was emptied just now.
  const isOthers = !asked && check("review", collect(report.poster)).length > 0;
  const isToChoose = !asked && !report.poster.channel && report.receivers.length > 1;
  if (isOthers || isToChoose) report.go("review");
  return isOthers || isToChoose;
}

/** The first who receives reports here: never whatever stands first in the directory. @param {import("./start.js").Report} report @returns {string} */
function receiver({ receivers }) {
  if (receivers.length === 0) throw new ClientError("closed");
  return receivers[0].id;
}

/** @param {import("./start.js").Report} report @param {unknown} error */
function showFailed(report, error) {
  const { unsent, problem } = report.words;
  const lost = report.filing.mayStand;
  one("[data-failed-title]").textContent = lost ? unsent.unheard : unsent.title;
  one("[data-failed-text]").textContent = lost && isOffline(error) ? unsent.unheard_text : sentence(problem, error);
  show(one("[data-sending]"), false);
  show(one("[data-failed]"));
  goTo(one("[data-failed]"));
}

/** @param {unknown} error */
const isOffline = (error) => error instanceof ClientError && ["offline", "stopped"].includes(error.code);

/** The zone's papers, verified against the pin; when they fail nothing is sealed at all. @param {import("./start.js").Report} report */
async function trusted(report) {
  try {
    report.door ??= await Public.open(report.zone);
    return report.door;
  } catch (error) {
    if (!isDistrust(error)) throw error;
    report.go("none");
    stop("lies");
    return null;
  }
}

/** Whether anybody could read her is known before she writes. Without a connection nothing is said: sending will say so.
 * @param {import("./start.js").Report} report */
export async function checkReaders(report) {
  try {
    const door = await trusted(report);
    if (!door) return;
    await askReceivers(report, door);
    await checkOpen(door, report.poster.channel || receiver(report));
  } catch (error) {
    const reason = CLOSED[/** @type {any} */ (error).code];
    if (!reason) return;
    report.safe = true;
    report.go("none");
    stop(reason);
  }
}

/** A draft goes on to whom it was begun for: asked before its answers come back, which are of that office's questions.
 * @param {import("./start.js").Report} report @param {string} channel */
export async function toChannel(report, channel) {
  if (channel === report.poster.channel) return;
  leadTo(report, channel);
  const door = await trusted(report).catch(() => null);
  if (door) await askReceivers(report, door).catch(() => null); // sending asks again, and looks at the answers again
}

/** From an enterprise's form to the authority's, where she stands. Without a connection the form stays what it is, and says so.
 * @param {import("./start.js").Report} report */
export async function toAuthority(report) {
  const door = await trusted(report).catch(() => null);
  const isThere =
    door &&
    (await askAuthority(report, door).then(
      () => true,
      () => false,
    ));
  for (const node of all("[data-authority-away]")) show(node, !isThere);
  if (isThere) report.go(report.at);
}

/** @type {Record<string, "closed" | "channel">} */
const CLOSED = { closed: "closed", no_reader: "closed", unknown_channel: "channel" };

/** While she reads her words once more: fetch the papers, and say if the staff's keys are past their date.
 * @param {import("./start.js").Report} report */
export async function prepare(report) {
  bring("saving").catch(() => null); // asked for again when she presses
  const door = await trusted(report).catch(() => null); // no connection yet: sending will say so
  show(one("[data-expired]"), Boolean(door?.isExpired(zoneDay())));
  if (!door || report.receivers.length > 0) return;
  await askReceivers(report, door).catch(() => null);
  showSummary(report);
}

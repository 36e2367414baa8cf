/** Sealing and sending: what is being done is shown; on any failure the words stay, and the same report is tried again. */

import { Session } from "../../client/session.js";
import { all, goTo, one, show } from "../../dom.js";
import { isDistrust, sentence } from "../shell/problem.js";
import { stop } from "../shell/start.js";
import { collect, toForm, zoneToday } from "./form.js";
import { showTicket } from "./ticket.js";

const STEPS = ["trust", "ticket", "seal", "work", "post"];

/** @param {string} now */
function tell(now) {
  const at = STEPS.indexOf(now);
  for (const item of all("[data-doing-step]")) {
    const index = STEPS.indexOf(item.dataset.doingStep);
    item.className = index < at ? "done" : index === at ? "now" : "";
  }
}

/** @param {import("./start.js").Report} report */
export async function send(report) {
  tell("trust");
  await new Promise((painted) => setTimeout(painted, 50));
  try {
    const session = await trusted(report);
    if (!session) return;
    const sent = await report.filing.send(session, toForm(collect(report.poster)), tell);
    showTicket(report, sent);
    report.go("ticket");
  } catch (error) {
    one("[data-failed-text]").textContent = sentence(report.words.problem, error);
    report.go("failed");
    goTo(one('[data-step="failed"] h1'));
  }
}

/** The zone's papers, verified against the pin; when they fail nothing is sealed at all. @param {import("./start.js").Report} report */
async function trusted(report) {
  try {
    report.session ??= await Session.open(report.zone);
    return report.session;
  } catch (error) {
    if (!isDistrust(error)) throw error;
    report.go("none");
    stop("lies");
    return null;
  }
}

/** While she reads her words once more: fetch the papers, and say if the staff's keys are past their date.
 * @param {import("./start.js").Report} report */
export async function prepare(report) {
  const session = await trusted(report).catch(() => null); // no connection yet: sending will say so
  show(one("[data-expired]"), Boolean(session?.isExpired(zoneToday())));
}

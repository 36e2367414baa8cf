/** From the company to the authority: at the company's case the way there, at the authority's the proof that she was inside first. */

import { onwardDraft } from "../../client/onward.js";
import { officeKind } from "../../client/trust.js";
import { AUTHORITY, ENTERPRISE } from "../../core/offices.js";
import { show as fingerprint } from "../../crypto/fingerprint.js";
import { find, openTicket } from "../../crypto/ticket.js";
import { ClientError } from "../../client/errors.js";
import { EnvelopeError } from "../../crypto/errors.js";
import { one, show } from "../../dom.js";
import { tell, whileSending } from "./talk.js";

/** @typedef {import("./start.js").CasePage} CasePage */

/** @param {CasePage} page */
export function drawOnward({ door, status }) {
  const kind = officeKind(door.directories, status.chain.channelId);
  show(one("[data-onward]"), kind === ENTERPRISE);
  one("[data-onward] a").hash = `pin=${fingerprint(door.zone).replace(/ /g, "")}`; // the zone she verified, and no channel
  show(one("[data-inside]"), kind === AUTHORITY && status.may.includes("evidence"));
}

/** @param {CasePage} page */
export function startOnward(page) {
  const form = one("[data-inside-form]");
  /** @type {{digits: string, case: string, draft: any} | null} what was sealed already is not sealed, or sent, twice */
  let held = null;
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const digits = typed();
    tell("inside-code", digits ? "" : page.words.inside.code);
    if (!digits) return;
    await whileSending(page, one("button", form), async () => {
      const { chain } = page.status;
      if (held?.digits === digits && held.case === chain.case) return held.draft;
      const draft = await onwardDraft(page.door, page.ticket, await openTicket(page.zone, digits)).catch(said);
      if (typeof draft === "string") throw new ClientError(draft);
      held = { digits, case: chain.case, draft };
      return draft;
    });
    if (!held?.draft.sent) return;
    held = null;
    form.reset();
    one("[data-inside]").open = false;
  });
}

/** What a refusal of the company's ticket is told as. @param {unknown} error */
function said(error) {
  if (error instanceof EnvelopeError) return "onward";
  if (error instanceof ClientError && ["onward", "unknown_ticket"].includes(error.code)) return "onward";
  throw error;
}

function typed() {
  try {
    return find(one("#inside-code").value);
  } catch {
    return "";
  }
}

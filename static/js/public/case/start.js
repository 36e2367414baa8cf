/** One case on the page: the code opens it, and closing it forgets the code. */

import { openDossier } from "../../client/dossier.js";
import { Session } from "../../client/session.js";
import { all, fill, goTo, one, pageWords, show } from "../../dom.js";
import { normalise, openTicket } from "../../crypto/ticket.js";
import { onLeave } from "../shell/leave.js";
import { isDistrust, sentence } from "../shell/problem.js";
import { canSeal, clearFragment, pinnedZone, stop } from "../shell/start.js";
import { startClaim } from "./claim.js";
import { startTalk } from "./talk.js";
import { draw } from "./view.js";

/** Every node that a case is drawn into. */
const SHOWN = ["state", "state-text", "due-text", "sum", "sum-words", "claim-by", "claim-code", "line", "talk", "own", "case-wrong"]
  .map((name) => `[data-${name}]`).join();

/** @param {import("../../client/poster.js").Poster} poster */
export function startCase(poster) {
  const able = canSeal();
  const zone = pinnedZone(poster);
  if (able && zone) new CasePage(zone).start();
  else show(one("[data-lookup]"), false);
}

export class CasePage {
  /** @param {import("../../crypto/encoding.js").Bytes} zone */
  constructor(zone) {
    this.zone = zone;
    this.words = pageWords();
    /** @type {any} */ this.session = null;
    /** @type {any} */ this.ticket = null;
    /** @type {any} */ this.dossier = null;
  }

  start() {
    one("[data-lookup]").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.look();
    });
    one("[data-refresh]").addEventListener("click", () => this.refresh());
    one("[data-lock]").addEventListener("click", () => this.lock());
    startTalk(this);
    startClaim(this);
    onLeave(() => this.forget());
  }

  async look() {
    const digits = this.typed();
    if (!digits) return;
    this.busy(true);
    try {
      this.session ??= await Session.open(this.zone);
      this.ticket = await openTicket(this.zone, digits);
      this.dossier = await openDossier(this.session, this.ticket);
      this.open();
    } catch (error) {
      this.forget();
      this.refuse(error);
    } finally {
      this.busy(false);
    }
  }

  /** The digits, when nothing is wrong with them that can be known here. */
  typed() {
    const value = one("#code").value;
    try {
      return normalise(value);
    } catch (error) {
      const n = value.normalize("NFKC").replace(/\D/g, "").length;
      const { code } = this.words;
      this.say(!n ? code.empty : /** @type {any} */ (error).code === "ticket_check" ? code.check : fill(code.length, { n }));
      return "";
    }
  }

  /** @param {string} words */
  say(words) {
    one("#code-wrong").textContent = words;
    show(one("#code-wrong"), words !== "");
    one("#code").setAttribute("aria-invalid", String(words !== ""));
    if (words) one("#code").focus();
  }

  /** @param {unknown} error */
  refuse(error) {
    if (isDistrust(error)) stop(this.session ? "broken" : "lies");
    else this.say(sentence(this.words.problem, error));
  }

  /** @param {boolean} on */
  busy(on) {
    const button = one("[data-lookup-go]");
    button.disabled = on;
    button.setAttribute("aria-busy", String(on));
    one("[data-lookup-told]").textContent = on ? this.words.code.working : "";
  }

  open() {
    one("#code").value = "";
    this.say("");
    clearFragment();
    for (const front of all("[data-front]")) show(front, false);
    show(one("[data-case]"));
    draw(this);
    goTo(one("[data-case-title]"));
  }

  /** Fetch what came in; on failure what was shown stays. @param {string} [told] */
  async refresh(told = this.words.state.refreshed) {
    try {
      this.dossier = await openDossier(this.session, this.ticket);
      draw(this);
      one("[data-told]").textContent = told;
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {unknown} error */
  fail(error) {
    const node = one("[data-case-wrong]");
    node.textContent = isDistrust(error) ? this.words.stop.broken_title : sentence(this.words.problem, error);
    show(node);
    node.scrollIntoView({ block: "center" });
  }

  lock() {
    this.forget();
    show(one("[data-case]"), false);
    for (const front of all("[data-front]")) show(front);
    goTo(one("#code"));
  }

  /** Nothing of the case stays in the page. */
  forget() {
    this.ticket = null;
    this.dossier = null;
    for (const form of all("[data-case] form")) form.reset();
    show(one("[data-claimed]"), false);
    for (const node of all(SHOWN)) node.replaceChildren();
  }
}

/** One case on the page: the code opens it, and closing it forgets the code. */

import { giveUp } from "../../client/wire.js";
import { statusOf } from "../../client/reporter.js";
import { Public } from "../../client/reporter.js";
import { all, fill, goTo, one, pageWords, show } from "../../dom.js";
import { counted, find, openTicket } from "../../crypto/ticket.js";
import { bring } from "../../bring.js";
import { openFiles } from "../shell/place.js";
import { onLeave } from "../shell/leave.js";
import { afterQuiet } from "../shell/quiet.js";
import { isDistrust, sentence } from "../shell/problem.js";
import { canSeal, onLanguage, pinnedZone, stop } from "../shell/start.js";
import { startHonour } from "./honour.js";
import { startOnward } from "./onward.js";
import { startClaim } from "./claim.js";
import { startTalk } from "./talk.js";
import { forgetWithdrawal, startWithdrawal } from "./withdrawal.js";
import { draw } from "./view.js";

/** A case that nobody looks at folds. */
const QUIET = 10 * 60_000;

/** Every node that a case is drawn into. */
const SHOWN = [
  "wanted",
  "state",
  "state-text",
  "class",
  "due-text",
  "honour-name",
  "honour-text",
  "honour-by",
  "sum",
  "sum-words",
  "claim-by",
  "claim-code",
  "line",
  "talk",
  "own",
  "withdrawal-text",
  "withdraw-title",
  "withdraw-what",
  "withdraw-when",
  "case-wrong",
]
  .map((name) => `[data-${name}]`)
  .join();

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
    /** @type {any} */ this.door = null;
    /** @type {any} */ this.ticket = null;
    /** @type {any} */ this.status = null;
    /** @type {import("../../client/certificates.js").Held | null} */ this.certificate = null;
    this.code = ""; // a claim code that stands on the page and was not said to be kept
    this.watched = false; // whether what looks at her words was sent for
    this.stopped = false; // she told it to send no more
    /** @type {{key: string, draft: any} | null} a withdrawal, or its undoing, that is sealed and may not have arrived */
    this.sealed = null;
    /** @type {any} the place for files */ this.evidence = null;
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
    startHonour(this);
    startOnward(this);
    startWithdrawal(this);
    one("[data-case-stop]").addEventListener("click", () => {
      this.stopped = true;
      giveUp();
    });
    window.addEventListener("beforeunload", (event) => this.warn(event));
    onLeave(() => this.forget());
    onLanguage(() => this.carried());
    afterQuiet(QUIET, () => this.ticket && !this.evidence?.busy && this.lock());
  }

  /** The same case on the page of another language; not while files are on their way, nor over a code that is not kept. */
  carried() {
    if (!this.ticket || this.code || this.evidence?.busy) return null;
    return () => {
      const { zone, door, ticket, status } = this;
      this.evidence?.close();
      this.ticket = this.evidence = null; // nothing is lost with these nodes
      const next = Object.assign(new CasePage(zone), { door, ticket, status });
      next.start();
      next.open();
    };
  }

  async look() {
    const digits = this.typed();
    if (!digits) return;
    this.busy(true);
    try {
      this.door ??= await Public.open(this.zone);
      this.ticket = await openTicket(this.zone, digits);
      this.status = await statusOf(this.door, this.ticket);
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
      return find(value);
    } catch (error) {
      const n = counted(value);
      const { code } = this.words;
      this.say(
        !n ? code.empty : /** @type {any} */ (error).code === "ticket_check" ? code.check : fill(code.length, { n }),
      );
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
    if (isDistrust(error)) stop(this.door ? "broken" : "lies");
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
    for (const front of all("[data-front]")) show(front, false);
    show(one("[data-case]"));
    draw(this);
    goTo(one("[data-case-title]"));
    this.offerFiles();
    this.watchWords();
  }

  /** Once for a page: what looks at her words comes with an open case, for the page's first load is full. */
  async watchWords() {
    if (this.watched) return;
    this.watched = true;
    const watch = await bring("myself").catch(() => null); // no connection: nothing is pointed out, nothing held up
    watch?.(this.words);
  }

  /** The files of the case: hers to add, the office's to look at. */
  async offerFiles() {
    const { zone, ticket, door, status } = this;
    const given = { zone, directories: door.directories, ticket, status, arrived: () => this.refresh("") };
    this.evidence = await openFiles(given);
    if (this.ticket !== ticket) this.evidence?.close();
  }

  /** Fetch what came in; on failure what was shown stays. @param {string} [told] */
  async refresh(told = this.words.state.refreshed) {
    try {
      this.status = await statusOf(this.door, this.ticket);
      draw(this);
      this.evidence?.see(this.status);
      one("[data-told]").textContent = told;
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {unknown} error @param {boolean} [unheard] sent, and no answer heard */
  fail(error, unheard = false) {
    const node = one("[data-case-wrong]");
    const { problem, problem_here: here } = this.words;
    const told = unheard ? problem.unheard : sentence({ ...problem, ...here }, error);
    node.textContent = isDistrust(error) ? this.words.stop.broken_title : told;
    one("[data-told]").textContent = ""; // it is not being sent any more
    show(node);
    node.scrollIntoView({ block: "center" });
  }

  lock() {
    this.forget();
    show(one("[data-case]"), false);
    for (const front of all("[data-front]")) show(front);
    goTo(one("#code"));
  }

  /** A code that is not kept, or words that are not sent, are not lost without a question. @param {BeforeUnloadEvent} event */
  warn(event) {
    if (!this.ticket || !(this.code || one("#say").value.trim())) return;
    event.preventDefault();
    event.returnValue = "";
  }

  /** Nothing of the case stays in the page. */
  forget() {
    this.code = "";
    this.certificate = null;
    this.evidence?.close();
    this.evidence = null;
    this.ticket = null;
    this.status = null;
    this.sealed = null;
    for (const form of all("[data-case] form")) form.reset();
    forgetWithdrawal();
    show(one("[data-claimed]"), false);
    for (const node of all(SHOWN)) node.replaceChildren();
  }
}

/** The report: one question a screen, all of it in this page's memory until it is sealed. */

import { Filing } from "../../client/reporter.js";
import { bring } from "../../bring.js";
import { all, fill, goTo, one, pageWords, show } from "../../dom.js";
import { onLeave } from "../shell/leave.js";
import { canSeal, onLanguage, pinnedZone } from "../shell/start.js";
import { check, collect, fillChoices, settle, showWrong } from "./form.js";
import { watchMyself } from "../shell/myself.js";
import { openPlace } from "../shell/place.js";
import { aside } from "../shell/aside.js";
import { showReceivers } from "./offices.js";
import { checkReaders, prepare, send, startSending, toAuthority, toChannel } from "./sending.js";
import { showSummary } from "./summary.js";
import { startTicket } from "./ticket.js";

const QUESTIONS = ["advice", "kind", "where", "when", "what", "you", "review"];

/** @param {import("../../client/poster.js").Poster} poster */
export function startReport(poster) {
  const able = canSeal();
  const zone = pinnedZone(poster);
  if (!able || !zone) return;
  new Report(zone, poster).start();
}

export class Report {
  steps = QUESTIONS;

  /** @param {import("../../crypto/encoding.js").Bytes} zone @param {import("../../client/poster.js").Poster} poster */
  constructor(zone, poster) {
    this.words = pageWords();
    this.zone = zone;
    this.poster = poster;
    this.filing = new Filing();
    /** @type {import("../../client/reporter.js").Public | null} */ this.door = null;
    /** @type {import("../../client/trust.js").Receiver[]} */ this.receivers = [];
    this.at = "advice";
    this.editing = false;
    this.safe = false;
    /** The code is saved; the report is sent; she told it to stop. */
    this.kept = this.sent = this.stopped = false;
  }

  start(at = "advice") {
    fillChoices(this.words);
    showReceivers(this);
    one("#enterprise").value = this.poster.enterprise;
    one("#place").value = this.poster.place;
    offerEnterprises(this.words.register);
    watchMyself(this.words);
    for (const form of all("form[data-step]")) {
      form.addEventListener("submit", (/** @type {Event} */ event) => this.next(event));
      form.addEventListener("input", () => settle(this.at, check(this.at, collect(this.poster))));
    }
    for (const button of all("[data-back]")) button.addEventListener("click", () => this.back());
    one("[data-retry]").addEventListener("click", () => this.submit());
    one("[data-edit]").addEventListener("click", () => this.go("review"));
    startSending(this);
    startTicket(this);
    one("[data-draft]").addEventListener("click", () => this.draft());
    for (const button of all("[data-to-authority]")) button.addEventListener("click", () => toAuthority(this));
    if (aside()) this.draft();
    this.guard();
    onLanguage(() => this.carried());
    this.go(at, false);
    checkReaders(this);
  }

  /** The same report on the page of another language; not while it is on its way, nor once it was sent. */
  carried() {
    if (!QUESTIONS.includes(this.at)) return null;
    return () => {
      const next = new Report(this.zone, this.poster);
      next.filing = this.filing;
      next.receivers = this.receivers;
      this.safe = true; // nothing is lost with these nodes
      next.start(this.at);
      return () => next.go(this.at, false);
    };
  }

  /** Warn before the words or the code are lost; when leaving in a hurry drop them without a question. */
  guard() {
    window.addEventListener("beforeunload", (event) => {
      if (this.safe || this.at === "advice") return;
      event.preventDefault();
      event.returnValue = "";
    });
    onLeave(() => {
      this.safe = true;
      this.filing = new Filing();
    });
    window.addEventListener("popstate", () => this.popped());
  }

  /** The phone's back button goes one question back, not out of the page. */
  popped() {
    const step = QUESTIONS.indexOf(this.at);
    if (this.safe || step === 0) return;
    history.pushState({ ...history.state, held: true }, "");
    if (step > 0) this.back();
  }

  /** @param {string} name @param {boolean} [move] */
  go(name, move = true) {
    this.at = name;
    for (const step of all("[data-step]")) show(step, step.dataset.step === name);
    this.showProgress();
    if (name === "review") {
      showSummary(this);
      prepare(this);
    }
    if (move) goTo(one(`[data-step="${name}"] h1`));
    if (name !== "advice" && !history.state?.held) history.pushState({ ...history.state, held: true }, "");
  }

  showProgress() {
    const at = QUESTIONS.indexOf(this.at);
    for (const node of all("[data-progress], [data-draft-place]")) show(node, at >= 0);
    show(one("[data-draft]"), at > 0);
    all("[data-progress] li").forEach((item, index) => item.classList.toggle("done", index <= at));
    one("[data-progress-text]").textContent = fill(this.words.step.at, { n: at + 1, all: QUESTIONS.length });
  }

  /** @param {Event} event */
  next(event) {
    event.preventDefault();
    const wrong = check(this.at, collect(this.poster));
    if (wrong.length) return this.mend(wrong);
    if (this.at === "review") this.submit();
    else this.go(this.editing ? "review" : QUESTIONS[QUESTIONS.indexOf(this.at) + 1]);
    this.editing = false;
  }

  /** To the screen of what is wrong first: the last look sees all of them. @param {import("./form.js").Wrong[]} wrong */
  mend(wrong) {
    const { step } = one(`#${wrong[0].field}-wrong`).closest("[data-step]").dataset;
    if (step !== this.at) this.edit(step);
    showWrong(step, check(step, collect(this.poster)), this.words.wrong);
  }

  back() {
    this.go(this.editing ? "review" : QUESTIONS[Math.max(0, QUESTIONS.indexOf(this.at) - 1)]);
    this.editing = false;
  }

  /** Put aside on this phone, or taken up again. */
  draft() {
    return openPlace("draft", this);
  }

  /** What was put aside goes on to whom it was begun for. @param {string} channel */
  to(channel) {
    return toChannel(this, channel);
  }

  /** Change one answer and come back to the summary. @param {string} step */
  edit(step) {
    this.go(step);
    this.editing = true;
  }

  submit() {
    return send(this);
  }
}

/** What finds an enterprise comes with the first touch of its field; until then, and without it, the name is simply typed.
 * @param {import("../../combo.js").Words} words */
function offerEnterprises(words) {
  const field = { input: one("#enterprise"), list: one("#enterprise-list") };
  const choose = (/** @type {{place: string}} */ { place }) => (one("#place").value ||= place);
  const begin = () =>
    /** @type {Promise<typeof import("../../combo.js").startCombo>} */ (bring("enterprises")).then(
      (start) => start(field, words, choose),
      () => field.input.addEventListener("focus", begin, { once: true }),
    );
  field.input.addEventListener("focus", begin, { once: true });
}

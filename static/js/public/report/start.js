/** The report: one question a screen, all of it in this page's memory until it is sealed. */

import { Filing } from "../../client/filing.js";
import { all, fill, goTo, one, pageWords, show } from "../../dom.js";
import { onLeave } from "../shell/leave.js";
import { canSeal, clearFragment, pinnedZone } from "../shell/start.js";
import { startCombo } from "./combo.js";
import { check, collect, fillChoices, settle, showWrong } from "./form.js";
import { watchMyself } from "./myself.js";
import { prepare, send } from "./sending.js";
import { showSummary } from "./summary.js";
import { startTicket } from "./ticket.js";

const QUESTIONS = ["advice", "kind", "where", "when", "what", "you", "review"];

/** @param {import("../../client/poster.js").Poster} poster */
export function startReport(poster) {
  const able = canSeal();
  const zone = pinnedZone(poster);
  clearFragment();
  if (!able || !zone) return;
  new Report(zone, poster).start();
}

export class Report {
  /** @param {import("../../crypto/encoding.js").Bytes} zone @param {import("../../client/poster.js").Poster} poster */
  constructor(zone, poster) {
    this.words = pageWords();
    this.zone = zone;
    this.poster = poster;
    this.filing = new Filing();
    /** @type {import("../../client/session.js").Session | null} */ this.session = null;
    this.at = "advice";
    this.editing = false;
    this.safe = false;
  }

  start() {
    fillChoices(this.words);
    one("#enterprise").value = this.poster.enterprise;
    one("#place").value = this.poster.place;
    startCombo(this.words.register);
    watchMyself(this.words);
    for (const form of all("form[data-step]")) {
      form.addEventListener("submit", (/** @type {Event} */ event) => this.next(event));
      form.addEventListener("input", () => settle(this.at, check(this.at, collect(this.poster))));
    }
    for (const button of all("[data-back]")) button.addEventListener("click", () => this.back());
    one("[data-retry]").addEventListener("click", () => this.submit());
    one("[data-edit]").addEventListener("click", () => this.go("review"));
    startTicket(this);
    this.guard();
    this.go("advice", false);
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
    history.pushState({ held: true }, "");
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
    if (name !== "advice" && !history.state?.held) history.pushState({ held: true }, "");
  }

  showProgress() {
    const at = QUESTIONS.indexOf(this.at);
    show(one("[data-progress]"), at >= 0);
    all("[data-progress] li").forEach((item, index) => item.classList.toggle("done", index <= at));
    one("[data-progress-text]").textContent = fill(this.words.step.at, { n: at + 1, all: QUESTIONS.length });
  }

  /** @param {Event} event */
  next(event) {
    event.preventDefault();
    if (!showWrong(this.at, check(this.at, collect(this.poster)), this.words.wrong)) return;
    if (this.at === "review") this.submit();
    else this.go(this.editing ? "review" : QUESTIONS[QUESTIONS.indexOf(this.at) + 1]);
    this.editing = false;
  }

  back() {
    this.go(this.editing ? "review" : QUESTIONS[Math.max(0, QUESTIONS.indexOf(this.at) - 1)]);
    this.editing = false;
  }

  /** Change one answer and come back to the summary. @param {string} step */
  edit(step) {
    this.go(step);
    this.editing = true;
  }

  submit() {
    this.go("sending");
    return send(this);
  }
}

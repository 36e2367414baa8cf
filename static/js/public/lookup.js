/** The code box: the script that opens a case is as heavy as all the rest, and comes when the box is touched. */

import { one, pageWords, show } from "../dom.js";
import { groupAsTyped } from "./grouping.js";
import { canSeal, pinnedZone } from "./shell/start.js";

/** @param {import("../client/poster.js").Poster} poster */
export function startLookup(poster) {
  const able = canSeal();
  if (!pinnedZone(poster) || !able) return show(one("[data-lookup]"), false);
  new Lookup().start();
}

class Lookup {
  constructor() {
    this.form = one("[data-lookup]");
    this.words = pageWords();
    /** @type {any} the script, from when it is asked for until it failed */ this.script = null;
    this.submitted = false;
    this.hold = this.hold.bind(this);
  }

  start() {
    this.form.addEventListener("submit", this.hold);
    this.form.addEventListener("focusin", () => this.fetch());
    groupAsTyped(one("#code"));
  }

  /** Sent before the script is here: it is sent again to whoever listens then. @param {Event} event */
  hold(event) {
    event.preventDefault();
    this.submitted = true;
    this.tell(this.words.code.working);
    this.fetch();
  }

  /** A script cut from the page's own template keeps the hash that the page gives it; one made here would be refused. */
  fetch() {
    if (this.script) return;
    this.script = one("template[data-opener]").content.firstElementChild.cloneNode(true);
    this.script.addEventListener("load", () => this.handOver());
    this.script.addEventListener("error", () => this.fail());
    document.body.append(this.script);
  }

  handOver() {
    this.form.removeEventListener("submit", this.hold);
    this.tell("");
    if (this.submitted) this.form.dispatchEvent(new Event("submit", { cancelable: true }));
  }

  /** No connection: the next touch asks again. */
  fail() {
    this.script.remove();
    this.script = null;
    if (this.submitted) this.tell(this.words.problem.offline);
    this.submitted = false;
  }

  /** @param {string} words */
  tell(words) {
    one("[data-lookup-told]").textContent = words;
  }
}

/** What every page does: quick exit, elder mode, and carrying a poster's fragment from page to page. */

import { all, fill, one, pageWords, show, startHalfWidth } from "../../dom.js";
import { readPoster } from "../../client/poster.js";
import { read, same } from "../../crypto/fingerprint.js";
import { startElder } from "./elder.js";
import { aside } from "./aside.js";
import { bring } from "../../bring.js";
import { startLeave, startLeaveLinks } from "./leave.js";

/** The facts of the poster; links keep them, so that the pin travels without any server seeing it.
 * A page's second script finds the shell started. */
export function startShell() {
  const { dataset } = document.documentElement;
  if (!dataset.shell) {
    dataset.shell = "on";
    startLeave();
    startHalfWidth();
    takePoster();
    startFrame();
    aside(); // one whose day is over goes with the next page that is opened
  }
  return readPoster(poster);
}

/** What stands around every page, on the nodes that it has now. */
function startFrame() {
  startLeaveLinks();
  startElder();
  for (const link of all("[data-keep-fragment]")) link.addEventListener("click", openAnew);
  carry();
}

/** Another language is asked for: `again` starts the page on its new nodes, or null when it may not change now, and the
 * browser asks before anything is lost. @param {() => (() => (() => void) | void) | null} ready */
export function onLanguage(ready) {
  for (const link of all("[hreflang]")) {
    link.addEventListener("click", async (/** @type {Event} */ event) => {
      const again = ready();
      if (!again) return;
      event.preventDefault();
      const change = await bring("language").catch(() => null);
      change?.(link, () => {
        startFrame();
        canSeal();
        return again();
      });
    });
  }
}

/** The poster's facts, as every link of this page carries them. */
let poster = "";
const KEPT = ["pin", "channel"];

/** Links keep the facts, so that they travel without any server seeing them; the address bar does not, which a history
 * keeps and whoever looks over her shoulder reads. Pin and channel outlive a reload: it must not send her to others. */
function takePoster() {
  poster = location.hash || postersKept();
  if (!location.hash) return;
  const facts = new URLSearchParams(poster.slice(1));
  const kept = KEPT.filter((name) => facts.has(name)).map((name) => [name, facts.get(name)]);
  history.replaceState({ ...history.state, ...Object.fromEntries(kept) }, "", location.pathname);
}

/** From now on to this channel, on the pages that follow and after a reload too. @param {string} channel */
export function leadPosterTo(channel) {
  const facts = new URLSearchParams(poster.slice(1));
  facts.set("channel", channel);
  poster = `#${facts}`;
  history.replaceState({ ...history.state, channel }, "");
  carry();
}

function carry() {
  if (poster) for (const link of all("[data-keep-fragment]")) link.hash = poster;
}

/** A link to this very page: to follow it would open nothing, and leave the facts in the address bar. @param {any} event */
function openAnew(event) {
  const { pathname } = event.currentTarget;
  if (!poster || pathname !== location.pathname || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.reload();
}

/** Pin and channel of before a reload, as a fragment. */
function postersKept() {
  const held = history.state ?? {};
  const kept = KEPT.filter((name) => typeof held[name] === "string").map((name) => [name, held[name]]);
  return kept.length ? `#${new URLSearchParams(kept)}` : "";
}

/** The zone this page trusts: the poster's pin, else the page's own word. Null after a hard stop. @param {import("../../client/poster.js").Poster} poster */
export function pinnedZone(poster) {
  const told = one('meta[name="whistle-zone"]').content;
  if (poster.spoiled || (poster.pin && !same(told, poster.pin))) {
    stop("pin");
    return null;
  }
  return poster.pin ?? read(told);
}

/** The script runs, so the notice that it does not can go. Without WebCrypto says so and names the ways out. */
export function canSeal() {
  all(".needs-script").forEach((node) => node.remove());
  const able = Boolean(globalThis.crypto?.subtle);
  if (!able) {
    show(one("[data-no-crypto]"));
    for (const link of all("[data-secure-here], [data-secure-plain]")) link.protocol = "https:";
  }
  return able;
}

/** End here: nothing more is sealed or sent. @param {"pin" | "lies" | "broken" | "closed" | "channel"} reason */
export function stop(reason) {
  const words = pageWords().stop;
  const phone = document.documentElement.dataset.phone ?? "";
  one("[data-stopped-title]").textContent = words[`${reason}_title`];
  one("[data-stopped-text]").textContent = fill(words[`${reason}_text`], { phone });
  show(one("[data-stopped]"));
  for (const way of all("[data-lookup], [data-go]")) show(way, false);
  one("[data-stopped]").focus();
}

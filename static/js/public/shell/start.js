/** What every page does: quick exit, elder mode, and carrying a poster's fragment from page to page. */

import { all, fill, one, pageWords, show } from "../../dom.js";
import { readPoster } from "../../client/poster.js";
import { read, same } from "../../crypto/fingerprint.js";
import { startElder } from "./elder.js";
import { startLeave } from "./leave.js";

/** The facts of the poster; links keep them, so that the pin travels without any server seeing it.
 * A page's second script finds the shell started. */
export function startShell() {
  const { dataset } = document.documentElement;
  if (!dataset.shell) {
    dataset.shell = "on";
    startLeave();
    startElder();
    for (const link of all("[data-keep-fragment]")) if (location.hash) link.hash = location.hash;
  }
  return readPoster(location.hash);
}

/** Take the poster's facts out of the address bar: they name the enterprise, and a history keeps addresses. */
export function clearFragment() {
  if (location.hash) history.replaceState(history.state, "", location.pathname);
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

/** End here: nothing more is sealed or sent. @param {"pin" | "lies" | "broken" | "closed"} reason */
export function stop(reason) {
  const words = pageWords().stop;
  const phone = document.documentElement.dataset.phone ?? "";
  one("[data-stopped-title]").textContent = words[`${reason}_title`];
  one("[data-stopped-text]").textContent = fill(words[`${reason}_text`], { phone });
  show(one("[data-stopped]"));
  show(one("[data-lookup]"), false);
  one("[data-stopped]").focus();
}

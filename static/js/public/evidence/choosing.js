/** How files come: chosen, taken with the camera, dragged. A chooser forgets at once what was chosen with it. */

import { all, one } from "../../dom.js";

/** Listen for files; what comes back stops it. @param {{choose: (files: Iterable<Blob>) => unknown, sendAll: () => void, pause: (on: boolean) => void, paused: boolean, busy: boolean}} evidence */
export function listen(evidence) {
  const place = one("[data-evidence]");
  const ended = new AbortController();
  /** @param {EventTarget} node @param {string} name @param {(event: any) => void} heard */
  const on = (node, name, heard) => {
    node.addEventListener(name, heard);
    ended.signal.addEventListener("abort", () => node.removeEventListener(name, heard));
  };
  for (const input of all("[data-choose]", place)) {
    on(input, "change", () => {
      const chosen = [...input.files];
      input.value = "";
      evidence.choose(chosen);
    });
  }
  on(place, "dragover", (event) => over(event, true));
  on(place, "dragleave", (event) => over(event, false));
  on(place, "drop", (event) => {
    over(event, false);
    evidence.choose([...event.dataTransfer.files]);
  });
  on(one("[data-files-send]"), "click", () => evidence.sendAll());
  on(one("[data-files-pause]"), "click", () => evidence.pause(!evidence.paused));
  on(window, "beforeunload", (event) => {
    if (!evidence.busy) return;
    event.preventDefault();
    event.returnValue = "";
  });
  return () => ended.abort();
}

/** @param {DragEvent} event @param {boolean} on */
function over(event, on) {
  event.preventDefault();
  /** @type {HTMLElement} */ (event.currentTarget).classList.toggle("over", on);
}

/** A faint mark of who reads, and on which day, over screens with content: a photograph of the screen, and a case that was printed, say whose it was. */

import { html, nothing } from "lit";
import { visible } from "../../core/visible.js";
import { zoneDay } from "../days.js";
import { office } from "../session.js";
import { state } from "../store.js";

const PAGES = ["inbox", "case", "transcribe", "registers", "search", "bulk"];
const TIMES = 60; // as many as a large screen holds; the rest is cut off

export function readersMark() {
  const { page } = state.route;
  if (!PAGES.includes(page)) return nothing;
  const text = `${visible(office().me.label)} ${zoneDay()}`;
  return html`<div class="readers-mark" data-page=${state.paper ? "paper" : page} aria-hidden="true" translate="no">
    ${Array.from({ length: TIMES }, () => html`<span data-mark=${text}></span>`)}
  </div>`;
}

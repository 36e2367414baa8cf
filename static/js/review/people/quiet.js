/**
 * Nobody at the desk: after ten quiet minutes the screen folds and the keys are dropped. What was written stays, and who
 * unlocks goes on with it; what is being sealed or sent is finished first.
 */

import { fold } from "../session.js";
import { state } from "../store.js";

const QUIET = 600_000; // ms
const LOOK = 5_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

let last = Date.now();

/** Watch for signs of somebody at the desk. */
export function startQuiet() {
  for (const sign of SIGNS) window.addEventListener(sign, seen, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  window.setInterval(look, LOOK);
}

/** A machine that slept hears its first sign before its clocks tick: what came before it was quiet all the same. */
function seen() {
  look();
  last = Date.now();
}

function look() {
  const isQuiet = Date.now() - last >= QUIET;
  if (isQuiet && state.office && !state.unlock && !isWorking() && !isPlaying()) fold({ quiet: true });
}

/** Whoever watches a film to its end moves nothing. */
const isPlaying = () =>
  [.../** @type {NodeListOf<HTMLMediaElement>} */ (document.querySelectorAll("audio, video"))].some(
    ({ paused, ended }) => !paused && !ended,
  );

/** Whether something is being sealed, sent or made that would be lost without the keys. */
export function isWorking() {
  const { drafts, transcription, paper, registers, traces } = state;
  return [...drafts.values(), transcription, paper, registers, traces].some((one) => one?.busy);
}

/** What a page does when nobody has touched it for a while; a phone that slept counts the time it slept. */

const LOOK_EVERY = 15_000;
const SIGNS = ["pointerdown", "keydown", "input", "scroll", "touchstart"];

/** @param {number} milliseconds @param {() => void} run again after each such time without a sign of anybody */
export function afterQuiet(milliseconds, run) {
  let last = Date.now();
  const touched = () => (last = Date.now());
  for (const sign of SIGNS) document.addEventListener(sign, touched, { passive: true, capture: true });
  const look = () => {
    if (Date.now() - last < milliseconds) return;
    touched();
    run();
  };
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", look);
}

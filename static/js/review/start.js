/** Before anything is drawn: is there a WebCrypto here at all? Over plain HTTP from another machine there is none. */

/** True when the page can work; else the line written in the page is shown. */
export function secureHere() {
  const here = window.isSecureContext && Boolean(window.crypto?.subtle);
  if (!here) {
    document.querySelector("[data-fallback]")?.setAttribute("hidden", "");
    document.querySelector("[data-no-crypto]")?.removeAttribute("hidden");
  }
  return here;
}

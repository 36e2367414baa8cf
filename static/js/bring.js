/** Scripts that come when they are wanted, each cut from a template of the page: so it keeps the hash that the page gives
 * it, and the first load does not carry it. */

import { ClientError } from "./client/errors.js";
import { one } from "./dom.js";

/** What each script offers that is here or on its way. @type {Map<string, Promise<any>>} */
const here = new Map();

/** What the script of this name offers, brought once. ClientError("offline") when it does not come.
 * @template T @param {string} name @returns {Promise<T>} */
export function bring(name) {
  const coming = here.get(name) ?? come(name);
  here.set(name, coming);
  coming.catch(() => here.delete(name));
  return coming;
}

/** @param {string} name @returns {Promise<unknown>} */
function come(name) {
  const copy = one(`template[data-script="${name}"]`).content.cloneNode(true);
  const script = one("script", copy);
  return new Promise((give, fail) => {
    window.addEventListener(`offer-${name}`, (event) => give(/** @type {CustomEvent} */ (event).detail), {
      once: true,
    });
    script.addEventListener("error", () => {
      script.remove();
      fail(new ClientError("offline"));
    });
    document.body.append(copy);
  });
}

/** The other end: said once, when the script has run. @param {string} name @param {unknown} offered */
export function offer(name, offered) {
  window.dispatchEvent(new CustomEvent(`offer-${name}`, { detail: offered }));
}

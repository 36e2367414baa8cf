/** Places of a page that come later, each with its words and its script from a page of its own: no first load carries
 * them. */

import { bring } from "../../bring.js";
import { ClientError } from "../../client/errors.js";
import { one } from "../../dom.js";

/** The place for files, once there is a case that files can belong to. Null without a connection: she is offered them
 * on the next opening. @param {import("../evidence/start.js").Given} given */
export const openFiles = (given) => openPlace("evidence", given);

/** What the script of this name makes of the place that waits for it. Null without a connection.
 * @param {string} name also of the place and of its page @param {unknown} given */
export async function openPlace(name, given) {
  const here = one(`[data-place=${name}]`);
  try {
    const nodes = here.childElementCount ? [] : await pageAt(here.dataset.from);
    if (!here.childElementCount) here.append(...nodes); // asked for twice, it comes once
    return (await bring(name))(given);
  } catch (error) {
    if (error instanceof ClientError) return null;
    throw error;
  }
}

/** The nodes of a page of our own; parsed by the browser as it parses pages, never as text of ours. @param {string} address @returns {Promise<Node[]>} */
function pageAt(address) {
  const asked = new XMLHttpRequest();
  asked.open("GET", address);
  asked.responseType = "document";
  return new Promise((give, fail) => {
    asked.addEventListener("loadend", () => {
      const whole = asked.status === 200 && one("[data-whole]", asked.response);
      if (whole) give([...whole.children]);
      else fail(new ClientError("offline"));
    });
    asked.send();
  });
}

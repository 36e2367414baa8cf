/** Another language without losing a word: the page of that language takes this one's place, and what was typed, chosen
 * and opened goes into it. Nothing is stored, and nothing of it is sent. */

import { all, one } from "../../dom.js";
import { putBack, typedIn } from "./fields.js";

/** @param {any} link to the page in the other language @param {() => (() => void) | void} again starts the page anew, on its new nodes; what it gives is done once her words are there
 * @returns {Promise<boolean>} whether it came: without a connection everything stays as it is */
export async function changeLanguage(link, again) {
  const other = await pageAt(link.href.split("#")[0]);
  if (!other) return false;
  const typed = typedIn();
  const open = all("details").map((each) => each.open);
  const { lang } = other.documentElement;
  Object.assign(document.documentElement, { lang });
  document.title = other.title;
  history.replaceState(history.state, "", new URL(link.href).pathname);
  document.head.append(...all("body link[rel=stylesheet]")); // what a script brought with it stays
  document.body.replaceChildren(...document.adoptNode(other.body).childNodes);
  const settle = again();
  putBack(typed);
  all("details").forEach((each, index) => (each.open = open[index] ?? each.open));
  settle?.();
  return true;
}

/** @param {string} address @returns {Promise<Document | null>} */
function pageAt(address) {
  const asked = new XMLHttpRequest();
  asked.open("GET", address);
  asked.responseType = "document";
  return new Promise((give) => {
    asked.addEventListener("loadend", () =>
      give(asked.status === 200 && one("main", asked.response) ? asked.response : null),
    );
    asked.send();
  });
}

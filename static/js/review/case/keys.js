/** Keys on a case: each is a button that stands on its page, pressed without the pointer. */

import { openNamed } from "../papers/page.js";
import { pressedFor } from "../pressing.js";
import { set, state, tell } from "../store.js";
import { t } from "../words.js";
import { offered } from "./panel.js";

/** @typedef {import("../types.js").Model} Model */

/** The act behind a key. @type {Record<string, string>} */
const ACT_OF = { a: "assign", r: "message" };
const DOSSIER = "dossier";

/** Whether the key does something on a case. @param {string} key */
const isOfCase = (key) => key in ACT_OF || key === "e" || key === "n";

/** A case has been read: what was pressed for it in the list is done now. @param {Model} model */
export function pressWaiting(model) {
  const key = state.route.id === model.id ? pressedFor(model.id) : "";
  if (key) press(key, model);
}

/** @param {string} key @param {Model} model */
function press(key, model) {
  if (key === "n") return toNextStep();
  if (key === "e") return openNamed(DOSSIER, model) || tell(t("keys.no_dossier"), "bad");
  const kind = ACT_OF[key];
  if (!offered(model).includes(kind)) return tell(t("keys.not_offered", { what: t(`kind.${kind}`) }), "bad");
  set({ openAct: kind });
}

/** To the open form, else to what can be done: from there Tab leads on. */
function toNextStep() {
  const heading = document.querySelector(".actform h3") ?? document.querySelector("#acts h2");
  /** @type {HTMLElement | null} */ (heading)?.focus();
}

/** @param {KeyboardEvent} event */
export function caseKeys(event) {
  const model = state.cases.get(state.route.id)?.model;
  if (!model || state.paper || !isOfCase(event.key)) return;
  event.preventDefault();
  press(event.key, model);
}

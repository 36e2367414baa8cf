/** Views on the list: those that everybody has, by state, and one's own 我的视图, which lie in the drawer. */

import { html, nothing } from "lit";
import { VIEW_NAME, namedView } from "../../client/drawer.js";
import { workflow } from "../../core/table.js";
import { visible } from "../../core/visible.js";
import { keep, kept } from "../drawer.js";
import { emptyForm, keptForm } from "../forms.js";
import { VIEWS, effective, formatHash } from "../route.js";
import { set, state, tell } from "../store.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Typed} Typed */

/** As far as the door counts what is not read. */
const UNREAD = 200;

/** The name under which the list as it stands is to be kept. */
const naming = keptForm("view", { name: "", open: false, busy: false, error: "" });

/** What of the address makes a view: filters and order, whatever it was called. @param {Record<string, string>} filters */
export function viewOf(filters) {
  const { view: _, ...rest } = effective(filters);
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
}

/** @param {Record<string, string>} filters */
const addressOf = (filters) => formatHash("inbox", "", filters);

export function views() {
  const now = state.route.filters.view || (Object.keys(state.route.filters).length ? "" : "mine");
  const { counts, unread } = state.inbox;
  /** @type {Record<string, number | string>} */
  const beside = { claims: counts.notified, unread: unread < UNREAD ? unread : `${UNREAD - 1}+` };
  return html`<nav class="views" aria-label=${t("inbox.views")}>
    ${Object.keys(VIEWS).map(
      (view) =>
        html`<a href=${addressOf({ view })} aria-current=${now === view ? "page" : "false"}
          >${t(`view.${view}`)} ${beside[view] ? html`<span class="count">${beside[view]}</span>` : nothing}</a
        >`,
    )}
    ${ownViews()}
    <h2>${t("inbox.by_state")}</h2>
    ${Object.keys(workflow.states)
      .filter((one) => counts[one])
      .map(
        (one) =>
          html`<a
            class="sub"
            href=${addressOf({ state: one, order: "due" })}
            aria-current=${state.route.filters.state === one ? "page" : "false"}
            >${t(`state.${one}`)}<span class="count">${counts[one]}</span></a
          >`,
      )}
  </nav>`;
}

function ownViews() {
  const { views: own } = kept();
  if (!own.length) return nothing;
  return html`<h2>${t("views.title")}</h2>
    ${own.map(
      ({ name, filters }) =>
        html`<a
          class="sub own-view"
          href=${addressOf(filters)}
          aria-current=${addressOf(filters) === addressOf(state.route.filters) ? "page" : "false"}
          >${visible(name)}</a
        >`,
    )}`;
}

/** Keeps the list as it stands under a name, as long as it is no view that everybody has. */
export function keepView() {
  if (naming.open) return nameForm();
  if (state.route.filters.view || !Object.keys(state.route.filters).length) return nothing;
  return html`<button class="small" data-keep-view @click=${() => set({ open: true }, naming)}>
    ${t("views.keep")}
  </button>`;
}

function nameForm() {
  return html`<form class="row naming" @submit=${submit} aria-busy=${naming.busy ? "true" : "false"}>
    <label
      ><span class="hide">${t("views.name")}</span
      ><input
        placeholder=${t("views.name")}
        maxlength=${VIEW_NAME}
        autocomplete="off"
        .value=${naming.name}
        @input=${(/** @type {Typed} */ event) => set({ name: event.target.value, error: "" }, naming)}
    /></label>
    <button class="main small" ?disabled=${naming.busy}>${t("views.save")}</button>
    <button type="button" class="quiet small" data-close @click=${forgo}>${t("views.forgo")}</button>
    ${naming.error ? html`<p class="say bad" role="alert">${naming.error}</p>` : nothing}
  </form>`;
}

function forgo() {
  emptyForm(naming);
  set({});
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const name = naming.name.trim();
  if (naming.busy) return;
  if (!name) return set({ error: t("views.empty") }, naming);
  set({ busy: true, error: "" }, naming);
  const error = await keep(namedView(name, viewOf(state.route.filters)));
  set({ busy: false, error }, naming);
  if (error) return;
  forgo();
  tell(t("views.kept"));
}

/** The files of a case, with whose they are and when they came, and the dialog that shows one. */

import { html, nothing } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import { zoneTime } from "../days.js";
import { state } from "../store.js";
import { fileSize } from "../text.js";
import { t, word } from "../words.js";
import { filesOf, toldBy } from "./listed.js";
import { startStrokes } from "./strokes.js";
import * as viewing from "./viewing.js";
import { PDF } from "./viewing.js";

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("./listed.js").Filed} Filed */
/** @typedef {import("./viewing.js").Viewing} Viewing */
/** Puts a new picture beside what is written for an act. @typedef {(kind: string, comp: string, picture: Blob) => void} Take */
/** @typedef {{kind: string, comp: string}} Goal where a new picture may go */

/** @param {Model} model @param {(act: import("../types.js").Act) => unknown} whose who brought it */
export function filesCard(model, whose) {
  const files = filesOf(model);
  if (!files.length) return nothing;
  return html`<section class="card files">
    <h2>${t("files.title")}</h2>
    <ul>
      ${files.map((filed) => html`<li>${opener(model, filed)} ${whose(filed.act)} <time>${zoneTime(filed.act.when)}</time></li>`)}
    </ul>
    <p class="quietly">${t("files.handling")}</p>
  </section>`;
}

/** @param {Model} model @param {Filed} filed */
function opener(model, filed) {
  const { item, number } = filed;
  const name = item.apart ? t("files.large", { number }) : toldBy(item.body, number).name;
  return html`<button type="button" class="file" data-file=${number} @click=${() => viewing.view(model, filed)}>
      ${name} <small>${fileSize(item.apart ? item.length : item.body.length)}</small>
    </button>
    <span class="tag">${t(`compartment.${item.comp}`)} · ${word(`kind.${item.kind}`, item.kind)}</span>`;
}

/** The open file over the page. @param {(model: Model) => Goal[]} goals @param {Take} take */
export function fileDialog(goals, take) {
  const now = /** @type {Viewing | null} */ (state.viewing);
  if (!now) return nothing;
  return html`<div class="veil viewing" role="dialog" aria-modal="true" aria-labelledby="file-title">
    <section class="viewer">
      <header class="row">
        <h1 id="file-title" tabindex="-1">${now.told.name || t("files.opening")}</h1>
        <button type="button" class="quiet" data-close @click=${viewing.close}>${t("files.close")}</button>
      </header>
      ${now.error ? html`<p class="say bad" role="alert">${now.error}</p>` : now.bytes ? body(now, goals, take) : coming(now)}
    </section>
  </div>`;
}

/** @param {Viewing} now */
const coming = ({ filed: { item }, seen }) =>
  html`<p class="loading" role="status">
    ${t("files.coming", { share: item.length ? Math.floor((100 * seen) / item.length) : 0 })}
  </p>`;

/** @param {Viewing} now @param {(model: Model) => Goal[]} goals @param {Take} take */
function body(now, goals, take) {
  if (now.result) return compared(now, goals(now.model), take);
  if (now.picture) return picture(now);
  if (now.told.sort === "film") return film(now);
  if (now.told.sort === "sound")
    return html`<audio controls controlslist="nodownload" .src=${now.url}></audio>${keep()}`;
  if (now.told.type === PDF) return pages(now);
  return now.told.sort === "picture" ? coming(now) : unsafe();
}

/** The drawn pages so far. @param {Viewing} now */
function pages({ pages: drawn, all }) {
  return html`${all ? nothing : html`<p class="loading" role="status">${t("files.pages_coming", { count: drawn.length })}</p>`}
    ${all > drawn.length ? html`<p class="say">${t("files.pages_most", { count: drawn.length, all })}</p>` : nothing}
    <div class="pages">${drawn}</div>
    ${keep()}`;
}

/** What nothing here shows: it is only handed out, after a word about what that means. */
const unsafe = () =>
  html`<p class="say">${t("files.unshown")}</p>
    ${keep()}`;

/** The way to this person's own disk. */
const keep = () =>
  html`<details class="more">
    <summary>${t("files.save")}</summary>
    <p class="say">${t("files.save_warning")}</p>
    <button type="button" class="quiet" data-save @click=${viewing.download}>${t("files.save_yes")}</button>
  </details>`;

/** @param {Viewing} now */
function film(now) {
  const screen = /** @type {import("lit/directives/ref.js").Ref<HTMLVideoElement>} */ (createRef());
  const take = () => screen.value && viewing.takeStill(screen.value);
  return html`<video
      controls
      controlslist="nodownload"
      disablepictureinpicture
      playsinline
      ${ref(screen)}
      .src=${now.url}
    ></video>
    <div class="row"><button type="button" class="quiet" data-still @click=${take}>${t("files.still")}</button></div>
    ${keep()}`;
}

const TOOLS = /** @type {const} */ (["box", "blur", "crop"]);

/** @param {Viewing} now */
function picture(now) {
  const { tool, marks, zoom, url } = now;
  return html`<div class="row tools" role="toolbar" aria-label=${t("files.tools")}>
      <button type="button" class="quiet" data-nearer @click=${() => viewing.zoomBy(1)}>${t("files.nearer")}</button>
      <button type="button" class="quiet" data-farther @click=${() => viewing.zoomBy(-1)}>${t("files.farther")}</button>
      <button type="button" class="quiet" data-turn @click=${viewing.turn}>${t("files.turn")}</button>
      ${TOOLS.map((one) => html`<button type="button" class="chip" data-tool=${one} aria-pressed=${tool === one ? "true" : "false"} @click=${() => viewing.choose(one)}>${t(`files.tool_${one}`)}</button>`)}
      ${marks.length ? html`<button type="button" class="quiet" data-undo @click=${viewing.undo}>${t("files.undo")}</button>` : nothing}
      <button type="button" class="main" data-compare @click=${viewing.compare}>${t("files.compare")}</button>
      ${url ? html`<button type="button" class="quiet" @click=${viewing.leaveStill}>${t("files.back_to_film")}</button>` : nothing}
    </div>
    <p class="hint">${t(tool ? `files.how_${tool}` : "files.how")}</p>
    <div class=${`canvas zoom-${String(zoom).replace(".", "-")}${tool ? " marking" : ""}`}>${drawing(now)}</div>
    ${url ? nothing : keep()}`;
}

/** The picture with what is marked so far; strokes go to the canvas, which stays the same node. @param {Viewing} now */
function drawing({ picture: source, marks }) {
  const draw = (/** @type {Element | undefined} */ node) => {
    if (!source || !node) return;
    const canvas = /** @type {HTMLCanvasElement} */ (node);
    if (!canvas.dataset.ready) {
      canvas.dataset.ready = "yes";
      startStrokes(canvas, () => viewing.viewing()?.tool ?? "", viewing.mark);
    }
    viewing.paint(canvas, source, marks);
  };
  return html`<canvas role="img" aria-label=${t("files.picture")} ${ref(draw)}></canvas>`;
}

/** @param {Viewing} now @param {Goal[]} goals @param {Take} take */
function compared({ picture: before, result, marks }, goals, take) {
  const still = (/** @type {HTMLCanvasElement | null} */ source) => (/** @type {Element | undefined} */ node) => {
    if (source && node) viewing.paint(/** @type {HTMLCanvasElement} */ (node), source, []);
  };
  return html`<div class="sides">
      <figure>
        <canvas ${ref(still(before))}></canvas>
        <figcaption>${t("files.before")}</figcaption>
      </figure>
      <figure>
        <canvas class="result" ${ref(still(result))}></canvas>
        <figcaption>${t("files.after")}</figcaption>
      </figure>
    </div>
    <p class="hint">${t(marks.length ? "files.check" : "files.unmarked")}</p>
    <div class="row">
      ${goals.map((goal) => html`<button type="button" class="main" data-take=${`${goal.kind}/${goal.comp}`} @click=${() => viewing.said(viewing.take(take, goal))}>${t("files.take", { what: t(`kind.${goal.kind}`), where: t(`compartment.${goal.comp}`) })}</button>`)}
      ${goals.length ? nothing : html`<p class="quietly">${t("files.no_goal")}</p>`}
      <button type="button" class="quiet" @click=${viewing.changeAgain}>${t("files.change")}</button>
    </div>`;
}

/** The papers of a case: which can be made now, the sheet as it will be printed, and the file for the office's own editor. */

import { save } from "../files.js";
import { html, nothing } from "lit";
import { getJson, postJson } from "../../client/wire.js";
import { shaped } from "../../client/shapes.js";
import { office, sentence, signedIn } from "../session.js";
import { list, marked, original, placesIn } from "../telltales.js";
import { set, state, tell } from "../store.js";
import { say, t } from "../words.js";
import { compose, lacking, numberKind, offered, starts, unanswered } from "./compose.js";
import { docx } from "./docx.js";

/** @typedef {import("../types.js").Paper} Paper */
/** @typedef {import("../types.js").PaperAsk} PaperAsk */
/** @typedef {import("../types.js").Sheet} Sheet */

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Typed} Typed */

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/** The office as its papers name it, and its code 机关代字, by the office that is worked for. @type {Map<string, {office: string, agency: string}>} */
const heads = new Map();

async function letterhead() {
  const { serves } = office();
  if (!heads.has(serves))
    heads.set(serves, shaped("/api/letterhead", await signedIn(() => getJson("/api/letterhead"))));
}

/** @param {Paper} paper @param {Model} model @param {Record<string, string>} given */
const context = (paper, model, given) => ({
  model,
  say,
  office: heads.get(office().serves)?.office ?? "",
  agency: heads.get(office().serves)?.agency ?? "",
  number: model.papers[numberKind(paper)] ?? "",
  given,
});

/** What this person may make of this case now; what he cannot is grey, with the reason. @param {Model} model */
export function paperCard(model) {
  const papers = offered(model);
  if (!papers.length) return nothing;
  return html`<section class="card papers noprint" id="papers">
    <h2>${t("papers.title")}</h2>
    <ul>
      ${papers.map((paper) => row(paper, model))}
    </ul>
  </section>`;
}

function row(/** @type {Paper} */ paper, /** @type {Model} */ model) {
  const missing = lacking(paper, { ...context(paper, model, {}), office: heads.get(office().serves)?.office ?? "?" });
  const number = model.papers[numberKind(paper)];
  return html`<li>
    <button type="button" data-paper=${paper.id} ?disabled=${missing.length > 0} @click=${() => open(paper, model)}>
      ${t(`paper.${paper.id}`)}
    </button>
    <small
      >${missing.length ? t("papers.lacks", { what: missing.map((name) => t(`paperfact.${name}`)).join("、") }) : (number ?? "")}</small
    >
  </li>`;
}

/** The paper of this name, if this person may make it of the case now. @param {string} id @param {Model} model */
export function openNamed(id, model) {
  const paper = offered(model).find((one) => one.id === id);
  if (paper) open(paper, model);
  return Boolean(paper);
}

async function open(/** @type {Paper} */ paper, /** @type {Model} */ model) {
  try {
    await letterhead();
  } catch (error) {
    tell(sentence(error), "bad");
    return;
  }
  set({
    paper: {
      case: model.id,
      id: paper.id,
      given: starts(paper, context(paper, model, {})),
      hers: paper.hers === true,
      busy: false,
      error: "",
    },
  });
  window.scrollTo(0, 0);
}

/** The paper whose sheet lies on the screen, while this person may make it of the case. @param {Model} model */
const lying = (model) => offered(model).find(({ id }) => id === state.paper?.id);

/** Whether a sheet of this case lies on the screen. @param {Model} model */
export function isOpen(model) {
  return state.paper?.case === model.id && Boolean(lying(model));
}

/** Called when the page is left: what was filled in is not kept. */
export function closePaper() {
  if (state.paper) set({ paper: null });
}

/** @param {Model} model */
export function paperPage(model) {
  const paper = lying(model);
  return state.paper && paper ? sheetPage(model, paper, state.paper) : nothing;
}

/** The sheet, and beside it what the clerk fills in. @param {Model} model @param {Paper} paper @param {Sheet} draft */
function sheetPage(model, paper, draft) {
  const now = context(paper, model, draft.given);
  const draws = numberKind(paper) !== "";
  const missing = [
    ...lacking(paper, now).map((name) => t(`paperfact.${name}`)),
    ...unanswered(paper, draft.given).map((name) => t(`ask.${name}`)),
  ];
  const telling = placesIn(model.items, told(paper, draft));
  const open = missing.length > 0 || (telling.length > 0 && !draft.looked);
  const waits = open || draft.busy;
  return html`<article class="page case">
    <nav class="back"><a href="#" @click=${leave}>${t("papers.back")}</a></nav>
    <div class="desk" ?data-unready=${open || (draws && !draft.hers && !now.number)}>
      <p class="unready">${t("papers.unready")}</p>
      <aside class="card noprint">
        <h1>${t(`paper.${paper.id}`)}</h1>
        ${paper.sealed ? html`<p class="say bad">${t("papers.sealed")}</p>` : nothing}
        ${paper.hers ? copies(draft) : nothing}${paper.asks.map((/** @type {PaperAsk} */ ask) => question(ask, draft, model))}
        ${telling.length ? list(telling, "looked", Boolean(draft.looked), (looked) => set({ looked }, draft)) : nothing}
        ${missing.length ? html`<p class="hint" data-missing>${t("papers.fill", { what: missing.join("、") })}</p>` : nothing}
        ${draft.error ? html`<p class="say bad" role="alert">${draft.error}</p>` : nothing}
        <div class="row">
          <button
            type="button"
            class="main"
            data-print
            ?disabled=${waits}
            @click=${() => finish(paper, model, draft, print)}
          >
            ${t(draws ? "papers.print" : "papers.print_plain")}
          </button>
          <button type="button" data-docx ?disabled=${waits} @click=${() => finish(paper, model, draft, saveWord)}>
            ${t(draws ? "papers.docx" : "papers.docx_plain")}
          </button>
        </div>
        <p class="hint">${t(draws ? "papers.number_hint" : "papers.plain_hint")}</p>
      </aside>
      ${sheet(compose(paper, now, draft.hers))}
    </div>
  </article>`;
}

function leave(/** @type {Event} */ event) {
  event.preventDefault();
  closePaper();
}

/** The number stands on the copy for the files only. */
function copies(/** @type {Sheet} */ draft) {
  return html`<fieldset class="field radios">
    <legend>${t("papers.copy")}</legend>
    ${[true, false].map(
      (hers) =>
        html`<label class="pick"
          ><input
            type="radio"
            name="copy"
            value=${hers ? "hers" : "file"}
            .checked=${draft.hers === hers}
            @change=${() => set({ hers }, draft)}
          /><span>${t(hers ? "papers.hers" : "papers.file")}</span></label
        >`,
    )}
  </fieldset>`;
}

/** What is read outside the house, of what was filled in. @param {Paper} paper @param {Sheet} draft */
const told = ({ asks }, { given }) => ({
  text: asks
    .filter(({ shown }) => shown)
    .map(({ name }) => given[name] ?? "")
    .join("\n"),
});

function question(/** @type {PaperAsk} */ ask, /** @type {Sheet} */ draft, /** @type {Model} */ model) {
  const put = (/** @type {Typed} */ event) =>
    set({ given: { ...draft.given, [ask.name]: event.target.value }, looked: false, error: "" }, draft);
  const value = draft.given[ask.name] ?? "";
  const control = ask.lines
    ? html`<textarea name=${ask.name} rows=${ask.lines} .value=${value} @input=${put}></textarea>`
    : html`<input
        name=${ask.name}
        type=${ask.day ? "date" : "text"}
        autocomplete="off"
        .value=${value}
        @input=${put}
      />`;
  const field = html`<label class="field"
    ><span>${t(`ask.${ask.name}`)}${ask.optional ? html` <em>${t("field.optional")}</em>` : nothing}</span
    >${control}</label
  >`;
  if (!ask.shown) return field;
  return html`<div class="extract">${original(model)}${field}${marked(model.items, "text", value)}</div>`;
}

/** @param {import("./compose.js").Composed} made */
function sheet({ title, number, blocks }) {
  return html`<div class="a4" lang="zh-CN" data-sheet>
    <h1>${title}</h1>
    ${number ? html`<p class="no">${number}</p>` : nothing}${blocks.map((one) => ("rows" in one ? grid(one) : html`<p class=${`b-${one.kind}`}>${one.text}</p>`))}
  </div>`;
}

/** @param {import("./compose.js").Table} block */
function grid({ rows, widths, small }) {
  const titled = rows[0].every(({ head }) => head);
  return html`<table class=${small ? "small" : ""}>
    <colgroup>
      ${widths.map((width) => html`<col class=${`w${width}`} />`)}
    </colgroup>
    ${
      titled
        ? html`<thead>
            ${line(rows[0])}
          </thead>`
        : nothing
    }
    <tbody>
      ${rows.slice(titled ? 1 : 0).map(line)}
    </tbody>
  </table>`;
}

/** @param {import("./compose.js").Table["rows"][0]} cells */
function line(cells) {
  return html`<tr>
    ${cells.map(({ text, head, span }) => (head ? html`<th colspan=${span}>${text}</th>` : html`<td colspan=${span}>${text}</td>`))}
  </tr>`;
}

/** The number first, once for the case; then the printer or the file. @param {Paper} paper @param {Model} model @param {Sheet} draft @param {(made: import("./compose.js").Composed) => void} use */
async function finish(paper, model, draft, use) {
  set({ busy: true, error: "" }, draft);
  try {
    await numbered(paper, model);
    set({ busy: false }, draft);
    use(compose(paper, context(paper, model, draft.given), draft.hers));
  } catch (error) {
    set({ busy: false, error: sentence(error) }, draft);
  }
}

/** @param {Paper} paper @param {Model} model */
async function numbered(paper, model) {
  const kind = numberKind(paper);
  if (!kind || model.papers[kind]) return;
  const asked = { kind, year: Number(model.today.slice(0, 4)) };
  const told = await signedIn(() => postJson("/api/paper-number", asked, { "Whistle-Case": model.id }));
  const { number } = shaped("/api/paper-number", told);
  model.papers = { ...model.papers, [kind]: number };
}

/** After the page has been drawn with its number. */
function print() {
  requestAnimationFrame(() => window.print());
}

/** @param {import("./compose.js").Composed} made */
function saveWord(made) {
  save(`${made.title}${made.number}.docx`, /** @type {BlobPart} */ (docx(made)), DOCX);
}

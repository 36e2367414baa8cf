/** The papers of a case: which can be made now, the sheet as it will be printed, and the file for the office's own editor. */

import { html, nothing } from "lit";
import { getJson, postJson } from "../../client/door.js";
import { sentence, signedIn } from "../session.js";
import { set, state, tell } from "../store.js";
import { block, t } from "../words.js";
import { compose, lacking, numberKind, offered, PAPERS, starts, unanswered } from "./compose.js";
import { docx } from "./docx.js";

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/** The office's own words in Chinese, whatever the page's language: a paper is written in no other. @type {Record<string, any> | null} */
let official = null;

/** @param {string} key @returns {string} */
function say(key) {
  official ??= block("official", {});
  const found = key.split(/\.(.*)/).reduce((/** @type {any} */ table, name) => (name ? table?.[name] : table), official);
  return typeof found === "string" ? found : "";
}

/** The office as its papers name it, and its code 机关代字. @type {{office: string, agency: string} | null} */
let head = null;

async function letterhead() {
  head ??= await signedIn(() => getJson("/api/letterhead"));
}

/** @param {any} paper @param {any} model @param {Record<string, string>} given */
const context = (paper, model, given) => ({ model, say, office: head?.office ?? "", agency: head?.agency ?? "", number: model.papers[numberKind(paper)] ?? "", given });

/** What this person may make of this case now; what he cannot is grey, with the reason. @param {any} model */
export function paperCard(model) {
  const papers = offered(model);
  if (!papers.length) return nothing;
  return html`<section class="card papers noprint" id="papers"><h2>${t("papers.title")}</h2><ul>${papers.map((paper) => row(paper, model))}</ul></section>`;
}

function row(/** @type {any} */ paper, /** @type {any} */ model) {
  const missing = lacking(paper, { ...context(paper, model, {}), office: head?.office ?? "?" });
  const number = model.papers[numberKind(paper)];
  return html`<li><button type="button" data-paper=${paper.id} ?disabled=${missing.length > 0} @click=${() => open(paper, model)}>${t(`paper.${paper.id}`)}</button>
    <small>${missing.length ? t("papers.lacks", { what: missing.map((name) => t(`paperfact.${name}`)).join("、") }) : number ?? ""}</small></li>`;
}

async function open(/** @type {any} */ paper, /** @type {any} */ model) {
  try {
    await letterhead();
  } catch (error) {
    tell(sentence(error), "bad");
    return;
  }
  set({ paper: { case: model.id, id: paper.id, given: starts(paper, context(paper, model, {})), hers: paper.hers, busy: false, error: "" } });
  window.scrollTo(0, 0);
}

/** Whether a sheet of this case lies on the screen. @param {any} model */
export function isOpen(model) {
  return state.paper?.case === model.id && offered(model).some((paper) => paper.id === state.paper.id);
}

/** Called when the page is left: what was filled in is not kept. */
export function closePaper() {
  if (state.paper) set({ paper: null });
}

/** The sheet, and beside it what the clerk fills in. @param {any} model */
export function paperPage(model) {
  const { paper: draft } = state;
  const paper = PAPERS.find((one) => one.id === draft.id);
  const now = context(paper, model, draft.given);
  const draws = numberKind(paper) !== "";
  const missing = [...lacking(paper, now).map((name) => t(`paperfact.${name}`)), ...unanswered(paper, draft.given).map((name) => t(`ask.${name}`))];
  return html`<article class="page case"><nav class="back"><a href="#" @click=${leave}>${t("papers.back")}</a></nav>
    <div class="desk"><aside class="card noprint"><h1>${t(`paper.${paper.id}`)}</h1>${paper.sealed ? html`<p class="say bad">${t("papers.sealed")}</p>` : nothing}
      ${paper.hers ? copies(draft) : nothing}${paper.asks.map((/** @type {any} */ ask) => question(ask, draft))}
      ${missing.length ? html`<p class="hint" data-missing>${t("papers.fill", { what: missing.join("、") })}</p>` : nothing}
      ${draft.error ? html`<p class="say bad" role="alert">${draft.error}</p>` : nothing}
      <div class="row"><button type="button" class="main" data-print ?disabled=${missing.length > 0 || draft.busy} @click=${() => finish(paper, model, print)}>${t(draws ? "papers.print" : "papers.print_plain")}</button>
        <button type="button" data-docx ?disabled=${missing.length > 0 || draft.busy} @click=${() => finish(paper, model, save)}>${t(draws ? "papers.docx" : "papers.docx_plain")}</button></div>
      <p class="hint">${t(draws ? "papers.number_hint" : "papers.plain_hint")}</p></aside>
    ${sheet(compose(paper, now, draft.hers))}</div></article>`;
}

function leave(/** @type {Event} */ event) {
  event.preventDefault();
  closePaper();
}

/** The number stands on the copy for the files only. */
function copies(/** @type {any} */ draft) {
  return html`<fieldset class="field radios"><legend>${t("papers.copy")}</legend>${[true, false].map((hers) => html`<label class="pick"><input type="radio" name="copy" value=${hers ? "hers" : "file"} .checked=${draft.hers === hers}
    @change=${() => set({ hers }, draft)}><span>${t(hers ? "papers.hers" : "papers.file")}</span></label>`)}</fieldset>`;
}

function question(/** @type {any} */ ask, /** @type {any} */ draft) {
  const put = (/** @type {any} */ event) => set({ given: { ...draft.given, [ask.name]: event.target.value }, error: "" }, draft);
  const value = draft.given[ask.name] ?? "";
  const control = ask.lines ? html`<textarea name=${ask.name} rows=${ask.lines} .value=${value} @input=${put}></textarea>`
    : html`<input name=${ask.name} type=${ask.day ? "date" : "text"} autocomplete="off" .value=${value} @input=${put}>`;
  return html`<label class="field"><span>${t(`ask.${ask.name}`)}${ask.optional ? html` <em>${t("field.optional")}</em>` : nothing}</span>${control}</label>`;
}

/** @param {import("./compose.js").Composed} made */
function sheet({ title, number, blocks }) {
  return html`<div class="a4" lang="zh-CN" data-sheet><h1>${title}</h1>${number ? html`<p class="no">${number}</p>` : nothing}${blocks.map((one) => "rows" in one ? grid(one) : html`<p class=${`b-${one.kind}`}>${one.text}</p>`)}</div>`;
}

/** @param {import("./compose.js").Table} block */
function grid({ rows, widths, small }) {
  const titled = rows[0].every(({ head }) => head);
  return html`<table class=${small ? "small" : ""}><colgroup>${widths.map((width) => html`<col class=${`w${width}`}>`)}</colgroup>
    ${titled ? html`<thead>${line(rows[0])}</thead>` : nothing}<tbody>${rows.slice(titled ? 1 : 0).map(line)}</tbody></table>`;
}

/** @param {import("./compose.js").Table["rows"][0]} cells */
function line(cells) {
  return html`<tr>${cells.map(({ text, head, span }) => head ? html`<th colspan=${span}>${text}</th>` : html`<td colspan=${span}>${text}</td>`)}</tr>`;
}

/** The number first, once for the case; then the printer or the file. @param {any} paper @param {any} model @param {(made: import("./compose.js").Composed) => void} use */
async function finish(paper, model, use) {
  const { paper: draft } = state;
  set({ busy: true, error: "" }, draft);
  try {
    await numbered(paper, model);
    set({ busy: false }, draft);
    use(compose(paper, context(paper, model, draft.given), draft.hers));
  } catch (error) {
    set({ busy: false, error: sentence(error) }, draft);
  }
}

/** @param {any} paper @param {any} model */
async function numbered(paper, model) {
  const kind = numberKind(paper);
  if (!kind || model.papers[kind]) return;
  const asked = { kind, year: Number(model.today.slice(0, 4)) };
  const { number } = await signedIn(() => postJson("/api/paper-number", asked, { "Whistle-Case": model.id }));
  model.papers = { ...model.papers, [kind]: number };
}

/** After the page has been drawn with its number. */
function print() {
  requestAnimationFrame(() => window.print());
}

/** @param {import("./compose.js").Composed} made */
function save(made) {
  const url = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (docx(made))], { type: DOCX }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${made.title}${made.number}.docx`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

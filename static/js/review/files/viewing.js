/** One file on the screen, and what is done with it: state.viewing, which holds the only copy in clear. */

import { ClientError } from "../../client/errors.js";
import { changed, set, state, tell } from "../store.js";
import { sentence } from "../session.js";
import { save } from "../files.js";
import { t } from "../words.js";
import { bytesOf } from "./bytes.js";
import { bring } from "../../bring.js";
import { toldBy } from "./listed.js";
import { decoded, encoded, marked, still, turned } from "./picture.js";

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("./listed.js").Filed} Filed */
/** @typedef {import("./picture.js").Mark} Mark */
/**
 * @typedef {object} Viewing
 * @property {Model} model
 * @property {Filed} filed
 * @property {number} seen bytes that came
 * @property {string} error a sentence, "" while all is well
 * @property {Uint8Array<ArrayBuffer> | null} bytes
 * @property {import("./listed.js").Told} told
 * @property {HTMLCanvasElement[]} pages of a document, as they are drawn
 * @property {number} all its pages, 0 until they are drawn
 * @property {string} url of a film or a sound, revoked when it is put away
 * @property {HTMLCanvasElement | null} picture as it stands: turned, and not marked
 * @property {number} zoom share of the width there is
 * @property {Mark["how"] | ""} tool what a stroke over the picture marks
 * @property {Mark[]} marks
 * @property {HTMLCanvasElement | null} result side by side with the picture before it is taken
 */

export const PDF = "application/pdf";
const PLAYED = new Set(["film", "sound"]);
const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8];

/** The file that is open: nothing that asks is drawn while none is. @returns {Viewing} */
export const viewing = () => /** @type {Viewing} */ (state.viewing);

/** @param {Model} model @param {Filed} filed */
export async function view(model, filed) {
  close();
  const told = { type: "", sort: "", name: "" };
  /** @type {Viewing} */
  const now = {
    model,
    filed,
    told,
    seen: 0,
    error: "",
    bytes: null,
    url: "",
    picture: null,
    pages: [],
    all: 0,
    ...UNMARKED,
  };
  set({ viewing: now });
  try {
    const bytes = await bytesOf(model, filed.item, (seen) => set({ seen }, now));
    if (state.viewing === now) await show(now, bytes);
  } catch (error) {
    set({ error: t(`files.fault_${code(error)}`) }, now);
  }
}

const UNMARKED = { zoom: 1, tool: /** @type {Viewing["tool"]} */ (""), marks: [], result: null };

/** @param {unknown} error */
function code(error) {
  const found = /** @type {{code?: string}} */ (error)?.code ?? "";
  return ["too_large", "picture", "pdf", "broken", "server_lies", "offline", "not_found"].includes(found)
    ? found
    : "other";
}

/** @param {Viewing} now @param {Uint8Array<ArrayBuffer>} bytes */
async function show(now, bytes) {
  set({ bytes, told: toldBy(bytes, now.filed.number) }, now);
  const { type, sort } = now.told;
  if (PLAYED.has(sort)) set({ url: URL.createObjectURL(new Blob([bytes], { type })) }, now);
  if (sort === "picture") set({ picture: await decoded(bytes, type) }, now);
  if (type === PDF) await drawPages(now, bytes);
}

/** Whatever the document's fault is, it is told as one that does not open. @param {Viewing} now @param {Uint8Array<ArrayBuffer>} bytes */
async function drawPages(now, bytes) {
  const draw = await bring("pdf");
  const drawn = (/** @type {HTMLCanvasElement} */ page) => set({ pages: [...now.pages, page] }, now);
  const all = await draw(bytes, drawn).catch(() => {
    throw new ClientError("pdf");
  });
  set({ all }, now);
}

/** Nothing of it stays: the Blob goes, the pixels and bytes are let go of. */
export function close() {
  if (!state.viewing) return;
  if (state.viewing.url) URL.revokeObjectURL(state.viewing.url);
  set({ viewing: null });
}

/** To this person's own disk, where nobody seals it any more: he was told. */
export function download() {
  const { bytes, told } = viewing();
  if (bytes) save(told.name, bytes);
}

/** @param {number} step */
export function zoomBy(step) {
  const at = ZOOMS.indexOf(viewing().zoom) + step;
  set({ zoom: ZOOMS[Math.min(Math.max(at, 0), ZOOMS.length - 1)] }, viewing());
}

/** Marks stand in pixels of the picture as it was: they go with the turn. */
export function turn() {
  const { picture } = viewing();
  if (picture) set({ picture: turned(picture), marks: [], result: null }, viewing());
}

/** What the film shows now becomes a picture to mark. @param {HTMLVideoElement} film */
export function takeStill(film) {
  if (film.videoWidth) set({ ...UNMARKED, picture: still(film) }, viewing());
}

/** Back from a still to its film. */
export function leaveStill() {
  set({ ...UNMARKED, picture: null }, viewing());
}

/** @param {Viewing["tool"]} tool */
export function choose(tool) {
  set({ tool: viewing().tool === tool ? "" : tool }, viewing());
}

/** @param {Mark} mark */
export function mark(mark) {
  const { marks } = viewing();
  set({ marks: [...marks, mark], result: null }, viewing());
}

export function undo() {
  set({ marks: viewing().marks.slice(0, -1), result: null }, viewing());
}

/** Original and result side by side, before anything is taken. */
export function compare() {
  const { picture, marks } = viewing();
  if (picture) set({ result: marked(picture, marks), tool: "" }, viewing());
}

export function changeAgain() {
  set({ result: null }, viewing());
}

/** What fails in a button's work is said. @param {Promise<unknown>} work */
export function said(work) {
  work.catch((error) => tell(sentence(error), "bad")).finally(changed);
}

/** @param {HTMLCanvasElement} canvas @param {HTMLCanvasElement} source @param {Mark[]} marks */
export function paint(canvas, source, marks) {
  const shown = marked(
    source,
    marks.filter(({ how }) => how !== "crop"),
  );
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  [canvas.width, canvas.height] = [shown.width, shown.height];
  pen.drawImage(shown, 0, 0);
  const [crop] = marks.filter(({ how }) => how === "crop").slice(-1);
  if (crop) shade(pen, crop);
}

/** What a crop leaves out is dimmed. @param {CanvasRenderingContext2D} pen @param {Mark} crop */
function shade(pen, { x, y, width, height }) {
  const { width: wide, height: high } = pen.canvas;
  pen.fillStyle = "rgba(8, 40, 47, 0.6)";
  pen.beginPath();
  pen.rect(0, 0, wide, high);
  pen.rect(x, y, width, height);
  pen.fill("evenodd");
}

/** The new picture goes beside what is written for an act; the original stays as it is. @param {import("./card.js").Take} take @param {import("./card.js").Goal} goal */
export async function take(take, goal) {
  const { result } = viewing();
  if (!result) return;
  take(goal.kind, goal.comp, await encoded(result));
  close();
}

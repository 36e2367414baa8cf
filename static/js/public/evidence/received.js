/** What the office sent her: pictures are drawn on the page, anything else is saved after one warning. Its type is told by
 * its bytes, and its own name is never used: both are whatever a colleague sealed. */

import { ClientError } from "../../client/errors.js";
import { fetched, slicesAt, whole } from "../../client/fetching.js";
import { FileFault } from "../../client/attaching.js";
import { plainName, sortOf, typeOf } from "../../core/filetypes.js";
import { el, fill, one, part, show } from "../../dom.js";
import { sentence } from "../shell/problem.js";
import { shownName } from "./cleaning.js";
import { clearOf, decoded } from "./picture.js";

/** @typedef {import("../../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("../../client/reading.js").Opened} Opened */
/** @typedef {import("../../client/reporter.js").Status} Status */

const MOST = 200e6; // bytes held at once, for what is saved whole
const WATCHED = new Set(["broken", "server_lies"]);

/** The files of this case that the office sealed to her. @param {Status} status @returns {Opened[]} */
const filesOf = ({ items }) =>
  items.filter((item) => item.author !== "reporter" && !item.broken && (item.apart || item.meta.name));

/** List them; those that are open stay so. @param {{door: {zone: Bytes}, words: any}} evidence @param {Status} status */
export function listReceived({ door, words }, status) {
  const list = one("[data-received]");
  const known = new Set([...list.children].map(({ dataset }) => dataset.item));
  const files = filesOf(status);
  for (const [at, item] of files.entries()) {
    if (!known.has(item.id)) list.append(new Received(door, words, status, item, at + 1).node);
  }
  show(one("[data-received-all]"), files.length > 0);
}

class Received {
  /** @param {{zone: Bytes}} door @param {any} words @param {Status} status @param {Opened} item @param {number} number */
  constructor({ zone }, words, status, item, number) {
    this.where = { zone, case: status.ticket.case };
    this.shown = { Authorization: status.ticket.authorization };
    this.post = /** @type {import("../../crypto/posts.js").Post} */ (
      status.posts.find(({ hash }) => hash === item.post)
    );
    this.words = words;
    this.item = item;
    this.number = number;
    this.node = part("received", {});
    this.node.dataset.item = item.id;
    one("[data-slot=name]", this.node).textContent = fill(words.files.given.name, { n: number });
    const open = one("[data-received-open]", this.node);
    open.textContent = words.files.given.open;
    open.addEventListener("click", () => this.open(open));
  }

  /** @param {HTMLButtonElement} button */
  async open(button) {
    button.disabled = true;
    this.say("");
    try {
      await this.show(await this.bytes());
      button.remove();
    } catch (error) {
      this.say(this.told(error));
      button.disabled = false;
    }
  }

  /** Checked to its end before anything of it is shown or saved. */
  async bytes() {
    const { where, post, item, shown } = this;
    if (!item.apart) return item.body;
    const bar = one("progress", this.node);
    show(bar);
    const file = await fetched(where, post, item, slicesAt(shown, item.id));
    return whole(file, MOST, (bytes, of) => Object.assign(bar, { max: of, value: bytes })).finally(() =>
      show(bar, false),
    );
  }

  /** @param {Bytes} bytes */
  async show(bytes) {
    const type = typeOf(bytes);
    const blob = new Blob([bytes], { type: type || "application/octet-stream" });
    const canvas = sortOf(type) === "picture" ? await drawn(blob, type) : null;
    if (canvas)
      this.place(
        Object.assign(canvas, { role: "img", ariaLabel: shownName(type, this.number, this.words.files.sort) }),
      );
    else this.offer(blob, plainName(type, this.number));
  }

  /** @param {Node} node */
  place(node) {
    one("[data-slot=look]", this.node).append(node);
  }

  /** @param {Blob} blob @param {string} name */
  offer(blob, name) {
    const { given } = this.words.files;
    const save = el("button", { type: "button", className: "button small" }, given.save);
    save.addEventListener("click", () => saveAs(blob, name));
    this.place(el("div", { className: "stack" }, el("p", { className: "small" }, given.warn), save));
  }

  /** @param {unknown} error */
  told(error) {
    const { given, wrong } = this.words.files;
    if (error instanceof FileFault) return wrong[error.code];
    if (error instanceof ClientError && WATCHED.has(error.code)) return given.broken;
    return sentence(this.words.problem, error);
  }

  /** @param {string} words */
  say(words) {
    one("[data-received-wrong]", this.node).textContent = words;
    show(one("[data-received-wrong]", this.node), words !== "");
  }
}

/** The picture on a canvas, null for one that this browser does not open. @param {Blob} blob @param {string} type */
async function drawn(blob, type) {
  try {
    await clearOf(blob, type);
    return await decoded(blob, type);
  } catch (error) {
    if (error instanceof FileFault) return null;
    throw error;
  }
}

/** @param {Blob} blob @param {string} name */
function saveAs(blob, name) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/**
 * Files for a case: chosen, cleaned, then sent one after another, one post each. Everything is in this page's memory;
 * what fails costs the file, and the words of the report are not touched.
 */

import { Attaching, FileFault } from "../../client/attaching.js";
import { Public } from "../../client/reporter.js";
import { sortOf } from "../../core/filetypes.js";
import { all, fill, one, pageWords, show } from "../../dom.js";
import { sentence } from "../shell/problem.js";
import { onLeave } from "../shell/leave.js";
import { blackOut } from "./blackout.js";
import { listen } from "./choosing.js";
import { clean, look, markOf, prepared, shownName } from "./cleaning.js";
import { ChosenFile } from "./file.js";
import { listReceived } from "./received.js";
import { startRecording } from "./recording.js";

/** What the page gives: its zone, the directories it verified, the ticket, what to do once a file arrived, and the case
 * where it is open.
 * @typedef {{zone: import("../../crypto/encoding.js").Bytes, directories: any, ticket: import("../../crypto/ticket.js").Ticket, arrived?: () => void, status?: import("./received.js").Status}} Given */

/** Show the place for files of this case. @param {Given} given @returns {Evidence} */
export function openEvidence(given) {
  const evidence = new Evidence(given);
  evidence.start();
  return evidence;
}

class Evidence {
  /** @param {Given} given */
  constructor({ zone, directories, ticket, arrived = () => {}, status }) {
    // What the page verified is good here too; its door is another script's, with another script's errors.
    this.door = new Public(zone, directories);
    this.ticket = ticket;
    this.arrived = arrived;
    this.status = status;
    this.words = { ...pageWords(), ...JSON.parse(one("[data-evidence-words]").textContent) };
    /** @type {ChosenFile[]} */ this.files = [];
    /** @type {Record<string, number>} */ this.counted = {};
    this.running = false;
    /** @type {(() => void) | null} called when she goes on, null while nothing waits */ this.goOn = null;
    this.paused = false;
    this.closed = false;
    /** @type {() => void} */ this.deafen = () => {};
  }

  start() {
    const ends = [listen(this), startRecording(this, this.words.files)];
    this.deafen = () => ends.forEach((end) => end());
    onLeave(() => this.close());
    this.see(this.status);
    this.draw();
  }

  /** The case as it stands now: what the office sent, and whether more may be added. @param {import("./received.js").Status | undefined} status */
  see(status) {
    if (status) listReceived(this, status);
    show(one("[data-evidence]"), !status || status.may.includes("evidence"));
  }

  /** Nothing more is sent, and nothing of any file stays. */
  close() {
    this.closed = true;
    this.deafen();
    for (const file of this.files) {
      file.aborting.abort();
      file.unlook();
    }
    this.files = [];
    this.pause(false);
    for (const list of all("[data-files], [data-received]")) list.replaceChildren();
    for (const place of all("[data-evidence], [data-received-all]")) show(place, false);
  }

  /** Whether leaving now would lose what she chose. */
  get busy() {
    return this.files.some(({ state }) => state !== "sent" && state !== "refused");
  }

  /** @param {Iterable<Blob>} blobs */
  async choose(blobs) {
    this.say("");
    for (const blob of blobs) await this.add(blob);
  }

  /** @param {Blob} blob */
  async add(blob) {
    const file = new ChosenFile(blob, this.words.files, (press) => this.press(press, file));
    this.files.push(file);
    one("[data-files]").append(file.node);
    await this.cleanOne(file);
  }

  /** @param {ChosenFile} file */
  async cleanOne(file) {
    file.become("cleaning");
    this.draw();
    try {
      await this.identify(file);
      file.cleaned = await clean(file.blob, file.type);
      this.name(file);
      file.look();
      file.become(file.cleaned.asks ? "asking" : "ready");
    } catch (error) {
      file.become("refused", this.told(error));
    }
    this.draw();
  }

  /** What it is, and whether it stands here already. @param {ChosenFile} file */
  async identify(file) {
    file.type ||= await look(file.blob);
    file.mark ||= await markOf(file.blob);
    if (this.files.some((other) => other !== file && other.mark === file.mark && other.state !== "refused"))
      throw new FileFault("file_twice");
  }

  /** The name it is sent under: her own for it may say too much. @param {ChosenFile} file */
  name(file) {
    const sort = sortOf(file.type);
    file.number ||= this.counted[sort] = (this.counted[sort] ?? 0) + 1;
    file.call(shownName(file.cleaned?.type ?? file.type, file.number, this.words.files.sort));
  }

  /** @param {string} press @param {ChosenFile} file */
  press(press, file) {
    const does = /** @type {Record<string, () => unknown>} */ ({
      anyway: () => this.queue([file]),
      again: () => this.queue([file]),
      black: () => blackOut(file, this.words.files),
      drop: () => this.drop(file),
      away: () => this.drop(file),
    });
    does[press]();
    this.draw();
  }

  /** @param {ChosenFile} file */
  drop(file) {
    file.aborting.abort();
    this.goOn?.();
    if (file.state !== "sent") file.attaching?.cancel().catch(() => {}); // what stays unposted goes by itself in three days
    file.unlook();
    file.node.remove();
    this.files = this.files.filter((other) => other !== file);
  }

  /** @param {ChosenFile[]} files */
  queue(files) {
    for (const file of files) file.become("waiting");
    this.run();
  }

  sendAll() {
    this.queue(this.files.filter(({ state }) => state === "ready"));
  }

  async run() {
    if (this.running) return;
    this.running = true;
    for (let next; (next = this.files.find(({ state }) => state === "waiting"));) await this.send(next);
    this.running = false;
    this.pause(false);
  }

  /** @param {ChosenFile} file */
  async send(file) {
    file.become("sending");
    this.draw();
    try {
      file.attaching ??= await this.attaching(file);
      await file.attaching.send(this.watch(file));
      file.become("sent");
      file.cleaned = file.cleaned && { ...file.cleaned, pieces: async function* () {} };
      if (!this.closed) this.arrived();
    } catch (error) {
      if (error instanceof FileFault) file.attaching = null;
      if (!file.aborting.signal.aborted) file.become("failed", this.told(error));
    }
    this.draw();
  }

  /** @param {ChosenFile} file */
  async attaching(file) {
    if (!file.cleaned) throw new FileFault("file_gone");
    return new Attaching(this.door, this.ticket, await prepared(file.cleaned, file.number));
  }

  /** @param {ChosenFile} file @returns {import("../../client/uploading.js").Watch} */
  watch(file) {
    return {
      signal: file.aborting.signal,
      sent: (bytes) => {
        file.arrived = bytes;
        file.progress();
        this.drawAll();
      },
      go: () => this.going(file),
    };
  }

  /** When she goes on, or the file was taken back. @param {ChosenFile} file */
  async going(file) {
    while (this.paused && !file.aborting.signal.aborted)
      await new Promise((done) => (this.goOn = () => done(undefined)));
  }

  /** @param {boolean} on */
  pause(on) {
    this.paused = on;
    if (!on) this.goOn?.();
    if (!this.closed) this.draw();
  }

  draw() {
    if (this.closed) return;
    const { press, now } = this.words.files;
    show(one("[data-files-go]"), this.files.length > 0);
    show(
      one("[data-files-send]"),
      this.files.some(({ state }) => state === "ready"),
    );
    const pause = one("[data-files-pause]");
    show(pause, this.running);
    pause.textContent = this.paused ? press.go : press.pause;
    one("[data-files-told]").textContent = this.paused ? now.paused : "";
    this.drawAll();
  }

  /** How far all of them are. */
  drawAll() {
    const going = this.files.filter(({ attaching, state }) => attaching || state === "waiting");
    const done = going.filter(({ state }) => state === "sent").length;
    const of = going.reduce((sum, { attaching, blob }) => sum + (attaching?.length ?? blob.size), 0);
    const sent = going.reduce((sum, { arrived }) => sum + arrived, 0);
    const percent = of ? Math.floor((100 * sent) / of) : 0;
    for (const node of all("[data-files-all], [data-files-progress]")) show(node, going.length > 0);
    one("[data-files-all]").textContent = fill(this.words.files.now.all, { done, of: going.length, percent });
    one("[data-files-progress]").value = percent / 100;
  }

  /** @param {string} words */
  say(words) {
    one("[data-files-wrong]").textContent = words;
    show(one("[data-files-wrong]"), words !== "");
  }

  /** @param {unknown} error */
  told(error) {
    if (error instanceof FileFault) return fill(this.words.files.wrong[error.code], error.facts);
    return sentence({ ...this.words.problem, ...this.words.problem_files }, error);
  }
}

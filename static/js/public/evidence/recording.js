/** Sound recorded in the page: no other app sees it, and it never lies in the phone's own recordings. */

import { fill, one, show } from "../../dom.js";

/** Whether this page may ask for the microphone at all. */
function canRecord() {
  const policy = /** @type {any} */ (document).featurePolicy;
  const isAllowed = policy?.allowsFeature?.("microphone") !== false;
  const devices = /** @type {MediaDevices | undefined} */ (navigator.mediaDevices);
  return isAllowed && Boolean(devices && globalThis.MediaRecorder);
}

/** A button that begins and ends a recording; what comes back ends it without keeping anything.
 * @param {{choose: (files: Iterable<Blob>) => unknown, say: (words: string) => void}} evidence @param {any} words @returns {() => void} */
export function startRecording(evidence, words) {
  const button = one("[data-record]");
  show(button, canRecord());
  const recording = new Recording(words, (blob) => evidence.choose([blob]));
  const pressed = () => recording.toggle().catch(() => evidence.say(words.wrong.microphone));
  recording.draw();
  button.addEventListener("click", pressed);
  return () => {
    button.removeEventListener("click", pressed);
    recording.drop();
  };
}

class Recording {
  /** @param {any} words @param {(blob: Blob) => unknown} done */
  constructor(words, done) {
    this.words = words;
    this.done = done;
    /** @type {MediaRecorder | null} */ this.recorder = null;
    /** @type {Blob[]} */ this.heard = [];
    this.since = 0;
    this.clock = 0;
  }

  async toggle() {
    if (this.recorder) return this.recorder.stop();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.heard = [];
    this.since = Date.now();
    this.recorder = new MediaRecorder(stream);
    this.recorder.addEventListener("dataavailable", ({ data }) => this.heard.push(data));
    this.recorder.addEventListener("stop", () => this.#end());
    this.recorder.start(1000);
    this.clock = setInterval(() => this.draw(), 1000);
    return this.draw();
  }

  drop() {
    this.done = () => {};
    this.recorder?.stop();
  }

  #end() {
    for (const track of this.recorder?.stream.getTracks() ?? []) track.stop();
    clearInterval(this.clock);
    const [recorder, heard] = [this.recorder, this.heard];
    this.recorder = null;
    this.heard = [];
    this.draw();
    this.done(new Blob(heard, { type: recorder?.mimeType }));
  }

  draw() {
    const { record } = this.words;
    const seconds = Math.round((Date.now() - this.since) / 1000);
    one("[data-record-text]").textContent = this.recorder ? record.stop : record.start;
    one("[data-recording]").textContent = this.recorder ? fill(record.running, { seconds }) : "";
    show(one("[data-recording]"), this.recorder !== null);
  }
}

/**
 * Films and sound without what their files say of place, time, device and person: pictures and sound are taken over packet
 * by packet, never decoded, into a file made anew. Tags, names of tracks, chapters and tracks of anything else (a phone
 * writes where it was, second by second) have no way over. The same film gives the same bytes each time.
 */

import {
  BlobSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MATROSKA,
  MP3,
  MP4,
  Mp3OutputFormat,
  Mp4OutputFormat,
  Output,
  QTFF,
  StreamTarget,
  WEBM,
  WebMOutputFormat,
} from "mediabunny";
import { nameless, undated } from "./boxes.js";
import { lengthSize, plainConfig, withoutUserData } from "./user.js";

/** @typedef {import("../../crypto/encoding.js").Bytes} Bytes */
/** @typedef {import("mediabunny").EncodedPacket} EncodedPacket */
/** @typedef {{packets: AsyncGenerator<EncodedPacket, void>, next: EncodedPacket | null, add: (packet: EncodedPacket) => Promise<void>, close: () => void}} Way of one track */

/** What is made of a file, and what its new maker wrote of itself taken out. @typedef {{type: string, sound: string, make: () => import("mediabunny").OutputFormat, plain: (pieces: AsyncIterable<Bytes>) => AsyncIterable<Bytes>}} Made */
const FILM = { type: "video/mp4", sound: "audio/mp4", make: mp4, plain: undated };
const WEB = { type: "video/webm", sound: "audio/webm", make: webm, plain: nameless };
const MPEG = {
  type: "audio/mpeg",
  sound: "audio/mpeg",
  make: mp3,
  plain: (/** @type {AsyncIterable<Bytes>} */ pieces) => pieces,
};
/** By the type of the file. @type {Record<string, Made>} */
const MADE = {
  "video/mp4": FILM,
  "video/quicktime": FILM,
  "audio/mp4": FILM,
  "video/webm": WEB,
  "audio/webm": WEB,
  "audio/mpeg": MPEG,
};
const FRAGMENT = 2; // seconds: held in memory until they are written
const USERS = new Set(["avc", "hevc"]);

function mp4() {
  return new Mp4OutputFormat({ fastStart: "fragmented", minimumFragmentDuration: FRAGMENT });
}

function mp3() {
  return new Mp3OutputFormat({ xingHeader: false });
}

function webm() {
  return new WebMOutputFormat({ appendOnly: true });
}

/**
 * What comes out of this file, and the way to make it, once or twice. Throws when something of it cannot be taken over.
 * @param {Blob} file @param {string} type by its first bytes @returns {Promise<{type: string, pieces: () => AsyncIterable<Bytes>}>}
 */
export async function remuxed(file, type) {
  const made = MADE[type];
  const tracks = await tracksOf(file);
  const codecs = await Promise.all(tracks.map((track) => track.getCodec()));
  const known = new Set(/** @type {(string | null)[]} */ (made.make().getSupportedCodecs()));
  if (!tracks.length || codecs.some((codec) => !known.has(codec))) throw new Error("no way over");
  const isSound = tracks.every((track) => track.type === "audio");
  return { type: isSound ? made.sound : made.type, pieces: () => made.plain(piecesOf(file, made.make())) };
}

/** Pictures and sound of a file; nothing else is looked at. @param {Blob} file */
async function tracksOf(file) {
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA, MP3] });
  const tracks = await input.getTracks();
  return tracks.filter((track) => track.isVideoTrack() || track.isAudioTrack());
}

/** @param {Blob} file @param {import("mediabunny").OutputFormat} format @returns {AsyncGenerator<Bytes, void>} */
async function* piecesOf(file, format) {
  const written = new Written();
  const output = new Output({ format, target: new StreamTarget(written.stream) });
  const copying = copied(file, output).then(
    () => written.end(),
    (error) => written.end(error),
  );
  yield* written.pieces();
  await copying;
}

/** @param {Blob} file @param {Output} output */
async function copied(file, output) {
  const ways = [];
  for (const track of await tracksOf(file)) ways.push(await wayOf(track, output));
  await output.start();
  for (const way of ways) await forward(way);
  const first = Math.min(...ways.map(({ next }) => next?.timestamp ?? 0));
  const late = Math.max(0, -first); // what began before zero begins there: all of it moves together
  for (let way; (way = nextOf(ways));) {
    const packet = /** @type {EncodedPacket} */ (way.next);
    await way.add(late ? packet.clone({ timestamp: packet.timestamp + late }) : packet);
    await forward(way);
  }
  await output.finalize();
}

/** The track whose turn it is: by time, so that a film gives the same bytes whenever it is made. @param {Way[]} ways */
function nextOf(ways) {
  const left = ways.filter(({ next }) => next);
  const at = (/** @type {Way} */ way) => /** @type {EncodedPacket} */ (way.next).timestamp;
  return left.reduce(
    (/** @type {Way | undefined} */ best, way) => (!best || at(way) < at(best) ? way : best),
    undefined,
  );
}

/** @param {Way} way */
async function forward(way) {
  const { value } = await way.packets.next();
  way.next = value ?? null;
  if (!value) way.close();
}

/** @param {import("mediabunny").InputTrack} track @param {Output} output @returns {Promise<Way>} */
async function wayOf(track, output) {
  const packets = new EncodedPacketSink(track).packets();
  const way = track.isVideoTrack()
    ? await videoWay(track, output)
    : await audioWay(/** @type {import("mediabunny").InputAudioTrack} */ (track), output);
  return { packets, next: null, ...way };
}

/** @param {import("mediabunny").InputVideoTrack} track @param {Output} output */
async function videoWay(track, output) {
  const codec = /** @type {import("mediabunny").VideoCodec} */ (await track.getCodec());
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { transformationMatrix: await track.getTransformationMatrix() });
  const config = await track.getDecoderConfig();
  if (!config) throw new Error("no way over");
  const description = config.description ? bytesOf(config.description) : null;
  const meta = { decoderConfig: description ? { ...config, description: plainConfig(codec, description) } : config };
  const size = description && USERS.has(codec) ? lengthSize(codec, description) : 0;
  const plain = (/** @type {EncodedPacket} */ packet) =>
    size ? packet.clone({ data: withoutUserData(codec, size, bytesOf(packet.data)) }) : packet;
  return { add: (/** @type {EncodedPacket} */ packet) => source.add(plain(packet), meta), close: () => source.close() };
}

/** @param {import("mediabunny").InputAudioTrack} track @param {Output} output */
async function audioWay(track, output) {
  const source = new EncodedAudioPacketSource(/** @type {import("mediabunny").AudioCodec} */ (await track.getCodec()));
  output.addAudioTrack(source);
  const config = await track.getDecoderConfig();
  if (!config) throw new Error("no way over");
  return {
    add: (/** @type {EncodedPacket} */ packet) => source.add(packet, { decoderConfig: config }),
    close: () => source.close(),
  };
}

/** @param {AllowSharedBufferSource} data @returns {Bytes} */
function bytesOf(data) {
  if (ArrayBuffer.isView(data))
    return new Uint8Array(/** @type {ArrayBuffer} */ (data.buffer), data.byteOffset, data.byteLength);
  return new Uint8Array(/** @type {ArrayBuffer} */ (data));
}

/** What is written, handed on piece by piece; the writer waits for whoever reads. */
class Written {
  constructor() {
    /** @type {{data: Bytes, taken: () => void}[]} */ this.queue = [];
    this.at = 0;
    this.ended = false;
    /** @type {unknown} */ this.error = null;
    /** @type {() => void} */ this.wake = () => {};
    this.stream = new WritableStream({ write: (chunk) => this.write(chunk) });
  }

  /** @param {import("mediabunny").StreamTargetChunk} chunk @returns {Promise<void>} */
  write({ data, position }) {
    if (position !== this.at) throw new Error("not in order");
    this.at += data.length;
    return new Promise((taken) => {
      this.queue.push({ data: data.slice(), taken });
      this.wake();
    });
  }

  /** @param {unknown} [error] */
  end(error = null) {
    this.ended = true;
    this.error = error;
    this.wake();
  }

  async *pieces() {
    for (;;) {
      const next = this.queue.shift();
      if (next) {
        yield next.data;
        next.taken();
      } else if (this.ended) break;
      else await new Promise((awake) => (this.wake = () => awake(undefined)));
    }
    if (this.error) throw this.error;
  }
}

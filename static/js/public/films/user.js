/** Messages of the user inside coded pictures (SEI of ITU-T H.264 and H.265, annex D): encoders and cameras write their
 * name, their settings, even a place there. A player needs none of them. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** How a codec writes them: length of a unit's header, and whether a unit is such a message. @typedef {{header: number, isMessage: (first: number) => boolean}} Codec */

const USER = new Set([4, 5]); // user_data_registered_itu_t_t35, user_data_unregistered
/** @type {Record<string, Codec>} */
const CODECS = {
  avc: { header: 1, isMessage: (first) => (first & 0x1f) === 6 },
  hevc: { header: 2, isMessage: (first) => [39, 40].includes((first >> 1) & 0x3f) },
};
const HEVC_ARRAYS = 22; // of the decoder's configuration: where the number of its arrays stands

/** How many bytes the length of a unit takes, by the decoder's configuration (ISO 14496-15). @param {string} codec @param {Bytes} config */
export const lengthSize = (codec, config) => (config[codec === "avc" ? 4 : 21] & 3) + 1;

/** A coded picture without them. @param {string} codec @param {number} size bytes of a unit's length @param {Bytes} data @returns {Bytes} */
export function withoutUserData(codec, size, data) {
  const kept = [...units(size, data)].filter(([unit]) => !isUserData(CODECS[codec], unit)).map(([, whole]) => whole);
  const length = kept.reduce((sum, { length }) => sum + length, 0);
  return length === data.length || !length ? data : joined(kept, length);
}

/** The decoder's configuration without them: H.265 may repeat them there. @param {string} codec @param {Bytes} config @returns {Bytes} */
export function plainConfig(codec, config) {
  if (codec !== "hevc" || config.length <= HEVC_ARRAYS) return config;
  const kept = [...arrays(config)].filter((array) => !CODECS.hevc.isMessage(array[0] << 1));
  const head = config.slice(0, HEVC_ARRAYS + 1);
  head[HEVC_ARRAYS] = kept.length;
  return joined(
    [head, ...kept],
    kept.reduce((sum, { length }) => sum + length, head.length),
  );
}

/** Each unit, and the same with its length in front; what does not add up is one last piece. @param {number} size @param {Bytes} data
 * @returns {Generator<[Bytes, Bytes], void>} */
function* units(size, data) {
  for (let at = 0; at < data.length;) {
    let length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + (data[at + i] ?? 0);
    const end = Math.min(at + size + length, data.length);
    yield [data.subarray(at + size, end), data.subarray(at, end)];
    at = end;
  }
}

/** @param {Bytes} config @returns {Generator<Bytes, void>} */
function* arrays(config) {
  let at = HEVC_ARRAYS + 1;
  for (let left = config[HEVC_ARRAYS]; left > 0 && at + 3 <= config.length; left--) {
    const from = at;
    const count = config[at + 1] * 256 + config[at + 2];
    at += 3;
    for (let i = 0; i < count; i++) at += 2 + config[at] * 256 + config[at + 1];
    yield config.subarray(from, at);
  }
}

/** @param {Codec} codec @param {Bytes} unit */
function isUserData({ header, isMessage }, unit) {
  if (!unit.length || !isMessage(unit[0])) return false;
  for (let at = header; at + 1 < unit.length;) {
    let type = 0;
    for (; unit[at] === 0xff; at++) type += 255;
    type += unit[at++];
    let size = 0;
    for (; unit[at] === 0xff; at++) size += 255;
    size += unit[at++] ?? 0;
    if (USER.has(type)) return true;
    at += size;
    if (unit[at] === 0x80) return false; // the stop bit behind the last message
  }
  return false;
}

/** @param {Bytes[]} parts @param {number} length @returns {Bytes} */
function joined(parts, length) {
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

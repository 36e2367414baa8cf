// The certificate of an honour, signed by the leader who gives it (envelope.md, CERTIFICATE): it names no case and no code.

import { SUITE, TAG, unb64 } from "./encoding.js";
import { refuse } from "./errors.js";
import { verify } from "./keys.js";
import { bytes, day, dump, oneOf, parse, record, schema, string } from "./strict.js";

/** @typedef {import("./encoding.js").Bytes} Bytes */

export const CERTIFICATE = schema(
  4096,
  record({
    v: oneOf(1),
    suite: oneOf(SUITE),
    zone: bytes(16),
    dir: bytes(32),
    channel: string(64),
    author: bytes(16),
    day,
    honour: string(64),
    text: string(1200),
  }),
);

/** @typedef {ReturnType<typeof CERTIFICATE.check>} Certificate */

/** Bytes and signature. @param {import("./keys.js").KeyPair} keys @param {Omit<Certificate, "v" | "suite">} said everything
 * else, in any order */
export async function signCertificate(keys, { zone, dir, channel, author, day: on, honour, text }) {
  const data = dump(CERTIFICATE, { v: 1, suite: SUITE, zone, dir, channel, author, day: on, honour, text });
  return { bytes: data, sig: await keys.sign(TAG.HONOUR, data) };
}

/** The certificate, if a leader of the channel it names signed it under a directory of this zone. The channel must have
 * been added to `directories` as that directory lists it. Throws EnvelopeError.
 * @param {import("./directory.js").Directories} directories @param {Bytes} data @param {Bytes} sig @returns {Promise<Certificate>} */
export async function verifyCertificate(directories, data, sig) {
  const document = parse(CERTIFICATE, data);
  if (directories.byHash(document.dir)?.zone !== document.zone) refuse("certificate");
  const reader = directories.reader(document.dir, document.channel, document.author);
  if (!reader?.roles.includes("leader")) return refuse("certificate");
  await verify(unb64(reader.sig), TAG.HONOUR, data, sig);
  return document;
}

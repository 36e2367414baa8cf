/** The certificate of an honour that stands, as its reporter holds it. The twin of whistle/client/certificates.py. */

import { unb64, utf8 } from "../crypto/encoding.js";
import { EnvelopeError } from "../crypto/errors.js";
import { verifyCertificate } from "../crypto/honours.js";
import { ClientError } from "./errors.js";

/** `text` and `sig` are what is shown to whoever wants proof; `office` as the zone signed its name.
 * @typedef {{said: import("../crypto/honours.js").Certificate, office: string, text: string, sig: string}} Held */

/** What she was honoured with; null where no honour stands, or where what came with it does not hold.
 * ClientError where it could not be looked at.
 * @param {import("./reporter.js").Public} door @param {import("./reporter.js").Status} status @returns {Promise<Held | null>} */
export async function certificateOf(door, { folded, chain, items }) {
  const told = chain.acts.filter(({ kind }) => kind === "honour.tell").pop();
  const item = items.find(({ post, document }) => post === told?.hash && document === "certificate");
  if (!told || !item || !folded.marks.includes("honour.tell")) return null;
  const { certificate = "", sig = "" } = item.data;
  try {
    const { dir } = JSON.parse(certificate);
    const { label } = await door.channel(chain.channelId, dir);
    const said = await verifyCertificate(door.directories, utf8(certificate), unb64(sig));
    const isTold = said.author === told.author && said.honour === told.fields.honour;
    const isHers = isTold && said.channel === chain.channelId;
    return isHers ? { said, office: label, text: certificate, sig } : null;
  } catch (error) {
    if (error instanceof ClientError && error.code !== "closed") throw error; // not fetched: nothing is known of it
    if ([EnvelopeError, SyntaxError, TypeError, ClientError].some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

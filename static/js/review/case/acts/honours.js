/** Honours: proposed with their grounds, approved by another, told with a certificate, taken back. No money moves. */

import { b64, text } from "../../../crypto/encoding.js";
import { ClientError } from "../../../client/errors.js";
import { EnvelopeError } from "../../../crypto/errors.js";
import { signCertificate } from "../../../crypto/honours.js";
import { part } from "../../parts.js";
import { t } from "../../words.js";

/** @typedef {import("../../types.js").ActRow} ActRow */
/** @typedef {import("../../types.js").Model} Model */
/** @typedef {import("../../types.js").Office} Office */
/** @typedef {import("../../types.js").Values} Values */

const CERTIFICATE = { name: "certificate_text", type: "text", rows: 4, needed: true, bytes: 1200 };

/** What stands on the certificate at first. @param {Model} model */
const certified = ({ fold }) => t("honour.text", { honour: t(`honour.${fold.honour}`) });

/** The certificate, signed with this leader's key. @param {Values} values @param {Model} model @param {Office} office */
async function certify(values, { fold, chain, today }, office) {
  const signed = signCertificate(office.keys, {
    zone: b64(office.zone),
    dir: office.directories.newestHash,
    channel: chain.channelId,
    author: office.rid,
    day: today,
    honour: fold.honour,
    text: values.certificate_text.replace(/\s+/g, " ").trim(), // one line: a certificate holds no control characters
  });
  const { bytes, sig } = await signed.catch(unsaid);
  values.certificate = JSON.stringify({ certificate: text(bytes), sig: b64(sig) });
}

/** What no certificate may hold is told as what no reader could read. @param {unknown} error @returns {never} */
function unsaid(error) {
  throw error instanceof EnvelopeError ? new ClientError("content") : error;
}

/** @type {Record<string, ActRow>} */
export const HONOURS = {
  "honour.propose": {
    tone: "go",
    inputs: [
      { name: "honour", type: "radio", options: "honour", needed: true },
      { name: "grounds", type: "text", rows: 4, needed: true, bytes: 8000, sealedFor: "leader" },
    ],
    fields: ({ honour }) => ({ honour }),
    parts: ({ grounds }) => [part("award", JSON.stringify({ grounds }), "application/json")],
  },
  "honour.approve": {
    tone: "go",
    inputs: [{ name: "grounds", type: "grounds" }],
    fields: (_values, { fold }) => ({ proposal: fold.honourProposal }),
    parts: () => [],
  },
  "honour.tell": {
    tone: "go",
    inputs: [{ ...CERTIFICATE, start: certified, sealedFor: "reporter" }],
    ready: certify,
    fields: (_values, { fold }) => ({ honour: fold.honour }),
    parts: ({ certificate }) => [part("thread", certificate, "application/json")],
  },
};

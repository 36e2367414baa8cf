// Files a report with many small files at a real door, as the browser's client does: address, zone, how many, how large.

import { Public } from "../../static/js/client/reporter.js";
import { parts } from "../../static/js/client/cards.js";
import { Filing } from "../../static/js/client/reporter.js";
import { deliver, seal } from "../../static/js/client/reporter.js";
import { unb64 } from "../../static/js/crypto/encoding.js";

const [url, zone, count, size] = process.argv.slice(2);
const { fetch } = globalThis;
globalThis.fetch = (path, options) => fetch(new URL(String(path), url), options);

const FORM = {
  ...{ category: "general_hazard", sector: "", enterprise: "", place: "", since: "", text: "仓库出口锁着。" },
  ...{ contact: "", passphrase: "", relation: "", reward: "", readback: false, channel: "" },
};
const files = Array.from({ length: Number(count) }, (_, at) => ({
  ...{ comp: "report", name: `${at + 1}.jpg`, type: "image/jpeg", body: new Uint8Array(Number(size)) },
}));

const door = await Public.open(unb64(zone));
const filing = new Filing();
await filing.prepare(door, FORM, () => {});
const { kind, fields, own, place } = filing.draft;
const draft = await seal(door, filing.ticket, { kind, fields, own, place, parts: [...parts(FORM), ...files] });
const { receipt } = await deliver(door, draft, () => {});
process.stdout.write(receipt ? "taken" : "not proved");

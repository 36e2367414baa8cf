import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Transcriber, Transcription, TRANSCRIBED } from "../../static/js/client/transcribing.js";
import { parts } from "../../static/js/client/cards.js";
import { Office, seal as sealAct, send } from "../../static/js/client/office.js";
import { destroyedItems } from "../../static/js/core/custody.js";
import {
  Filing, Public, deliver, sealClaim, sealMessage, sealUndoing, sealWithdrawal, statusOf,
} from "../../static/js/client/reporter.js"; // prettier-ignore
import { takenDay, withdrawalFacts, withdrawalOf } from "../../static/js/client/withdrawal.js";
import { Chain } from "../../static/js/crypto/chain.js";
import { b64, concat, lp, random, text, unb64 } from "../../static/js/crypto/encoding.js";
import { keyPair } from "../../static/js/crypto/keys.js";
import { unpackUpload } from "../../static/js/crypto/posts.js";
import { signReceipt } from "../../static/js/crypto/receipts.js";
import { newTicket, openTicket } from "../../static/js/crypto/ticket.js";
import { check } from "../../static/js/crypto/work.js";
import { refused, workflow } from "./vectors.js";
import { Scene } from "./scene.js";

const DAY = "2026-06-02";
const BITS = 6;
const FORM = {
  category: "violation", sector: "industry_trade", enterprise: "沂岭木业", place: "二车间", since: "ongoing", text: "三台电机的外壳没有接地线。",
  contact: "老李", passphrase: "春江花月", relation: "", reward: "yes", readback: true, channel: "",
}; // prettier-ignore

/** The public door as far as a page can see it: real papers, real receipts, real checks; answers can be lost or changed. */
class Door {
  static async open() {
    const door = new Door();
    door.keys = await keyPair(random(32), random(32));
    door.scene = await Scene.open(workflow);
    await door.issue();
    /** @type {{post: any, grants: any[], items: any, receipt: any}[]} */ door.kept = [];
    /** @type {Uint8Array[]} */ door.arrived = [];
    /** @type {(() => any)[]} what happens to the next submissions instead of, or after, keeping them */ door.next = [];
    return door;
  }

  issue() {
    return this.scene.issue({ doors: [{ id: "public", sig: b64(this.keys.sig), use: "receipt" }] });
  }

  async answer(path, { headers = {}, body } = {}) {
    const { pathname } = new URL(path, "http://door");
    if (pathname === "/api/directory")
      return { directories: this.scene.signed.map(({ bytes, sig }) => ({ bytes: text(bytes), sig: b64(sig) })) };
    if (pathname === "/api/challenge") return this.challenge(headers["Whistle-Purpose"], headers);
    if (pathname === "/api/case") return this.case();
    return this.submit(new Uint8Array(body), headers);
  }

  challenge(purpose, headers) {
    const c = lp("chal v1", this.scene.zone, "public", purpose, BITS, DAY, 1780358400, random(16));
    const prev = headers.Authorization ? this.kept[this.kept.length - 1].post.hash : "";
    return { challenge: b64(concat(c, random(32))), day: DAY, prev };
  }

  case() {
    const mine = (post, id) =>
      post.grants.some(({ to, items }) => to === "reporter" && items.some((row) => row[0] === id));
    const served = this.kept.map(({ post, grants, items, receipt }) => ({
      head: text(post.headBytes), sig: b64(post.sig), body: text(post.bodyBytes), receipt,
      grants: Object.fromEntries(post.grants.flatMap(({ to }, row) => (to === "reporter" ? [[row, b64(grants[row])]] : []))),
      items: Object.fromEntries(Object.entries(items).filter(([id]) => mine(post, id)).map(([id, blob]) => [id, b64(blob)])),
    })); // prettier-ignore
    return { posts: served, today: DAY, clocks: [], ...(this.tombs && { tombs: this.tombs }) };
  }

  async submit(bytes, headers) {
    this.arrived.push(bytes);
    const { post, grants, items } = await unpackUpload(bytes);
    const known = this.kept.find((one) => one.post.hash === post.hash);
    const happens = this.next.shift() ?? (() => null);
    const instead = await happens({ keep: () => this.keep(post, grants, items, headers) });
    if (instead) return instead;
    return known?.receipt ?? this.keep(post, grants, items, headers);
  }

  async keep(post, grants, items, headers) {
    if (post.fields.source === "phone") assert.ok(!("Whistle-Work" in headers));
    else await this.worked(post, headers["Whistle-Work"].split("."));
    if (post.kind === "report" && this.kept.length) return { status: 409, error: "conflict" };
    if (post.head.dir !== this.scene.directories.newestHash) return { status: 409, error: "stale_directory" };
    const chain = new Chain(this.scene.zone, this.scene.directories, workflow);
    for (const one of [...this.kept.map((each) => each.post), post]) await chain.add(one);
    const receipt = await this.receipt(post);
    this.kept.push({ post, grants, items, receipt });
    return receipt;
  }

  async worked(post, [challenge, counter]) {
    assert.ok(await check(unb64(challenge), unb64(post.head.case), unb64(post.pid), Number(counter), BITS));
  }

  async receipt(post, changes = {}) {
    const { bytes, sig } = await signReceipt(this.keys, {
      v: 1, suite: "X1", zone: b64(this.scene.zone), door: "public", epoch: b64(random(16)), case: post.head.case, no: post.no,
      post: post.hash, dir: post.head.dir, day: DAY, seqc: post.kind === "report" ? b64(random(32)) : "", ...changes,
    }); // prettier-ignore
    return { bytes: text(bytes), sig: b64(sig) };
  }
}

/** @type {Door} */ let door;
/** @type {Public} */ let client;

beforeEach(async () => {
  door = await Door.open();
  globalThis.fetch = async (path, options) => {
    if (String(path).startsWith("/api/channels/"))
      return new Response(door.scene.channels[door.scene.channels.length - 1]);
    const { status = 200, ...answer } = await door.answer(String(path), options);
    return new Response(JSON.stringify(answer), { status });
  };
  client = await Public.open(door.scene.zone);
});

afterEach(() => mock.timers.reset());

const lost = async ({ keep }) => {
  await keep();
  throw new TypeError("the answer was lost");
};
const refuses =
  (error, status = 409) =>
  async () => ({ status, error });
const steps = () => {
  /** @type {string[]} */
  const seen = [];
  return { seen, tell: (step) => seen.push(step) };
};

test("it works: a report arrives, sealed to its readers, and its receipt is checked", async () => {
  const { seen, tell } = steps();
  const filing = new Filing();
  const { receipt, post, first } = await filing.send(client, FORM, tell);
  assert.equal(receipt.post, post.hash);
  assert.equal(first, false);
  assert.deepEqual(
    post.items.map(({ comp }) => comp),
    ["card", "report", "identity", "payout"],
  );
  assert.deepEqual([...new Set(seen)], ["ticket", "seal", "work", "post"]);
  assert.equal(door.kept.length, 1);
  const sent = Buffer.from(door.arrived[0]);
  for (const secret of [filing.digits, FORM.text, FORM.contact, FORM.enterprise]) assert.ok(!sent.includes(secret));
});

test("the reporter reads back her own words only when she asked to", async () => {
  const kept = new Filing();
  await kept.send(client, FORM, () => {});
  const status = await statusOf(client, kept.ticket);
  assert.equal(status.items.find(({ comp }) => comp === "report").text, FORM.text);
  assert.ok(!status.items.some(({ comp }) => comp === "identity"));
  assert.equal(status.folded.seen, "received");

  door.kept = [];
  const bare = new Filing();
  await bare.send(client, { ...FORM, readback: false }, () => {});
  assert.deepEqual((await statusOf(client, bare.ticket)).items, []);
});

test("a lost answer and a retry are the same bytes, the same receipt, one report", async () => {
  door.next = [lost];
  const filing = new Filing();
  await assert.rejects(
    filing.send(client, FORM, () => {}),
    { code: "offline" },
  );
  const { receipt } = await filing.send(client, FORM, () => {});
  assert.deepEqual(door.arrived[0], door.arrived[1]);
  assert.equal(receipt.post, door.kept[0].post.hash);
  assert.equal(door.kept.length, 1);
});

test("words changed after a lost answer do not become a second report", async () => {
  door.next = [lost];
  const filing = new Filing();
  await assert.rejects(
    filing.send(client, FORM, () => {}),
    { code: "offline" },
  );
  const { digits } = filing;
  const { receipt, first } = await filing.send(client, { ...FORM, text: "改过的话,改过的话,改过的话。" }, () => {});
  assert.deepEqual([first, filing.digits, door.kept.length], [true, digits, 1]);
  assert.equal(receipt.post, door.kept[0].post.hash);
});

test("after a new directory the same items are granted and signed again, nothing is sealed twice", async () => {
  await door.issue();
  const filing = new Filing();
  const { post } = await filing.send(client, FORM, () => {});
  const tries = await Promise.all(door.arrived.map(unpackUpload));
  assert.equal(tries.length, 2);
  assert.deepEqual(tries[0].post.items, tries[1].post.items);
  assert.notDeepEqual(tries[0].post.grants, tries[1].post.grants);
  assert.equal(post.head.dir, door.scene.directories.newestHash);
});

test("work that is refused is done anew for the same post", async () => {
  door.next = [refuses("work", 403)];
  await new Filing().send(client, FORM, () => {});
  const [one, two] = await Promise.all(door.arrived.map(unpackUpload));
  assert.equal(one.post.pid, two.post.pid);
  assert.equal(door.kept.length, 1);
});

test("a busy door is waited for a little, then she is told", async () => {
  const busy = async () => ({ status: 503, error: "busy", retry: 0.01 });
  door.next = [busy, busy];
  await new Filing().send(client, FORM, () => {});
  door.kept = [];
  door.next = [busy, busy, busy];
  await assert.rejects(
    new Filing().send(client, FORM, () => {}),
    { code: "busy" },
  );
  assert.equal(door.kept.length, 0);
});

test("a receipt that does not prove this post is none, and takes no ticket from her", async () => {
  const wrong =
    (changes, by = door) =>
    async () =>
      by.receipt((await unpackUpload(door.arrived[door.arrived.length - 1])).post, changes);
  const stranger = Object.assign(Object.create(door), { keys: await keyPair(random(32), random(32)) });
  const answers = [
    wrong({ post: b64(random(32)) }),
    wrong({ no: 7 }),
    wrong({ zone: b64(random(16)) }),
    wrong({}, stranger),
    async () => ({ bytes: "{}", sig: "" }),
  ];
  for (const answer of answers) {
    door.next = [answer];
    const filing = new Filing();
    const sent = await filing.send(client, FORM, () => {});
    assert.equal(sent.receipt, null);
    assert.match(filing.digits, /^\d{25}$/);
  }
  assert.equal(door.kept.length, 0);
});

test("an answer that was lost may have been a receipt; a refusal before anything was sent was none", async () => {
  const filing = new Filing();
  assert.equal(filing.mayStand, false);
  door.next = Array.from({ length: 9 }, () => lost);
  await assert.rejects(
    filing.send(client, FORM, () => {}),
    { code: "offline" },
  );
  assert.equal(filing.mayStand, true);
});

test("a door that changed its key signs with either while the directory lists both", async () => {
  const [old, fresh] = [door.keys, await keyPair(random(32), random(32))];
  const listed = (...keys) => keys.map(({ sig }) => ({ id: "public", sig: b64(sig), use: "receipt" }));
  await door.scene.issue({ doors: listed(old, fresh) });
  for (const key of [fresh, old]) {
    [door.keys, door.kept] = [key, []];
    assert.ok((await new Filing().send(client, FORM, () => {})).receipt);
  }
  await door.scene.issue({ doors: listed(fresh) });
  door.kept = [];
  assert.equal((await new Filing().send(client, FORM, () => {})).receipt, null);
});

test("a page that saw a directory accepts none older", async () => {
  await door.issue();
  await client.refresh();
  const { signed } = door.scene;
  const newest = client.directories.newestHash;
  for (const fewer of [1, signed.length - 1]) {
    door.scene.signed = signed.slice(0, fewer);
    await refused(() => client.refresh(), "old_directory");
    await refused(() => Transcriber.open(door.scene.zone, client.directories), "old_directory");
    const office = new Office(workflow, { directories: client.directories });
    office.zone = door.scene.zone;
    await refused(() => office.refreshDirectory(), "old_directory");
    assert.equal(client.directories.newestHash, newest);
  }
  door.scene.signed = signed;
  await client.refresh();
});

test("under an expired directory the office seals nothing", async () => {
  mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-28T16:00Z") });
  const counter = await Transcriber.open(door.scene.zone);
  await assert.rejects(
    new Filing().send(counter, { ...FORM, source: "phone", arrived: "2026-05-30", paper: "" }, () => {}),
    { code: "expired_directory" },
  );
  const office = new Office(workflow);
  office.zone = door.scene.zone;
  await office.refreshDirectory();
  await assert.rejects(send(office, {}, { kind: "decline" }), { code: "expired_directory" });
  assert.equal(door.arrived.length, 0);
});

test("what no reader would accept is not sealed: by a reporter, by an officer, or by who takes a report down", async () => {
  const ticket = await openTicket(client.zone, newTicket());
  const half = { payee: "老李\ud83d", code: "12345678", passphrase: "", note: "" };
  await assert.rejects(sealClaim(client, ticket, "cash", half), { code: "content" });
  const counter = await Transcriber.open(door.scene.zone);
  const taken = { ...FORM, source: "phone", arrived: "2026-05-30", paper: "纸".repeat(100) };
  await assert.rejects(
    new Transcription().send(counter, taken, () => {}),
    { code: "content" },
  );
  const parts = [{ comp: "thread", name: "", type: "text/html", body: new Uint8Array([60]) }];
  const model = { fold: { workflow }, today: DAY, clocks: [], review: "", officeKind: "authority" };
  await assert.rejects(sealAct(new Office(workflow), model, { kind: "message", fields: {}, parts }), {
    code: "content",
  });
});

test("what the door will not take ends the sending with the draft kept", async () => {
  door.next = [refuses("refused", 422)];
  const filing = new Filing();
  await assert.rejects(
    filing.send(client, FORM, () => {}),
    { code: "refused" },
  );
  await filing.send(client, FORM, () => {});
  assert.deepEqual(door.arrived[0], door.arrived[1]);
});

test("papers of another zone are refused before anything is sealed", async () => {
  await refused(() => Public.open(random(16)), "wrong_zone");
});

test("a message is hers to read, and is signed again when somebody was quicker", async () => {
  const filing = new Filing();
  await filing.send(client, FORM, () => {});
  door.next = [refuses("conflict")];
  await deliver(client, await sealMessage(client, filing.ticket, "白班也有。", "thread"));
  const status = await statusOf(client, filing.ticket);
  assert.ok(status.items.some(({ comp, text: words }) => comp === "thread" && words === "白班也有。"));
  assert.deepEqual(
    status.chain.acts.map(({ kind }) => kind),
    ["report", "message"],
  );
});

test("a claim before the notice is never signed", async () => {
  const filing = new Filing();
  await filing.send(client, FORM, () => {});
  const claim = await sealClaim(client, filing.ticket, "counter", {
    payee: "木匠",
    code: "12345678",
    passphrase: "春江花月",
    note: "",
  });
  await assert.rejects(deliver(client, claim), { code: "refused" });
  assert.equal(door.kept.length, 1);
});

test("a record that was tampered with is not shown", async () => {
  const filing = new Filing();
  await filing.send(client, FORM, () => {});
  const { post } = door.kept[0];
  const { headBytes, bodyBytes, hash, grants } = post;
  door.kept[0].post = { headBytes, bodyBytes, hash, grants, sig: random(64) };
  await refused(() => statusOf(client, filing.ticket), "bad_signature");
});

test("a report taken down is the reporter's own post, filed at the review door without work", async () => {
  const asked = [];
  const { fetch } = globalThis;
  globalThis.fetch = (path, options) => {
    asked.push(String(path));
    return fetch(path, options);
  };
  mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-06-02T04:00Z") });
  const counter = await Transcriber.open(door.scene.zone);
  const filing = new Filing();
  const { post } = await filing.send(
    counter,
    { ...FORM, source: "phone", arrived: "2026-05-30", paper: "收文12号", readback: false },
    () => {},
  );
  assert.ok(
    asked.includes("/api/enter") &&
      !asked.some((path) => path.startsWith("/api/challenge") || path.startsWith("/api/posts")),
  );
  assert.deepEqual([post.author, post.fields.source, post.fields.sealed_by], ["reporter", "phone", "browser"]);
  assert.deepEqual(
    post.items.map(({ comp }) => comp),
    ["card", "report", "identity", "payout"],
  );
});

test("what the office adds stands in the sealed card, and in no card of the public page", () => {
  const card = (form) => JSON.parse(text(parts(form)[0].body));
  assert.deepEqual(card({ ...FORM, source: "letter", arrived: "2026-05-30", paper: "收文12号" }), {
    ...card(FORM),
    arrived: "2026-05-30",
    paper: "收文12号",
  });
  assert.ok(!("arrived" in card(FORM)));
});

test("the sources that the office vouches for are of the one table, and not the reporter's own", () => {
  assert.deepEqual(
    workflow.sources.filter((source) => !["web", "poster"].includes(source)),
    TRANSCRIBED,
  );
});

const filed = async () => {
  const filing = new Filing();
  await filing.send(client, FORM, () => {});
  return filing.ticket;
};

test("a withdrawal waits, the same ticket undoes it, and it can be made again", async () => {
  const ticket = await filed();
  const seen = async () => {
    const { folded, may } = await statusOf(client, ticket);
    return withdrawalOf(folded, may);
  };
  const open = { waits: "", takenFrom: "", taken: "", may: ["report", "contact"] };
  assert.deepEqual(await seen(), open);
  await deliver(client, await sealWithdrawal(client, ticket, "report"));
  assert.deepEqual(await seen(), { waits: "report", takenFrom: "2026-06-06", taken: "", may: [] });
  const { folded, chain } = await statusOf(client, ticket);
  await deliver(client, await sealUndoing(client, ticket, folded.withdrawal));
  assert.deepEqual(await seen(), open);
  await deliver(client, await sealWithdrawal(client, ticket, "contact"));
  assert.equal((await seen()).waits, "contact");
  const { acts } = (await statusOf(client, ticket)).chain;
  assert.deepEqual(
    acts.map(({ kind }) => kind),
    ["report", "withdraw", "withdraw.undo", "withdraw"],
  );
  const told = acts.map((act) => withdrawalFacts(act, acts, workflow));
  assert.deepEqual(told, [{}, { until: "2026-06-06" }, { scope: "report" }, { until: "2026-06-06" }]);
  assert.equal(chain.acts.length, 2);
  assert.ok(door.kept.every(({ post }) => post.kind === "report" || (!post.items.length && !post.grants.length)));
});

test("a withdrawal whose answer was lost is sent again in the same bytes, and stands once", async () => {
  const ticket = await filed();
  const draft = await sealWithdrawal(client, ticket, "report");
  door.next = [lost];
  await assert.rejects(deliver(client, draft), { code: "offline" });
  await deliver(client, draft);
  assert.deepEqual(door.arrived[1], door.arrived[2]);
  assert.equal(door.kept.length, 2);
});

test("of two pages that take back the second signs nothing, and what undoes names what waits", async () => {
  const ticket = await filed();
  const drafts = [
    await sealWithdrawal(client, ticket, "report"),
    await sealWithdrawal(client, ticket, "contact"),
    await sealUndoing(client, ticket, b64(random(32))),
  ];
  await deliver(client, drafts[0]);
  await assert.rejects(deliver(client, drafts[1]), { code: "refused" });
  assert.equal(door.kept.length, 2);
  await deliver(client, drafts[2]); // this door folds nothing: a real one refuses it
  await assert.rejects(statusOf(client, ticket), { code: "withdraw" });
});

test("the day on which a withdrawal is taken runs over the end of a month and a year", () => {
  assert.equal(takenDay("2026-02-26", workflow), "2026-03-02");
  assert.equal(takenDay("2026-12-29", workflow), "2027-01-02");
});

test("what a signed destruction names is gone, and what came after it is not", async () => {
  const ticket = await filed();
  const say = async (words) => deliver(client, await sealMessage(client, ticket, words, "thread"));
  await say("先说的。");
  await destroys(ticket, "content");
  await say("后说的。");
  const { items, chain, gone, isEmptied } = await statusOf(client, ticket);
  assert.ok(isEmptied);
  const [first, , later] = chain.acts.slice(1);
  assert.ok(first.items.every(({ id }) => gone.has(id)));
  assert.ok(later.items.every(({ id }) => !gone.has(id)));
  const report = chain.acts[0].items.filter(({ id }) => gone.has(id)).map(({ comp }) => comp);
  assert.deepEqual(report, ["card", "report"]);
  assert.deepEqual(
    items.filter(({ comp }) => comp === "thread").map(({ broken, text: words }) => [broken, words]),
    [[true, ""], [false, "后说的。"]],
  ); // prettier-ignore
});

/** A leader's signed destruction, and the door emptied of what it names. */
async function destroys(ticket, scope, { restored = false } = {}) {
  const { chain } = await statusOf(client, ticket);
  const { no, last } = chain.next("all");
  const fields = { ask: b64(random(32)), scope };
  const place = { case: b64(ticket.case), no, prev: last, last, when: `${DAY}T03:00Z`, vis: "all" };
  const post = await door.scene.write("lena", "destroy", fields, [], {}, place);
  const gone = destroyedItems([...chain.acts, { kind: "destroy", fields, items: [] }], workflow.scopes);
  for (const one of door.kept) for (const id of Object.keys(one.items)) if (gone.has(id)) delete one.items[id];
  if (restored) door.tombs = [{ head: text(post.headBytes), sig: b64(post.sig), body: text(post.bodyBytes) }];
  else door.kept.push({ post, grants: [], items: {}, receipt: door.kept[0].receipt });
}

test("a destruction that the chain lacks since a restore is believed when it is signed, and not otherwise", async () => {
  const ticket = await filed();
  await deliver(client, await sealMessage(client, ticket, "先说的。", "thread"));
  await destroys(ticket, "content", { restored: true });
  const emptied = async () => {
    const { gone, isEmptied, chain } = await statusOf(client, ticket);
    assert.equal(chain.acts.length, 2);
    assert.equal(gone.size > 0, isEmptied);
    return isEmptied;
  };
  assert.ok(await emptied());
  const [tomb] = door.tombs;
  door.tombs = [{ ...tomb, sig: b64(random(64)) }];
  assert.ok(!(await emptied()));
  door.tombs = [{}];
  assert.ok(!(await emptied()));
  door.tombs = 7;
  await assert.rejects(statusOf(client, ticket), { code: "malformed" });
});

// A small office with real keys and a case that grows: alice reports, bob reviews, charlie must be refused.
// The twin of tests/crypto/scene.py. Nothing here knows node, so that the browser's tests build the same case.

import { Chain } from "../../static/js/crypto/chain.js";
import { CHANNEL, Directories, channelHash, directoryHash, signDirectory } from "../../static/js/crypto/directory.js";
import { b64, random, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { sealGrant } from "../../static/js/crypto/grants.js";
import { sealItem } from "../../static/js/crypto/items.js";
import { caseId, keyPair, reviewerId, reviewerKeys, rootKey, zoneId } from "../../static/js/crypto/keys.js";
import { draftBody, signPost } from "../../static/js/crypto/posts.js";
import { dump } from "../../static/js/crypto/strict.js";

export const OFFICE = {
  bob: ["intake"], beth: ["intake"], vera: ["verifier"], lena: ["leader"], leo: ["leader"],
  paul: ["payout"], pia: ["payout"], finn: ["finance"], ada: ["auditor"],
}; // prettier-ignore

export const part = (comp, body = "", name = "", type = body ? "text/plain" : "") => ({
  comp, name, type, body: typeof body === "string" ? utf8(body) : body,
}); // prettier-ignore

export const FILING = [part("card", "{}"), part("report", "机器没有接地。"), part("identity"), part("payout")];
/** Readers and rows: the number of a new item, or the id of an earlier one, and the part. */
export const FILING_GRANTS = {
  bob: [[0, 0], [1, 0]], beth: [[0, 0], [1, 0]], lena: [[2, 1]], leo: [[2, 1]],
  paul: [[2, 2], [3, 0]], pia: [[2, 2], [3, 0]],
}; // prettier-ignore

/** The row that gives this part of a sealed item. */
export function keyRow({ entry, key, halves }, which) {
  return { id: entry.id, part: which, key: which === 0 ? key : halves[which - 1] };
}

async function told(zone, signed, channels) {
  const directories = await Directories.verify(zone, signed);
  for (const channel of channels) await directories.addChannel(channel);
  return directories;
}

export class Scene {
  signed = [];
  channels = [];
  posts = [];
  uploads = [];
  sealed = {};

  /** @param {any} table workflow.json */
  static async open(table) {
    const scene = new Scene();
    scene.table = table;
    scene.root = await rootKey(random(32));
    scene.zone = await zoneId(scene.root.public);
    scene.alice = await keyPair(random(32), random(32));
    scene.case = await caseId(scene.zone, scene.alice.kem, scene.alice.sig);
    scene.staff = {};
    for (const [name, roles] of Object.entries(OFFICE)) scene.staff[name] = await scene.hire(roles);
    scene.charlie = await scene.hire(["intake"]);
    await scene.issue();
    return scene;
  }

  async hire(roles, person = b64(random(16)), replaces = "") {
    const seed = random(32);
    const keys = await reviewerKeys(seed);
    return { seed, keys, roles, person, replaces, rid: b64(await reviewerId(this.zone, keys.kem, keys.sig)) };
  }

  /** Sign the next directory over the staff as it is now; `skip` names those revoked. */
  async issue({ skip = [], ...changes } = {}) {
    const staff = Object.entries(this.staff).filter(([name]) => !skip.includes(name));
    const readers = staff.map(([, { keys, rid, person, roles, replaces }]) => ({
      rid, person, suite: "X1", kem: b64(keys.kem), sig: b64(keys.sig), roles, unit: "应急管理局", label: "受理员 1", replaces,
    })); // prettier-ignore
    const channel = dump(CHANNEL, { id: "zone", label: "临港", policy: "default", readers });
    const last = this.signed[this.signed.length - 1];
    const doc = {
      v: 1, suite: "X1", zone: b64(this.zone), no: this.signed.length, prev: last ? await directoryHash(last.bytes) : b64(new Uint8Array(32)),
      issued: "2026-06-01", expires: "2026-11-28", allow: ["X1"], demo: true, root: b64(this.root.public), packs: [], doors: [],
      escrow: [], roster: b64(new Uint8Array(32)), channels: [["zone", await channelHash(channel)]], ...changes,
    }; // prettier-ignore
    const [signed, channels] = [
      [...this.signed, await signDirectory(this.root, doc)],
      [...this.channels, channel],
    ];
    this.directories = await told(this.zone, signed, channels);
    Object.assign(this, { signed, channels });
    this.chain = await this.rebuilt();
  }

  /** A fresh chain over these posts, as this viewer is served them. */
  async rebuilt(viewer = "office", posts = this.posts) {
    const chain = new Chain(this.zone, this.directories, this.table, viewer);
    for (const post of posts) if (viewer === "office" || post.vis === "all") await chain.add(post);
    return chain;
  }

  person(name) {
    return name === "charlie" ? this.charlie : this.staff[name];
  }
  keys(name) {
    return name === "reporter" ? this.alice : this.person(name).keys;
  }
  rid(name) {
    return name === "reporter" ? name : this.person(name).rid;
  }

  /** A signed post for the next place, not yet added. `head` replaces what the head would say. */
  async write(author, kind, fields = {}, parts = [], give = {}, { pid = b64(random(16)), ...head } = {}) {
    const place = [this.zone, this.case, this.rid(author), unb64(pid)];
    const items = await Promise.all(parts.map((each, i) => sealItem(...place, i, each)));
    for (const item of items) this.sealed[item.entry.id] = item;
    const grants = [];
    for (const [to, rows] of Object.entries(give)) {
      const keys = rows.map(([which, half]) =>
        keyRow(typeof which === "number" ? items[which] : this.sealed[which], half),
      );
      grants.push(await sealGrant(...place, this.rid(to), this.keys(to).kem, keys));
    }
    const body = draftBody(
      kind,
      fields,
      items.map(({ entry }) => entry),
      grants.map(({ entry }) => entry),
    );
    const post = await this.sign(author, kind, body, { pid, ...head });
    this.uploads.push({
      post,
      grants: grants.map(({ sealed }) => sealed),
      items: Object.fromEntries(items.map(({ entry, blob }) => [entry.id, blob])),
    });
    return post;
  }

  async sign(author, kind, body, head = {}) {
    const vis = head.vis ?? this.table.kinds[kind].vis;
    const first = { no: 0, prev: b64(this.case), last: b64(this.case) };
    const place = this.posts.length > 0 ? this.chain.next(vis) : first;
    const when = author === "reporter" ? "2026-06-10" : "2026-06-10T03:00Z";
    const whole = {
      zone: b64(this.zone),
      case: b64(this.case),
      vis,
      when,
      ...place,
      dir: this.directories.newestHash,
      author: this.rid(author),
    };
    return signPost(this.keys(author), { pid: b64(random(16)), ...whole, ...head }, body);
  }

  async take(post) {
    const act = await this.chain.add(post);
    this.posts.push(post);
    return act;
  }

  async add(...parts) {
    return this.take(await this.write(...parts));
  }

  reportFields(changes = {}) {
    const reporter = { kem: b64(this.alice.kem), sig: b64(this.alice.sig) };
    const access = b64(random(32));
    return {
      reporter,
      access,
      channel: "zone",
      source: "web",
      urgent: false,
      exclude: [],
      sealed_by: "browser",
      ...changes,
    };
  }

  async file(changes = {}, parts = FILING, give = FILING_GRANTS) {
    return this.add("reporter", "report", this.reportFields(changes), parts, give);
  }

  /** Ids of the items of a kind's first post, in order. */
  items(kind) {
    return this.chain.acts.find((act) => act.kind === kind).items.map(({ id }) => id);
  }

  accept() {
    const fields = { category: "violation", sector: "fire", packs: [], received: "2026-06-10" };
    return this.add("bob", "accept", fields, [part("work", "登记"), part("thread", "已受理")], {
      bob: [
        [0, 0],
        [1, 0],
      ],
      reporter: [[1, 0]],
    });
  }

  extract() {
    return this.add("bob", "extract", {}, [part("card", "{}"), part("work", "{}"), part("work", "摘录")], {
      bob: [
        [0, 0],
        [1, 0],
        [2, 0],
      ],
    });
  }

  assign() {
    const [, card, words] = this.items("extract");
    return this.add("bob", "assign", { seats: [["verifier", [this.staff.vera.person]]] }, [], {
      vera: [
        [card, 0],
        [words, 0],
      ],
    });
  }

  finding() {
    const give = {
      vera: [[0, 0]],
      lena: [
        [0, 0],
        [1, 0],
      ],
      paul: [[1, 0]],
      pia: [[1, 0]],
      ada: [[1, 0]],
    };
    return this.add("vera", "finding", { outcome: "verified" }, [part("work", "属实"), part("award", "{}")], give);
  }

  propose(author = "paul") {
    const fields = { pack: "sd-2024", pack_hash: b64(random(32)), fen: 500000, facts: b64(random(32)) };
    return this.add(author, "award.propose", fields, [part("award", "{}")], { paul: [[0, 0]], lena: [[0, 0]] });
  }
}

/** A case that has been filed. @param {any} table */
export async function filed(table, changes = {}) {
  const scene = await Scene.open(table);
  await scene.file(changes);
  return scene;
}

/** A case with a verified finding. @param {any} table */
export async function found(table) {
  const scene = await filed(table);
  for (const step of ["accept", "extract", "assign", "finding"]) await scene[step]();
  return scene;
}

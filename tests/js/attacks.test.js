// The attacks of envelope.md section 3 whose victim is a browser. Each is first shown to work without the defence
// where that can be shown, then refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Chain } from "../../static/js/crypto/chain.js";
import { encrypt } from "../../static/js/crypto/cobblestone.js";
import { recipients } from "../../static/js/crypto/directory.js";
import { TAG, b64, random, sameBytes, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { grantInfo, openGrant, sealGrant } from "../../static/js/crypto/grants.js";
import { checkGrants } from "../../static/js/crypto/holdings.js";
import { itemContext, openItem, packPlain, tree } from "../../static/js/crypto/items.js";
import { keyPair, verify } from "../../static/js/crypto/keys.js";
import { draftBody, parsePost, signPost, verifyPost } from "../../static/js/crypto/posts.js";
import { loginFields } from "../../static/js/crypto/login.js";
import { FILING, FILING_GRANTS, Scene, filed, found, part } from "./scene.js";
import { refused, workflow } from "./vectors.js";

/** The place an item of the first post stands in. */
const placeOf = (scene, index) => [scene.zone, scene.case, "reporter", unb64(scene.posts[0].pid), index];
const sealedOf = (scene, index) => scene.sealed[scene.posts[0].items[index].id];

test("it works: an honest case passes in both views", async () => {
  const scene = await found(workflow);
  assert.equal((await scene.rebuilt("office")).acts.length, 5);
  assert.equal((await scene.rebuilt("reporter")).acts.length, 3);
});

test("a server swaps the reporter's keys in post 0 and answers as the reporter", async () => {
  const scene = await filed(workflow);
  const mallory = await keyPair(random(32), random(32));
  const body = JSON.parse(text(scene.posts[0].bodyBytes));
  const { v, kind, salt, items, grants, ...fields } = {
    ...body,
    reporter: { kem: b64(mallory.kem), sig: b64(mallory.sig) },
  };
  const { no, prev, last, dir, author, pid, vis, when, zone, case: id } = scene.posts[0].head;
  const swapped = await signPost(
    mallory,
    { zone, case: id, no, prev, last, dir, author, pid, vis, when },
    draftBody(kind, fields, items, grants),
  );
  await verifyPost(swapped, mallory.sig); // signature, body hash and schema are all in order
  for (const viewer of ["office", "reporter"]) await refused(() => scene.rebuilt(viewer, [swapped]), "wrong_case");
});

test("one ciphertext that opens to two texts under two keys", async () => {
  // Two keys for one AES-GCM text differ in the tag alone: the commitment is checked before it.
  const scene = await filed(workflow);
  const { entry, blob } = sealedOf(scene, 1);
  const other = random(32);
  await refused(() => openItem(...placeOf(scene, 1), entry, other, blob), "cannot_open");
  const twin = await encrypt(
    other,
    itemContext(...placeOf(scene, 1).slice(0, 4), "report", 1),
    packPlain(FILING[1]),
    blob.slice(0, 24),
  );
  const forged = blob.slice();
  forged.set(twin.subarray(56), 56); // chunks of the other key under the first one's commitment
  const patched = { ...entry, tree: b64(await tree(forged)) };
  await refused(() => openItem(...placeOf(scene, 1), patched, other, forged), "cannot_open");
  await refused(() => openItem(...placeOf(scene, 1), patched, sealedOf(scene, 1).key, forged), "cannot_open");
});

test("a reader who knows an item's key rewrites the item under the same id", async () => {
  const scene = await filed(workflow);
  const { entry, key, blob } = sealedOf(scene, 1);
  const context = itemContext(...placeOf(scene, 1).slice(0, 4), "report", 1);
  const rewritten = await encrypt(key, context, packPlain(part("report", "一切都好")), blob.slice(0, 24));
  assert.ok(sameBytes(rewritten.subarray(24, 56), unb64(entry.id)), "same key and salt: the same id");
  const unchecked = { ...entry, tree: b64(await tree(rewritten)) };
  assert.equal(text((await openItem(...placeOf(scene, 1), unchecked, key, rewritten)).body), "一切都好");
  await refused(() => openItem(...placeOf(scene, 1), entry, key, rewritten), "wrong_item");
});

test("a server moves an item to another compartment, index, case, author or zone", async () => {
  const scene = await filed(workflow);
  const { entry, key, blob } = sealedOf(scene, 3);
  const [zone, id, author, pid] = placeOf(scene, 3);
  const open = (...place) => openItem(...place, entry, key, blob);
  assert.ok(await open(zone, id, author, pid, 3));
  const elsewhere = [
    [zone, id, author, pid, 1], [zone, random(32), author, pid, 3], [random(16), id, author, pid, 3],
    [zone, id, scene.rid("bob"), pid, 3], [zone, id, author, random(16), 3],
  ]; // prettier-ignore
  for (const place of elsewhere) await refused(() => open(...place), "cannot_open");
  await refused(() => openItem(zone, id, author, pid, 3, { ...entry, comp: "thread" }, key, blob), "cannot_open");
});

test("a server swaps two items, or cuts one", async () => {
  const scene = await filed(workflow);
  const [card, payout] = [sealedOf(scene, 0), sealedOf(scene, 3)];
  await refused(() => openItem(...placeOf(scene, 0), card.entry, card.key, payout.blob), "wrong_item");
  await refused(() => openItem(...placeOf(scene, 0), card.entry, card.key, card.blob.slice(0, -16)), "wrong_item");
});

test("a server hands bob's grant to beth, an old grant, or the grant of another post", async () => {
  const scene = await filed(workflow);
  const [post] = scene.posts;
  const [{ grants }] = scene.uploads;
  const row = (name) => post.grants.findIndex(({ to }) => to === scene.rid(name));
  const open = (name, entry, sealed) =>
    openGrant(scene.zone, scene.case, "reporter", unb64(post.pid), scene.rid(name), scene.keys(name), entry, sealed);
  assert.equal((await open("bob", post.grants[row("bob")], grants[row("bob")])).length, 2);
  await refused(() => open("beth", post.grants[row("bob")], grants[row("bob")]), "wrong_grant");
  await refused(() => open("beth", post.grants[row("beth")], grants[row("bob")]), "wrong_grant");
  const other = await sealGrant(
    scene.zone,
    scene.case,
    "reporter",
    random(16),
    scene.rid("bob"),
    scene.keys("bob").kem,
    [],
  );
  await refused(() => open("bob", other.entry, other.sealed), "cannot_open");
  assert.notDeepEqual(
    grantInfo(scene.zone, scene.case, "reporter", unb64(post.pid), scene.rid("bob")),
    grantInfo(scene.zone, scene.case, "reporter", unb64(post.pid), scene.rid("beth")),
  );
});

test("an assign hands the verifier the reporter's words", async () => {
  const scene = await filed(workflow);
  await scene.accept();
  const [, words] = scene.items("report");
  const give = async () =>
    scene.add("bob", "assign", { seats: [["verifier", [scene.staff.vera.person]]] }, [], { vera: [[words, 0]] });
  await refused(give, "wrong_role");
  await scene.extract();
  await scene.assign();
});

test("a regrant goes to a colleague, to a key of one's own it goes", async () => {
  const scene = await filed(workflow);
  const [card] = scene.items("report");
  await refused(() => scene.add("bob", "regrant", {}, [], { beth: [[card, 0]] }), "wrong_readers");
  await refused(() => scene.add("bob", "regrant", {}, [], { reporter: [[card, 0]] }), "wrong_readers");
  scene.staff.bob2 = await scene.hire(["intake"], scene.staff.bob.person, scene.staff.bob.rid);
  await scene.issue();
  await scene.add("bob", "regrant", {}, [], { bob2: [[card, 0]] });
  assert.deepEqual(scene.chain.holds(scene.rid("bob2"), card), [0]);
});

test("a handover goes to one colleague of the same role, never empty, never to whoever may not be told", async () => {
  const scene = await Scene.open(workflow);
  scene.staff.bo = await scene.hire(["intake"]);
  scene.staff.vic = await scene.hire(["intake", "verifier"]);
  await scene.issue();
  const { beth: _none, ...others } = FILING_GRANTS;
  await scene.file({}, FILING, { ...others, vic: FILING_GRANTS.bob });
  const [card, words] = scene.items("report");
  const hand = (who, give) => scene.add(who, "handover", {}, [], give);
  await refused(() => hand("bob", {}), "wrong_readers");
  await refused(() => hand("bob", { beth: [] }), "wrong_readers");
  await refused(() => hand("bob", { bob: [[card, 0]] }), "wrong_readers");
  await refused(() => hand("bob", { reporter: [[card, 0]] }), "wrong_readers");
  await refused(() => hand("bob", { beth: [[card, 0]], bo: [[card, 0]] }), "wrong_readers");
  await refused(() => hand("bob", { vera: [[words, 0]] }), "wrong_role");
  await refused(() => hand("vic", { vera: [[words, 0]] }), "wrong_role");
  await refused(() => hand("beth", { bob: [[words, 0]] }), "not_held");
  await refused(() => hand("bob", { charlie: [[words, 0]] }), "not_a_reader");
  await hand("bob", {
    beth: [
      [card, 0],
      [words, 0],
    ],
  });
  assert.deepEqual(scene.chain.holds(scene.rid("beth"), words), [0]);
  await scene.add("beth", "recuse");
  await refused(() => hand("bob", { beth: [[words, 0]] }), "excluded");
});

test("a handover keeps the halves of an identity apart", async () => {
  const scene = await filed(workflow);
  const [, , identity] = scene.items("report");
  const ask = await scene.add("paul", "identity.ask", { reason: "ID01" });
  await scene.add("lena", "identity.give", { ask: ask.hash }, [], { paul: [[identity, 1]] });
  await refused(() => scene.add("paul", "handover", {}, [], { pia: [[identity, 1]] }), "wrong_role");
  const { pia } = scene.staff;
  scene.staff.pia = await scene.hire(["leader"], pia.person);
  await scene.issue();
  await refused(() => scene.add("lena", "handover", {}, [], { pia: [[identity, 1]] }), "both_halves");
});

test("a reviewer grants what he does not hold, or the part he does not hold", async () => {
  const scene = await filed(workflow);
  const [, , identity] = scene.items("report");
  scene.staff.lena2 = await scene.hire(["leader"], scene.staff.lena.person, scene.staff.lena.rid);
  await scene.issue();
  await refused(() => scene.add("lena", "regrant", {}, [], { lena2: [[identity, 2]] }), "not_held");
  await refused(() => scene.add("bob", "assign", { seats: [] }, [], { leo: [[identity, 1]] }), "not_held");
  await scene.add("lena", "regrant", {}, [], { lena2: [[identity, 1]] });
  const unknown = await scene.write("bob", "recuse");
  assert.equal(unknown.grants.length, 0);
});

test("a reviewer repeats the reporter's pid to pass as the carrier of her items", async () => {
  const scene = await filed(workflow);
  const [{ pid }] = scene.posts;
  await refused(async () => scene.take(await scene.write("bob", "recuse", {}, [], {}, { pid })), "pid_repeated");
});

test("an item's id stands twice in a case", async () => {
  const scene = await filed(workflow);
  const [entry] = scene.posts[0].items;
  const body = draftBody("extract", {}, [entry, { ...sealedOf(scene, 1).entry, comp: "work" }], []);
  await refused(async () => scene.take(await scene.sign("bob", "extract", body)), "item_repeated");
});

test("one human with two keys proposes and approves, or asks and gives", async () => {
  const scene = await found(workflow);
  scene.staff.paul2 = await scene.hire(["leader"], scene.staff.paul.person);
  await refused(() => scene.issue(), "roles_apart"); // already the directory's keys are apart
  scene.staff.paul2.person = scene.staff.lena.person;
  await scene.issue();
  const proposal = (await scene.propose()).hash;
  await scene.issue({ skip: ["paul"] });
  // Revoked as payout and hired again as leader: history counts.
  const { person } = scene.staff.paul;
  scene.staff.later = await scene.hire(["leader"], person);
  await scene.issue({ skip: ["paul"] });
  await refused(() => scene.add("later", "award.approve", { proposal, fen: 500000 }), "same_person");
  await refused(() => scene.add("later", "award.refuse", { proposal, reason: "NR01" }), "same_person");
  await scene.add("lena", "award.approve", { proposal, fen: 500000 });
});

test("who checked the claim comes back as finance and pays it", async () => {
  const scene = await filed(workflow);
  await scene.add("paul", "claim.check");
  scene.staff.later = await scene.hire(["finance"], scene.staff.paul.person);
  await scene.issue({ skip: ["paul"] });
  await refused(() => scene.add("later", "pay", { voucher: "1", treasury: "1", day: "2026-06-10" }), "same_person");
});

test("a report that names no channel is not one whose channel is forgotten", async () => {
  for (const channel of ["elsewhere", ""]) await refused(() => filed(workflow, { channel }), "wrong_channel");
});

test("an objection is for the leaders too, and nothing else of the talk is", async () => {
  const scene = await filed(workflow);
  const words = [part("thread", "不同意")];
  const talk = ["reporter", "message", { comp: "thread" }];
  await refused(() => scene.add(...talk, words, { lena: [[0, 0]] }), "wrong_role");
  const said = await scene.add(...talk, words, { bob: [[0, 0]] });
  const about = ["reporter", "objection", { about: "feedback" }];
  await refused(() => scene.add(...about, words, { vera: [[0, 0]] }), "wrong_role");
  const objection = await scene.add(...about, words, { bob: [[0, 0]], lena: [[0, 0]] });
  assert.deepEqual(scene.chain.holds(scene.rid("lena"), objection.items[0].id), [0]);
  const hand = (act) => scene.add("bob", "assign", { seats: [] }, [], { lena: [[act.items[0].id, 0]] });
  await refused(() => hand(said), "wrong_role");
  await hand(objection);
});

test("why somebody steps back is for the leaders alone, also when it is handed on", async () => {
  const scene = await filed(workflow);
  const why = (give) => scene.add("vera", "recuse.why", {}, [part("work", "亲属")], give);
  for (const other of ["bob", "vera", "reporter"]) await refused(() => why({ [other]: [[0, 0]] }), "wrong_role");
  const said = await why({ lena: [[0, 0]] });
  const listed = { level: "city", due: "2026-12-31", document: "9" };
  const hand = (to) => scene.add("lena", "list", listed, [part("work", "")], { [to]: [[said.items[0].id, 0]] });
  await refused(() => hand("bob"), "wrong_role");
  await hand("leo");
});

test("why a proposal goes back is for leaders and payout alone", async () => {
  const scene = await filed(workflow);
  const fields = { proposal: b64(new Uint8Array(32)), reason: "UA01" };
  const why = (give) => scene.add("lena", "award.return", fields, [part("work", "金额少了")], give);
  await why({ leo: [[0, 0]], paul: [[0, 0]] });
  for (const other of ["bob", "vera", "reporter"]) await refused(() => why({ [other]: [[0, 0]] }), "wrong_role");
});

test("one human collects both identity halves with two keys", async () => {
  // Directories already keep the roles apart; the chain would refuse it even if one did not.
  const scene = await filed(workflow);
  const [post] = scene.posts;
  const known = (person) => ({
    table: workflow, partial: false, carrier: () => null, holds: () => [], parts: () => new Set(), asker: () => "",
    reader: (rid) => ({ rid, person: person(rid), sig: "", roles: post.grants.find(({ to }) => to === rid).items.some(([, half]) => half === 1) ? ["leader"] : ["payout", "intake"] }),
  }); // prettier-ignore
  const author = { rid: "reporter", person: "", roles: ["reporter"], sig: "" };
  checkGrants(
    post,
    author,
    workflow.kinds.report,
    known((rid) => rid),
  );
  await refused(
    () =>
      checkGrants(
        post,
        author,
        workflow.kinds.report,
        known(() => "one"),
      ),
    "both_halves",
  );
  const before = { ...known((rid) => rid), parts: () => new Set([1]) };
  await refused(() => checkGrants(post, author, workflow.kinds.report, before), "both_halves");
});

test("a leader gives her half to somebody who did not ask", async () => {
  const scene = await found(workflow);
  const [, , identity] = scene.items("report");
  const ask = (await scene.add("paul", "identity.ask", { reason: "ID01" })).hash;
  await refused(() => scene.add("lena", "identity.give", { ask }, [], { pia: [[identity, 1]] }), "wrong_readers");
  await refused(
    () => scene.add("lena", "identity.give", { ask }, [], { paul: [[identity, 1]], pia: [[identity, 1]] }),
    "wrong_readers",
  );
  await refused(
    () => scene.add("lena", "identity.give", { ask: scene.posts[0].hash }, [], { paul: [[identity, 1]] }),
    "unknown_ask",
  );
  await refused(() => scene.add("lena", "identity.give", { ask }, [], {}), "wrong_readers");
  await scene.add("lena", "identity.give", { ask }, [], { paul: [[identity, 1]] });
  assert.deepEqual(scene.chain.holds(scene.rid("paul"), identity), [1, 2]);
});

test("a server withholds a body to hide who proposed", async () => {
  const scene = await found(workflow);
  const proposal = (await scene.propose()).hash;
  const blind = await Promise.all(
    scene.posts.map((post, i) => (i === 5 ? parsePost(post.headBytes, post.sig, null) : post)),
  );
  const chain = await scene.rebuilt("office", blind);
  assert.equal(chain.withheld, 1);
  await refused(() => chain.next("office"), "withheld");
  // Without that rule the same person's approval would pass: who acted stands in the hidden body's kind.
  assert.equal(chain.acts[5].kind, "");
  assert.equal(chain.acts[5].hash, proposal);
  const shown = await Promise.all(
    scene.posts
      .filter(({ vis }) => vis === "all")
      .map((post, i) => (i === 1 ? parsePost(post.headBytes, post.sig, null) : post)),
  );
  await refused(async () => (await scene.rebuilt("reporter", shown)).next("all"), "withheld");
});

test("a server drops, repeats, reorders or forks", async () => {
  const scene = await found(workflow);
  const { posts } = scene;
  const bent = [
    posts.slice(1),
    [posts[0], ...posts.slice(2)],
    [posts[0], posts[1], posts[1]],
    [posts[0], posts[1], posts[3], posts[2]],
  ];
  for (const order of bent) await refused(() => scene.rebuilt("office", order));
  await refused(() => scene.rebuilt("reporter", [posts[0], posts[3]]), "wrong_place");
  const fork = await scene.rebuilt("office", posts.slice(0, 2));
  const other = await scene.sign("bob", "recuse", draftBody("recuse", {}, [], []));
  await refused(() => fork.add(other), "wrong_place");
});

test("a revoked reviewer signs a back-dated decision under the old directory", async () => {
  const scene = await filed(workflow);
  const old = scene.directories.newestHash;
  await scene.issue({ skip: ["bob"], issued: "2026-06-12" });
  await scene.add(
    "beth",
    "accept",
    { category: "", sector: "", packs: [], received: "2026-06-10" },
    [],
    {},
    { when: "2026-06-12T03:00Z" },
  );
  await refused(() => scene.add("bob", "recuse", {}, [], {}, { dir: old }), "wrong_directory");
  await refused(() => scene.add("bob", "recuse", {}, [], {}, { when: "2026-06-12T03:00Z" }), "not_a_reader");
  await refused(() => scene.add("beth", "recuse", {}, [], {}, { when: "2026-06-10T03:00Z" }), "back_dated");
  await scene.add("beth", "recuse", {}, [], {}, { when: "2026-06-10T16:00Z" }); // one day back in the zone: clocks differ
});

test("a server invents a reviewer", async () => {
  const scene = await filed(workflow);
  await refused(() => scene.add("charlie", "recuse"), "not_a_reader");
  await refused(
    () =>
      scene.add("bob", "accept", { category: "", sector: "", packs: [], received: "2026-06-10" }, [part("work", "x")], {
        charlie: [[0, 0]],
      }),
    "not_a_reader",
  );
});

test("who is excluded or recused neither signs nor is sealed to", async () => {
  const scene = await Scene.open(workflow);
  const exclude = [scene.staff.beth.person];
  await refused(() => scene.file({ exclude }), "excluded");
  const { beth, ...others } = FILING_GRANTS;
  await scene.file({ exclude }, FILING, others);
  await refused(() => scene.add("beth", "recuse"), "excluded");
  await scene.add("leo", "recuse");
  await refused(() => scene.add("leo", "close", { reason: "CL01" }), "excluded");
  const [, , identity] = scene.items("report");
  await refused(() => scene.add("bob", "assign", { seats: [] }, [], { leo: [[identity, 1]] }), "excluded");
  // She cannot know who recused himself: in her own posts such a grant stands.
  await refused(
    () => scene.add("reporter", "message", { comp: "thread" }, [part("thread", "?")], { beth: [[0, 0]] }),
    "excluded",
  );
  await scene.add("reporter", "message", { comp: "thread" }, [part("thread", "?")], {
    bob: [[0, 0]],
    reporter: [[0, 0]],
  });
});

test("the reporter may read back what was written to her, and no confession", async () => {
  const claim = await found(workflow);
  await refused(
    () => claim.add("reporter", "claim", { method: "counter" }, [part("payout", "{}")], { reporter: [[0, 0]] }),
    "wrong_role",
  );
  const scene = await Scene.open(workflow);
  await refused(() => scene.file({}, FILING, { ...FILING_GRANTS, reporter: [[2, 1]] }), "wrong_role");
  await scene.file({}, FILING, {
    ...FILING_GRANTS,
    reporter: [
      [0, 0],
      [1, 0],
      [3, 0],
    ],
  });
  await refused(
    () =>
      scene.add("bob", "accept", { category: "", sector: "", packs: [], received: "2026-06-10" }, [part("work", "x")], {
        reporter: [[0, 0]],
      }),
    "wrong_role",
  );
  const [, words] = scene.items("report");
  await refused(() => scene.add("bob", "assign", { seats: [] }, [], { reporter: [[words, 0]] }), "wrong_role");
});

test("a kind by the wrong role, in the wrong view, with the wrong items", async () => {
  const scene = await filed(workflow);
  await refused(() => scene.add("vera", "close", { reason: "CL01" }), "wrong_role");
  await refused(() => scene.add("reporter", "recuse"), "wrong_role");
  await refused(() => scene.add("bob", "message", { comp: "payout" }, [part("payout", "x")]), "wrong_role");
  await refused(() => scene.add("bob", "message", { comp: "thread" }, [part("work", "x")]), "wrong_items");
  await refused(() => scene.add("bob", "recuse", {}, [], {}, { vis: "all" }), "wrong_vis");
  await refused(
    () => scene.add("paul", "award.propose", { pack: "", pack_hash: b64(random(32)), fen: 1, facts: b64(random(32)) }),
    "wrong_items",
  );
  await refused(() => scene.file(), "not_a_report");
  await refused(() => scene.add("bob", "recuse", {}, [part("work", "x")]), "wrong_items");
});

test("both halves to one reader in one post", async () => {
  const scene = await Scene.open(workflow);
  await refused(
    () =>
      scene.file({}, FILING, {
        ...FILING_GRANTS,
        lena: [
          [2, 1],
          [2, 2],
        ],
      }),
    "wrong_role",
  );
  scene.staff.lena2 = await scene.hire(["leader"], scene.staff.lena.person);
  await scene.issue();
  await scene.file({}, FILING, { ...FILING_GRANTS, lena2: [[2, 1]] }); // the same half to two keys of hers
});

test("a post of another zone or case", async () => {
  const [one, two] = [await filed(workflow), await filed(workflow)];
  await refused(() => two.chain.add(one.posts[0]));
  const chain = new Chain(two.zone, one.directories, workflow);
  await refused(() => chain.add(one.posts[0]), "wrong_case");
  const other = await one.write("bob", "recuse", {}, [], {}, { case: b64(random(32)) });
  await refused(() => one.take(other), "wrong_case");
});

test("a login challenge crafted to be a post", async () => {
  const scene = await Scene.open(workflow);
  const { keys, rid } = scene.staff.bob;
  const login = {
    zone: scene.zone,
    origin: "https://review.example",
    rid,
    dir: b64(random(32)),
    serverNonce: random(32),
    clientNonce: random(32),
    expires: 1,
  };
  const sig = await keys.sign(TAG.LOGIN, loginFields(login));
  await refused(() => verify(keys.sig, TAG.POST, loginFields(login), sig), "bad_signature");
  await refused(
    () => verify(keys.sig, TAG.LOGIN, loginFields({ ...login, origin: "https://evil.example" }), sig),
    "bad_signature",
  );
});

test("whom clients seal to after an assign, a rotation and a recusal", async () => {
  const scene = await filed(workflow);
  const channel = () => scene.directories.channel(scene.directories.newestHash, "zone");
  const to = (role) => recipients(channel(), role, scene.chain.seats, scene.chain.excluded);
  assert.deepEqual(new Set(to("intake")), new Set([scene.rid("bob"), scene.rid("beth")]));
  await scene.accept();
  await scene.add("bob", "assign", { seats: [["intake", [scene.staff.beth.person]]] });
  assert.deepEqual(to("intake"), [scene.rid("beth")]);
  scene.staff.beth2 = await scene.hire(["intake"], scene.staff.beth.person, scene.staff.beth.rid);
  await scene.issue();
  assert.deepEqual(to("intake"), [scene.rid("beth2")]);
  await scene.add("beth2", "recuse");
  assert.deepEqual(to("intake"), [scene.rid("bob")]);
  await scene.add("bob", "recuse");
  await refused(() => to("intake"), "no_reader");
});

test("text that merely looks right: every sealed thing needs its own structure", async () => {
  const scene = await filed(workflow);
  const { entry } = sealedOf(scene, 0);
  const clear = new Uint8Array(entry.len).fill(65);
  clear.set(unb64(entry.id), 24);
  const named = { ...entry, tree: b64(await tree(clear)) };
  await refused(() => openItem(...placeOf(scene, 0), named, random(32), clear), "cannot_open");
  await refused(() => parsePost(utf8("{}"), new Uint8Array(64), null), "malformed");
});

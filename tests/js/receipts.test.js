import assert from "node:assert/strict";
import { test } from "node:test";

import { TAG, b64, tagged, utf8 } from "../../static/js/crypto/encoding.js";
import { reviewerKeys, rootKey } from "../../static/js/crypto/keys.js";
import { signEnrol, signLogin, verifyEnrol, verifyLogin, loginFields } from "../../static/js/crypto/login.js";
import { lp } from "../../static/js/crypto/encoding.js";
import { parsePost } from "../../static/js/crypto/posts.js";
import * as receipts from "../../static/js/crypto/receipts.js";
import { hex, refused, reviewer, toHex, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);
const { receipt, checkpoint, login, enrol } = x1;

test("it works", async () => {
  const door = await rootKey(hex(receipt.door_seed));
  const doc = await receipts.verifyReceipt(door.public, utf8(receipt.bytes), hex(receipt.sig));
  const post = await parsePost(utf8(x1.posts[0].head), hex(x1.posts[0].sig), null);
  assert.equal(receipts.checkReceipt(doc, post, zone), doc);
  assert.equal(
    b64(await receipts.seqCommitment(zone, Buffer.from(doc.epoch, "base64url"), receipt.seq, hex(receipt.salt))),
    doc.seqc,
  );
  assert.equal(toHex((await receipts.signReceipt(door, doc)).sig), receipt.sig);
});

test("a receipt for another post is refused", async () => {
  const door = await rootKey(hex(receipt.door_seed));
  const doc = await receipts.verifyReceipt(door.public, utf8(receipt.bytes), hex(receipt.sig));
  const other = await parsePost(utf8(x1.posts[1].head), hex(x1.posts[1].sig), null);
  await refused(() => receipts.checkReceipt(doc, other, zone), "wrong_receipt");
  await refused(
    () => receipts.verifyReceipt(hex(x1.zone.root), utf8(receipt.bytes), hex(receipt.sig)),
    "bad_signature",
  );
});

test("a checkpoint is signed by the door and witnessed by the auditor", async () => {
  const door = await rootKey(hex(receipt.door_seed));
  const auditor = hex(reviewer("auditor1").sig);
  const doc = await receipts.verifyCheckpoint(door.public, utf8(checkpoint.bytes), hex(checkpoint.sig));
  assert.equal(doc.posts.count, 10);
  await receipts.verifyCheckpoint(auditor, utf8(checkpoint.bytes), hex(checkpoint.witness), TAG.WITNESS);
  await refused(
    () => receipts.verifyCheckpoint(auditor, utf8(checkpoint.bytes), hex(checkpoint.witness)),
    "bad_signature",
  );
});

test("roots of the log are RFC 6962's", async () => {
  for (const { leaves, root } of x1.merkle) assert.equal(toHex(await receipts.merkleRoot(leaves.map(hex))), root);
});

test("a ledger row hashes as the vectors say", async () => {
  const { previous, row, hash } = x1.ledger;
  assert.equal(toHex(await tagged(TAG.LEDGER, new Uint8Array([...hex(previous), ...utf8(row)]))), hash);
});

test("a login is a signature for this origin and these two nonces", async () => {
  const keys = await reviewerKeys(hex(reviewer("intake1").seed));
  const asked = {
    zone, origin: login.origin, rid: b64(hex(reviewer("intake1").rid)), dir: b64(hex(x1.directories[0].hash)),
    serverNonce: hex(login.server_nonce), clientNonce: hex(login.client_nonce), expires: login.expires,
  }; // prettier-ignore
  assert.equal(toHex(lp(...loginFields(asked))), login.fields);
  assert.equal(toHex(await signLogin(keys, asked)), login.sig);
  await verifyLogin(keys.sig, asked, hex(login.sig));
  const others = [
    { origin: "https://evil.example" },
    { serverNonce: hex(login.client_nonce) },
    { clientNonce: zone },
    { expires: 1 },
    { rid: asked.dir.slice(0, 21) + "A" },
  ];
  for (const other of others)
    await refused(() => verifyLogin(keys.sig, { ...asked, ...other }, hex(login.sig)), "bad_signature");
});

test("an enrolment is signed by the new key for one invitation", async () => {
  const keys = await reviewerKeys(hex(reviewer("intake1 new").seed));
  const proof = await signEnrol(keys, zone, hex(enrol.invite));
  await verifyEnrol(zone, keys.kem, keys.sig, hex(enrol.invite), proof);
  await refused(() => verifyEnrol(zone, keys.kem, keys.sig, zone, proof), "bad_signature");
  const signers = await Promise.all(
    x1.reviewers.map(({ kem, sig }) =>
      verifyEnrol(zone, hex(kem), hex(sig), hex(enrol.invite), hex(enrol.sig)).then(
        () => 1,
        () => 0,
      ),
    ),
  );
  assert.equal(
    signers.reduce((sum, each) => sum + each),
    1,
  );
});

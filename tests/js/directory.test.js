import assert from "node:assert/strict";
import { test } from "node:test";

import * as directory from "../../static/js/crypto/directory.js";
import { b64, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { rootKey } from "../../static/js/crypto/keys.js";
import { dump } from "../../static/js/crypto/strict.js";
import { hex, refused, toHex, x1 } from "./vectors.js";

const zone = hex(x1.zone.zone);
const served = x1.directories.map(({ bytes, sig }) => ({ bytes: utf8(bytes), sig: hex(sig) }));
const lastChannel = JSON.parse(x1.directories[2].channels[0]);

async function loaded() {
  const directories = await directory.Directories.verify(zone, served);
  for (const { channels } of x1.directories)
    for (const channel of channels) await directories.addChannel(utf8(channel));
  return directories;
}

/** A directory like this one with something else, signed again by the true root. */
async function resigned(doc, change) {
  const root = await rootKey(hex(x1.zone.root_seed));
  return directory.signDirectory(root, { ...JSON.parse(doc), ...change });
}

test("it works", async () => {
  const directories = await loaded();
  assert.equal(directories.newest.no, 2);
  for (const [no, { hash }] of x1.directories.entries()) {
    assert.equal(directories.number(b64(hex(hash))), no);
    assert.equal(directories.channel(b64(hex(hash)), "zone").label, "临港");
  }
  assert.equal(directories.number("unknown"), -1);
  assert.equal(
    directories.reader(directories.newestHash, "zone", "CIRWmNA0nbnU0yelP1FtSQ").replaces,
    "ag3ACRBY8nGi78SSl3X-VA",
  );
  assert.equal(directories.reader(b64(hex(x1.directories[0].hash)), "zone", "CIRWmNA0nbnU0yelP1FtSQ"), null);
});

test("signing makes the vectors' bytes and signature", async () => {
  const { bytes, sig } = await resigned(x1.directories[1].bytes, {});
  assert.equal(text(bytes), x1.directories[1].bytes);
  assert.equal(toHex(sig), x1.directories[1].sig);
});

test("the roster is the one the directory names", async () => {
  const { newest } = await directory.Directories.verify(zone, served.slice(0, 1));
  const roster = [unb64(newest.root), utf8(x1.roster.bytes), hex(x1.roster.sig)];
  assert.equal((await directory.verifyRoster(...roster, newest)).people[0].name, "王芳");
  await refused(() => directory.verifyRoster(...roster, { ...newest, roster: newest.prev }), "wrong_roster");
});

test("another zone's pin, a gap, a fork or a wrong signature is refused", async () => {
  const { Directories } = directory;
  await refused(() => Directories.verify(new Uint8Array(16), served), "wrong_zone");
  await refused(() => Directories.verify(zone, []), "bad_directory");
  await refused(() => Directories.verify(zone, [served[1]]), "bad_directory");
  await refused(() => Directories.verify(zone, [served[0], served[2]]), "bad_directory");
  await refused(() => Directories.verify(zone, [served[0], served[0]]), "bad_directory");
  await refused(() => Directories.verify(zone, [served[0], { ...served[1], sig: served[0].sig }]), "bad_signature");
  await refused(
    () =>
      Directories.verify(zone, [
        { ...served[0], bytes: utf8(x1.directories[0].bytes.replace("180", "181")), sig: served[1].sig },
      ]),
    "bad_signature",
  );
});

test("a directory lives one to four hundred days and lists a channel once", async () => {
  const [doc] = x1.directories.map(({ bytes }) => bytes);
  const twice = JSON.parse(doc).channels[0];
  for (const change of [
    { expires: "2026-06-01" },
    { expires: "2027-07-07" },
    { channels: [twice, twice] },
    { escrow: [true] },
  ]) {
    await refused(() => resigned(doc, change), "malformed");
  }
  assert.ok(await resigned(doc, { expires: "2027-07-06" }));
});

test("a channel nobody listed, or with a key that is not its reader's, is refused", async () => {
  const directories = await directory.Directories.verify(zone, served);
  const other = { ...lastChannel, label: "别处" };
  await refused(() => directories.addChannel(dump(directory.CHANNEL, other)), "wrong_channel");
  const swapped = structuredClone(lastChannel);
  swapped.readers[0].kem = swapped.readers[1].kem;
  const data = dump(directory.CHANNEL, swapped);
  const listing = await resigned(x1.directories[0].bytes, { channels: [["zone", await directory.channelHash(data)]] });
  const hostile = await directory.Directories.verify(zone, [listing]);
  await refused(() => hostile.addChannel(data), "bad_key");
});

test("nobody holds two roles that watch each other", async () => {
  assert.deepEqual(
    new Set(directory.APART.map((pair) => [...pair].sort().join())),
    new Set(x1.apart.map((pair) => [...pair].sort().join())),
  );
  directory.checkApart([lastChannel]);
  const channel = (person, roles) => ({ readers: [{ person, roles }] });
  for (const [one, two] of x1.apart) {
    await refused(() => directory.checkApart([channel("a", [one]), channel("a", [two])]), "roles_apart");
    directory.checkApart([channel("a", [one]), channel("b", [two])]);
  }
  directory.checkApart([channel("a", ["intake", "verifier"])]);
});

test("whom to seal to is the vectors' answer", async () => {
  for (const { role, seats, exclude, out } of x1.recipients) {
    assert.deepEqual(directory.recipients(lastChannel, role, seats, exclude), out);
  }
  const everybody = lastChannel.readers.map(({ person }) => person);
  await refused(() => directory.recipients(lastChannel, "intake", [], everybody), "no_reader");
  await refused(() => directory.recipients(lastChannel, "nobody", [], []), "no_reader");
});

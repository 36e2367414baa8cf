// The browser's side of the interop tests: bytes travel as base64url, so that Python sees exactly what was made.

import { Chain } from "../../static/js/crypto/chain.js";
import { Directories } from "../../static/js/crypto/directory.js";
import { b64, random, text, unb64, utf8 } from "../../static/js/crypto/encoding.js";
import { EnvelopeError } from "../../static/js/crypto/errors.js";
import { openGrant } from "../../static/js/crypto/grants.js";
import { nativeKem, setNative } from "../../static/js/crypto/hpke.js";
import { checkHalf, joinHalves, openItem, sealItem } from "../../static/js/crypto/items.js";
import { checkKemPublic, checkSigPublic, keyPair, reviewerKeys, verify } from "../../static/js/crypto/keys.js";
import { signEnrol, signLogin, verifyLogin } from "../../static/js/crypto/login.js";
import { nativeEd25519, nativeX25519 } from "../../static/js/crypto/native.js";
import { packUpload, unpackUpload } from "../../static/js/crypto/posts.js";
import { signReceipt, verifyReceipt } from "../../static/js/crypto/receipts.js";
import { openSlot, sealFileSlot, sealPasskeySlot, sealSlot } from "../../static/js/crypto/slots.js";
import { openTicket } from "../../static/js/crypto/ticket.js";
import { check, header, solve } from "../../static/js/crypto/work.js";
import { found, part } from "../js/scene.js";

const native = async () => ({ kem: await nativeKem(), x25519: await nativeX25519(), ed25519: await nativeEd25519() });

/** A case made here, with everything Python needs to check and open it. */
async function makeCase(workflow) {
  const scene = await found(workflow);
  return {
    zone: b64(scene.zone),
    signed: scene.signed.map(({ bytes, sig }) => [b64(bytes), b64(sig)]),
    channels: scene.channels.map(b64),
    uploads: scene.uploads.map(({ post, grants, items }) => b64(packUpload(post, grants, items))),
    seeds: Object.values(scene.staff).map(({ rid, seed }) => [rid, b64(seed)]),
  };
}

async function chainOf(workflow, { zone, signed, channels }, posts, viewer) {
  const directories = await Directories.verify(
    unb64(zone),
    signed.map(([bytes, sig]) => ({ bytes: unb64(bytes), sig: unb64(sig) })),
  );
  for (const channel of channels) await directories.addChannel(unb64(channel));
  const chain = new Chain(unb64(zone), directories, workflow, viewer);
  for (const post of posts) if (viewer === "office" || post.vis === "all") await chain.add(post);
  return chain;
}

/** Every key that grants of these uploads give this reader, by item and part. */
async function keysFor(reader, keys, zone, caseId, uploads) {
  const found = {};
  for (const { post, grants } of uploads) {
    for (const [row, entry] of post.grants.entries()) {
      if (entry.to !== reader) continue;
      const rows = await openGrant(zone, caseId, post.author, unb64(post.pid), reader, keys, entry, grants[row]);
      for (const { id, part: which, key } of rows) found[id] = { ...found[id], [which]: key };
    }
  }
  return found;
}

/** What this reader reads of a case: [index in the case, compartment, text]; of an identity half only that it checks. */
async function readCase(workflow, made, reader, seeds) {
  const uploads = await Promise.all(made.uploads.map((upload) => unpackUpload(unb64(upload))));
  const viewer = reader === "reporter" ? "reporter" : "office";
  const chain = await chainOf(
    workflow,
    made,
    uploads.map(({ post }) => post),
    viewer,
  );
  const [zone, caseId] = [unb64(made.zone), unb64(chain.case)];
  const keys =
    seeds.length === 2 ? await keyPair(...seeds.map((seed) => unb64(seed))) : await reviewerKeys(unb64(seeds[0]));
  const blobs = Object.assign({}, ...uploads.map(({ items }) => items));
  const out = [];
  for (const [id, parts] of Object.entries(await keysFor(reader, keys, zone, caseId, uploads))) {
    const { entry, author, pid, index } = chain.carrier(id);
    for (const which of [1, 2]) if (parts[which]) await checkHalf(entry, which, parts[which]);
    const key = parts[0] ?? (parts[1] && parts[2] && joinHalves(parts[1], parts[2]));
    if (!key) out.push([entry.comp, `half ${Object.keys(parts)}`]);
    else
      out.push([
        entry.comp,
        text((await openItem(zone, caseId, author, unb64(pid), index, entry, key, blobs[id])).body),
      ]);
  }
  return { kinds: chain.acts.map(({ kind }) => kind), read: out.sort() };
}

/** A file larger than a mebibyte, from a Blob as a file input gives it. */
async function sealFile(place, size) {
  const [zone, caseId, author, pid, index] = place;
  const body = new Blob([random(size)]);
  const sealed = await sealItem(unb64(zone), unb64(caseId), author, unb64(pid), index, {
    ...part("report"),
    name: "现场.jpg",
    type: "image/jpeg",
    body,
  });
  const bytes = async (blob) => b64(new Uint8Array(await blob.arrayBuffer()));
  return { entry: sealed.entry, key: b64(sealed.key), blob: await bytes(sealed.blob), body: await bytes(body) };
}

async function openFile(place, entry, key, blob) {
  const [zone, caseId, author, pid, index] = place;
  const { meta, body } = await openItem(
    unb64(zone),
    unb64(caseId),
    author,
    unb64(pid),
    index,
    entry,
    unb64(key),
    new Blob([unb64(blob)]),
  );
  return { meta, body: b64(new Uint8Array(await body.arrayBuffer())) };
}

async function ticket(zone, digits) {
  const opened = await openTicket(unb64(zone), digits);
  return {
    kem: b64(opened.keys.kem),
    sig: b64(opened.keys.sig),
    case: b64(opened.case),
    authorization: opened.authorization,
  };
}

/** The error's one word, "" when it went well. @param {() => any} run */
async function word(run) {
  try {
    await run();
    return "";
  } catch (error) {
    return error instanceof EnvelopeError ? error.code : `not ours: ${error}`;
  }
}

const hex = (digits) => new Uint8Array((digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));

/** The vectors' refusals, by this browser's own Ed25519 and X-Wing. */
async function refusals({
  refused_signatures: signatures,
  bad_ed25519: keys,
  bad_kem_patches: patches,
  ticket: { kem },
}) {
  const out = [];
  for (const { public: open, sig } of signatures)
    out.push(await word(() => verify(hex(open), "post v1\0", utf8("{}"), hex(sig))));
  for (const key of keys) out.push(await word(() => checkSigPublic(hex(key))));
  for (const { at, bytes } of patches) {
    const patched = hex(kem);
    patched.set(hex(bytes), at);
    out.push(await word(() => checkKemPublic(patched)));
  }
  return out;
}

/** How fast a video is sealed and opened here, in megabytes a second. */
async function speed(size) {
  const place = [random(16), random(32), "reporter", random(16), 0];
  const body = new Blob([new Uint8Array(size)]);
  const start = performance.now();
  const { entry, key, blob } = await sealItem(...place, { ...part("report"), name: "a.mp4", type: "video/mp4", body });
  const middle = performance.now();
  await openItem(...place, entry, key, blob);
  return [middle - start, performance.now() - middle].map((ms) => Math.round(size / 1000 / ms));
}

const slots = {
  seal: async (zone, rid, seed, passphrase) => sealSlot(unb64(zone), rid, unb64(seed), passphrase),
  file: async (zone, rid, seed, passcode, secret) =>
    sealFileSlot(unb64(zone), rid, unb64(seed), passcode, unb64(secret)),
  passkey: async (zone, rid, seed, rp, id, prf) =>
    sealPasskeySlot(unb64(zone), rid, unb64(seed), rp, unb64(id), unb64(prf)),
  open: async (slot, passphrase, secret, prf) =>
    b64(await openSlot(slot, passphrase, secret && unb64(secret), prf && unb64(prf))),
};

const asLogin = (login) => ({
  ...login,
  zone: unb64(login.zone),
  serverNonce: unb64(login.serverNonce),
  clientNonce: unb64(login.clientNonce),
});

const login = {
  sign: async (seed, fields) => b64(await signLogin(await reviewerKeys(unb64(seed)), asLogin(fields))),
  verify: (sig, fields, signature) => word(() => verifyLogin(unb64(sig), asLogin(fields), unb64(signature))),
  enrol: async (seed, zone, invite) =>
    b64(await signEnrol(await reviewerKeys(unb64(seed)), unb64(zone), unb64(invite))),
};

const work = {
  solve: async (challenge, caseId, pid, bits) => {
    const counter = await solve(unb64(challenge), unb64(caseId), unb64(pid), bits);
    return { counter, header: header(unb64(challenge), counter) };
  },
  check: (challenge, caseId, pid, counter, bits) => check(unb64(challenge), unb64(caseId), unb64(pid), counter, bits),
};

const receipts = {
  sign: async (seed, doc) => {
    const { bytes, sig } = await signReceipt(await reviewerKeys(unb64(seed)), doc);
    return [b64(bytes), b64(sig)];
  },
  verify: (sig, bytes, signature) => verifyReceipt(unb64(sig), unb64(bytes), unb64(signature)),
};

Object.assign(globalThis, {
  interop: {
    setNative,
    native,
    makeCase,
    readCase,
    sealFile,
    openFile,
    ticket,
    refusals,
    speed,
    slots,
    login,
    work,
    receipts,
  },
});

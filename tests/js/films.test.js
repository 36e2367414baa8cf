import assert from "node:assert/strict";
import { test } from "node:test";

import { nameless, undated } from "../../static/js/public/films/boxes.js";
import { lengthSize, plainConfig, withoutUserData } from "../../static/js/public/films/user.js";
import { concat, u32, utf8 } from "../../static/js/crypto/encoding.js";

const bytes = (...values) => Uint8Array.from(values);
const box = (name, ...parts) => concat(u32(8 + parts.reduce((n, { length }) => n + length, 0)), utf8(name), ...parts);
const unit = (...values) => concat(u32(values.length), bytes(...values));

const IDR = unit(0x65, 1, 2, 3);
const PICTURE_TIMING = unit(0x06, 1, 2, 9, 9, 0x80);
const UNREGISTERED = unit(0x06, 5, 3, 7, 7, 7, 0x80);
const BOTH = unit(0x06, 1, 1, 9, 4, 1, 7, 0x80);
const LONG = unit(0x06, 5, 0xff, 2, ...new Array(257).fill(7), 0x80);
const HEVC_SEI = unit(0x4e, 1, 5, 1, 7, 0x80);
const HEVC_SLICE = unit(0x26, 1, 8);

test("a message of the user goes, pictures and what a player needs stay", () => {
  assert.deepEqual(withoutUserData("avc", 4, concat(UNREGISTERED, PICTURE_TIMING, IDR)), concat(PICTURE_TIMING, IDR));
  assert.deepEqual(withoutUserData("avc", 4, concat(BOTH, LONG, IDR)), IDR);
  assert.deepEqual(withoutUserData("hevc", 4, concat(HEVC_SEI, HEVC_SLICE)), HEVC_SLICE);
});

test("what holds none, or is no such thing, stays as it is", () => {
  for (const data of [IDR, bytes(), bytes(0, 0, 0, 99, 1), bytes(1, 2), unit(0x06), unit(0x06, 0xff)])
    assert.deepEqual(withoutUserData("avc", 4, data), data);
});

test("the length of a unit's length stands in the decoder's configuration", () => {
  assert.equal(lengthSize("avc", bytes(1, 0x42, 0, 30, 0xff, 0xe1)), 4);
  assert.equal(lengthSize("hevc", new Uint8Array(30).fill(1, 21, 22)), 2);
});

test("the configuration of H.265 loses its messages and keeps its parameters", () => {
  const head = new Uint8Array(23).fill(2, 22);
  const sps = bytes(0x21, 0, 1, 0, 2, 5, 6);
  const sei = bytes(0x27, 0, 1, 0, 3, 7, 7, 7);
  assert.deepEqual(plainConfig("hevc", concat(head, sps, sei)), concat(head.slice(0, 22), bytes(1), sps));
  assert.deepEqual(plainConfig("avc", sps), sps);
});

const DATES = new Uint8Array(8).fill(9);
const dated = (name, zeros) => box(name, u32(0), zeros ? new Uint8Array(8) : DATES, u32(5));
const handler = (name) => box("hdlr", u32(0), u32(0), utf8("vide"), new Uint8Array(12), name);
const coded = (zeros) =>
  box("avc1", new Uint8Array(42).fill(7), new Uint8Array(32).fill(zeros ? 0 : 77), box("avcC", bytes(1, 2)));
const film = (zeros) =>
  concat(
    box("ftyp", utf8("isom")),
    box(
      "moov",
      dated("mvhd", zeros),
      box(
        "trak",
        dated("tkhd", zeros),
        box(
          "mdia",
          dated("mdhd", zeros),
          handler(zeros ? new Uint8Array(6) : utf8("Maker\0")),
          box("minf", box("stbl", box("stsd", u32(0), u32(1), coded(zeros)))),
        ),
      ),
    ),
    box("moof", utf8("mvhd")),
    box("mdat", new Uint8Array(3000).fill(9)),
  );

for (const size of [1, 7, 16, 1000, 1e6]) {
  test(`dates and handlers become zeros, whatever pieces of ${size} bytes the film comes in`, async () => {
    const whole = film(false);
    const pieces = (async function* () {
      for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
    })();
    const out = [];
    for await (const piece of undated(pieces)) out.push(piece.slice());
    assert.deepEqual(concat(...out), film(true));
  });
}

test("dates of 64 bits are zeros too", async () => {
  const long = box("moov", box("mvhd", bytes(1, 0, 0, 0), DATES, DATES, u32(5)));
  const out = [];
  for await (const piece of undated([long])) out.push(piece);
  assert.deepEqual(concat(...out), box("moov", box("mvhd", bytes(1, 0, 0, 0), new Uint8Array(16), u32(5))));
});

test("a WebM has no names of its makers, whether they come in one piece or in many", async () => {
  const front = concat(
    bytes(0x1a, 0x45, 0xdf, 0xa3),
    bytes(0x4d, 0x80, 0x83),
    utf8("abc"),
    bytes(0x57, 0x41, 0x82),
    utf8("xy"),
  );
  const plain = concat(
    bytes(0x1a, 0x45, 0xdf, 0xa3),
    bytes(0x4d, 0x80, 0x83),
    utf8("   "),
    bytes(0x57, 0x41, 0x82),
    utf8("  "),
  );
  const body = new Uint8Array(9000).fill(0x4d);
  for (const pieces of [[concat(front, body)], [front.slice(0, 6), front.slice(6), body], [front.slice()]]) {
    const out = [];
    for await (const piece of nameless(pieces)) out.push(piece.slice());
    assert.deepEqual(concat(...out), pieces[0].length === front.length ? plain : concat(plain, body));
  }
});

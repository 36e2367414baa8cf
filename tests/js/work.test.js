import assert from "node:assert/strict";
import { test } from "node:test";

import { random } from "../../static/js/crypto/encoding.js";
import { check, header, parseHeader, readChallenge, solve } from "../../static/js/crypto/work.js";
import { hex, refused, toHex, x1 } from "./vectors.js";

const { work } = x1;
const [challenge, caseId, pid] = [hex(work.challenge), hex(x1.ticket.case), hex(work.pid)];

test("it works", async () => {
  const said = readChallenge(challenge);
  assert.deepEqual([said.purpose, said.day, toHex(said.zone)], ["report", work.day, x1.zone.zone]);
  assert.equal(await solve(challenge, caseId, pid, work.bits), work.first_counter);
  assert.ok(await check(challenge, caseId, pid, work.first_counter, work.bits));
});

test("work is for one case and one post", async () => {
  assert.ok(!(await check(challenge, caseId, random(16), work.first_counter, work.bits)));
  assert.ok(!(await check(challenge, random(32), pid, work.first_counter, work.bits)));
  assert.ok(!(await check(challenge, caseId, pid, work.first_counter, work.bits + 2)));
  await refused(() => solve(challenge, pid, pid, 1), "malformed");
});

test("the page breathes meanwhile and can stop it", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const stop = new AbortController();
  const tried = [];
  const solving = solve(challenge, caseId, pid, 60, { signal: stop.signal, progress: (count) => tried.push(count) });
  setTimeout(() => stop.abort(), 120);
  await refused(() => solving, "aborted");
  clearInterval(timer);
  assert.ok(turns >= 3, "timers ran between slices");
  assert.ok(tried.length >= 3 && tried.every((count, i) => i === 0 || count > tried[i - 1]));
});

test("the header says challenge and counter", async () => {
  const value = header(challenge, 3733);
  assert.deepEqual(parseHeader(value), { challenge, counter: 3733 });
  for (const bad of [
    "",
    value + ".1",
    value.replace(".3733", ""),
    value.replace("3733", "03733"),
    value.replace("3733", "-1"),
  ]) {
    await refused(() => parseHeader(bad), "malformed");
  }
});

test("what is not a challenge is refused", async () => {
  const bad = [
    challenge.slice(1),
    challenge.slice(0, 40),
    challenge.slice(0, 31),
    new Uint8Array(200),
    new Uint8Array(0),
  ];
  for (const each of bad) await refused(() => readChallenge(each));
});

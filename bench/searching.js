// The browser's side of bench/searching.py: cases sealed here, served as the door serves them, gathered and searched by
// the page's own code. Chains, grants and items are real; each case's words are drawn, so that no two are alike.

import { Office } from "../static/js/client/office.js";
import { b64, text } from "../static/js/crypto/encoding.js";
import { gather } from "../static/js/review/search/gathering.js";
import { state } from "../static/js/review/store.js";
import { filed, found } from "../tests/js/scene.js";

const SCENES = 12; // cases that are sealed; each is opened again and again
const PAGE = 25;
const WORDS = { card: 60, report: 600, thread: 500, work: 800 }; // characters of a case
const QUESTIONS = 50;
const SEARCHED = new Set(Object.keys(WORDS));

let seed = 7;
const drawn = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
/** Words of two or three signs, some of them in every second case and most of them rare. */
const vocabulary = Array.from({ length: 6000 }, () =>
  String.fromCharCode(...Array.from({ length: 2 + Math.round(drawn() * 0.8) }, () => 0x4e00 + Math.floor(drawn() ** 2 * 3000))),
); // prettier-ignore
const word = () => vocabulary[Math.floor(drawn() ** 3 * vocabulary.length)];

/** @param {number} length */
function words(length) {
  let said = "";
  while (said.length < length) said += word() + (drawn() < 0.15 ? "，" : "");
  return said;
}

/** What the door serves bob of it: every post, his grants, and the words among his items. */
function served(scene) {
  const rid = scene.rid("bob");
  return scene.uploads.map(({ post, grants, items }) => {
    const searched = new Set(post.items.filter(({ comp }) => SEARCHED.has(comp)).map(({ id }) => id));
    const mine = post.grants.map((entry, row) => ({ entry, row })).filter(({ entry }) => entry.to === rid);
    const held = new Set(mine.flatMap(({ entry }) => entry.items.map(([id]) => id)).filter((id) => searched.has(id)));
    return {
      head: text(post.headBytes),
      sig: b64(post.sig),
      body: text(post.bodyBytes),
      grants: Object.fromEntries(mine.map(({ row }) => [row, b64(grants[row])])),
      items: Object.fromEntries([...held].map((id) => [id, b64(items[id])])),
    };
  });
}

let drawing = 0; // milliseconds that went into drawing words, which no page does

/** The view with words of its own. */
function withWords(view, id) {
  const from = performance.now();
  const items = view.items.map((item) =>
    item.document === "card"
      ? { ...item, data: { enterprise: words(10), place: words(WORDS.card - 10) } }
      : { ...item, text: item.text && words(WORDS[item.comp]) },
  );
  drawing += performance.now() - from;
  return { ...view, id, items };
}

const used = () => {
  globalThis.gc?.();
  return performance.memory?.usedJSHeapSize ?? 0;
};

/** Gather `count` cases and ask; what it took. @param {any} workflow @param {number} count */
export async function run(workflow, count) {
  const scenes = [];
  for (let at = 0; at < SCENES; at += 1) scenes.push(await (at % 2 ? found : filed)(workflow));
  const offices = scenes.map((scene) => {
    const office = new Office(workflow);
    Object.assign(office, { zone: scene.zone, keys: scene.keys("bob"), rid: scene.rid("bob"), directories: scene.directories, me: {} }); // prettier-ignore
    Object.assign(office, { learn: async () => {}, roles: () => [] }); // the door's part
    return office;
  });
  const posts = scenes.map((scene) => JSON.stringify(served(scene)));
  const name = (/** @type {number} */ no) => String(no).padStart(43, "0");
  let bytes = 0;
  globalThis.fetch = async (path) => {
    const after = Number(new URL(path, location.href).searchParams.get("after"));
    const cases = Array.from({ length: Math.min(PAGE, count - after) }, (_, at) => after + at);
    const lines = cases.map((no) => `{"case":"${name(no)}","number":"","state":"received","day":"2026-06-10","posts":${posts[no % SCENES]}}`); // prettier-ignore
    const next = after + PAGE < count ? String(after + PAGE) : "";
    const body = `{"cases":[${lines.join()}],"next":"${next}","all":${count},"today":"2026-06-12"}`;
    bytes += body.length;
    return { ok: true, status: 200, json: async () => JSON.parse(body) };
  };
  state.office = {
    keys: {},
    openServed: async (id, answer) =>
      withWords(await offices[Number(id) % SCENES].openServed(b64(scenes[Number(id) % SCENES].case), answer), id),
  };
  const before = used();
  const began = performance.now();
  await gather();
  const seconds = (performance.now() - began - drawing) / 1000;
  const { library, error } = state.search.gathered;
  if (error || library.entries.size !== count) throw new Error(`${error} ${library.unread.size} did not open`);
  const characters = [...library.entries.values()].flatMap(({ parts }) => parts.map((one) => one.text.length));
  return {
    seconds,
    megabytes: bytes / 1e6,
    memory: (used() - before) / 1e6,
    characters: characters.reduce((sum, one) => sum + one, 0) / count,
  };
}

/** Ask what was gathered so many questions; milliseconds of each. @param {boolean} near of words that no case holds together */
export function ask(near) {
  const { library } = state.search.gathered;
  const one = (/** @type {number} */ at) =>
    near ? `${word()}${word()}${word()}` : at % 2 ? `${word()} ${word()}` : word();
  return Array.from({ length: QUESTIONS }, (_, at) => {
    const question = one(at);
    const from = performance.now();
    library.find(question);
    return performance.now() - from;
  });
}
Object.assign(globalThis, { run, ask });

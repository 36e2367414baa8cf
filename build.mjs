// Bundles the pages' scripts and gathers the static files into build/static: one script per page. What is loaded later:
// the case's script, when the code box is touched; the place for files, once words are filed or a case
// is open; what cleans films and sound, when one is chosen; what looks at her words, in an open case; what changes
// the language, when it is asked for; the draft, when she asks for one or one lies on this phone; what finds an
// enterprise, when its field is touched.

import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const OUT = join(ROOT, "build", "static");
const FIRST_LOAD = 60 * 1024; // what a public page may weigh, script and style compressed

/** Scripts that pages name; every other module must be reached from one of them. */
const PAGES = {
  public: [
    "home",
    "report",
    "case",
    "page",
    "evidence",
    "films",
    "language",
    "myself",
    "draft",
    "saving",
    "enterprises",
  ],
  review: ["app", "enrol", "pdf"],
};
/** Scripts that a page brings when they are wanted: no part of a first load. */
const LATER = new Set(["case", "evidence", "films", "language", "myself", "draft", "saving", "enterprises"]);
const COPIED = ["css", "icons"];

export const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020", "chrome86", "ios14"],
  supported: { destructuring: true }, // iOS 14 has it; the table's doubt is about a corner we do not use
  charset: "utf8",
  legalComments: "linked",
  logLevel: "error",
  metafile: true,
  // noble asks Object.hasOwn, which Chrome 86 and iOS 14 do not have.
  inject: [join(ROOT, "static", "js", "shim.js")],
  define: { "Object.hasOwn": "hasOwn" },
};

/** What in the one table is for people's lists in the office: words and the place of a sentence. No rule reads it. */
const UNREAD = new Set(["zh", "told", "rare", "turn", "turns"]);

/** The table as the public page carries it: every rule of it, and nothing a reporter's page has no use for.
 * @param {unknown} value @returns {unknown} */
export function lean(value) {
  if (Array.isArray(value)) return value.map(lean);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !UNREAD.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, lean(inner)]));
}

/** The form that files a report seals one kind and folds nothing: of the tables it carries that kind and who reads what. */
const ONLY = { report: ["report"] };
const SEALING = new Set(["vis", "items", "own_copy", "also", "shares"]);

/**
 * The one table as a page carries it: whole but for words, or of these kinds what sealing asks, and the compartments.
 * @param {Record<string, any>} table @param {string[] | undefined} kinds
 */
export function carriedRules(table, kinds) {
  if (!kinds) return lean(table);
  const asked = (/** @type {object} */ row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => SEALING.has(name)));
  return lean({ ...only(table, kinds, asked), compartments: table.compartments });
}

/** The wire grammar as a page carries it: whole, or of these kinds. @param {Record<string, any>} table @param {string[] | undefined} kinds */
export function carriedGrammar(table, kinds) {
  return kinds ? { ...only(table, kinds, (row) => row), types: table.types } : table;
}

/** @param {Record<string, any>} table @param {string[]} kinds @param {(row: object) => object} asked */
function only({ v, roles, kinds: rows }, kinds, asked) {
  return { v, roles, kinds: Object.fromEntries(kinds.map((kind) => [kind, asked(rows[kind])])) };
}

/** @param {string} page @returns {import("esbuild").Plugin} */
const leanTables = (page) => ({
  name: "lean-tables",
  setup({ onLoad }) {
    /** @param {RegExp} filter @param {(table: Record<string, any>, kinds: string[] | undefined) => unknown} carried */
    const carry = (filter, carried) =>
      onLoad({ filter }, async ({ path }) => ({
        contents: JSON.stringify(carried(JSON.parse(await readFile(path, "utf8")), ONLY[page])),
        loader: "json",
      }));
    carry(/core\/workflow\.json$/, carriedRules);
    carry(/crypto\/kinds\.json$/, carriedGrammar);
  },
});

/** What pdf.js would fetch, carried in its own script: tables of characters, without which Chinese documents are blank,
 * and the standard fonts. */
const PDF_DATA = {
  name: "pdf-data",
  setup(/** @type {import("esbuild").PluginBuild} */ { onResolve, onLoad }) {
    onResolve({ filter: /^pdf-data$/ }, ({ path }) => ({ path, namespace: "pdf-data" }));
    onLoad({ filter: /.*/, namespace: "pdf-data" }, async () => {
      const folders = ["cmaps", "standard_fonts"].map((name) => join(ROOT, "node_modules", "pdfjs-dist", name));
      const paths = (await Promise.all(folders.map(async (one) => (await readdir(one)).map((name) => join(one, name)))))
        .flat()
        .filter((path) => /\.(bcmap|pfb|ttf)$/.test(path));
      const files = await Promise.all(paths.map(async (path) => [basename(path), await readFile(path, "base64")]));
      return { contents: `export const files = ${JSON.stringify(Object.fromEntries(files))};`, loader: "js" };
    });
  },
};

/** @param {string} door @param {string} name */
async function bundle(door, name) {
  const entry = join("static", "js", door, `${name}.js`);
  const outfile = join(OUT, "js", door, `${name}.js`);
  const plugins = door === "public" ? [leanTables(name)] : [PDF_DATA];
  const { metafile } = await build({ ...OPTIONS, plugins, entryPoints: [entry], outfile });
  return { door, name, outfile, inputs: Object.keys(metafile.inputs) };
}

/** @param {string} path */
async function weight(path) {
  return gzipSync(await readFile(path), { level: 9 }).length;
}

/** Every module beside the pages' scripts is in some bundle: a forgotten one is an error, not dead code. */
async function forgotten(built) {
  const reached = new Set(built.flatMap(({ inputs }) => inputs));
  const doors = Object.keys(PAGES).map((door) => join("static", "js", door));
  const files = await Promise.all(doors.map((door) => readdir(join(ROOT, door), { recursive: true })));
  const modules = files.flatMap((names, i) =>
    names.filter((name) => name.endsWith(".js")).map((name) => join(doors[i], name)),
  );
  return modules.filter((name) => !reached.has(name));
}

/** @param {Awaited<ReturnType<typeof bundle>>[]} built */
async function report(built) {
  const style = await weight(join(OUT, "css", "public.css"));
  const whole = built.length === Object.values(PAGES).flat().length;
  const faults = whole ? (await forgotten(built)).map((name) => `${name} is in no bundle`) : [];
  for (const { door, name, outfile, inputs } of built) {
    const size = await weight(outfile);
    console.log(`${relative(ROOT, outfile)}: ${size} bytes compressed`);
    if (door !== "public") continue;
    if (!LATER.has(name) && size + style > FIRST_LOAD)
      faults.push(`${name} is too heavy for a first load: ${size + style} bytes`);
    if (inputs.some((input) => /node_modules\/(@lit|lit)/.test(input))) faults.push(`${name} carries lit`);
  }
  return faults;
}

/** esbuild has said what is wrong with a page; the other pages are still built. */
async function bundles() {
  const named = Object.entries(PAGES).flatMap(([door, names]) => names.map((name) => [door, name]));
  const tried = await Promise.allSettled(named.map(([door, name]) => bundle(door, name)));
  if (tried.some(({ status }) => status === "rejected")) process.exitCode = 1;
  return tried.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

/** Styles without their comments and spaces: they are part of a first load. */
async function trimStyles() {
  for (const name of await readdir(join(OUT, "css"))) {
    const path = join(OUT, "css", name);
    const { code } = await transform(await readFile(path, "utf8"), {
      loader: "css",
      minify: true,
      target: OPTIONS.target.slice(1),
    });
    await writeFile(path, code);
  }
}

async function main() {
  await mkdir(OUT, { recursive: true });
  for (const folder of ["js", ...COPIED]) await rm(join(OUT, folder), { recursive: true, force: true });
  for (const folder of COPIED) await cp(join(ROOT, "static", folder), join(OUT, folder), { recursive: true });
  await trimStyles();
  const faults = await report(await bundles());
  for (const fault of faults) console.error(`${basename(import.meta.url)}: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

// Bundles the pages' scripts and gathers the static files into build/static: one script per page, nothing loaded later,
// but on the front page, whose code box brings the case's script when it is touched.

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
  public: ["home", "report", "case", "page"],
  review: ["app", "enrol"],
};
const COPIED = ["css", "icons", "data"];

export const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020", "chrome86", "ios14"],
  supported: { destructuring: true }, // iOS 14 has it; the table's doubt is about a corner we do not use
  charset: "utf8",
  legalComments: "eof",
  logLevel: "error",
  metafile: true,
  // noble asks Object.hasOwn, which Chrome 86 and iOS 14 do not have.
  inject: [join(ROOT, "static", "js", "shim.js")],
  define: { "Object.hasOwn": "hasOwn" },
};

/** @param {string} door @param {string} name */
async function bundle(door, name) {
  const entry = join("static", "js", door, `${name}.js`);
  const outfile = join(OUT, "js", door, `${name}.js`);
  const { metafile } = await build({ ...OPTIONS, entryPoints: [entry], outfile });
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
  const modules = files.flatMap((names, i) => names.filter((name) => name.endsWith(".js")).map((name) => join(doors[i], name)));
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
    if (size + style > FIRST_LOAD) faults.push(`${name} is too heavy for a first load: ${size + style} bytes`);
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
    const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: OPTIONS.target.slice(1) });
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

// Bundles one script of the tests with the options of the pages' scripts, beside an empty page that loads it.

import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

import { OPTIONS } from "../../build.mjs";

const [entry, out] = process.argv.slice(2);
const name = basename(entry);
await build({ ...OPTIONS, entryPoints: [entry], outfile: join(out, name) });
await writeFile(
  join(out, `${name}.html`),
  `<!doctype html><meta charset="utf-8"><title>test</title><script src="${name}"></script>`,
);

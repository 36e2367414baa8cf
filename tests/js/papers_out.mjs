// Writes every official paper of the sample case as a DOCX into a folder, as the browser saves it:
// one list of what it holds for the test that opens them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PAPERS, compose, numberKind } from "../../static/js/review/papers/compose.js";
import { docx } from "../../static/js/review/papers/docx.js";
import { aCase, context } from "./sample.js";

const model = await aCase(["intake", "verifier", "leader", "payout", "auditor"]);
const folder = process.argv[2];
const told = PAPERS.map((paper) => {
  const made = compose(paper, context(model, paper), false);
  writeFileSync(join(folder, `${paper.id}.docx`), docx(made));
  return {
    id: paper.id,
    title: made.title,
    number: made.number,
    numbered: Boolean(numberKind(paper)),
    signed: paper.body.some((block) => block.sign),
  };
});
console.log(JSON.stringify(told));

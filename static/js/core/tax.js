// Income tax on an award: nothing is withheld, and on what that rests; the twin of whistle/core/tax.py.

import { DEFAULT, traceStep } from "./formulas.js";
import { AUTHORITY } from "./offices.js";

/** @typedef {import("./formulas.js").TraceStep} TraceStep */

// Known and very likely right; looked at again every year.
export const EXEMPTION = {
  article: "第二条第(四)项",
  mark: "C",
  source: "text",
  origin: "财税字〔1994〕020号",
  note: "",
};
const OFFENCES = ["violation", "concealed_accident"];

/** The last line of a sum's trace. A hazard that was not fined need be no offence: nothing is withheld either, but the
 * office asks the tax bureau before it pays. What an enterprise pays its own people is wages, and exempt of nothing.
 * @param {{kind: string, fine: number}} facts @param {string} [office] its kind @returns {TraceStep} */
export function taxStep(facts, office = AUTHORITY) {
  if (office !== AUTHORITY) return traceStep("tax", "tax_wages", /** @type {any} */ (DEFAULT), {});
  const [words, ground] =
    OFFENCES.includes(facts.kind) || facts.fine ? ["tax_exempt", EXEMPTION] : ["tax_ask", DEFAULT];
  return traceStep("tax", /** @type {string} */ (words), /** @type {any} */ (ground), { withheld: "0.00" });
}

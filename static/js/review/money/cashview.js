/** Obligations and cash side by side: what was brought into the year, paid in it, and is carried over its end. */

import { html, nothing } from "lit";
import { grouped } from "../../core/yuan.js";
import { t } from "../words.js";

/** @typedef {import("../../client/answers.js").Carried} Carried */

/** @type {(keyof Carried)[]} */
const SUMS = ["brought", "approved", "cancelled", "forfeited", "paid", "carried", "returned"];

/** A sum that may be below zero. @param {number} fen */
export const signed = (fen) => (fen < 0 ? `−${grouped(-fen)}` : grouped(fen));

/** @param {import("../../client/answers.js").Account["cash"]} cash @param {string} year "0" for all @param {string} today */
export function cashCard({ lines, total }, year, today) {
  if (!lines.length) return nothing;
  const heads = SUMS.map((name) => html`<th scope="col" class="num">${t(`cash.${name}`)}</th>`);
  return html`<section class="card cash">
    <h2>${t("cash.title")}</h2>
    <p class="quietly">${t(year === "0" ? "cash.hint_all" : "cash.hint", { year })}</p>
    ${today.startsWith(year) ? html`<p class="quietly">${t("cash.so_far", { day: today })}</p>` : nothing}
    <div class="scroll flat" tabindex="0" role="region" aria-label=${t("cash.title")}>
      <table class="small">
        <thead>
          <tr>
            <th scope="col">${t(year === "0" ? "cash.of_calendar" : "cash.of_fiscal")}</th>
            ${heads}
            <th scope="col" class="num">${t("cash.spent")}</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map((line) => row(t("ledger.year", { year: line.year }), line))}
        </tbody>
        <tfoot>
          ${row(t("cash.all"), total)}
        </tfoot>
      </table>
    </div>
  </section>`;
}

/** @param {unknown} name @param {Carried} line */
const row = (name, line) =>
  html`<tr>
    <th scope="row">${name}</th>
    ${SUMS.map((each) => html`<td class="num">${signed(line[each])}</td>`)}
    <td class="num">${signed(line.paid - line.returned)}</td>
  </tr>`;

/**
 * The numbers payments bear: one batch transfer may pay several awards under one number, and a slip of the pen gives two
 * payments the same one. It is shown and asked, never refused. The twin of whistle/core/vouchers.py.
 */

/** A payment that stands, with its numbers as they hold now; `no` is its row, `year` the fiscal year it is of.
 * @typedef {{no: number, case: string, year: number, voucher: string, treasury: string}} Payment */
/** A number that several payments bear. @typedef {{name: "voucher" | "treasury", number: string, payments: Payment[]}} Shared */

/** @type {("voucher" | "treasury")[]} */
const NUMBERS = ["voucher", "treasury"];

/** Every payment that was not taken back, amendments taken in. @param {any[]} rows of the ledger @returns {Payment[]} */
export function payments(rows) {
  /** @type {Map<number, Payment>} */
  const found = new Map();
  for (const { kind, no, corrects, case: number, year, voucher, treasury } of rows) {
    const amended = found.get(corrects);
    if (kind === "pay") found.set(no, { no, case: number, year, voucher, treasury });
    else if (kind === "reverse") found.delete(corrects);
    else if (kind === "amend" && amended) found.set(corrects, { ...amended, voucher, treasury });
  }
  return [...found.values()];
}

/** The numbers that more than one payment bears. Vouchers begin anew with every fiscal year. @param {Payment[]} paid @returns {Shared[]} */
export function shared(paid) {
  /** @type {Map<string, Shared>} */
  const alike = new Map();
  for (const one of paid)
    for (const name of NUMBERS) {
      const number = spelled(one[name]);
      const key = JSON.stringify([name, name === "voucher" ? one.year : 0, number]);
      if (!number) continue;
      if (!alike.has(key)) alike.set(key, { name, number: one[name], payments: [] });
      alike.get(key)?.payments.push(one);
    }
  return [...alike.values()].filter((one) => one.payments.length > 1);
}

/** Of these two numbers, those that other payments bear already: asked before one more is signed.
 * @param {Payment[]} paid @param {number} year @param {string} voucher @param {string} treasury @returns {Shared[]} */
export function bearing(paid, year, voucher, treasury) {
  const own = { no: 0, case: "", year, voucher, treasury };
  return shared([...paid, own])
    .filter((one) => one.payments.includes(own))
    .map((one) => ({ ...one, payments: one.payments.filter((each) => each !== own) }));
}

/** A number whatever its width, case and blanks. @param {string} number */
const spelled = (number) => number.normalize("NFKC").replace(/\s+/g, "").toUpperCase();

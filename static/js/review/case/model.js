/** One opened case as the screens need it: the verified chain, the opened items, names, packs and days. */

import { ledgerRows } from "../../client/ledger.js";
import { sole } from "../../client/handover.js";
import { insideOf } from "../../client/onward.js";
import { getJson } from "../../client/wire.js";
import { payments } from "../../core/vouchers.js";
import { isFile } from "../files/listed.js";
import { factsHashes, knownPacks } from "../money/award.js";
import { loadRoster } from "../people/roster.js";
import { reference } from "../reference.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Office} Office */
/** @typedef {import("../types.js").Opening} Opening */
/** @typedef {import("../types.js").Reader} Reader */
/** @typedef {import("../types.js").Roster} Roster */
/** @typedef {import("../types.js").Seat} Seat */

/** @typedef {import("../../client/reading.js").Opened} Opened */

/** @param {Office} office @param {string} id @returns {Promise<Model>} */
export async function openModel(office, id) {
  const [model, { packs, years }, roster] = await Promise.all([office.openCase(id), reference(), loadRoster(office)]);
  const channel = office.directories.channel(office.directories.newestHash, model.chain.channelId);
  const day = model.fold.received || model.fold.day;
  const [paid, budget, parent] = await Promise.all([paidBefore(model), budgetFor(model), parentOf(office, model)]);
  return {
    ...model,
    workflow: office.workflow,
    payments: paid,
    budget,
    parent,
    years,
    packs: await knownPacks(packs, office.directories.newest.packs, day),
    factsHashes: await factsHashes(model.items),
    card: newestCard(model.items),
    taken: model.items.find((/** @type {Opened} */ item) => item.comp === "card")?.data ?? {},
    report: model.items.find((/** @type {Item} */ item) => item.comp === "report" && !isFile(item))?.text ?? null,
    people: (/** @type {string} */ role) => peopleOf(channel, role, model.chain.excluded, roster),
    who: (/** @type {Act} */ act) => nameOf(office, model, act, roster),
    sole: sole(office, model),
    inside: await insideOf(readerOf(office), model.id, model.items),
    takers: (/** @type {Act} */ act) => takersOf(office, model, act, roster),
  };
}

/** Who looks at what she proves of a report inside a company. @param {Office} office @returns {import("../../client/onward.js").Reader} */
const readerOf = (office) => ({
  directories: office.directories,
  workflow: office.workflow,
  fetchChannel: (id) => office.learnChannel(id),
});

/** The case this one is merged into; null where it is merged into none, or this person may not open it: then the door
 * alone knows. @param {Office} office @param {Opening} model @returns {Promise<Model["parent"]>} */
async function parentOf(office, { fold }) {
  const found = fold.parent ? await office.openCase(fold.parent).catch(() => null) : null;
  return found?.fold ?? null;
}

/** Every payment with its numbers: for finance before it enters the next, for payout once the case is paid, whose receipt
 * bears the numbers as they hold now; none where there is nothing to see.
 * @param {Opening} model @returns {Promise<import("../../core/vouchers.js").Payment[]>} */
async function paidBefore({ roles, fold, acts }) {
  const enters = roles.includes("finance") && fold.state === "claimed";
  const prints = roles.includes("payout") && acts.some(({ kind }) => kind === "pay");
  if (!enters && !prints) return [];
  return payments(await ledgerRows(0).catch(() => []));
}

/** What the year's budget still bears, for the leader before he approves; null where it is not asked or not told.
 * @param {Opening} model @returns {Promise<import("../types.js").Budget | null>} */
async function budgetFor({ roles, fold, today }) {
  if (!roles.includes("leader") || fold.state !== "reward_proposed") return null;
  const told = await getJson(`/api/ledger?year=${today.slice(0, 4)}&limit=1`).catch(() => null);
  return told && { left: told.balance.left, waiting: told.waiting.fen };
}

/** The reporter's card, or the one intake wrote for those who do not read the report. @param {Opened[]} items */
function newestCard(items) {
  const [newest] = items.filter(({ document }) => document === "card").slice(-1);
  return newest?.data ?? null;
}

/** Each person of a role once, with the public label and, for staff, the name. */
function peopleOf(
  /** @type {{readers: Reader[]} | null} */ channel,
  /** @type {string} */ role,
  /** @type {Set<string>} */ excluded,
  /** @type {Roster} */ roster,
) {
  const readers = (channel?.readers ?? []).filter(
    (/** @type {Reader} */ reader) => reader.roles.includes(role) && !excluded.has(reader.person),
  );
  const once = new Map(
    readers.map((reader) => [
      reader.person,
      { person: reader.person, label: reader.label, name: roster.get(reader.person)?.name ?? "" },
    ]),
  );
  return [...once.values()];
}

/** Who acted: label and name, and whether it was done in the place of a seated colleague (代). */
function nameOf(
  /** @type {Office} */ office,
  /** @type {Opening} */ model,
  /** @type {Act} */ act,
  /** @type {Roster} */ roster,
) {
  if (act.author === "reporter") return { reporter: true, label: "", name: "", stead: false };
  const reader = office.directories.reader(act.dir, model.chain.channelId, act.author);
  return {
    reporter: false,
    label: reader?.label ?? "",
    name: roster.get(act.person)?.name ?? "",
    stead: inStead(model, act, reader, office.workflow),
  };
}

/** To whom an act granted keys, each person once; the reporter is none of them.
 * @param {Office} office @param {Opening} model @param {Act} act @param {Roster} roster @returns {string[]} */
function takersOf(office, model, act, roster) {
  const readers = act.grants.map(({ to }) => office.directories.reader(act.dir, model.chain.channelId, to));
  const names = readers.map((one) => one && `${one.label} ${roster.get(one.person)?.name ?? ""}`.trim());
  return [...new Set(names.filter((name) => name !== null))];
}

/** Seats stood when the act was done, for the role it needs, and its author held none of them. */
function inStead(
  /** @type {Opening} */ model,
  /** @type {Act} */ act,
  /** @type {Reader | null} */ reader,
  /** @type {Office["workflow"]} */ workflow,
) {
  const before = model.acts
    .slice(0, model.acts.indexOf(act))
    .filter((/** @type {Act} */ one) => one.kind === "assign")
    .slice(-1)[0];
  if (!act.kind) return false;
  const roles = workflow.kinds[act.kind].roles.filter((/** @type {string} */ role) => reader?.roles.includes(role));
  const seated = (before?.fields.seats ?? []).filter((/** @type {Seat} */ seat) => roles.includes(seat[0]));
  return seated.length > 0 && seated.every((/** @type {Seat} */ seat) => !seat[1].includes(act.person));
}

/** One opened case as the screens need it: the verified chain, the opened items, names, packs and days. */

import { getJson } from "../client/door.js";
import { factsHashes, knownPacks } from "./money.js";
import { loadRoster } from "./roster.js";
import { readJson } from "./text.js";

/** What hardly changes in a session, fetched once. @type {{packs: any[], years: any} | null} */
let shared = null;

async function reference() {
  if (!shared) {
    const [packs, calendar] = await Promise.all([getJson("/api/packs"), getJson("/api/calendar")]);
    shared = { packs: packs.packs, years: calendar.years };
  }
  return shared;
}

/** @param {any} office @param {string} id */
export async function openModel(office, id) {
  const [model, { packs, years }, roster] = await Promise.all([office.openCase(id), reference(), loadRoster(office)]);
  const channel = office.directories.channel(office.directories.newestHash, model.chain.channelId);
  const day = model.fold.received || model.fold.day;
  return {
    ...model,
    workflow: office.workflow,
    years,
    packs: await knownPacks(packs, office.directories.newest.packs, day),
    factsHashes: await factsHashes(model.items),
    card: newestCard(model.items),
    taken: readJson(model.items.find((/** @type {any} */ item) => item.comp === "card")?.text ?? "") ?? {},
    report: model.items.find((/** @type {any} */ item) => item.comp === "report" && item.meta.name === "")?.text ?? null,
    people: (/** @type {string} */ role) => peopleOf(channel, role, model.chain.excluded, roster),
    who: (/** @type {any} */ act) => nameOf(office, model, act, roster),
  };
}

/** The reporter's card, or the one intake wrote for those who do not read the report. */
function newestCard(/** @type {any} */ items) {
  const cards = items.filter((/** @type {any} */ item) => item.comp === "card" || (item.comp === "work" && item.meta.type === "application/json" && item.kind === "extract"));
  return cards.map((/** @type {any} */ item) => readJson(item.text)).filter(Boolean).at(-1) ?? null;
}

/** Each person of a role once, with the public label and, for staff, the name. */
function peopleOf(/** @type {any} */ channel, /** @type {any} */ role, /** @type {any} */ excluded, /** @type {any} */ roster) {
  const readers = channel.readers.filter((/** @type {any} */ reader) => reader.roles.includes(role) && !excluded.has(reader.person));
  const once = new Map(readers.map((/** @type {any} */ reader) => [reader.person, { person: reader.person, label: reader.label, name: roster.get(reader.person)?.name ?? "" }]));
  return [...once.values()];
}

/** Who acted: label and name, and whether it was done in the place of a seated colleague (代). */
function nameOf(/** @type {any} */ office, /** @type {any} */ model, /** @type {any} */ act, /** @type {any} */ roster) {
  if (act.author === "reporter") return { reporter: true, label: "", name: "", stead: false };
  const reader = office.directories.reader(act.dir, model.chain.channelId, act.author);
  return { reporter: false, label: reader?.label ?? "", name: roster.get(act.person)?.name ?? "", stead: inStead(model, act, reader, office.workflow) };
}

/** Seats stood when the act was done, for the role it needs, and its author held none of them. */
function inStead(/** @type {any} */ model, /** @type {any} */ act, /** @type {any} */ reader, /** @type {any} */ workflow) {
  const before = model.acts.slice(0, model.acts.indexOf(act)).filter((/** @type {any} */ one) => one.kind === "assign").at(-1);
  if (!act.kind) return false;
  const roles = workflow.kinds[act.kind].roles.filter((/** @type {string} */ role) => reader?.roles.includes(role));
  const seated = (before?.fields.seats ?? []).filter((/** @type {any} */ seat) => roles.includes(seat[0]));
  return seated.length > 0 && seated.every((/** @type {any} */ seat) => !seat[1].includes(act.person));
}

/** What is done with each of many cases: looked at first, then signed, one by one and each for itself. */

import { colleaguesOf } from "../../client/handover.js";
import { seatsFrom } from "../../client/grants.js";
import { seal, send } from "../../client/office.js";
import { dueTo, handTo } from "../../client/rotation.js";
import { compose, problem, startValues } from "../case/acts.js";
import { openModel } from "../case/model.js";
import { offered } from "../case/panel.js";
import { loadRoster } from "../people/roster.js";
import { office, sentence, signedIn } from "../session.js";
import { t } from "../words.js";

/** @typedef {import("../types.js").Model} Model */
/** @typedef {import("../types.js").Person} Person */
/** What was asked for. @typedef {{op: string, to: string, seats: Record<string, string[]>}} Wish */
/** A case of the list: `came` is due, done, has or stays; `why` the sentence of what stays;
 * `again`: it broke off while it was signed, and is tried once more with the others.
 * @typedef {{case: string, number: string, state: string, day: string, card: Record<string, string>, came: string, why: string, again?: boolean}} Line */

export const SEATED = ["verifier", "leader", "payout"];

/** Who may be seated in a role, of all the channels of this office. @param {string} role @returns {Promise<Person[]>} */
export async function peopleAs(role) {
  const { directories, me } = office();
  const roster = await signedIn(() => loadRoster(office()));
  const readers = me.channels.flatMap(({ id }) => directories.channel(directories.newestHash, id)?.readers ?? []);
  const held = readers.filter(({ roles }) => roles.includes(role));
  return once(held.map(({ person, label }) => ({ person, label, name: roster.get(person)?.name ?? "" })));
}

/** Colleagues whom cases may go to. @returns {Promise<Person[]>} */
export async function colleagues() {
  const roster = await signedIn(() => loadRoster(office()));
  const readers = colleaguesOf(office());
  return once(readers.map(({ person, label }) => ({ person, label, name: roster.get(person)?.name ?? "" })));
}

const once = (/** @type {Person[]} */ people) => [...new Map(people.map((one) => [one.person, one])).values()];

/** What a case would come to; nothing is signed. @param {string} id @param {Wish} wish @returns {Promise<Line>} */
export const weigh = (id, wish) => through(id, wish, false);

/** Sign it for one case; what stands already as it is wished, is not signed again. @param {string} id @param {Wish} wish @returns {Promise<Line>} */
export const carryOut = (id, wish) => through(id, wish, true);

/** @param {string} id @param {Wish} wish @param {boolean} sign @returns {Promise<Line>} */
async function through(id, wish, sign) {
  const line = { case: id, number: "", state: "", day: "", card: {}, came: "due", why: "" };
  try {
    const model = await signedIn(() => openModel(office(), id));
    const { number, fold, card } = model;
    Object.assign(line, { number, state: fold.state, day: fold.day, card: card ?? {} });
    const why = barred(model, wish);
    if (why) return { ...line, came: why === HAS ? HAS : "stays", why: why === HAS ? "" : why };
    if (sign) await signedIn(() => WORK[wish.op](model, wish));
    else await signedIn(() => LOOK[wish.op](model, wish));
    return { ...line, came: sign ? "done" : "due" };
  } catch (error) {
    const { reason } = /** @type {{facts?: {reason?: string}}} */ (error).facts ?? {};
    if (reason === "colleague_has_all") return { ...line, came: HAS };
    return { ...line, came: "stays", why: sentence(error), again: sign };
  }
}

const HAS = "has";

/** Why an act is not done with this case, HAS where it stands as it is wished, "" where nothing is in the way.
 * @param {Model} model @param {Wish} wish */
function barred(model, { op, seats }) {
  if (op !== "assign") return "";
  if (JSON.stringify(model.chain.seats) === JSON.stringify(seatsFrom(seats))) return HAS;
  if (!offered(model).includes("assign")) return t("bulk.not_now", { state: t(`state.${model.fold.state}`) });
  for (const [role, people] of Object.entries(seats))
    if (people.some((one) => !model.people(role).some(({ person }) => person === one))) return t("bulk.not_seated");
  const wrong = problem("assign", valuesOf(model, seats), model);
  return wrong ? t(wrong) : "";
}

/** @param {Model} model @param {Wish["seats"]} seats */
const valuesOf = (model, seats) => ({ ...startValues("assign", model, t), seats });

/** @type {Record<string, (model: Model, wish: Wish) => Promise<unknown>>} */
const LOOK = {
  assign: async () => {},
  handover: ({ id }, { to }) => dueTo(office(), id, to),
  list: async () => {},
};

/** @type {Record<string, (model: Model, wish: Wish) => Promise<unknown>>} */
const WORK = {
  assign: async (model, { seats }) => {
    const act = await compose("assign", valuesOf(model, seats), model, office());
    const now = /** @type {import("../../client/office.js").Model} */ (model);
    await send(office(), now, await seal(office(), now, act)); // null: it stands already, by an answer that was lost
  },
  handover: ({ id }, { to }) => handTo(office(), id, to),
};

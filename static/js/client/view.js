/** A case as one reviewer sees it: verified, folded, and opened as far as his keys go. The twin of whistle/client/view.py. */

import { fold } from "../core/case.js";
import { destroyedItems } from "../core/custody.js";
import { parseBasis, parseConfirmed, parseReceiver } from "../core/entitlement.js";
import { parseFacts } from "../core/facts.js";
import { Chain } from "../crypto/chain.js";
import { b64 } from "../crypto/encoding.js";
import { EnvelopeError, refuse } from "../crypto/errors.js";
import { buried } from "./tombs.js";
import { officeKind } from "./trust.js";
import { heldIn, openItems, openKeys } from "./reading.js";

/** @typedef {import("./reading.js").Opened} Opened */
/** A scope that may go from a day on, by a row of the house's schedule. @typedef {{scope: string, until: string, basis: string}} Kept */
/** What the door says beside the posts: its own word, for the screen.
 * @typedef {object} Beside
 * @property {string} number of the register, "" while it has none
 * @property {string} today the zone's day
 * @property {{step: string, start: string, due: string, stop: string, provisional: boolean, hour?: number, paused?: boolean}[]} clocks
 * @property {boolean} [held] the award waits for money
 * @property {number} [large] from this sum on, in fen, finance has to concur; 0: from none
 * @property {boolean} [concur] it has still to
 * @property {string[]} [lacks] other papers that are asked for and not there yet
 * @property {string} [review] who decides objections here: office, above, or "" for either
 * @property {Record<string, string>} [papers] kind of paper to its number
 * @property {Kept[]} [kept] what of the case may be destroyed from a day on
 * @property {boolean} [destroying] of what was destroyed something is still on the disk
 * @property {import("./tombs.js").Tomb[]} [tombs] signed destructions that the chain lacks since a restore
 */
/**
 * Everything a reviewer's client knows of one case. `items` are those that opened; `broken` what was sealed for this
 * reader and does not: shown with whose it is.
 * @typedef {object} View
 * @property {string} id
 * @property {string} number
 * @property {Chain} chain
 * @property {import("../crypto/chain.js").Act[]} acts
 * @property {import("../core/case.js").Case} fold
 * @property {Opened[]} items
 * @property {Opened[]} broken
 * @property {import("./reading.js").Held} held
 * @property {Beside["clocks"]} clocks
 * @property {boolean} waiting
 * @property {number} large
 * @property {boolean} concur
 * @property {string[]} lacks
 * @property {string} review who decides objections here: office, above, or "" for either
 * @property {Record<string, string>} papers
 * @property {Kept[]} kept
 * @property {boolean} destroying
 * @property {Set<string>} buried compartments that were destroyed after the backup which this case is from
 * @property {string} today
 * @property {string} officeKind what kind of office has the case, by the policy of its channel
 */

/** Documents of the award that the office's rules compute with. */
export const COMPUTED = { facts: parseFacts, confirmed: parseConfirmed, basis: parseBasis, receiver: parseReceiver };

/**
 * Verify and open a fetched case; the directories know its channel. Throws EnvelopeError when the chain does not hold.
 * @param {import("../crypto/directory.js").Directories} directories @param {import("../core/workflow.js").Workflow} workflow
 * @param {import("./reading.js").Party} reader @param {import("./reading.js").Carried[]} posts @param {Beside} beside
 * @returns {Promise<View>}
 */
export async function see(directories, workflow, reader, posts, beside) {
  const chain = new Chain(reader.zone, directories, workflow, "office");
  for (const { post } of posts) await chain.add(post);
  if (chain.case !== b64(reader.case)) throw new EnvelopeError("case");
  const keys = await openKeys(reader, posts);
  const gone = destroyedItems(chain.acts, workflow.scopes);
  const lost = await buried(directories, chain, beside.tombs ?? [], workflow);
  const opened = (await openItems(reader, posts, keys, COMPUTED)).filter(({ id }) => !gone.has(id));
  const listed = opened.filter(({ broken, comp }) => !(broken && lost.has(comp)));
  return {
    id: chain.case,
    number: beside.number,
    chain,
    acts: chain.acts,
    fold: fold(knownActs(chain), workflow, beside.today),
    items: listed.filter(({ broken }) => !broken),
    broken: listed.filter(({ broken }) => broken),
    held: heldIn(keys, listed),
    clocks: beside.clocks,
    waiting: beside.held === true,
    large: Number(beside.large) || 0,
    concur: beside.concur === true,
    lacks: beside.lacks ?? [],
    review: ["office", "above"].includes(beside.review ?? "") ? String(beside.review) : "",
    papers: beside.papers ?? {},
    kept: beside.kept ?? [],
    destroying: beside.destroying === true,
    buried: lost,
    today: beside.today,
    officeKind: officeKind(directories, chain.channelId),
  };
}

/** The acts up to the first whose body was withheld: what came after cannot be judged, and nothing is signed on it. @param {Chain} chain */
function knownActs(chain) {
  const first = chain.withheld ? chain.acts.findIndex((act) => !act.kind) : -1;
  return first < 0 ? chain.acts : chain.acts.slice(0, first);
}

/** Whom this case's items are sealed to: the newest channel, and the seats and exclusions of the chain.
 * @param {{directories: import("../crypto/directory.js").Directories, workflow: import("../core/workflow.js").Workflow}} office
 * @param {Pick<View, "chain" | "fold">} view @param {import("../crypto/directory.js").Seats} [seats] of an assign on its way
 * @returns {import("./sealing.js").Readers} */
export function readersIn({ directories, workflow }, { chain, fold: folded }, seats) {
  return {
    channel: directories.channel(directories.newestHash, chain.channelId) ?? refuse("no_reader"),
    workflow,
    seats: seats ?? chain.seats,
    exclude: [...chain.excluded],
    assigned: folded.isAssigned || seats !== undefined,
  };
}

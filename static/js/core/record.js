/** What a case is made of: the twin of whistle/core/record.py. No rule lives here. */

import { NOTHING, asSeen } from "./workflow.js";

/**
 * What the fold reads of a post that crypto's chain has accepted.
 * @typedef {{hash: string, kind: string, vis: string, author: string, person: string, day: string, fields: any}} Act
 *
 * One deadline that began on `start`; it runs while `stop` is "". `due` is set when a post named the day.
 * `whose`: "office" owes the step, or the "reporter" has that long; only the office can be overdue.
 * `pauses`: from day to day, the last one open while its end is "". A day named by a post has counted the first
 * `counted` of them already.
 * @typedef {{step: string, start: string, stop: string, due: string, whose: string, pauses: [string, string][], counted: number}} Clock
 *
 * @typedef {{hash: string, person: string, pack: string, packHash: string, fen: number, facts: string}} Proposal
 *
 * A request to open the sealed identity: asked by payout, given by a leader, opened and told.
 * @typedef {{hash: string, person: string, given: boolean, opened: boolean}} Ask
 *
 * What a leader has asked to destroy: the hash and the day of the ask, and its scope.
 * @typedef {{hash: string, scope: string, day: string}} Destruction
 *
 * What the reporter objects to, and the state the case stood in: there it returns if she is not heard.
 * @typedef {{hash: string, about: string, state: string}} Objection
 */

/** The fold of a case's posts. In the reporter's view what the office keeps to itself stays empty. */
export class Case {
  /** @param {import("./workflow.js").Workflow} workflow @param {import("./workflow.js").View} view */
  constructor(workflow, view = "office") {
    this.workflow = workflow;
    this.view = view;
    this.state = NOTHING;
    /** @type {string[]} sorted */
    this.marks = [];
    /** @type {Record<string, string[]>} kind to persons, over the whole history */
    this.acted = {};
    /** @type {Clock[]} */
    this.clocks = [];
    /** @type {string[]} named by the reporter, or recused since */
    this.excluded = [];
    // report, accept, assign
    this.day = "";
    this.received = "";
    this.channel = "";
    this.source = "";
    this.urgent = false;
    this.category = "";
    this.sector = "";
    /** @type {[string, string][]} */
    this.packs = [];
    /** @type {[string, string[]][]} */
    this.seats = [];
    this.reason = "";
    this.refusedFor = "";
    // message, pause, merge, objection, list, clawback
    this.asked = false; // the office has written to the reporter
    this.waiting = false; // and she has not answered
    this.answered = ""; // the day of her first answer since the pause
    this.pausedFor = "";
    this.pausedOn = "";
    this.parent = "";
    /** @type {Objection | null} */
    this.objection = null;
    this.extractWanted = false; // whoever decides the objection holds no extract yet
    this.listedUntil = "";
    this.demanded = 0; // back from the reporter, and not received yet
    this.recovered = 0;
    this.record = ""; // the entry of what the level above decided, and its outcome
    this.recorded = "";
    this.declineAsk = "";
    this.declineReason = "";
    // finding, award
    this.finding = "";
    this.foundBy = "";
    this.outcome = "";
    /** @type {Proposal[]} */
    this.proposals = [];
    /** @type {Proposal | null} the one that counts */
    this.proposal = null;
    this.approved = 0;
    this.approval = "";
    this.awarded = 0; // as told to the reporter
    this.claimBy = "";
    this.method = "";
    this.claimedOn = "";
    /** @type {Ask[]} */
    this.asks = [];
    this.cancelAsk = "";
    // withdraw, destroy
    this.withdrawal = ""; // the withdrawal that waits, its scope and its day
    this.withdraws = "";
    this.withdrawnOn = "";
    this.withdrawn = ""; // what the office has taken back at her word: "", contact or report; and when
    this.takenOn = "";
    this.closedOn = ""; // the day it last went into the archive
    /** @type {Destruction[]} asked for, neither done nor stopped */
    this.destructions = [];
    /** @type {string[]} scopes, sorted */
    this.destroyed = [];
    this.honour = ""; // proposed or given
    this.honourProposal = "";
    this.honouredOn = ""; // the day she was told of it
    /** @type {string[]} kinds that wait for somebody's answer */
    this.pending = [];
  }

  /** The roles whose turn it is: those of the state, and whoever a post waits for. @returns {string[]} */
  get turn() {
    if (this.state === NOTHING) return [];
    const { states, kinds } = this.workflow;
    return [
      ...new Set([...states[this.state].turn, ...this.pending.flatMap((kind) => kinds[kind].waits?.roles ?? [])]),
    ];
  }

  /** What the open objection is about, "" where there is none. @returns {string} */
  get objected() {
    return this.objection ? this.objection.about : "";
  }

  /** The state as the reporter sees it, in either view. @returns {string} */
  get seen() {
    return asSeen(this.workflow, "reporter", this.state);
  }

  /** @returns {boolean} */
  get isFinal() {
    return this.state !== NOTHING && this.workflow.states[this.state].final;
  }

  /** Whether seats were ever given: from then on `work` is sealed for verifier and leader as well. An objection
   * brings them in too: another person has to read what he decides on. */
  get isAssigned() {
    return "assign" in this.acted || "objection" in this.acted;
  }

  /** While the reporter's time to object runs: it began with a decision and no objection used it up. */
  get mayObject() {
    return this.clocks.some((clock) => clock.step === "objection" && !clock.stop);
  }

  /** The post an award.refuse answers: the proposal that counts, or where there is none the finding. */
  get answers() {
    return this.proposal ? this.proposal.hash : this.finding;
  }

  /** A new case with these changes. @param {Partial<Case>} changes @returns {Case} */
  with(changes) {
    return Object.freeze(Object.assign(new Case(this.workflow, this.view), this, changes));
  }
}

"""What a case is made of: the acts that come in and the Case that their fold is. No rule lives here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from whistle.core.workflow import NOTHING, View, Workflow, as_seen


class Act(Protocol):
    """What the fold reads of a post that crypto's chain has accepted."""

    @property
    def hash(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def vis(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def day(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Clock:
    """One deadline that began on `start`; it runs while `stop` is "". `due` is set when a post named the day.

    `whose`: "office" owes the step, or the "reporter" has that long; only the office can be overdue.
    `pauses`: from day to day, the last one open while its end is "". A day named by a post has counted
    the first `counted` of them already."""

    step: str
    start: str
    stop: str = ""
    due: str = ""
    whose: str = "office"
    pauses: tuple[tuple[str, str], ...] = ()
    counted: int = 0

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and not self.pauses[-1][1] and not self.stop


@dataclass(frozen=True)
class Proposal:
    hash: str
    person: str
    pack: str
    pack_hash: str
    fen: int
    facts: str


@dataclass(frozen=True)
class Ask:
    """A request to open the sealed identity: asked by payout, given by a leader, opened and told."""

    hash: str
    person: str
    given: bool = False
    opened: bool = False


@dataclass(frozen=True)
class Objection:
    """What the reporter objects to, and the state the case stood in: there it returns if she is not heard."""

    hash: str
    about: str
    state: str


@dataclass(frozen=True)
class Destruction:
    """What a leader has asked to destroy: the hash and the day of the ask, and its scope (custody, workflow.json)."""

    hash: str
    scope: str
    day: str


@dataclass(frozen=True)
class Case:
    """The fold of a case's posts. In the reporter's view what the office keeps to itself stays empty."""

    workflow: Workflow = field(repr=False, compare=False)
    view: View = "office"
    state: str = NOTHING
    marks: tuple[str, ...] = ()
    acted: Mapping[str, frozenset[str]] = field(default_factory=dict)  # kind -> persons, over the whole history
    clocks: tuple[Clock, ...] = ()
    excluded: frozenset[str] = frozenset()  # named by the reporter, or recused since
    # report, accept, assign
    day: str = ""
    received: str = ""
    channel: str = ""
    source: str = ""
    urgent: bool = False
    category: str = ""
    sector: str = ""
    packs: tuple[tuple[str, str], ...] = ()
    seats: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reason: str = ""
    refused_for: str = ""  # why the award was refused, while that refusal stands
    # message, pause, merge, objection, list, clawback
    asked: bool = False  # the office has written to the reporter
    waiting: bool = False  # and she has not answered
    answered: str = ""  # the day of her first answer since the pause
    paused_for: str = ""
    paused_on: str = ""
    parent: str = ""
    objection: Objection | None = None
    extract_wanted: bool = False  # whoever decides the objection holds no extract yet
    listed_until: str = ""
    demanded: int = 0  # back from the reporter, and not received yet
    recovered: int = 0
    record: str = ""  # the entry of what the level above decided, and its outcome
    recorded: str = ""
    decline_ask: str = ""
    decline_reason: str = ""
    # finding, award
    finding: str = ""
    found_by: str = ""
    outcome: str = ""
    proposals: tuple[Proposal, ...] = ()
    proposal: Proposal | None = None  # the one that counts
    approved: int = 0
    approval: str = ""
    awarded: int = 0  # as told to the reporter
    claim_by: str = ""
    method: str = ""
    claimed_on: str = ""
    asks: tuple[Ask, ...] = ()
    cancel_ask: str = ""
    # withdraw, destroy
    withdrawal: str = ""  # the withdrawal that waits, its scope and its day
    withdraws: str = ""
    withdrawn_on: str = ""
    withdrawn: str = ""  # what the office has taken back at her word: "", contact or report; and when
    taken_on: str = ""
    closed_on: str = ""  # the day it last went into the archive
    destructions: tuple[Destruction, ...] = ()  # asked for, neither done nor stopped
    destroyed: tuple[str, ...] = ()  # scopes, sorted
    # honour
    honour: str = ""  # proposed or given
    honour_proposal: str = ""
    honoured_on: str = ""  # the day she was told of it
    pending: tuple[str, ...] = ()  # kinds that wait for somebody's answer

    @property
    def turn(self) -> tuple[str, ...]:
        """The roles whose turn it is: those of the state, and whoever a post waits for."""
        if self.state == NOTHING:
            return ()
        waited = (role for kind in self.pending for role in self.workflow["kinds"][kind]["waits"]["roles"])
        return tuple(dict.fromkeys((*self.workflow["states"][self.state]["turn"], *waited)))

    @property
    def objected(self) -> str:
        """What the open objection is about, "" where there is none."""
        return self.objection.about if self.objection else ""

    @property
    def seen(self) -> str:
        """The state as the reporter sees it, in either view."""
        return as_seen(self.workflow, "reporter", self.state)

    @property
    def is_final(self) -> bool:
        return self.state != NOTHING and bool(self.workflow["states"][self.state]["final"])

    @property
    def is_assigned(self) -> bool:
        """Whether seats were ever given: from then on `work` is sealed for verifier and leader as well. An
        objection brings them in too: another person has to read what he decides on."""
        return "assign" in self.acted or "objection" in self.acted

    @property
    def may_object(self) -> bool:
        """While the reporter's time to object runs: it began with a decision and no objection used it up."""
        return any(clock.step == "objection" and not clock.stop for clock in self.clocks)

    @property
    def answers(self) -> str:
        """The post an award.refuse answers: the proposal that counts, or where there is none the finding."""
        return self.proposal.hash if self.proposal else self.finding

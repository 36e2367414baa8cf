"""Who can still open the cases that are not over, and what is lost when somebody goes. Counts only: the store knows who
was granted which key, and nothing of what the keys open. Asked at the door before somebody steps back, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection

from whistle.core.access import may_read, part
from whistle.core.case import WORKFLOW
from whistle.core.workflow import ROLES
from whistle.storage.held import HeldCase, HeldItem, Looked, held

# By channel and key id, as a directory's channels list them.
Readers = Mapping[str, Mapping[str, Mapping[str, Any]]]
OVER = frozenset(name for name, state in WORKFLOW["states"].items() if state["final"])


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of cases that are not over. `unreadable`, by channel: something of them opens for nobody any more.
    `unattended`, by channel and role: nobody of the role whose turn it is may act. `sole`, by the keys of one person:
    something of them opens for nobody else."""

    unreadable: Counter[str] = field(default_factory=Counter)
    unattended: Counter[tuple[str, str]] = field(default_factory=Counter)
    sole: Counter[frozenset[str]] = field(default_factory=Counter)


@dataclass(slots=True)
class Lost:
    """How many cases lose the last reader of something in them; `of`, by the keys that alone opened it, which all go,
    and its compartment."""

    cases: int = 0
    of: Counter[tuple[frozenset[str], str]] = field(default_factory=Counter)


def readers_of(channels: Iterable[Mapping[str, Any]]) -> Readers:
    """The readers of these channels by id and key id."""
    return {channel["id"]: {one["rid"]: one for one in channel["readers"]} for channel in channels}


def survey(tx: Connection, readers: Readers) -> Survey:
    """What stands with these readers."""
    found = Survey()
    for case in held(tx, OVER):
        listed = readers.get(case.channel, {})
        groups = {_openers(case, item, number, listed) for item, number in _keys(case)}
        if frozenset() in groups:
            found.unreadable[case.channel] += 1
        for role in WORKFLOW["states"][case.state]["turn"]:
            if not any(role in one["roles"] for rid, one in listed.items() if rid not in case.hidden):
                found.unattended[(case.channel, role)] += 1
        for rids in groups:
            if len({listed[rid]["person"] for rid in rids}) == 1:
                found.sole[rids] += 1
    return found


def is_last(case: HeldCase, listed: Mapping[str, Mapping[str, Any]], rid: str) -> bool:
    """Whether this key opens something of the case that opens for no other person of these readers. By grants: a key
    that opens nothing counts as one that does."""
    person = listed.get(rid, {}).get("person")
    groups = (_openers(case, item, number, listed) for item, number in _keys(case))
    return any(rid in rids and {listed[one]["person"] for one in rids} == {person} for rids in groups)


def stranded(tx: Connection, before: Readers, after: Readers, looked: Looked | None = None) -> Lost:
    """What the cases that are not over lose, when these readers come after those. What nobody could open before is not
    counted again, nor what was `looked` at and has not changed since."""
    leaving = {rid for channel in before for rid in before[channel] if _loses(rid, channel, before, after)}
    found = Lost()
    for case in held(tx, OVER, leaving, looked) if leaving else ():
        lost = _lost(case, before, after)
        found.of.update(lost)
        found.cases += bool(lost)
    return found


def _loses(rid: str, channel: str, before: Readers, after: Readers) -> bool:
    """Whether this key is not listed any more, or without a role it had."""
    kept = after.get(channel, {}).get(rid, {"roles": ()})["roles"]
    return not set(before[channel][rid]["roles"]) <= set(kept)


def _lost(case: HeldCase, before: Readers, after: Readers) -> set[tuple[frozenset[str], str]]:
    """The keys that opened something and go, all of them at once, with its compartment."""
    old, new = before.get(case.channel, {}), after.get(case.channel, {})
    opened = ((_openers(case, item, number, old), item, number) for item, number in _keys(case))
    return {(rids, item.comp) for rids, item, number in opened if rids and not _openers(case, item, number, new)}


def _keys(case: HeldCase) -> Iterator[tuple[HeldItem, int]]:
    """Every part of every item's key: both halves of an identity are needed."""
    return ((item, number) for item in case.items for number in _parts(item.comp))


@cache
def _parts(comp: str) -> frozenset[int]:
    return frozenset(WORKFLOW["compartments"][comp]["roles"].values())


def _openers(case: HeldCase, item: HeldItem, number: int, listed: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The keys that hold this part for a role which it is for: payout's copy of a leader's half counts for nobody."""
    for_it = _roles(item.comp, item.kind, number)
    holders = (rid for rid in item.holders.get(number, ()) if rid in listed and rid not in case.hidden)
    return frozenset(rid for rid in holders if not for_it.isdisjoint(listed[rid]["roles"]))


@cache
def _roles(comp: str, kind: str, number: int) -> frozenset[str]:
    """The roles that this part of such an item's key is for."""
    reading = (role for role in ROLES if may_read(comp, [role], WORKFLOW, kind))
    return frozenset(role for role in reading if part(comp, role, WORKFLOW) == number)

"""The limits of time of a house: which process pack holds from which day on.

A clock keeps the pack of the day it began, so that a running one never moves because another pack was entered: what
somebody was told holds. Packs are never edited once shipped; new findings come as new ids (tests/vectors/packs.json
pins the bytes)."""

from dataclasses import dataclass
from typing import Any

from whistle.core import calendar, rulebook
from whistle.core.errors import RuleError
from whistle.core.packs import Pack


@dataclass(frozen=True)
class Process:
    """Packs in order, each with the first day it holds for; the first holds for every day before as well."""

    packs: tuple[tuple[str, Pack], ...]

    def on(self, day: str) -> Pack:
        """The pack by which a clock that begins on this day runs."""
        return [pack for since, pack in self.packs if since <= day][-1]


def read(text: str) -> Process:
    """From "SD-RULE-2024" or "SD-RULE-2024 NEW-2027@2027-01-01": ids of process packs, all but the first with the day
    from which they hold, in order. RuleError for an unknown pack, one of another use, or days that do not rise."""
    first, *later = text.split() or [""]
    found = [("", _pack(first))]
    for entry in later:
        name, _, since = entry.partition("@")
        calendar.check_day(since)
        if since <= found[-1][0]:
            raise RuleError("process_order", pack=name)
        found.append((since, _pack(name)))
    return Process(tuple(found))


def limits(pack: Pack) -> dict[str, Any]:
    """The steps of a process pack as pages tell them, by name, each {limit, unit, is_default}; "title" is the
    instrument's."""
    steps = {
        step.name: {"limit": step.limit, "unit": step.unit, "is_default": step.ground.source == "default"}
        for step in pack.steps
    }
    return {"title": pack.title, **steps}


def _pack(name: str) -> Pack:
    pack = rulebook.load(name)
    if pack.use != "process":
        raise RuleError("not_process", pack=name)
    return pack

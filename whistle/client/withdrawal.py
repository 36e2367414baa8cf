"""What a reporter has taken back, and what she still may: her report, or her name and telephone alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from whistle.core.case import Case
from whistle.core.workflow import load
from whistle.crypto.chain import Act

SCOPES = ("report", "contact")


@dataclass(frozen=True)
class Withdrawal:
    """`waits`: the scope of the withdrawal that waits, "" for none; it is taken from the day `taken_from` on
    (YYYY-MM-DD) and may be undone until it is. `taken`: the scope that the office has taken back. `may`: the scopes she
    may take back now."""

    waits: str = ""
    taken_from: str = ""
    taken: str = ""
    may: tuple[str, ...] = ()


NOTHING_WITHDRAWN = Withdrawal()


def withdrawal_of(folded: Case, may: frozenset[str], table: Mapping[str, Any]) -> Withdrawal:
    """From the fold of her view and the kinds it takes from her now."""
    taken_from = taken_day(folded.withdrawn_on, table) if folded.withdrawn_on else ""
    scopes = tuple(scope for scope in SCOPES if "withdraw" in may and scope != folded.withdrawn)
    return Withdrawal(folded.withdraws, taken_from, folded.withdrawn, scopes)


def taken_day(day: str, table: Mapping[str, Any] | None = None) -> str:
    """The first day on which a withdrawal of this day is taken."""
    waiting = timedelta(days=(table or load())["days"]["withdraw.take"])
    return (date.fromisoformat(day) + waiting).isoformat()


def withdrawal_facts(act: Act, acts: Sequence[Act], table: Mapping[str, Any]) -> dict[str, str]:
    """What a post about a withdrawal says beside its fields: from which day on it is taken, or what the withdrawal that
    it names was of."""
    if act.kind == "withdraw":
        return {"until": taken_day(act.day, table)}
    named = [each for each in acts if each.kind == "withdraw" and each.hash == act.fields.get("withdraw")]
    return {"scope": named[0].fields["scope"]} if named else {}

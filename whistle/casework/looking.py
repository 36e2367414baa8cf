"""Who looked: an entry for every opening by a key, on disk before the answer leaves. No entry, no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from whistle.casework.reviewers import Casework, Reviewer
from whistle.core.clock import zone_day, zone_minute
from whistle.docket import Rejected
from whistle.storage import audit
from whistle.storage.audit import DONE, Entry
from whistle.storage.errors import StorageError

IDENTITY = "identity"  # the act of whoever is served a sealed identity; it never folds


@dataclass(frozen=True)
class Look:
    """What was asked for: the act's name, and the case and item that the request named, whether there are any. `note`:
    how many cases, where one act opens several."""

    act: str
    case: str = ""
    item: str = ""
    outcome: str = DONE
    note: str = ""


async def looked(casework: Casework, who: Reviewer, looks: Sequence[Look], now: float) -> None:
    """Writes down what a reviewer opened or was refused; on disk when this returns. Raises Rejected("unrecorded")."""
    entries = [entry_of(casework, who, look, now, look.note) for look in looks]
    fresh = [each for each in entries if not (_folds(casework, who, each) and casework.lately.has(each, now))]
    if not fresh:
        return

    def keep(tx: Connection) -> None:
        for entry in fresh:
            audit.enter(tx, entry, folds=_folds(casework, who, entry))

    try:
        await casework.docket.db.write(keep)
    except StorageError:
        raise Rejected("unrecorded") from None
    for entry in fresh:
        casework.lately.keep(entry, now)


def entry_of(casework: Casework, who: Reviewer, look: Look, now: float, note: str = "") -> Entry:
    """The entry as the audit keeps it, with the office's minute: of the office that was asked for, or of his own when
    the zone has no such office."""
    day, minute = zone_day(now), zone_minute(now)
    office = casework.office if casework.office in who.offices.values() else who.home
    return Entry(day, who.rid, look.act, minute, office, look.case, look.item, note, look.outcome)


def _folds(casework: Casework, who: Reviewer, entry: Entry) -> bool:
    """What payout opens, and an identity, is an entry each time."""
    if entry.act == "case":
        return not who.channels_as(casework.office, "payout")
    return entry.act != IDENTITY

"""Folding again what the store has cached: for `doctor`, which compares, and for jobs, which set due days anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from whistle import docket
from whistle.core import case
from whistle.crypto.directory import Directories
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Docket
from whistle.storage import cases, standing
from whistle.storage.errors import Unknown
from whistle.storage.records import Cached, CaseRow

_PROVISIONAL = '"provisional":true'  # in what the reporter is told of the clocks
_COMPARED = ("state", "seen", "due", "step", "provisional", "category", "sector", "since", "told")


def refolded(desk: Docket, directories: Directories, tx: Connection, row: CaseRow, today: str) -> Cached:
    """What the case's row should say, from its posts alone."""
    chain = docket.rebuild(desk, directories, cases.load_posts(tx, row.case))
    folded = case.fold(chain.acts, desk.workflow, today)
    channel = docket.last_channel(directories, row.channel)
    told = docket.told(desk, chain.acts, folded, today, row.hour)
    return docket.cached(desk, channel, folded, told, row.year, row.number, row.hour)


def checker(desk: Docket, directories: Directories, today: str) -> Callable[[Connection, CaseRow], bool]:
    """Whether a row says what its posts say."""

    def agrees(tx: Connection, row: CaseRow) -> bool:
        said = refolded(desk, directories, tx, row, today)
        return all(getattr(said, name) == getattr(row, name) for name in _COMPARED)

    return agrees


async def redate(desk: Docket, today: str, limit: int = 500) -> int:
    """Sets the due days of provisional cases anew, as after a year's calendar was loaded; how many moved."""
    directories, moved, after = await desk.register.current(), 0, 0
    while rows := await desk.db.read(partial(cases.iter_cases, after_seq=after, limit=limit)):
        for row in (row for row in rows if row.provisional or _PROVISIONAL in row.told):
            with contextlib.suppress(EnvelopeError):  # posted under a directory newer than ours: in an hour
                moved += await desk.db.write(partial(_redate, desk, directories, row.case, today))
        after = rows[-1].seq
    return moved


def _redate(desk: Docket, directories: Directories, case_id: str, today: str, tx: Connection) -> int:
    """Looks again under the write lock: since the list was read the case may have moved, and got its number."""
    row = cases.find_case(tx, case_id)
    if row is None:
        raise Unknown
    said = refolded(desk, directories, tx, row, today)
    if (said.due, said.provisional, said.told) == (row.due, row.provisional, row.told):
        return 0
    standing.cache_case(tx, row.case, said)
    return 1

"""The monthly bulletin, made blind from what the store shows without a key: kinds, days, classes, the ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import Connection

from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core import bulletin, ledger, statistics
from whistle.core.bulletin import Bulletin
from whistle.core.clock import zone_day
from whistle.core.offices import AUTHORITY, is_authority, office_of
from whistle.core.statistics import CaseFacts, Post, Terms
from whistle.crypto.directory import Directories
from whistle.docket import Docket, Rejected, register_number
from whistle.storage import figures
from whistle.storage import ledger as books
from whistle.storage.ledger import Book

__all__ = ["READERS", "Rejected", "facts", "make", "read", "terms_of"]

READERS = ("leader", "auditor", "finance")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
MOST = 10**9  # more rows than a ledger has
_NONE = MappingProxyType[str, object]({})


def make(tx: Connection, terms: Terms, month: str, published: bool = False, office: str = "") -> Bulletin:
    """The bulletin of an office, "" for the whole zone, for a month beside the same month of the year before.

    Raises Rejected("malformed") for what is no month, and refuses to publish one that is not over: yesterday's copy
    beside today's would tell one case."""
    if not _MONTH.fullmatch(month) or month[:4] == "2000":
        raise Rejected("malformed")
    if published and month >= terms.today[:7]:
        raise Rejected("refused", reason="month_open")
    rows = _rows(Book(tx, office)) if office else _rows_of_all(tx)
    names = (month, statistics.year_before(month))
    now, before = statistics.months(names, facts(tx, terms, office), rows, terms)
    return bulletin.bulletin(now, before, published)


def terms_of(docket: Docket, directories: Directories, today: str) -> Terms:
    """What the figures of any office are computed with: each by the limits of time of its own kind."""
    ever = {name for document in directories.every() for name, _ in document["channels"]}
    channels = [versions[-1] for name in sorted(ever) if (versions := directories.versions(name))]
    others = {office_of(one["policy"]): docket.process_of(one) for one in channels if not is_authority(one["policy"])}
    return Terms(docket.workflow, docket.processes[AUTHORITY], docket.years, today, others)


def _rows(book: Book) -> Iterator[ledger.Row]:
    return (ledger.parse_row(each.bytes) for each in books.every(book))


def _rows_of_all(tx: Connection) -> Iterator[ledger.Row]:
    """The rows of every office, whose numbers repeat: told apart as `facts` tells the cases apart."""
    for at, office in enumerate(books.offices(tx)):
        behind = at * MOST
        for row in _rows(Book(tx, office)):
            corrects = row.corrects + behind if row.corrects else row.corrects
            yield replace(row, no=row.no + behind, corrects=corrects, case=_named(office, row.case))


def _named(office: str, number: str) -> str:
    return f"{office} {number}" if number else ""


async def read(casework: Casework, who: Reviewer, month: str, now: float, published: bool = False) -> Bulletin:
    """The same of his office, for a reviewer who answers for its work or its money."""
    need(who, casework.office, *READERS)
    docket = casework.docket
    terms = terms_of(docket, await docket.published.current(), zone_day(now))
    return await docket.db.read(lambda tx: make(tx, terms, month, published, casework.office))


def facts(tx: Connection, terms: Terms, office: str = "") -> Iterator[CaseFacts]:
    """Every case as the figures need it: kinds and days, and the fields of the few kinds that decide one."""
    for case in figures.every_case(tx, terms.read, office):
        made = _facts(case)
        yield made if office else replace(made, number=_named(case.office, made.number))


def timed_facts(tx: Connection, terms: Terms, month: str, office: str = "") -> Iterator[CaseFacts]:
    """The cases that the month's punctuality may count, of which only its steps may be read."""
    yield from map(_facts, figures.timed_cases(tx, terms.read, month, terms.today, office))


def _facts(case: figures.PublicCase) -> CaseFacts:
    posts = tuple(Post(each.kind, each.day, _fields(each.body)) for each in case.posts)
    return CaseFacts(register_number(case.year, case.number), case.category, case.sector, posts, case.office)


def _fields(body: bytes | None) -> Mapping[str, object]:
    # What is stored was strict when it came in.
    return json.loads(body) if body else _NONE

"""The public columns of all cases in one stream, for counting. No item, no grant, no case id leaves here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select, true, union

from whistle.storage import tables

_CASES, _POSTS = tables.cases, tables.posts
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class PublicPost:
    """Kind and day of a post, and its body only where it was asked for."""

    kind: str
    day: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What a case shows without a key: its office, number, class, posts in order of arrival."""

    office: str
    year: int
    number: int
    category: str
    sector: str
    posts: tuple[PublicPost, ...]


def every_case(tx: Connection, with_body: Iterable[str], office: str = "") -> Iterator[PublicCase]:
    """All cases of an office, "" for the whole zone, with the bodies of these kinds of posts.
    Holds one page of posts."""
    return _cases(tx, with_body, true(), true(), office)


def timed_cases(
    tx: Connection, with_body: Iterable[str], month: str, today: str, office: str = ""
) -> Iterator[PublicCase]:
    """Of the same cases those that a month's punctuality may count: something was posted in it, or the office's clock
    has run past its day. The others are not read."""
    in_month = select(_POSTS.c.case_id).where(_POSTS.c.day.between(f"{month}-01", f"{month}-31"))
    past = select(_CASES.c.id).where(_CASES.c.due < today, _CASES.c.since != "")
    timed = union(in_month, past).subquery()
    ids = select(timed.c[0])
    return _cases(tx, with_body, _CASES.c.id.in_(ids), _POSTS.c.case_id.in_(ids), office)


def _cases(
    tx: Connection,
    with_body: Iterable[str],
    of_cases: ColumnElement[bool],
    of_posts: ColumnElement[bool],
    office: str,
) -> Iterator[PublicCase]:
    if office:
        here = _CASES.c.office == office
        of_cases, of_posts = of_cases & here, of_posts & _POSTS.c.case_id.in_(select(_CASES.c.id).where(here))
    facts = {id_: rest for id_, *rest in _pages(tx, _facts().where(of_cases))}
    wanted = case((_POSTS.c.kind.in_(sorted(with_body)), _POSTS.c.body))
    posts = select(_POSTS.c.case_id, _POSTS.c.place, _POSTS.c.kind, _POSTS.c.day, wanted).where(of_posts)
    posts = posts.order_by(_POSTS.c.case_id)
    for id_, rows in groupby(_pages(tx, posts), key=itemgetter(0)):
        ordered = sorted(rows, key=itemgetter(1))
        shown = tuple(PublicPost(kind, day, body) for _, _, kind, day, body in ordered)
        office, year, number, category, sector = facts[id_]
        yield PublicCase(office, year, number, category, sector, shown)


def _facts() -> Any:
    return select(_CASES.c.id, _CASES.c.office, _CASES.c.year, _CASES.c.number, _CASES.c.category, _CASES.c.sector)


def _pages(tx: Connection, query: Any) -> Iterator[Any]:
    """Rows as they come, never all at once, on either database."""
    return iter(tx.execute(query.execution_options(yield_per=PAGE)))

"""The public columns of all cases in one stream, for counting. No item, no grant, no case id leaves here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, case, select

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
    """What a case shows without a key: number, class, posts in order of arrival."""

    year: int
    number: int
    category: str
    sector: str
    posts: tuple[PublicPost, ...]


def every_case(tx: Connection, with_body: Iterable[str]) -> Iterator[PublicCase]:
    """All cases in order of receipt, with the bodies of these kinds of posts. Holds one page of posts."""
    facts = {seq: rest for seq, *rest in _pages(tx, _facts())}
    wanted = case((_POSTS.c.kind.in_(sorted(with_body)), _POSTS.c.body))
    posts = select(_POSTS.c.case_seq, _POSTS.c.id, _POSTS.c.kind, _POSTS.c.day, wanted).order_by(_POSTS.c.case_seq)
    for seq, rows in groupby(_pages(tx, posts), key=itemgetter(0)):
        ordered = sorted(rows, key=itemgetter(1))
        shown = tuple(PublicPost(kind, day, body) for _, _, kind, day, body in ordered)
        year, number, category, sector = facts[seq]
        yield PublicCase(year, number, category, sector, shown)


def _facts() -> Any:
    return select(_CASES.c.seq, _CASES.c.year, _CASES.c.number, _CASES.c.category, _CASES.c.sector)


def _pages(tx: Connection, query: Any) -> Iterator[Any]:
    """Rows as they come, never all at once, on either database."""
    return iter(tx.execute(query.execution_options(yield_per=PAGE)))

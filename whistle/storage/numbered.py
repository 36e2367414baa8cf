"""Numbered cases 登记号: those the office has acted on, with one kind of their posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from whistle.storage import tables
from whistle.storage.cases import CASE_COLUMNS, case_row
from whistle.storage.records import CaseRow

_CASES, _POSTS = tables.cases, tables.posts


class Newest(NamedTuple):
    """A case and its newest post of a kind."""

    case: CaseRow
    hash: str
    day: str
    head: bytes
    body: bytes


def every(
    tx: Connection, office: str, *kinds: str, among: Sequence[int] | None = None
) -> Iterator[tuple[CaseRow, str, str, str, bytes]]:
    """Every numbered case of an office, or those `among` by their id, with its posts of these kinds: (case, kind,
    hash, day, body), in the order of their numbers, a case's own as they came."""
    query = (
        select(_POSTS.c.kind, _POSTS.c.hash, _POSTS.c.day, _POSTS.c.body, *CASE_COLUMNS)
        .join(_CASES, _CASES.c.id == _POSTS.c.case_id)
        .where(_CASES.c.office == office, _POSTS.c.kind.in_(kinds), _CASES.c.number > 0, _POSTS.c.body.is_not(None))
        .order_by(_CASES.c.year, _CASES.c.number, _POSTS.c.place)
    )
    query = query if among is None else query.where(_CASES.c.id.in_(among))
    for kind, hash_, day, body, *rest in tx.execute(query):
        yield case_row(rest), kind, hash_, day, body


def merged(tx: Connection) -> Iterator[tuple[CaseRow, str, bytes]]:
    """Every case that was merged into another, with the post that says so: (case, day, body). The kind is written out,
    so that the index of these few posts answers."""
    query = (
        select(_POSTS.c.day, _POSTS.c.body, *CASE_COLUMNS)
        .join(_CASES, _CASES.c.id == _POSTS.c.case_id)
        .where(text("posts.kind = 'merge'"), _POSTS.c.body.is_not(None))
        .order_by(_POSTS.c.case_id, _POSTS.c.place)
    )
    for day, body, *rest in tx.execute(query):
        yield case_row(rest), day, body


def newest(
    tx: Connection, office: str, kind: str, states: Sequence[str], among: Sequence[int] | None = None
) -> Iterator[Newest]:
    """Every case of an office in one of these states, or of those `among` by their id, with its newest post of this
    kind, in the order of their numbers."""
    last = select(func.max(_POSTS.c.place)).where(_POSTS.c.kind == kind, _POSTS.c.case_id == _CASES.c.id)
    query = (
        select(_POSTS.c.hash, _POSTS.c.day, _POSTS.c.head, _POSTS.c.body, *CASE_COLUMNS)
        .join(_CASES, _CASES.c.id == _POSTS.c.case_id)
        .where(_CASES.c.office == office, _CASES.c.state.in_(states))
        .where(_POSTS.c.place == last.correlate(_CASES).scalar_subquery())
        .where(_POSTS.c.body.is_not(None))
        .order_by(_CASES.c.year, _CASES.c.number)
    )
    query = query if among is None else query.where(_CASES.c.id.in_(among))
    for hash_, day, head, body, *rest in tx.execute(query):
        yield Newest(case_row(rest), hash_, day, head, body)

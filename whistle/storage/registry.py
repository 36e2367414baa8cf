"""The office's register: cases that have a number, with one kind of their posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from whistle.storage import tables
from whistle.storage.cases import CASE_COLUMNS, case_row
from whistle.storage.records import CaseRow

_CASES, _POSTS = tables.cases, tables.posts


def numbered(tx: Connection, kind: str) -> Iterator[tuple[CaseRow, str, bytes]]:
    """Every numbered case with its posts of this kind: (case, day, body), in order of arrival."""
    query = (
        select(_POSTS.c.day, _POSTS.c.body, *CASE_COLUMNS)
        .join(_CASES, _CASES.c.seq == _POSTS.c.case_seq)
        .where(_POSTS.c.kind == kind, _CASES.c.number > 0, _POSTS.c.body.is_not(None))
        .order_by(_POSTS.c.id)
    )
    for day, body, *rest in tx.execute(query):
        yield case_row(rest), day, body


def newest(
    tx: Connection, kind: str, states: Sequence[str], among: Sequence[int] | None = None
) -> Iterator[tuple[CaseRow, str, str, bytes]]:
    """Every case in one of these states, or of those `among` by their seq, with its newest post of this kind:
    (case, hash, day, body), in the order of those posts' arrival."""
    last = select(func.max(_POSTS.c.id)).where(_POSTS.c.kind == kind, _POSTS.c.case_seq == _CASES.c.seq)
    query = (
        select(_POSTS.c.hash, _POSTS.c.day, _POSTS.c.body, *CASE_COLUMNS)
        .join(_CASES, _CASES.c.seq == _POSTS.c.case_seq)
        .where(_CASES.c.state.in_(states), _POSTS.c.id == last.correlate(_CASES).scalar_subquery())
        .where(_POSTS.c.body.is_not(None))
        .order_by(_POSTS.c.id)
    )
    query = query if among is None else query.where(_CASES.c.seq.in_(among))
    for hash_, day, body, *rest in tx.execute(query):
        yield case_row(rest), hash_, day, body

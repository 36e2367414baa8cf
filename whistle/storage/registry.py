"""The office's register: cases that have a number, with one kind of their posts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

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

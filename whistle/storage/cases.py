"""Reading cases: one case by its id, its posts, grants and items. Lists are in inbox.py, writing in appending.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update

from whistle.storage import tables
from whistle.storage.errors import Unknown
from whistle.storage.prepared import Prepared
from whistle.storage.records import Card, CaseRow, GrantRow, PostRow, Receipt, ReporterView
from whistle.storage.standing import Member

_CASES, _POSTS, _ITEMS, _GRANTS, _READERS = (
    tables.cases, tables.posts, tables.items, tables.grants, tables.readers,
)  # fmt: skip
CASE_COLUMNS = [_CASES.c[field.name] for field in fields(CaseRow)]
_DUE, _URGENT, _PROVISIONAL = (
    [field.name for field in fields(CaseRow)].index(name) for name in ("due", "urgent", "provisional")
)
_POST_COLUMNS = [
    *(_POSTS.c[field.name] for field in fields(PostRow)[:-1]),
    _POSTS.c.receipt,
    _POSTS.c.receipt_sig,
]
_FIND = Prepared(select(*CASE_COLUMNS).where(_CASES.c.case == bindparam("case")))
_SEQ = select(_CASES.c.seq).where(_CASES.c.case == bindparam("case")).scalar_subquery()
_LOAD = select(*_POST_COLUMNS).where(_POSTS.c.case_seq == _SEQ).order_by(_POSTS.c.id)
_LOAD_VIS = _LOAD.where(_POSTS.c.vis == bindparam("vis"))
_TOLD = Prepared(
    select(*_POST_COLUMNS)
    .where(_POSTS.c.case_seq == bindparam("seq"), _POSTS.c.vis == literal_column("'all'"))
    .order_by(_POSTS.c.id)
)
_GRANTED = (
    select(_POSTS.c.hash, _GRANTS.c.row, _GRANTS.c.reader, _GRANTS.c.covers, _GRANTS.c.sealed)
    .join(_POSTS, _POSTS.c.id == _GRANTS.c.post_id)
    .where(_GRANTS.c.case_seq == _SEQ, _GRANTS.c.reader == bindparam("reader"))
    .order_by(_GRANTS.c.post_id, _GRANTS.c.row)
)
_HERS = Prepared(
    select(_POSTS.c.hash, _GRANTS.c.row, _GRANTS.c.reader, _GRANTS.c.covers, _GRANTS.c.sealed)
    .join(_POSTS, _POSTS.c.id == _GRANTS.c.post_id)
    .where(_GRANTS.c.case_seq == bindparam("seq"), _GRANTS.c.reader == literal_column("'reporter'"))
    .where(_POSTS.c.vis == literal_column("'all'"))
    .order_by(_GRANTS.c.post_id, _GRANTS.c.row)
)
_BLOBS = select(_ITEMS.c.id, _ITEMS.c.blob).where(
    _ITEMS.c.case_seq == _SEQ, _ITEMS.c.id.in_(bindparam("ids", expanding=True))
)
_COMPS = select(_ITEMS.c.id, _ITEMS.c.comp).where(_ITEMS.c.case_seq == _SEQ)
_MEMBER = select(_READERS.c.granted, _READERS.c.hidden).where(
    _READERS.c.case_seq == _SEQ, _READERS.c.rid == bindparam("rid")
)


def find_case(tx: Connection, case: str) -> CaseRow | None:
    """The case of this id. Whoever asks has its access compared by the caller, in constant time."""
    found = _FIND.row(tx, {"case": case})
    return None if found is None else case_row(found)


def load_posts(tx: Connection, case: str, vis: str = "") -> list[PostRow]:
    """The posts of a case in order of arrival: all, or those of one vis."""
    found = tx.execute(_LOAD_VIS, {"case": case, "vis": vis}) if vis else tx.execute(_LOAD, {"case": case})
    return [post_row(row) for row in found]


def grants_for(tx: Connection, case: str, reader: str) -> list[GrantRow]:
    """What was sealed to one reader (a rid or "reporter"), oldest first."""
    found = tx.execute(_GRANTED, {"case": case, "reader": reader})
    return [_grant_row(row) for row in found]


def load_items(tx: Connection, case: str, ids: Iterable[str]) -> dict[str, bytes]:
    """The blobs of these items, those that are (still) here."""
    wanted = sorted(set(ids))
    rows = tx.execute(_BLOBS, {"case": case, "ids": wanted}) if wanted else ()
    return {id_: blob for id_, blob in rows if blob is not None}


def item_comps(tx: Connection, case: str) -> dict[str, str]:
    """The compartment of every item of a case."""
    rows = tx.execute(_COMPS, {"case": case})
    return {row.id: row.comp for row in rows}


def reporter_view(tx: Connection, case: str) -> ReporterView | None:
    """All that the status page of one ticket shows: posts with vis "all", what was sealed to "reporter"."""
    found = find_case(tx, case)
    return None if found is None else told_of(tx, found)


def told_of(tx: Connection, case: CaseRow) -> ReporterView:
    """The same for a case that was found already."""
    posts = [post_row(row) for row in _TOLD.rows(tx, {"seq": case.seq})]
    grants = [_grant_row(row) for row in _HERS.rows(tx, {"seq": case.seq})]
    items = load_items(tx, case.case, (item for grant in grants for item, _part in grant.items))
    return ReporterView(case, posts, grants, items)


def may_see(tx: Connection, case: str, rid: str) -> bool:
    """Whether a reviewer holds a grant in this case and is not shut out of it."""
    found = tx.execute(_MEMBER, {"case": case, "rid": rid}).one_or_none()
    return found is not None and bool(found.granted) and not found.hidden


def is_hidden(tx: Connection, case: str, rid: str) -> bool:
    """Whether a reviewer is excluded from this case or has recused himself."""
    found = tx.execute(_MEMBER, {"case": case, "rid": rid}).one_or_none()
    return found is not None and bool(found.hidden)


def mark_seen(tx: Connection, rid: str, case: str, head: str) -> None:
    """He has read up to `head`. Nothing happens when the case has moved on meanwhile: then it is unread again."""
    found = find_case(tx, case)
    if found is None:
        raise Unknown
    if found.head != head:
        return
    mine = (_READERS.c.case_seq == found.seq) & (_READERS.c.rid == rid)
    if not tx.execute(update(_READERS).where(mine).values(unread=False)).rowcount:
        row = {"case_seq": found.seq, "rid": rid, **Member(unread=False)._asdict()}
        tx.execute(insert(_READERS), row)


def iter_cases(tx: Connection, after_seq: int = 0, limit: int = 500) -> list[CaseRow]:
    """Cases in order of receipt, a page at a time."""
    query = select(*CASE_COLUMNS).where(_CASES.c.seq > after_seq).order_by(_CASES.c.seq).limit(limit)
    return [case_row(row) for row in tx.execute(query)]


def due_cases(tx: Connection, until_day: str, after: tuple[str, int] = ("", 0), limit: int = 500) -> list[CaseRow]:
    """Cases whose deadline is on or before a day, soonest first; go on after (due, seq) of the last."""
    day, seq = after
    later = (_CASES.c.due > day) | ((_CASES.c.due == day) & (_CASES.c.seq > seq))
    query = select(*CASE_COLUMNS).where(_CASES.c.due <= until_day, later)
    return [case_row(row) for row in tx.execute(query.order_by(_CASES.c.due, _CASES.c.seq).limit(limit))]


def cards_for(tx: Connection, rid: str, cases: Sequence[str]) -> dict[str, Card]:
    """For each case its newest card that this reviewer can open, with the posts that open it."""
    wanted = select(_CASES.c.seq).where(_CASES.c.case.in_(list(cases)))
    carrier, granter = _POSTS.alias("carrier"), _POSTS.alias("granter")
    query = (
        select(_CASES.c.case, _ITEMS.c.id, _ITEMS.c.idx, _ITEMS.c.blob, _GRANTS.c.row, _GRANTS.c.sealed)
        .add_columns(*(carrier.c[column.name] for column in _POST_COLUMNS))
        .add_columns(*(granter.c[column.name] for column in _POST_COLUMNS))
        .select_from(_READERS)
        .join(_CASES, _CASES.c.seq == _READERS.c.case_seq)
        .join(_ITEMS, (_ITEMS.c.case_seq == _CASES.c.seq) & (_ITEMS.c.id == _READERS.c.card_item))
        .join(carrier, carrier.c.id == _ITEMS.c.post_id)
        .join(granter, granter.c.id == _READERS.c.card_post)
        .join(_GRANTS, (_GRANTS.c.case_seq == _CASES.c.seq) & (_GRANTS.c.post_id == granter.c.id))
        .where(_GRANTS.c.row == _READERS.c.card_row, ~_READERS.c.hidden, _ITEMS.c.blob.is_not(None))
        .where(_READERS.c.rid == rid, _READERS.c.case_seq.in_(wanted))
    )
    width = len(_POST_COLUMNS)
    return {
        row[0]: Card(row[1], row[2], row[3], post_row(row[6 : 6 + width]), post_row(row[6 + width :]), row[4], row[5])
        for row in tx.execute(query)
    }


def case_row(row: Iterable[Any]) -> CaseRow:
    values = list(row)
    values[_DUE] = "" if values[_DUE] == tables.NO_DUE else values[_DUE]
    # A prepared statement's row has the driver's own 0 and 1.
    values[_URGENT], values[_PROVISIONAL] = bool(values[_URGENT]), bool(values[_PROVISIONAL])
    return CaseRow(*values)


def post_row(row: Sequence[Any]) -> PostRow:
    values = [*row[:-2], Receipt(row[-2], row[-1])]
    return PostRow(*values)


def _grant_row(row: Sequence[Any]) -> GrantRow:
    post, number, to, text, sealed = row
    return GrantRow(post, number, to, _covers(text), sealed)


def _covers(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((item, part) for item, part in json.loads(text))

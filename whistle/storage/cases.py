"""Reading cases: one case by its id, its posts, grants and items. Lists are in inbox.py, writing in appending.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal_column, select, update

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
_ID = select(_CASES.c.id).where(_CASES.c.case == bindparam("case")).scalar_subquery()
_LOAD = select(*_POST_COLUMNS).where(_POSTS.c.case_id == _ID).order_by(_POSTS.c.place)
_LOAD_VIS = _LOAD.where(_POSTS.c.vis == bindparam("vis"))
_EARLIER = _POSTS.alias("earlier")
_AFTER = select(_EARLIER.c.place).where(_EARLIER.c.case_id == _ID, _EARLIER.c.hash == bindparam("after"))
_LOAD_AFTER = _LOAD.where(_POSTS.c.place > _AFTER.scalar_subquery())
_TOLD = Prepared(
    select(*_POST_COLUMNS)
    .where(_POSTS.c.case_id == bindparam("id"), _POSTS.c.vis == literal_column("'all'"))
    .order_by(_POSTS.c.place)
)
_OF_POST = (_POSTS.c.case_id == _GRANTS.c.case_id) & (_POSTS.c.place == _GRANTS.c.place)
_GRANTED = (
    select(_POSTS.c.hash, _GRANTS.c.row, _GRANTS.c.reader, _GRANTS.c.covers, _GRANTS.c.sealed)
    .join(_POSTS, _OF_POST)
    .where(_GRANTS.c.case_id == _ID, _GRANTS.c.reader == bindparam("reader"))
    .order_by(_GRANTS.c.place, _GRANTS.c.row)
)
_HERS = Prepared(
    select(_POSTS.c.hash, _GRANTS.c.row, _GRANTS.c.reader, _GRANTS.c.covers, _GRANTS.c.sealed)
    .join(_POSTS, _OF_POST)
    .where(_GRANTS.c.case_id == bindparam("id"), _GRANTS.c.reader == literal_column("'reporter'"))
    .where(_POSTS.c.vis == literal_column("'all'"))
    .order_by(_GRANTS.c.place, _GRANTS.c.row)
)
_BLOBS = select(_ITEMS.c.id, _ITEMS.c.blob).where(
    _ITEMS.c.case_id == _ID, _ITEMS.c.id.in_(bindparam("ids", expanding=True))
)
_MEMBER = select(_READERS.c.granted, _READERS.c.hidden).where(
    _READERS.c.case_id == _ID, _READERS.c.rid == bindparam("rid")
)


def newest_day(tx: Connection) -> str:
    """The last day that a post bears, "" when there is none."""
    return tx.execute(select(func.max(_POSTS.c.day))).scalar() or ""


def count_after(tx: Connection, day: str) -> int:
    """How many cases have a post of a later day."""
    later = select(func.count(func.distinct(_POSTS.c.case_id))).where(_POSTS.c.day > day)
    return int(tx.execute(later).scalar() or 0)


def id_of(tx: Connection, office: str, year: int, number: int) -> int | None:
    """The office's case with this register number, by its id."""
    here = (_CASES.c.office == office) & (_CASES.c.year == year) & (_CASES.c.number == number)
    found: int | None = tx.execute(select(_CASES.c.id).where(here)).scalar()
    return found


def find_case(tx: Connection, case: str) -> CaseRow | None:
    """The case of this id. Whoever asks has its access compared by the caller, in constant time."""
    found = _FIND.row(tx, {"case": case})
    return None if found is None else case_row(found)


def load_posts(tx: Connection, case: str, vis: str = "", after: str = "") -> list[PostRow]:
    """The posts of a case in order of arrival: all, those of one vis, or those that came after a head."""
    query = _LOAD_VIS if vis else _LOAD_AFTER if after else _LOAD
    found = tx.execute(query, {"case": case, "vis": vis, "after": after})
    return [post_row(row) for row in found]


def grants_for(tx: Connection, case: str, reader: str) -> list[GrantRow]:
    """What was sealed to one reader (a rid or "reporter"), oldest first."""
    found = tx.execute(_GRANTED, {"case": case, "reader": reader})
    return [_grant_row(row) for row in found]


def every_grant(tx: Connection, case: str) -> dict[tuple[str, int], bytes]:
    """All that was sealed in a case, to whom ever, by the post that gives it and its row there."""
    query = (
        select(_POSTS.c.hash, _GRANTS.c.row, _GRANTS.c.sealed).join(_POSTS, _OF_POST).where(_GRANTS.c.case_id == _ID)
    )
    return {(hash_, row): sealed for hash_, row, sealed in tx.execute(query, {"case": case})}


def item_ids(tx: Connection, case: str) -> set[str]:
    """The items of a case that have a row, their bytes there or forgotten."""
    return set(tx.execute(select(_ITEMS.c.id).where(_ITEMS.c.case_id == _ID), {"case": case}).scalars())


def load_items(tx: Connection, case: str, ids: Iterable[str]) -> dict[str, bytes]:
    """The blobs of these items, those that are (still) here."""
    wanted = sorted(set(ids))
    rows = tx.execute(_BLOBS, {"case": case, "ids": wanted}) if wanted else ()
    return {id_: blob for id_, blob in rows if blob is not None}


def reporter_view(tx: Connection, case: CaseRow) -> ReporterView:
    """All that the status page of one ticket shows: posts with vis "all", what was sealed to "reporter"."""
    posts = [post_row(row) for row in _TOLD.rows(tx, {"id": case.id})]
    grants = [_grant_row(row) for row in _HERS.rows(tx, {"id": case.id})]
    items = load_items(tx, case.case, (item for grant in grants for item, _part in grant.items))
    return ReporterView(case, posts, grants, items)


def is_told(tx: Connection, case: CaseRow, item: str) -> bool:
    """Whether this item was sealed to the reporter in a post with vis "all"."""
    rows = (_grant_row(row) for row in _HERS.rows(tx, {"id": case.id}))
    return any(item == one for grant in rows for one, _part in grant.items)


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
    mine = (_READERS.c.case_id == found.id) & (_READERS.c.rid == rid)
    if not tx.execute(update(_READERS).where(mine).values(unread=False)).rowcount:
        row = {"case_id": found.id, "rid": rid, **Member(unread=False)._asdict()}
        tx.execute(insert(_READERS), row)


def arrival_of(tx: Connection, case_id: int) -> bytes:
    """What is sealed of the order in which a case's first post came."""
    first = (_POSTS.c.case_id == case_id) & (_POSTS.c.place == 0)
    return bytes(tx.execute(select(_POSTS.c.arrival).where(first)).scalar_one())


def arrivals(tx: Connection) -> Iterator[tuple[str, int, bytes, bytes]]:
    """Of every post its case, its place there, its receipt's bytes, and what is sealed of the order it came in."""
    query = select(_CASES.c.case, _POSTS.c.place, _POSTS.c.receipt, _POSTS.c.arrival)
    found = tx.execution_options(yield_per=1000).execute(query.join(_CASES, _CASES.c.id == _POSTS.c.case_id))
    return ((case, place, receipt, arrival) for case, place, receipt, arrival in found)


def iter_cases(tx: Connection, after_id: int = 0, limit: int = 500) -> list[CaseRow]:
    """Every case a page at a time, by day of receipt, in an order that says nothing more."""
    query = select(*CASE_COLUMNS).where(_CASES.c.id > after_id).order_by(_CASES.c.id).limit(limit)
    return [case_row(row) for row in tx.execute(query)]


def iter_ended(tx: Connection, office: str, after_id: int, limit: int) -> list[CaseRow]:
    """The cases of an office that are closed, or of which something was withdrawn, a page at a time, by day of
    receipt."""
    withdrawn = select(_POSTS.c.case_id).where(_POSTS.c.kind == "withdraw.take")
    ended = (_CASES.c.state == "closed") | _CASES.c.id.in_(withdrawn)
    query = (
        select(*CASE_COLUMNS)
        .where(_CASES.c.office == office, ended, _CASES.c.id > after_id)
        .order_by(_CASES.c.id)
        .limit(limit)
    )
    return [case_row(row) for row in tx.execute(query)]


def asked_to_destroy(tx: Connection) -> set[int]:
    """The cases, by id, of which somebody once asked to destroy something."""
    return set(tx.execute(select(_POSTS.c.case_id).where(_POSTS.c.kind == "destroy.ask")).scalars())


def cards_for(tx: Connection, rid: str, cases: Sequence[str]) -> dict[str, Card]:
    """For each case its newest card that this reviewer can open, with the posts that open it."""
    wanted = select(_CASES.c.id).where(_CASES.c.case.in_(list(cases)))
    carrier, granter = _POSTS.alias("carrier"), _POSTS.alias("granter")
    query = (
        select(_CASES.c.case, _ITEMS.c.id, _ITEMS.c.idx, _ITEMS.c.blob, _GRANTS.c.row, _GRANTS.c.sealed)
        .add_columns(*(carrier.c[column.name] for column in _POST_COLUMNS))
        .add_columns(*(granter.c[column.name] for column in _POST_COLUMNS))
        .select_from(_READERS)
        .join(_CASES, _CASES.c.id == _READERS.c.case_id)
        .join(_ITEMS, (_ITEMS.c.case_id == _CASES.c.id) & (_ITEMS.c.id == _READERS.c.card_item))
        .join(carrier, (carrier.c.case_id == _CASES.c.id) & (carrier.c.place == _ITEMS.c.place))
        .join(granter, (granter.c.case_id == _CASES.c.id) & (granter.c.place == _READERS.c.card_place))
        .join(_GRANTS, (_GRANTS.c.case_id == _CASES.c.id) & (_GRANTS.c.place == granter.c.place))
        .where(_GRANTS.c.row == _READERS.c.card_row, ~_READERS.c.hidden, _ITEMS.c.blob.is_not(None))
        .where(_READERS.c.rid == rid, _READERS.c.case_id.in_(wanted))
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

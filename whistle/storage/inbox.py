"""The reviewers' list: by what is public, page after page, quick with a million cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, tuple_

from whistle.storage import tables
from whistle.storage.cases import CASE_COLUMNS, case_row
from whistle.storage.records import CaseRow

_CASES, _READERS, _TALLIES = tables.cases, tables.readers, tables.tallies
EQUAL = ("state", "category", "sector", "channel")
LARGEST = 2**63 - 1  # number of a case that either database can hold
FEW = 5_000  # up to here a reader's own rows are fetched and sorted; above, the order's index is walked


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: he sees the cases he holds a grant of, and those of `channels` that are in one of `states`; none
    of the channels `elsewhere`. Of the channels `signs` he is shown what waits for him without a grant: an auditor
    signs for a destruction with any key."""

    reader: str
    channels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means any. `overdue_before` is today: the office's deadlines that lie before it."""

    state: str = ""
    category: str = ""
    sector: str = ""
    channel: str = ""
    urgent: bool = False
    overdue_before: str = ""
    unread: bool = False
    mine: bool = False
    owed: bool = False  # a clock of the office runs


@dataclass(frozen=True, slots=True)
class InboxRow:
    case_row: CaseRow
    unread: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`next` continues behind the last row, "" at the end."""

    rows: list[InboxRow]
    next: str


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that sort, ending in the id so that no two rows are equal."""

    columns: tuple[ColumnElement[Any], ...]
    falling: bool
    key: Callable[[CaseRow], tuple[Any, ...]]

    def after(self, place: tuple[Any, ...]) -> ColumnElement[bool]:
        here = tuple_(*self.columns)
        return here < tuple_(*place) if self.falling else here > tuple_(*place)

    def sort(self) -> list[ColumnElement[Any]]:
        return [column.desc() if self.falling else column for column in self.columns]


ORDERS = {
    "due": Order((_CASES.c.due, _CASES.c.id), False, lambda row: (row.due or tables.NO_DUE, row.id)),
    "day": Order((_CASES.c.id,), True, lambda row: (row.id,)),  # of receipt: an id begins with it
    "number": Order((_CASES.c.year, _CASES.c.number, _CASES.c.id), True, lambda row: (row.year, row.number, row.id)),
}


def inbox(
    tx: Connection,
    sight: Sight,
    filters: Filters = Filters(),
    order: str = "due",
    *,
    after: str = "",
    limit: int = 50,
) -> Page:
    """One page of what `sight` may see. Raises ValueError for an order or cursor that is not ours."""
    by = ORDERS.get(order)
    if by is None:
        raise ValueError("no such order")
    base = select(*CASE_COLUMNS).order_by(*by.sort()).limit(limit + 1)
    if after:
        base = base.where(by.after(_place(by, after)))
    if sight.elsewhere:
        base = base.where(_CASES.c.channel.not_in(sight.elsewhere))
    found = [[case_row(row) for row in tx.execute(part)] for part in _parts(tx, base, sight, filters)]
    rows = _together(found, by)
    here = rows[:limit]
    following = _cursor(by.key(here[-1])) if len(rows) > limit else ""
    unread = _unread(tx, sight.reader, [row.id for row in here])
    return Page([InboxRow(row, row.id in unread) for row in here], following)


def counts(tx: Connection, sight: Sight) -> dict[str, int]:
    """How many cases he sees in each state."""
    sees_all = _TALLIES.c.channel.in_(sight.channels) & _TALLIES.c.state.in_(sight.states)
    query = select(_TALLIES.c.state, func.sum(_TALLIES.c.n)).group_by(_TALLIES.c.state)
    query = query.where(_TALLIES.c.channel.not_in(sight.elsewhere)) if sight.elsewhere else query
    total: Counter[str] = Counter()
    for part in ((_TALLIES.c.whose == sight.reader) & ~sees_all, (_TALLIES.c.whose == "") & sees_all):
        total.update({state: int(n) for state, n in tx.execute(query.where(part))})
    return {state: n for state, n in total.items() if n}


def unread(tx: Connection, sight: Sight, most: int) -> int:
    """How many cases he has not read to the end, counted up to `most`."""
    base = select(*CASE_COLUMNS).limit(most)
    base = base.where(_CASES.c.channel.not_in(sight.elsewhere)) if sight.elsewhere else base
    parts = _parts(tx, base, sight, Filters(unread=True))
    return min(most, len({case_row(row).case for part in parts for row in tx.execute(part)}))


def _wanted(filters: Filters, *, by_index: bool) -> list[ColumnElement[bool]]:
    """The filters as conditions. SQLite keeps no statistics here and would walk a state's million rows for a
    reader's ten: where his own rows lead, the cases' indexes are kept out of sight by a coalesce."""
    column = _CASES.c.__getitem__ if by_index else lambda name: func.coalesce(_CASES.c[name], "")
    wanted = [column(name) == value for name in EQUAL if (value := getattr(filters, name))]
    if filters.urgent:
        wanted.append(_CASES.c.urgent)
    if filters.owed:
        wanted.append(_CASES.c.since != "")
    if filters.overdue_before:
        wanted += [_CASES.c.due < filters.overdue_before, _CASES.c.since != ""]
    return wanted


def _parts(tx: Connection, base: Select[Any], sight: Sight, filters: Filters) -> list[Select[Any]]:
    """The cases he holds, and the cases his office shows him, state by state: each question has its index, which gives
    the rows in order of their day; two states at once would have to be sorted, however many cases are in them."""
    held = _READERS.c.granted & ~_READERS.c.hidden & _own(sight, filters)
    wanted = base.where(*_wanted(filters, by_index=True))
    if _is_few(tx, sight, filters):
        own = select(_READERS.c.case_id).where(held)
        parts = [base.where(_CASES.c.id.in_(own), *_wanted(filters, by_index=False))]
    else:
        parts = [wanted.where(exists().where(_READERS.c.case_id == _CASES.c.id, held))]
    shown = _CASES.c.channel.in_(sight.channels) & ~_barred(sight, filters)
    if filters.mine:
        shown &= exists().where(_READERS.c.case_id == _CASES.c.id, _READERS.c.rid == sight.reader, _READERS.c.mine)
    asked = [state for state in sight.states if sight.channels and filters.state in ("", state)]
    parts += [wanted.where(shown, _CASES.c.state == state) for state in asked]
    return parts + _to_sign(base, sight, filters)


def _to_sign(base: Select[Any], sight: Sight, filters: Filters) -> list[Select[Any]]:
    """What waits for him although he holds no grant of it."""
    if not filters.mine or not sight.signs:
        return []
    waits = _own(sight, filters) & ~_READERS.c.granted & ~_READERS.c.hidden
    of = [_CASES.c.id.in_(select(_READERS.c.case_id).where(waits)), _CASES.c.channel.in_(sight.signs)]
    return [base.where(*of, *_wanted(filters, by_index=False))]


def _own(sight: Sight, filters: Filters) -> ColumnElement[bool]:
    own = _READERS.c.rid == sight.reader
    own = own & _READERS.c.unread if filters.unread else own
    return own & _READERS.c.mine if filters.mine else own


def _is_few(tx: Connection, sight: Sight, filters: Filters) -> bool:
    some = select(_READERS.c.case_id).where(_own(sight, filters)).limit(FEW + 1).subquery()
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one()) <= FEW


def _barred(sight: Sight, filters: Filters) -> ColumnElement[bool]:
    """What bars a case from his office's part: he is shut out, or has read it and asks for the unread."""
    why = _READERS.c.hidden | ~_READERS.c.unread if filters.unread else _READERS.c.hidden
    return exists().where(_READERS.c.case_id == _CASES.c.id, _READERS.c.rid == sight.reader, why)


def _together(found: list[list[CaseRow]], by: Order) -> list[CaseRow]:
    rows = merge(*found, key=by.key, reverse=by.falling)
    return list({row.id: row for row in rows}.values())


def _unread(tx: Connection, rid: str, ids: list[int]) -> set[int]:
    """Of these cases, those he has not read to the end. No row of his means he never opened it."""
    query = select(_READERS.c.case_id).where(_READERS.c.rid == rid, _READERS.c.case_id.in_(ids), ~_READERS.c.unread)
    return set(ids) - set(tx.execute(query).scalars())


def _cursor(place: tuple[Any, ...]) -> str:
    return "_".join(map(str, place))


def _place(by: Order, cursor: str) -> tuple[Any, ...]:
    parts = cursor.split("_")
    if len(parts) != len(by.columns) or int(parts[-1]) > LARGEST:
        raise ValueError("not a cursor of this order")
    return tuple(part if column is _CASES.c.due else int(part) for column, part in zip(by.columns, parts, strict=True))

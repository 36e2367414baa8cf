"""How a case stands: the cached fold, who may see it, who has not read it, how many are in each state.

cache_case is the one function that writes what the cases table repeats of the fold; appending shares its halves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from whistle.storage import tables
from whistle.storage.errors import Unknown
from whistle.storage.prepared import Prepared
from whistle.storage.records import Cached, NewGrant

_CASES, _READERS, _TALLIES = tables.cases, tables.readers, tables.tallies


class Member(NamedTuple):
    """One reviewer's row of one case."""

    granted: bool = False
    hidden: bool = False
    mine: bool = False
    unread: bool = True
    card_item: str = ""
    card_place: int = 0
    card_row: int = 0

    @property
    def sees(self) -> bool:
        return self.granted and not self.hidden


@dataclass(frozen=True, slots=True)
class Arrival:
    """The post that brings the change."""

    place: int
    author: str
    grants: tuple[NewGrant, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the change starts from. A new case stands nowhere: state ""."""

    id: int
    channel: str
    state: str


Members = dict[str, Member]
_CACHE = [field.name for field in fields(Cached) if field.name not in ("hidden", "seated")]
_STRANGER = Member()
_COLUMNS = [_READERS.c[name] for name in Member._fields]
_MEMBERS = select(_READERS.c.rid, *_COLUMNS).where(_READERS.c.case_id == bindparam("id"))
_JOIN = Prepared(insert(_READERS))
_MOVE = Prepared(
    update(_READERS)
    .where(_READERS.c.case_id == bindparam("id_"), _READERS.c.rid == bindparam("rid_"))
    .values({column: bindparam(column.name) for column in _COLUMNS})
)


def cached_columns(cached: Cached) -> dict[str, object]:
    """The columns of a case's row that are cache."""
    columns: dict[str, object] = {name: getattr(cached, name) for name in _CACHE}
    return columns | {"due": cached.due or tables.NO_DUE}


def cache_case(tx: Connection, case: str, cached: Cached) -> None:
    """Write what a fold of the case gave. Raises Unknown when there is no such case."""
    query = select(_CASES.c.id, _CASES.c.channel, _CASES.c.state).where(_CASES.c.case == case)
    found = tx.execute(query).one_or_none()
    if found is None:
        raise Unknown
    restate(tx, Stand(*found), cached, {})


def restate(
    tx: Connection,
    stand: Stand,
    cached: Cached,
    columns: Mapping[str, object],
    arrival: Arrival | None = None,
) -> None:
    """Move an existing case: its row, its readers, the tallies."""
    values = {**cached_columns(cached), **columns}
    tx.execute(update(_CASES).where(_CASES.c.id == stand.id).values(values))
    move_readers(tx, stand, cached, members(tx, stand.id), arrival)


def members(tx: Connection, id_: int) -> Members:
    return {rid: Member(*rest) for rid, *rest in tx.execute(_MEMBERS, {"id": id_})}


def move_readers(tx: Connection, stand: Stand, cached: Cached, old: Members, arrival: Arrival | None) -> None:
    new = _moved(old, cached, arrival)
    rows = ({"case_id": stand.id, "rid": rid, **new[rid]._asdict()} for rid in new.keys() - old.keys())
    _JOIN.run_many(tx, list(rows))
    moved = ((rid, new[rid]) for rid, member in old.items() if new[rid] != member)
    _MOVE.run_many(tx, [{"id_": stand.id, "rid_": rid, **member._asdict()} for rid, member in moved])
    _tally(tx, stand, _seeing(old), cached.state, _seeing(new))


def _moved(old: Members, cached: Cached, arrival: Arrival | None) -> Members:
    rids = {*old, *cached.hidden, *cached.seated}
    if arrival is None:
        return {rid: _placed(rid, old.get(rid, _STRANGER), cached) for rid in rids}
    granted = {grant.reader: grant for grant in arrival.grants if grant.reader != "reporter"}
    return {
        rid: _placed(rid, _told(rid, old.get(rid, _STRANGER), granted.get(rid), arrival), cached)
        for rid in rids | granted.keys()
    }


def _placed(rid: str, member: Member, cached: Cached) -> Member:
    hidden, mine = rid in cached.hidden, rid in cached.seated
    return member if (member.hidden, member.mine) == (hidden, mine) else member._replace(hidden=hidden, mine=mine)


def _told(rid: str, member: Member, grant: NewGrant | None, arrival: Arrival) -> Member:
    """What a post changes for one reviewer: news to all but its author, and perhaps keys and a card."""
    unread = rid != arrival.author
    if grant is None:
        return member._replace(unread=unread)
    if not grant.card:
        return member._replace(unread=unread, granted=True)
    return Member(True, member.hidden, member.mine, unread, grant.card, arrival.place, grant.row)


def _seeing(of: Members) -> list[str]:
    return ["", *(rid for rid, member in of.items() if member.sees)]


def _tally(tx: Connection, stand: Stand, before: Iterable[str], state: str, after: Iterable[str]) -> None:
    change = Counter((whose, state) for whose in after)
    if stand.state:
        change.subtract((whose, stand.state) for whose in before)
    rows = [
        {"whose": whose, "channel": stand.channel, "state": state, "n": n} for (whose, state), n in change.items() if n
    ]
    _TALLY.run_many(tx, rows)


def _add_to_tallies(dialect: str) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = make(_TALLIES)
    return row.on_conflict_do_update(
        index_elements=list(_TALLIES.primary_key), set_={"n": _TALLIES.c.n + row.excluded.n}
    )


_TALLY = Prepared(_add_to_tallies)

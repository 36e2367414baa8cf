"""Who holds a key of what in the cases that are not over: for counts of who could open them. Nothing is opened."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from whistle.storage import tables

_CASES, _POSTS, _ITEMS, _GRANTS, _READERS = tables.cases, tables.posts, tables.items, tables.grants, tables.readers
CHUNK = 500


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A sealed item that is still there: its compartment, the kind of the post that carries it, and by part of its key
    the readers who were granted it."""

    comp: str
    kind: str
    holders: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class HeldCase:
    """`hidden`: the keys of those who are excluded or stepped back."""

    channel: str
    state: str
    hidden: frozenset[str]
    items: tuple[HeldItem, ...]


# By case, how many posts it had when it was looked at.
Looked = dict[int, int]


def held(
    tx: Connection, over: Collection[str], of: Collection[str] | None = None, looked: Looked | None = None
) -> Iterator[HeldCase]:
    """Every case in none of the states `over`; with `of`, only those of which one of these readers holds a key. What
    `looked` names as it still is, is left out; what is given here is entered there."""
    looked = {} if looked is None else looked
    columns = (_CASES.c.id, _CASES.c.channel, _CASES.c.state, _CASES.c.count)
    query = select(*columns).where(_CASES.c.state.not_in(over))
    if of is not None:
        theirs = select(_READERS.c.case_id).where(_READERS.c.rid.in_(of), _READERS.c.granted)
        query = query.where(_CASES.c.id.in_(theirs))
    after = -1
    while rows := tx.execute(query.where(_CASES.c.id > after).order_by(_CASES.c.id).limit(CHUNK)).all():
        yield from _cases(tx, [row for row in rows if looked.get(row.id) != row[3]])
        looked |= {row.id: row[3] for row in rows}  # by place: a row has a method of that name
        after = rows[-1].id


def _cases(tx: Connection, rows: Sequence[Any]) -> Iterator[HeldCase]:
    if not rows:
        return
    ids = [row.id for row in rows]
    hidden, holders, items = _hidden(tx, ids), _holders(tx, ids), _items(tx, ids)
    for row in rows:
        listed = (
            HeldItem(comp, kind, {part: frozenset(rids) for part, rids in holders[(row.id, item)].items()})
            for item, comp, kind in items[row.id]
        )
        yield HeldCase(row.channel, row.state, frozenset(hidden[row.id]), tuple(listed))


def _hidden(tx: Connection, ids: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for case, rid in tx.execute(
        select(_READERS.c.case_id, _READERS.c.rid).where(_READERS.c.case_id.in_(ids), _READERS.c.hidden)
    ):
        found[case].add(rid)
    return found


def _holders(tx: Connection, ids: list[int]) -> dict[tuple[int, str], dict[int, set[str]]]:
    found: dict[tuple[int, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    query = select(_GRANTS.c.case_id, _GRANTS.c.reader, _GRANTS.c.covers).where(_GRANTS.c.case_id.in_(ids))
    for case, reader, covers in tx.execute(query):
        for item, part in json.loads(covers):
            found[(case, item)][part].add(reader)
    return found


def _items(tx: Connection, ids: list[int]) -> dict[int, list[tuple[str, str, str]]]:
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    carrying = (_POSTS.c.case_id == _ITEMS.c.case_id) & (_POSTS.c.place == _ITEMS.c.place)
    query = select(_ITEMS.c.case_id, _ITEMS.c.id, _ITEMS.c.comp, _POSTS.c.kind).join(_POSTS, carrying)
    for case, item, comp, kind in tx.execute(query.where(_ITEMS.c.case_id.in_(ids), ~_ITEMS.c.gone)):
        found[case].append((item, comp, kind))
    return found

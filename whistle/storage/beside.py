"""What a row of the list tells beside its case: who is seated, what she said and nobody answered, her files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, or_, select

from whistle.storage import tables

_POSTS, _ITEMS, _READERS = tables.posts, tables.items, tables.readers
REPORTER = "reporter"
# Kinds of hers that say something, and how many of their items are words of the form, not files.
WORDS: Mapping[str, int] = {"report": 4, "message": 1, "objection": 1, "evidence": 0, "claim": 1}
SAID = ("message", "objection", "evidence")


@dataclass(frozen=True, slots=True)
class Beside:
    """`seated`: body of the newest post that seats anybody, None where nobody is; `said`: her posts since the office
    last told her anything; `files`: those that came with her posts and are there still; `hidden`: the keys of those who
    are excluded or stepped back."""

    seated: bytes | None = None
    said: int = 0
    files: int = 0
    hidden: frozenset[str] = frozenset()


def beside(tx: Connection, ids: Collection[int]) -> dict[int, Beside]:
    """For the cases of one page, by their id."""
    files, hidden = _files(tx, ids), _hidden(tx, ids)
    seated: dict[int, bytes] = {}
    said: dict[int, int] = dict.fromkeys(ids, 0)
    body = case((_POSTS.c.kind == "assign", _POSTS.c.body))
    query = select(_POSTS.c.case_id, _POSTS.c.kind, _POSTS.c.author, _POSTS.c.vis, body)
    for id_, kind, author, vis, seats in tx.execute(
        query.where(_POSTS.c.case_id.in_(ids)).order_by(_POSTS.c.case_id, _POSTS.c.place)
    ):
        if seats is not None:
            seated[id_] = bytes(seats)
        if author == REPORTER:
            said[id_] += kind in SAID
        elif vis == "all":
            said[id_] = 0
    return {id_: Beside(seated.get(id_), said[id_], files.get(id_, 0), frozenset(hidden[id_])) for id_ in ids}


def _files(tx: Connection, ids: Collection[int]) -> dict[int, int]:
    is_file = or_(*(and_(_POSTS.c.kind == kind, _ITEMS.c.idx >= words) for kind, words in WORDS.items()))
    query = (
        select(_ITEMS.c.case_id, func.count())
        .join(_POSTS, and_(_POSTS.c.case_id == _ITEMS.c.case_id, _POSTS.c.place == _ITEMS.c.place))
        .where(_ITEMS.c.case_id.in_(ids), _POSTS.c.author == REPORTER, is_file, ~_ITEMS.c.gone)
        .group_by(_ITEMS.c.case_id)
    )
    return {id_: int(count) for id_, count in tx.execute(query)}


def _hidden(tx: Connection, ids: Collection[int]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    query = select(_READERS.c.case_id, _READERS.c.rid).where(_READERS.c.case_id.in_(ids), _READERS.c.hidden)
    for id_, rid in tx.execute(query):
        found[id_].add(rid)
    return found

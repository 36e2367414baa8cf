"""A case as stored, checked and folded: what the shelf has of it, and from there the posts that came since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from whistle.core import case
from whistle.core.case import Case
from whistle.crypto import posts
from whistle.crypto.chain import Act, Chain
from whistle.crypto.directory import Directories
from whistle.docket.shelf import Standing
from whistle.docket.state import Docket, Rejected
from whistle.storage import cases
from whistle.storage.records import CaseRow, PostRow


@dataclass(frozen=True)
class Loaded:
    """A case as stored: its row, and its posts checked and folded."""

    row: CaseRow
    standing: Standing

    @property
    def chain(self) -> Chain:
        return self.standing.chain

    @property
    def folded(self) -> Case:
        return self.standing.folded


async def load(docket: Docket, case_id: str, prev: str = "") -> Loaded | None:
    """The case, office posts too, for checking what comes next; None when there is none.

    With `prev` only if that is its newest head: else Rejected("conflict"), before anything else is read.
    """
    directories = await docket.published.current()
    standing = docket.shelf.get(case_id) or empty(docket, directories)
    row, rows = await docket.db.read_now(partial(_since, case_id, standing.chain.newest, prev))
    if row is None:
        return None
    if prev and row.head != prev:
        raise Rejected("conflict", what="prev")
    _grow(standing, directories, rows)
    if standing.chain.newest != row.head:  # the store holds less than it did, or another: from the first post
        row, rows = await docket.db.read_now(partial(_since, case_id, "", ""))
        if row is None:
            return None
        standing = rebuild(docket, directories, rows)
    docket.shelf.put(case_id, standing)
    return Loaded(row, standing)


def _since(case_id: str, newest: str, prev: str, tx: Connection) -> tuple[CaseRow | None, list[PostRow]]:
    """The case's row, and its posts after the newest that is known; none where the row says that none is wanted."""
    row = cases.find_case(tx, case_id)
    if row is None or row.head == newest or (prev and row.head != prev):
        return row, []
    return row, cases.load_posts(tx, case_id, after=newest)


def _grow(standing: Standing, directories: Directories, rows: Iterable[PostRow]) -> None:
    """The standing with these posts of the store, but for those that another task added while this one waited.

    What was let in once stays in: a stored act is never held against today."""
    chain = standing.chain
    chain.follow(directories)
    for row in rows:
        if chain.newest in ("", row.prev):
            act = chain.add(posts.parse_post(row.head, row.sig, row.body), trusted=True)
            fold_in(standing, act, act.day)


def empty(docket: Docket, directories: Directories) -> Standing:
    """A case before its first post."""
    chain, table = Chain(docket.published.zone, directories, docket.workflow), docket.workflow
    return Standing(chain, Case(workflow=table), Case(workflow=table, view="reporter"))


def fold_in(standing: Standing, act: Act, today: str) -> None:
    """Both folds with one more act. Raises Refused, and then nothing has changed."""
    seen = case.apply(standing.seen, act, today) if act.vis == "all" else standing.seen
    standing.folded, standing.seen = case.apply(standing.folded, act, today), seen


def rebuild(docket: Docket, directories: Directories, rows: Iterable[PostRow]) -> Standing:
    """A case from its stored posts; they were verified when they came in."""
    standing = empty(docket, directories)
    _grow(standing, directories, rows)
    return standing

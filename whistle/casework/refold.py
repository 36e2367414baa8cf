"""Folding again what the store has cached: for `doctor`, which compares, and for jobs, which set due days anew."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlalchemy import Connection

from whistle import almanac
from whistle.core.case import WORKFLOW, Refused
from whistle.core.custody import destroyed_items
from whistle.core.errors import RuleError
from whistle.crypto.directory import Directories
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import check_grant
from whistle.crypto.posts import Post, parse_body, parse_post
from whistle.docket import Docket, cached, last_channel, rebuild, told
from whistle.storage import cases, destroyedlog, destroying, meta, numbered, standing
from whistle.storage.errors import Unknown
from whistle.storage.records import Cached, CaseRow

SEATED = "seated_under"  # in meta: the directory and the table by which it was last seen whom the cases wait for
_PROVISIONAL = '"provisional":true'  # in what the reporter is told of the clocks
# What a year's calendar moves, and what it never does; of `told` only its days (`_undated`).
_DATED = ("due", "step", "provisional", "since", "told")
_FIXED = ("state", "seen", "category", "sector")
_DAYS = {"due", "provisional", "hour"}


Fold = Callable[[Connection, CaseRow], Cached]  # `refolded` under one directory


def refolded(docket: Docket, directories: Directories, tx: Connection, row: CaseRow) -> Cached:
    """What the case's row should say, from its posts alone."""
    stands = rebuild(docket, directories, cases.load_posts(tx, row.case))
    channel = last_channel(directories, row.channel)
    clocks, of = told(docket, channel, stands.seen, stands.folded, row.hour), stands.folded.parent
    parent = rebuild(docket, directories, cases.load_posts(tx, of)).folded if of else None
    return cached(docket, channel, stands.folded, clocks, row.year, row.number, row.hour, parent=parent)


def checker(docket: Docket, directories: Directories) -> Callable[[Connection, CaseRow], str]:
    """Whether a case is what its posts say: "", or "dates", "sealed", "cache", as `checks.Refold` has it."""

    def differs(tx: Connection, row: CaseRow) -> str:
        try:
            found = _difference(refolded(docket, directories, tx, row), row)
            return "sealed" if found != "cache" and _is_lacking(tx, row) else found
        except (EnvelopeError, Refused, RuleError):
            return "cache"  # these posts make no case at all

    return differs


def _is_lacking(tx: Connection, row: CaseRow) -> bool:
    """Whether a grant or an item that a post names is gone or another without a signed `destroy`, or is there after
    one: whose grant it was, he can open it no more, and what was to be destroyed can be opened still."""
    given, items = cases.every_grant(tx, row.case), cases.item_ids(tx, row.case)
    posts = [parse_post(one.head, one.sig, one.body or None) for one in cases.load_posts(tx, row.case)]
    destroyed = destroyed_items(posts, WORKFLOW["scopes"]) | _buried(tx, row, posts)
    emptied, lost = destroying.emptied(tx, row.id)
    if lost or emptied != destroyed or any(entry["id"] not in items for post in posts for entry in post.items):
        return True
    return any(_is_amiss(post, number, given, destroyed) for post in posts for number in range(len(post.grants)))


def _buried(tx: Connection, row: CaseRow, posts: Sequence[Post]) -> frozenset[str]:
    """What was destroyed after the backup was made that this case came from."""
    gone: set[str] = set()
    for tomb in destroyedlog.tombs(tx, row.id):
        comps = WORKFLOW["scopes"][parse_post(tomb.head, tomb.sig, tomb.body).fields["scope"]]
        gone |= {each["id"] for post in posts[: tomb.place] for each in post.items if each["comp"] in comps}
    return frozenset(gone)


def _is_amiss(post: Post, number: int, given: Mapping[tuple[str, int], bytes], destroyed: frozenset[str]) -> bool:
    """Whether a grant is not there, or another than its post names; one that opens nothing any more is to be gone."""
    entry, sealed = post.grants[number], given.get((post.hash, number))
    if {item for item, _part in entry["items"]} <= destroyed:
        return sealed is not None
    if sealed is None:
        return True
    try:
        check_grant(entry, sealed)
    except EnvelopeError:
        return True
    return False


def _difference(said: Cached, row: CaseRow) -> str:
    if any(getattr(said, name) != getattr(row, name) for name in _FIXED) or _undated(said.told) != _undated(row.told):
        return "cache"
    return "dates" if any(getattr(said, name) != getattr(row, name) for name in _DATED) else ""


def _undated(told: str) -> object:
    """What the reporter is told of her clocks, but for their last days; the text itself when it is no list of them."""
    try:
        return [{name: value for name, value in clock.items() if name not in _DAYS} for clock in json.loads(told)]
    except (ValueError, TypeError, AttributeError):
        return told


def renew_merged(docket: Docket, directories: Directories, tx: Connection, parent: str) -> None:
    """Whom the cases merged into this one wait for, after a post that took its award away or gave it again."""
    for row, _, body in list(numbered.merged(tx)):
        if parse_body(body)["parent"] == parent:
            # One whose posts make no case stays as it is: doctor says it.
            with contextlib.suppress(EnvelopeError, Refused, RuleError):
                standing.cache_case(tx, row.case, refolded(docket, directories, tx, row))


async def reseat(docket: Docket, limit: int = 500) -> int:
    """Whom cases wait for that are open or asked to be destroyed, once after each new directory or table: who left is
    waited for no more; how many moved."""
    directories, moved, after = await docket.published.current(), 0, 0
    under = f"{directories.newest_hash} {_table_of_turns()}"
    if await docket.db.read(partial(meta.get, key=SEATED)) == under:
        return 0
    asked = await docket.db.read(cases.asked_to_destroy)
    fold = partial(refolded, docket, directories)
    while rows := await docket.db.read(partial(cases.iter_cases, after_id=after, limit=limit)):
        for row in (row for row in rows if row.id in asked or not WORKFLOW["states"][row.state]["final"]):
            with contextlib.suppress(EnvelopeError, Refused, RuleError):
                if await docket.db.read(partial(_is_seated_otherwise, fold, row=row)):
                    moved += await docket.db.write(partial(_renew, fold, row.case, _is_seated_otherwise))
        after = rows[-1].id
    await docket.db.write(partial(meta.put, key=SEATED, value=under))
    return moved


def _table_of_turns() -> str:
    """A release with other rows of it sees once more whom the cases wait for."""
    return hashlib.sha256(json.dumps(WORKFLOW["turns"]).encode()).hexdigest()


def _is_seated_otherwise(fold: Fold, tx: Connection, row: CaseRow) -> bool:
    """Whether others wait for the case than its row says; one that differs in anything else is left to doctor."""
    said = fold(tx, row)
    waits = {rid for rid, member in standing.members(tx, row.id).items() if member.mine}
    return waits != set(said.seated) and not _difference(said, row)


def _is_dated_otherwise(fold: Fold, tx: Connection, row: CaseRow) -> bool:
    """Whether only its days differ: a row that was changed by hand stays as it is found."""
    return _difference(fold(tx, row), row) == "dates"


def _renew(fold: Fold, case_id: str, is_otherwise: Callable[[Fold, Connection, CaseRow], bool], tx: Connection) -> int:
    """Looks again under the write lock: since the list was read the case may have moved, and got its number."""
    row = cases.find_case(tx, case_id)
    if row is None:
        raise Unknown
    if not is_otherwise(fold, tx, row):
        return 0
    standing.cache_case(tx, row.case, fold(tx, row))
    return 1


async def redate(docket: Docket, limit: int = 500) -> int:
    """Computes due days anew: of every case while they rest on other working-day tables than those of now, else of
    the provisional ones; how many moved. A whole pass that moves none settles it (`almanac.is_settled`)."""
    directories, moved, after = await docket.published.current(), 0, 0
    settled = await docket.db.read(partial(almanac.is_settled, tables=docket.years))
    fold = partial(refolded, docket, directories)
    while rows := await docket.db.read(partial(cases.iter_cases, after_id=after, limit=limit)):
        for row in (row for row in rows if not settled or row.provisional or _PROVISIONAL in row.told):
            # Posted under a directory newer than ours: in an hour. Whose posts make no case: doctor says it.
            with contextlib.suppress(EnvelopeError, Refused, RuleError):
                moved += await docket.db.write(partial(_renew, fold, row.case, _is_dated_otherwise))
        after = rows[-1].id
    if not settled and not moved:
        await docket.db.write(partial(almanac.settle, tables=docket.years))
    return moved

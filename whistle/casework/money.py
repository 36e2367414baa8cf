"""Money that moves with a post: what is checked before, what is booked in the same transaction, and the balance."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from whistle.casework import entries
from whistle.casework.desk import Casework, Reviewer, need
from whistle.core import ledger, rulebook
from whistle.core.case import Case, Refused
from whistle.core.clock import zone_day
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64
from whistle.crypto.posts import Post
from whistle.storage import audit
from whistle.storage import ledger as books

_READERS = ("finance", "leader", "auditor", "payout")
FIRST_YEAR, LAST_YEAR = 2000, 2099  # as the ledger counts them; a larger number is more than a database holds


def check(desk: Casework, directories: Directories, folded: Case, post: Post) -> None:
    """A sum is proposed and approved only by a pack in the very bytes that were pinned, which the directory lists
    for the day of receipt, and never above its cap."""
    if post.kind not in ("award.propose", "award.approve"):
        return
    proposal = folded.proposal
    assert proposal is not None  # noqa: S101 - the fold has let one of the two through
    pack = desk.packs.get(proposal.pack)
    if pack is not None and b64(rulebook.pack_hash(pack)) != proposal.pack_hash:
        raise _refused("pack_edited", folded, post)
    entries = directories.newest["packs"]
    if pack is None or not rulebook.listed(entries, proposal.pack, proposal.pack_hash, folded.received):
        raise _refused("pack_not_listed", folded, post)
    if proposal.fen > rulebook.ceiling(pack):
        raise _refused("cap", folded, post)


def _refused(code: str, folded: Case, post: Post) -> Refused:
    return Refused(code, {"kind": post.kind, "seen": folded.seen})


def book(tx: Connection, number: str, folded: Case, post: Post, today: str) -> None:
    """The ledger row of a post, if it has one, in the transaction that keeps the post."""
    made = entries.entry(tx, number, folded, post, today)
    if made:
        books.enter(tx, made)


async def open_budget(desk: Casework, who: Reviewer, year: int, source: str, fen: int, now: float) -> None:
    """The opening budget of a fiscal year, entered by finance."""
    need(who, "finance")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ledger.LedgerError("bad_entry", field="year")
    today = zone_day(now)

    def keep(tx: Connection) -> None:
        books.enter(tx, ledger.Entry("budget", today, year, fen=fen, source=source))
        audit.record(tx, day=today, rid=who.rid, act="budget")

    await desk.docket.db.write(keep)


async def account(desk: Casework, who: Reviewer, year: int) -> dict[str, Any]:
    """The rows and the balance of a year, 0 for all; rows name no reporter and no enterprise."""
    need(who, *_READERS)

    def read(tx: Connection) -> tuple[list[bytes], ledger.Balance]:
        return [each.bytes for each in books.every(tx)], books.balance(tx, year)

    rows, balance = await desk.docket.db.read(read)
    parsed = [ledger.parse_row(each) for each in rows]
    return {"rows": [asdict(row) for row in parsed if not year or row.year == year], "balance": asdict(balance)}

"""Reading the back office: a case, what is unread, the packs and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from whistle.casework import awaiting, custody
from whistle.casework.listing import FINANCE_STATES
from whistle.casework.reviewers import Casework, Reviewer, colleagues
from whistle.core import calendar, case, rulebook
from whistle.core.clock import zone_day
from whistle.core.grounds import OTHERS
from whistle.core.newposts import reviewed_by
from whistle.core.offices import kind_of
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64
from whistle.docket import Loaded, Rejected, clocks, last_channel, load, register_number, shown
from whistle.storage import cases, directory, papers
from whistle.storage.ledger import Book
from whistle.storage.records import CaseRow, GrantRow


@dataclass(frozen=True)
class View:
    """A case as its reader is served it, and whether an identity is among it."""

    told: dict[str, Any]
    with_identity: bool


class OutOfSight(Rejected):
    """A case that he may not know of, or that is not there: for the audit, which asks the store, by its id."""

    def __init__(self, case: str) -> None:
        super().__init__("not_found")
        self.case = case


async def view(casework: Casework, who: Reviewer, case_id: str, now: float) -> View:
    """A whole case for one reader: every post, and only the grants and items that are his."""
    loaded = await sighted(casework, who, case_id)
    keys, blobs = await casework.docket.db.read_now(lambda tx: _held(tx, loaded, who))
    drawn = await casework.docket.db.read_now(lambda tx: papers.numbers(tx, case_id))
    posts = await casework.docket.db.read_now(lambda tx: cases.load_posts(tx, case_id))
    folded, row = loaded.folded, loaded.row
    channel = last_channel(await casework.docket.published.current(), row.channel)
    told = {
        "case": case_id,
        "number": register_number(row.year, row.number),
        "posts": [shown(post, keys, blobs) for post in posts],
        "clocks": clocks(casework.docket, channel, folded, row.hour),
        "today": zone_day(now),
        "papers": {kind: register_number(*number) for kind, number in drawn.items()},
        "urgent": row.urgent,
        "hour": row.hour,
        "review": reviewed_by(casework.review, kind_of(channel["policy"])),
        **await casework.docket.db.read_now(lambda tx: _money(tx, casework, row, folded, zone_day(now))),
        **await casework.docket.db.read_now(lambda tx: custody.shown(tx, casework, loaded)),
    }
    return View(told, any(_is_identity(loaded, item) for item in blobs))


def _money(tx: Connection, casework: Casework, row: CaseRow, folded: case.Case, today: str) -> dict[str, Any]:
    """What stands in the way of the award but the case itself: money that lacks, and from `large` fen on (0: no sum)
    the finance department's concurrence."""
    number, book = register_number(row.year, row.number), Book(tx, casework.office)
    facts = (number, folded.approval, folded.approved, folded.method)
    lacks = awaiting.lacking_papers(book, casework.sums, *facts) if folded.state in awaiting.UNPAID else []
    return {
        "held": bool(awaiting.lacking(book, [row], int(today[:4]))),
        "large": casework.large,
        "concur": "concur" in lacks,
        "lacks": [kind for kind in lacks if kind in OTHERS],
    }


async def sighted(casework: Casework, who: Reviewer, case_id: str) -> Loaded:
    """The case, if he may know of it; else OutOfSight, as for a case that is not there."""
    loaded = await load(casework.docket, case_id)
    if loaded is None or not await casework.docket.db.read_now(lambda tx: _may(tx, loaded, who, casework.office)):
        raise OutOfSight(case_id)
    return loaded


def _may(tx: Connection, loaded: Loaded, who: Reviewer, office: str) -> bool:
    """The office's case, and he holds a key, or sits in finance of its channel while it waits for money, or is its
    auditor where it is closed or something of it is to be destroyed: he signs for that, whether or not a key of it was
    ever his. Never when excluded or recused, with any key."""
    row = loaded.row
    if row.channel in who.elsewhere(office):
        return False
    if who.person in loaded.chain.excluded or cases.is_hidden(tx, row.case, who.rid):
        return False
    waits = row.channel in who.channels_as(office, "finance") and row.state in FINANCE_STATES
    ends = loaded.folded.is_final or bool(loaded.folded.destructions)
    audited = row.channel in who.channels_as(office, "auditor") and ends
    return waits or audited or cases.may_see(tx, row.case, who.rid)


def _held(tx: Connection, loaded: Loaded, who: Reviewer) -> tuple[list[GrantRow], dict[str, bytes]]:
    keys = cases.grants_for(tx, loaded.row.case, who.rid)
    mine = {item for row in keys for item, _ in row.items}
    readable = {item for item in mine if _openable(loaded, who, item)}
    return keys, cases.load_items(tx, loaded.row.case, readable)


def _is_identity(loaded: Loaded, item: str) -> bool:
    carried = loaded.chain.carrier(item)
    return carried is not None and carried[0].comps[carried[1]] == "identity"


def _openable(loaded: Loaded, who: Reviewer, item: str) -> bool:
    """An identity is served only to the author of an ask that a leader has answered (Two-person identity)."""
    if not _is_identity(loaded, item):
        return True
    asks = {act.hash for act in loaded.chain.acts if act.kind == "identity.ask" and act.author == who.rid}
    return any(act.fields["ask"] in asks for act in loaded.chain.acts if act.kind == "identity.give")


async def seen(casework: Casework, who: Reviewer, case_id: str, head: str) -> None:
    """Remembers up to which post he has read."""
    await sighted(casework, who, case_id)
    await casework.docket.db.write(lambda tx: cases.mark_seen(tx, who.rid, case_id, head))


async def packs(casework: Casework, now: float) -> list[dict[str, Any]]:
    """The rule packs of this house: the bytes the directory's hash is over, and whether each pays today."""
    listed = {row["id"]: row for row in (await casework.docket.published.current()).newest["packs"]}
    return [_pack(pack, listed.get(name), zone_day(now)) for name, pack in sorted(casework.packs.items())]


def _pack(pack: rulebook.Pack, row: dict[str, str] | None, today: str) -> dict[str, Any]:
    digest = b64(rulebook.pack_hash(pack))
    pays = row is not None and rulebook.listed([row], pack.id, digest, today)
    return {
        "id": pack.id,
        "sha256": digest,
        "document": rulebook.pack_document(pack).decode(),
        "from": row["from"] if row else "",
        "to": row["to"] if row else "",
        "note": row["note"] if row else "",
        "pays": pays,
    }


async def roster(casework: Casework, directories: Directories, who: Reviewer) -> dict[str, Any]:
    """Names of the people with the zone's signature, for an authority's staff; anybody else gets the labels of his own
    office, which its channel says anyway."""
    if not any(seat.is_authority for seat in who.seats):
        return {"labels": colleagues(directories, who)}
    kept = await casework.docket.db.read_now(directory.roster)
    if kept is None:
        raise Rejected("not_found")
    return {"bytes": kept[0].decode(), "sig": b64(kept[1])}


def calendar_tables(casework: Casework) -> dict[str, Any]:
    """The working-day tables the deadlines are computed with."""
    return calendar.tables_json(casework.docket.years)

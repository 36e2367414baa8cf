"""Large files at the review door: an officer's parts in, the slices of what he may open out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from whistle import uploads
from whistle.casework.reviewers import Casework, Reviewer
from whistle.core.clock import zone_day
from whistle.docket import Rejected
from whistle.storage import cases
from whistle.storage.parts import Slice
from whistle.storage.records import CaseRow


async def put(casework: Casework, who: Reviewer, case_id: str, header: str, data: bytes, now: float) -> bool:
    """Keeps a part of a file that his next post will name; True when it is new. Raises Rejected as `uploads.put`."""
    row, what = await _open_to(casework, who, case_id), uploads.named(header, with_part=True)
    return await uploads.put(casework.uploads, row, who.rid, what, data, zone_day(now))


async def have(casework: Casework, who: Reviewer, case_id: str, header: str) -> dict[str, Any]:
    """Which parts of his file are here."""
    row = await _open_to(casework, who, case_id)
    return await uploads.have(casework.uploads, row, who.rid, uploads.named(header, with_part=False))


async def drop(casework: Casework, who: Reviewer, case_id: str, header: str) -> None:
    """Takes back what he has not posted."""
    row = await _open_to(casework, who, case_id)
    await uploads.drop(casework.uploads, row, who.rid, uploads.named(header, with_part=False))


async def slices(casework: Casework, who: Reviewer, case_id: str, item: str) -> list[Slice]:
    """The slices of an item that was granted to him. Raises Rejected("not_found") for any other."""
    row = await _open_to(casework, who, case_id)
    await casework.docket.db.read_now(lambda tx: _holds(tx, row, who, item))
    return await uploads.slices(casework.uploads, row, item)


async def _open_to(casework: Casework, who: Reviewer, case_id: str) -> CaseRow:
    """The case, if he holds a key in it and is not shut out; else as if there were none."""

    def read(tx: Connection) -> CaseRow:
        row = cases.find_case(tx, case_id)
        if row is None or row.channel in who.elsewhere(casework.office) or not cases.may_see(tx, case_id, who.rid):
            raise Rejected("not_found")
        return row

    return await casework.docket.db.read_now(read)


def _holds(tx: Connection, row: CaseRow, who: Reviewer, item: str) -> None:
    """The identity is never a file (envelope.md, Item), so a grant is all there is to ask for."""
    granted = cases.grants_for(tx, row.case, who.rid)
    if not any(item == one for grant in granted for one, _part in grant.items):
        raise Rejected("not_found")

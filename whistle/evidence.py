"""A reporter's large files: their parts before the post that names them, and the slices of what she may read back."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection

from whistle import intake as reporters
from whistle import uploads
from whistle.core.clock import zone_day
from whistle.crypto.posts import REPORTER
from whistle.docket import Rejected
from whistle.intake import Intake, Work
from whistle.storage import appending, cases
from whistle.storage.parts import Slice
from whistle.storage.records import CaseRow

_ITEM = re.compile("[A-Za-z0-9_-]{43}", re.ASCII)


async def put(intake: Intake, authorization: str, header: str, data: bytes, proof: str, now: float) -> bool:
    """Keeps a part of a file; True when it is new. The first part needs work for the whole length.

    Raises Rejected as `uploads.put`, and state for a closed case."""
    row, what = await _open(intake, authorization), uploads.named(header, with_part=True)

    async def admit() -> None:
        length = what.length + await uploads.held(intake.uploads, row, REPORTER)
        more = reporters.dearer_file(length)
        for_ = Work("message", row.case, what.pid, zone_day(now), more)
        nonce = reporters.worked(intake, for_, proof, now)
        await intake.docket.db.write(lambda tx: appending.spend(tx, nonce, zone_day(now)))

    return await uploads.put(intake.uploads, row, REPORTER, what, data, zone_day(now), admit)


async def have(intake: Intake, authorization: str, header: str) -> dict[str, Any]:
    """Which parts of her file are here."""
    row, what = await reporters.shown(intake, authorization), uploads.named(header, with_part=False)
    return await uploads.have(intake.uploads, row, REPORTER, what)


async def drop(intake: Intake, authorization: str, header: str) -> None:
    """Takes back what she has not posted."""
    row = await reporters.shown(intake, authorization)
    await uploads.drop(intake.uploads, row, REPORTER, uploads.named(header, with_part=False))


async def slices(intake: Intake, authorization: str, item: str) -> list[Slice]:
    """The slices of an item of a post for all that was granted to her. Raises Rejected("not_found") for any other."""

    def hers(tx: Connection) -> CaseRow:
        row = reporters.opened(authorization, tx)
        if not _ITEM.fullmatch(item) or not cases.is_told(tx, row, item):
            raise Rejected("not_found")
        return row

    row = await intake.docket.db.read_now(hers)
    return await uploads.slices(intake.uploads, row, item)


async def _open(intake: Intake, authorization: str) -> CaseRow:
    row = await reporters.shown(intake, authorization)
    if intake.docket.workflow["states"][row.state]["final"]:
        raise Rejected("refused", reason="state")
    return row

"""A case as the doors show it: its posts, its clocks, its number."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from whistle.core import calendar, case, deadlines
from whistle.core.case import Case
from whistle.crypto.encoding import b64
from whistle.docket.state import Channel, Docket, receipt_text
from whistle.storage import destroyedlog
from whistle.storage.records import GrantRow, PostRow

# No number that a database cannot hold.
_NUMBER = re.compile("〔([0-9]{4})〕([1-9][0-9]{0,8})号", re.ASCII)


def clocks(docket: Docket, channel: Channel, folded: Case, hour: int = -1) -> list[dict[str, Any]]:
    """Every clock of the case with its due day, for screens; what ends at an hour, or stands still, says so."""
    process = docket.process_of(channel)
    ends = [(each, deadlines.due_of(each, process, docket.years, hour)) for each in folded.clocks]
    return [_clock(each, due) for each, due in ends]


def _clock(clock: case.Clock, due: calendar.Due) -> dict[str, Any]:
    said = {
        "step": clock.step,
        "start": clock.start,
        "due": due.date,
        "provisional": due.provisional,
        "stop": clock.stop,
    }
    more: dict[str, Any] = {"hour": due.hour} if due.hour >= 0 else {}
    return said | more | ({"paused": True} if clock.is_paused else {})


def shown(post: PostRow, keys: Sequence[GrantRow], blobs: dict[str, bytes]) -> dict[str, Any]:
    """One stored post as both doors serve it, with the grants and small items that are its reader's."""
    mine = [row for row in keys if row.post == post.hash]
    # What is stored was strict when it came in: only a post that may carry one of these items is read again.
    body = json.loads(post.body)["items"] if blobs and post.body else ()
    return {
        "head": post.head.decode(),
        "sig": b64(post.sig),
        "body": (post.body or b"").decode(),
        "receipt": receipt_text(post.receipt),
        "grants": {str(row.row): b64(row.sealed) for row in mine},
        "items": {entry["id"]: b64(blobs[entry["id"]]) for entry in body if entry["id"] in blobs},
    }


def tombs(tx: Connection, case_id: int) -> list[dict[str, str]]:
    """The signed destructions that the chain of a case lacks since a restore."""
    found = destroyedlog.tombs(tx, case_id)
    return [{"head": each.head.decode(), "sig": b64(each.sig), "body": each.body.decode()} for each in found]


def register_number(year: int, number: int) -> str:
    """The office's number of a case, 〔2026〕3号, "" before its first act; never at the public door."""
    return f"〔{year}〕{number}号" if number else ""


def register_place(number: str) -> tuple[int, int] | None:
    """Year and number of what `register_number` writes; None for anything else."""
    found = _NUMBER.fullmatch(number)
    return (int(found[1]), int(found[2])) if found else None

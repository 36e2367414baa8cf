"""The anchor of the ledger: where it stood, written down and kept where nobody of this house can change it.

The file is one line of JSON, {v, zone, epoch, day, ledger: {count, head}}, with the ledger spelled as in a CHECKPOINT
(envelope.md section 2), so that a checkpoint's bytes serve as an anchor too."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from whistle.casework.desk import Reviewer, need
from whistle.casework.statement import READERS
from whistle.core import strictjson
from whistle.core.ledger import Head
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Docket, Rejected
from whistle.storage import ledger, meta


def document(tx: Connection, today: str) -> bytes:
    """The anchor of this moment."""
    head = ledger.head(tx)
    stands = {"count": head.count, "head": b64(head.hash)}
    told = {"v": 1, "zone": meta.zone(tx), "epoch": meta.epoch(tx), "day": today, "ledger": stands}
    return strictjson.dump(told) + b"\n"


async def export(docket: Docket, who: Reviewer, today: str) -> bytes:
    """As ``document``, for a reviewer who may read the ledger."""
    need(who, *READERS)
    return await docket.db.read(lambda tx: document(tx, today))


def head_of(data: bytes, zone: str = "") -> Head:
    """Where the ledger of a zone, "" of any, stood by this anchor. Raises Rejected: "anchor_form" for what is none,
    "anchor_zone" for that of another zone."""
    told = _object(data)
    stands = told.get("ledger")
    if not isinstance(stands, dict) or type(count := stands.get("count")) is not int or count < 0:
        raise Rejected("anchor_form")
    if zone and told.get("zone") != zone:
        raise Rejected("anchor_zone")
    try:
        return Head(count, unb64(str(stands.get("head")), 32))
    except EnvelopeError:
        raise Rejected("anchor_form") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise Rejected("anchor_form") from None
    if not isinstance(told, dict):
        raise Rejected("anchor_form")
    return told

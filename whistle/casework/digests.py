"""The audit's daily digest: where it stood when a day was closed, signed by the review door, to be kept elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from whistle.core import strictjson
from whistle.core.ledger import Head
from whistle.crypto import receipts
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey
from whistle.docket import Rejected
from whistle.storage import audit, meta
from whistle.storage.chained import FIRST, ChainedRow

DOOR = "review"
LONGEST = 400  # days between two digests of which each is named where it is missing


@dataclass(frozen=True)
class Digest:
    """Rows of the audit when `day` was closed, and the hash of the last."""

    day: str
    head: Head


@dataclass(frozen=True)
class Compared:
    """How the audit stands to digests: `rows` it has, the first day that differs ("": none), whether by itself its
    chain is broken there, and the days between the first and the last digest that have none."""

    rows: int
    head: bytes
    differs: str
    is_broken: bool
    missing: tuple[str, ...]


def make(tx: Connection, key: RootKey, day: str) -> bytes:
    """The digest of a day, one line of JSON {bytes, sig}; the same each time. Raises Rejected("day_open") until the
    jobs have closed the day."""
    stood = audit.closing(tx, day)
    if stood is None:
        raise Rejected("day_open", day=day)
    document = {"v": 1, "zone": meta.zone(tx), "epoch": meta.epoch(tx), "day": day, "count": stood.count}
    data, sig = receipts.sign_digest(key, document | {"head": b64(stood.hash)})
    return strictjson.dump({"bytes": data.decode(), "sig": b64(sig)}) + b"\n"


def read(data: bytes, zone: str, directories: Directories) -> Digest:
    """A digest of this zone, signed by a key that some directory lists for the review door. Raises Rejected:
    "digest_form", "digest_zone", "digest_signature"."""
    try:
        held = json.loads(data)
        document, sig = held["bytes"].encode(), unb64(held["sig"], 64)
        said = receipts.read_digest(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, EnvelopeError):
        raise Rejected("digest_form") from None
    if said["zone"] != zone:
        raise Rejected("digest_zone")
    for key in {key for one in directories.every() for key in receipts.receipt_keys(one, DOOR)}:
        with suppress(EnvelopeError):
            receipts.verify_digest(key, document, sig)
            return Digest(said["day"], Head(said["count"], unb64(said["head"], 32)))
    raise Rejected("digest_signature", day=said["day"])


def compare(rows: Iterable[ChainedRow], digests: Iterable[Digest]) -> Compared:
    """Walk the audit past what each digest says of it, the earliest first."""
    told = sorted(digests, key=lambda one: (one.head.count, one.day))
    waits, previous, no = list(told), FIRST, 0
    missing = tuple(_missing([one.day for one in told]))
    for no, row in enumerate(rows, 1):
        if row.no != no or row.hash != audit.hash_of(previous, row.bytes):
            return Compared(no - 1, previous, _day_of(row), True, missing)
        previous = row.hash
        while waits and waits[0].head.count == no:
            if waits.pop(0).head.hash != row.hash:
                return Compared(no, previous, next(one.day for one in told if one.head.count == no), False, missing)
    return Compared(no, previous, waits[0].day if waits else "", False, missing)


def _day_of(row: ChainedRow) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return audit.parse(row.bytes).entry.day
    return "–"


def _missing(days: list[str]) -> Iterator[str]:
    """Days between the first and the last of these that are not among them."""
    if days:
        first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
        between = (first + timedelta(days=n) for n in range(min((last - first).days, LONGEST)))
        yield from (day.isoformat() for day in between if day.isoformat() not in days)

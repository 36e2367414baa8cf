"""From the company to the authority: proof that she reported inside before; her client makes it, theirs checks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whistle.client.attaching import Attachment
from whistle.client.errors import ClientError
from whistle.client.reading import Opened
from whistle.client.trust import Trust
from whistle.core.offices import is_authority
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.onward import MOST, read_proof, verify_proof

NAME, TYPE = "onward.json", "application/json"
# A report that the office took down has no key of hers: such a ticket proves nothing.
HERS = frozenset({"web", "poster"})


@dataclass(frozen=True)
class Inside:
    """What holds of an earlier report inside a company: its day, and the name the zone signed for that office."""

    day: str
    office: str


def file_of(proof: bytes) -> Attachment:
    """The proof as a file of its own."""
    return Attachment(NAME, TYPE, len(proof), True, lambda: iter([proof]))


def inside(trust: Trust, table: Mapping[str, Any], case: str, items: Iterable[Opened]) -> Inside | None:
    """The first good proof among the files of a case; None where there is none."""
    for item in items:
        if (item.meta["name"], item.meta["type"]) == (NAME, TYPE) and 0 < len(item.body) <= MOST:
            try:
                return verified(trust, table, case, item.body)
            except (EnvelopeError, ClientError):
                continue
    return None


def verified(trust: Trust, table: Mapping[str, Any], case: str, data: bytes) -> Inside:
    """What a proof shows. Raises EnvelopeError or ClientError where it shows nothing of an enterprise's office."""
    first = read_proof(data)
    channel = trust.channel(first.head["dir"], str(first.fields.get("channel", "")))
    if channel is None or is_authority(channel["policy"]):
        raise EnvelopeError("onward")
    found = verify_proof(trust.directories, table, data, case)
    if found.source not in HERS:
        raise EnvelopeError("onward")
    return Inside(found.day, str(channel["label"]))

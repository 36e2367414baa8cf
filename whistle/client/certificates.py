"""The certificate of an honour that stands, as its reporter holds it. The twin of static/js/client/certificates.js."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.reading import Opened
from whistle.client.trust import Trust
from whistle.core.case import Case
from whistle.core.visible import visible
from whistle.crypto.chain import Act
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.honours import verify_certificate


@dataclass(frozen=True)
class Certificate:
    """What a leader certified. `bytes` and `sig` (b64u) are what is shown to whoever wants proof; `office` as the zone
    signed its name, `day` of the zone's calendar."""

    office: str
    day: str
    honour: str
    text: str
    bytes: str
    sig: str


def certificate_of(trust: Trust, folded: Case, acts: Sequence[Act], items: Sequence[Opened]) -> Certificate | None:
    """What she was honoured with; None where no honour stands, or where what came with it does not hold."""
    told = next((act for act in reversed(acts) if act.kind == "honour.tell"), None)
    held = next((item for item in items if told and item.post == told.hash and item.document == "certificate"), None)
    if told is None or held is None or "honour.tell" not in folded.marks:
        return None
    try:
        given = json.loads(held.text)
        found = verified(trust, str(given["certificate"]), str(given["sig"]))
    except (ValueError, KeyError, EnvelopeError, ClientError):
        return None
    said: Mapping[str, Any] = json.loads(found.bytes)
    hers = (folded.channel, told.author, told.fields["honour"])
    return found if (said["channel"], said["author"], found.honour) == hers else None


def verified(trust: Trust, text: str, sig: str) -> Certificate:
    """A certificate that a leader of this zone signed. Raises EnvelopeError, ClientError."""
    try:
        named = json.loads(text)
        data = text.encode()  # refuses half a character, which JSON can spell
        channel = trust.channel(str(named["dir"]), str(named["channel"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EnvelopeError("certificate") from None
    if channel is None:
        raise EnvelopeError("certificate")
    said = verify_certificate(trust.directories, data, unb64(sig, 64))
    return Certificate(str(channel["label"]), said["day"], said["honour"], visible(said["text"]), text, sig)

"""The certificate of an honour, signed by the leader who gives it (section 2, Certificate).

A certificate is a strict JSON document with a signature of its own: that of a post covers a head which names the case,
and who shows an honour shall show neither case nor code. It says who was honoured by what, never who she is.
"""

from collections.abc import Mapping
from typing import Any

from whistle.crypto import strict
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import SUITE, Tag, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import KeyPair, verify
from whistle.crypto.strict import Document

LEADER = "leader"
MOST = 4_096  # bytes of a certificate

CERTIFICATE = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "dir": strict.raw(32),
            "channel": strict.text(64),
            "author": strict.raw(16),
            "day": strict.day,
            "honour": strict.text(64),
            "text": strict.text(1_200),
        }
    ),
    MOST,
)


def sign_certificate(keys: KeyPair, said: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Bytes and signature of a certificate; `said` is all but version and suite, in the document's order."""
    data = strict.dump(CERTIFICATE, {"v": 1, "suite": SUITE, **said})
    return data, keys.sign(Tag.HONOUR, data)


def verify_certificate(directories: Directories, data: bytes, signature: bytes) -> Document:
    """The certificate, if a leader of the channel it names signed it under a directory of this zone that was in force.

    Raises EnvelopeError. The channel must have been added to `directories` as that directory lists it."""
    document = strict.parse(CERTIFICATE, data)
    listed = directories.by_hash(document["dir"])
    if listed is None or document["zone"] != listed["zone"]:
        raise EnvelopeError("certificate")
    reader = directories.reader(document["dir"], document["channel"], document["author"])
    if reader is None or LEADER not in reader["roles"]:
        raise EnvelopeError("certificate")
    verify(unb64(reader["sig"]), Tag.HONOUR, data, signature)
    return document

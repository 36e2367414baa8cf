"""Proof that whoever reports here reported inside a company before (section 2, Onward): the company's first post with
its receipt, and a statement for the new case, signed by the old case's key.

It proves that she reported something on that day, not what, and not that nobody answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.crypto import strict
from whistle.crypto.chain import Chain
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import SUITE, Tag, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import KeyPair, verify
from whistle.crypto.posts import Post, parse_post
from whistle.crypto.receipts import check_receipt, read_receipt

MOST = 61_440  # bytes: what an item beside its post bears

PROOF = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "head": strict.text(1_024),
            "head_sig": strict.raw(64),
            "body": strict.text(MOST),
            "receipt": strict.text(1_024),
            "receipt_sig": strict.raw(64),
            "case": strict.raw(32),
            "sig": strict.raw(64),
        }
    ),
    MOST,
)


@dataclass(frozen=True)
class Onward:
    """What is proven: the day of the earlier report by its receipt, and the channel it went to."""

    day: str
    channel: str
    source: str


def prove(keys: KeyPair, zone: str, first: Post, receipt: tuple[bytes, bytes], case: str) -> bytes:
    """The proof for the new case, by the keys of the old one. `zone` and `case` as base64url. Raises EnvelopeError when
    the first body is gone, or too large."""
    if first.body_bytes is None:
        raise EnvelopeError("onward")
    document = {
        "v": 1,
        "suite": SUITE,
        "zone": zone,
        "head": first.head_bytes.decode(),
        "head_sig": b64(first.sig),
        "body": first.body_bytes.decode(),
        "receipt": receipt[0].decode(),
        "receipt_sig": b64(receipt[1]),
        "case": case,
        "sig": b64(keys.sign(Tag.ONWARD, _stated(zone, first.head["case"], case))),
    }
    return strict.dump(PROOF, document)


def read_proof(data: bytes) -> Post:
    """The first post that a proof carries, parsed and not verified: it names directory and channel. EnvelopeError."""
    document = strict.parse(PROOF, data)
    return parse_post(document["head"].encode(), unb64(document["head_sig"]), document["body"].encode())


def verify_proof(directories: Directories, table: Mapping[str, Any], data: bytes, case: str) -> Onward:
    """What this proof shows to whoever holds the new case. The channel it names must have been added to `directories`.

    Raises EnvelopeError for one of another zone or case, or of which anything does not hold."""
    document, first = strict.parse(PROOF, data), read_proof(data)
    zone = directories.newest["zone"]
    if document["zone"] != zone or document["case"] != case or first.head["case"] == case or first.kind != "report":
        raise EnvelopeError("onward")
    Chain(unb64(zone), directories, table, "reporter").add(first)
    receipt = read_receipt(directories, document["receipt"].encode(), unb64(document["receipt_sig"]))
    check_receipt(receipt, first)
    stated = _stated(zone, first.head["case"], case)
    verify(unb64(first.fields["reporter"]["sig"]), Tag.ONWARD, stated, unb64(document["sig"]))
    return Onward(receipt["day"], first.fields["channel"], first.fields["source"])


def _stated(zone: str, old: str, new: str) -> list[str | bytes | int]:
    return [SUITE, unb64(zone), unb64(old), unb64(new)]

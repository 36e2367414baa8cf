"""A receipt means it is on disk: checked before a client says so."""

from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.trust import Trust
from whistle.client.wire import Signed
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import Post
from whistle.crypto.receipts import RECEIPT, check_receipt, verify_receipt
from whistle.crypto.strict import parse


@dataclass(frozen=True)
class Receipt:
    """The verified document, and the bytes and signature to keep."""

    document: dict[str, Any]
    data: bytes
    sig: bytes


def checked(trust: Trust, post: Post, signed: Signed) -> Receipt:
    """The receipt of exactly this post by a door the root named, or ClientError."""
    data, sig = signed
    try:
        document = parse(RECEIPT, data)
        verify_receipt(trust.door(document["door"]), data, sig)
        check_receipt(document, post)
    except EnvelopeError:
        raise ClientError("server_lies") from None
    return Receipt(document, data, sig)

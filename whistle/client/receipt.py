"""A receipt means it is on disk: checked before a client says so."""

from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.trust import Trust
from whistle.client.wire import Signed
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import Post
from whistle.crypto.receipts import check_receipt, read_receipt


@dataclass(frozen=True)
class Receipt:
    """The verified document, and the bytes and signature to keep."""

    document: dict[str, Any]
    data: bytes
    sig: bytes


def mark(post: str) -> str:
    """Eight characters of a post's hash, `post` in base64url: enough to compare by telephone, saying nothing."""
    said = unb64(post, 32).hex()[:8].upper()
    return f"{said[:4]} {said[4:]}"


def checked(trust: Trust, post: Post, signed: Signed) -> Receipt:
    """The receipt of exactly this post by a door its directory names. ClientError("receipt"): the server says that the
    post is stored, and what it gave for it does not prove it."""
    data, sig = signed
    try:
        document = read_receipt(trust.directories, data, sig)
        check_receipt(document, post)
    except EnvelopeError:
        raise ClientError("receipt") from None
    return Receipt(document, data, sig)

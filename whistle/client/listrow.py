"""The sealed card of a list row: one item, opened without fetching its case."""

from collections.abc import Mapping
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.trust import Trust
from whistle.client.wire import reading
from whistle.core import contents
from whistle.core.errors import RuleError
from whistle.crypto.encoding import Tag, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import open_grant
from whistle.crypto.items import open_item
from whistle.crypto.keys import KeyPair, case_id, verify
from whistle.crypto.posts import Post, parse_post

Json = Mapping[str, Any]


def open_card(trust: Trust, row: Json, rid: str, keys: KeyPair) -> Mapping[str, str] | None:
    """The card's fields, or None when there is none or it does not open: its writer may have sealed anything.

    Its authors' signatures are checked; the chain when the case is opened."""
    card = row.get("card")
    if not card:
        return None
    try:
        return _opened(trust, row, card, rid, keys)
    except (EnvelopeError, ClientError, RuleError):
        return None


def _opened(trust: Trust, row: Json, card: Json, rid: str, keys: KeyPair) -> Mapping[str, str] | None:
    case = unb64(row["case"], 32)
    carrier = _post(trust, case, row, card["carrier"])
    granter = _post(trust, case, row, card["granter"]) if card["granter"] else carrier
    entry = reading(lambda: granter.grants[card["row"]])
    rows = open_grant(trust.zone, case, granter.author, unb64(granter.pid), rid, keys, entry, unb64(card["grant"]))
    item = reading(lambda: carrier.items[card["index"]])
    key = next((value for name, part, value in rows if name == item["id"] and part == 0), b"")
    pid = unb64(carrier.pid)
    meta, body = open_item(trust.zone, case, carrier.author, pid, card["index"], item, key, unb64(card["blob"]))
    said: Mapping[str, str] | None = contents.parse(carrier.kind, item["comp"], meta, body).data
    return said


def _post(trust: Trust, case: bytes, row: Json, served: Json) -> Post:
    post = parse_post(served["head"].encode(), unb64(served["sig"], 64), served["body"].encode())
    if post.head["case"] != b64(case):
        raise ClientError("server_lies")
    verify(_author_key(trust, case, row, post), Tag.POST, post.head_bytes, post.sig)
    return post


def _author_key(trust: Trust, case: bytes, row: Json, post: Post) -> bytes:
    if post.author == "reporter":
        kem, sig = (unb64(post.fields["reporter"][name]) for name in ("kem", "sig"))
        if case_id(trust.zone, kem, sig) != case:
            raise ClientError("server_lies")
        return sig
    trust.channel(post.head["dir"], row["channel"])
    reader = trust.directories.reader(post.head["dir"], row["channel"], post.author)
    if reader is None:
        raise ClientError("server_lies")
    return unb64(reader["sig"], 32)

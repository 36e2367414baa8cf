"""Reading a fetched case: the chain verified post by post, then every item this reader was given a key to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.sealing import Party
from whistle.client.trust import Trust
from whistle.client.wire import Signed, reading
from whistle.crypto.chain import Act, Chain, Viewer
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import Key, open_grant
from whistle.crypto.items import check_half, join_halves, open_item
from whistle.crypto.posts import Post, parse_post

Json = Mapping[str, Any]

EMPTY = {"name": "", "type": "", "size": 0}


@dataclass(frozen=True)
class Carried:
    """A post as fetched, with the grants and items the server had for this reader."""

    post: Post
    receipt: Signed
    grants: Mapping[int, bytes]
    items: Mapping[str, bytes]


@dataclass(frozen=True)
class Opened:
    """One item in clear. `broken` when its author sealed what does not open: shown, never trusted."""

    comp: str
    index: int
    post: str
    kind: str
    author: str
    meta: Mapping[str, Any]
    body: bytes
    broken: bool = False

    @property
    def text(self) -> str:
        """The words of a text item; "" for a file."""
        return "" if self.meta.get("name") else self.body.decode("utf-8", "replace")


Keys = dict[str, dict[int, bytes]]


def carried(answer: Json) -> list[Carried]:
    """The posts of an API answer, parsed; nothing is verified yet."""
    return reading(lambda: [_carried(one) for one in answer["posts"]])


def verify_chain(
    trust: Trust, posts: list[Carried], table: Json, viewer: Viewer, case: bytes
) -> tuple[Chain, list[Act]]:
    """Add every post to a fresh chain; whatever does not follow is the server's lie."""
    if not posts or posts[0].post.head["case"] != b64(case):
        raise ClientError("server_lies")
    _fetch_channels(trust, posts)
    chain = Chain(trust.zone, trust.directories, table, viewer=viewer)
    try:
        return chain, [chain.add(one.post) for one in posts]
    except EnvelopeError as refused:
        raise ClientError("server_lies", why=refused.code) from None


def _fetch_channels(trust: Trust, posts: list[Carried]) -> None:
    """The case's channel in every directory its posts name; a directory we do not know is asked for once."""
    channel = str(posts[0].post.fields.get("channel", ""))
    named = {one.post.head["dir"] for one in posts}
    if any(trust.directories.by_hash(name) is None for name in named):
        trust.refresh()
    for name in named:
        trust.channel(name, channel)


def open_keys(reader: Party, posts: list[Carried]) -> Keys:
    """Every item key, whole or half, that a grant of this case gives the reader."""
    entries = {entry["id"]: entry for one in posts for entry in one.post.items}
    found: Keys = {}
    for one in posts:
        for row, sealed in one.grants.items():
            for item, part, key in _granted(reader, one.post, row, sealed):
                if part == 0 or _half_fits(entries.get(item), part, key):
                    found.setdefault(item, {})[part] = key
    return found


def open_items(reader: Party, posts: list[Carried], keys: Keys) -> list[Opened]:
    """Every item whose blob came along and whose key is held, in the order of the posts."""
    blobs = {name: blob for one in posts for name, blob in one.items.items()}
    return [
        _open(reader, one.post, index, whole, blobs[entry["id"]])
        for one in posts
        for index, entry in enumerate(one.post.items)
        if (whole := _whole(keys.get(entry["id"], {}))) and entry["id"] in blobs
    ]


def _open(reader: Party, post: Post, index: int, key: bytes, blob: bytes) -> Opened:
    entry, pid = post.items[index], unb64(post.pid, 16)
    try:
        meta, body = open_item(reader.zone, reader.case, post.author, pid, index, entry, key, blob)
    except EnvelopeError:
        return Opened(entry["comp"], index, post.hash, post.kind, post.author, EMPTY, b"", broken=True)
    return Opened(entry["comp"], index, post.hash, post.kind, post.author, meta, body)


def _granted(reader: Party, post: Post, row: int, sealed: bytes) -> list[Key]:
    entry, pid = reading(lambda: post.grants[row]), unb64(post.pid, 16)
    if entry["to"] != reader.name:
        raise ClientError("server_lies")
    try:
        return open_grant(reader.zone, reader.case, post.author, pid, reader.name, reader.keys, entry, sealed)
    except EnvelopeError:
        return []  # its author lied, or the server did: what it was to open stays closed and is not listed


def _half_fits(entry: dict[str, Any] | None, part: int, half: bytes) -> bool:
    if entry is None:
        return False
    try:
        check_half(entry, part, half)
    except EnvelopeError:
        return False
    return True


def _whole(parts: Mapping[int, bytes]) -> bytes:
    if 0 in parts:
        return parts[0]
    return join_halves(parts[1], parts[2]) if 1 in parts and 2 in parts else b""


def _carried(one: Json) -> Carried:
    body = one["body"]
    return Carried(
        parse_post(one["head"].encode(), unb64(one["sig"], 64), body.encode() if body else None),
        (one["receipt"]["bytes"].encode(), unb64(one["receipt"]["sig"], 64)),
        {int(row): unb64(sealed) for row, sealed in one["grants"].items()},
        {name: unb64(blob) for name, blob in one["items"].items()},
    )

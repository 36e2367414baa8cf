"""Reading a fetched case: the chain verified post by post, then every item this reader was given a key to.

What was sealed is hostile input, whoever sealed it: an item or a grant that does not open, or holds what no writer of
ours seals there, is that item's fault alone. It is listed as broken, with whose it is, and the rest is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.sealing import Party
from whistle.client.trust import Trust
from whistle.client.wire import Signed, reading
from whistle.core import contents
from whistle.core.errors import RuleError
from whistle.crypto.chain import Act, Chain, Viewer
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import Key, open_grant
from whistle.crypto.items import check_half, join_halves, open_item
from whistle.crypto.posts import LARGEST_INLINE, Post, parse_post

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
    """One item in clear. `text` is a text item's words, "" for a file; `document` and `data` what a JSON item is and
    says, as contents.json allows it there. `broken` when its author sealed what does not open or says nothing of the
    kind, or granted a key that opens nothing: shown with whose it is, never read. `key` opened it, b"" for none.
    `apart`: a large file, whose `length` bytes are fetched slice by slice when somebody wants it (`fetching`); `spare`:
    further keys that grants gave of it, for which of them opens it is known from its first slice alone. `given`: of
    what no key opens, the later posts that handed this reader one: whoever signed them hands it over again."""

    id: str
    comp: str
    index: int
    post: str
    kind: str
    author: str
    meta: Mapping[str, Any]
    body: bytes
    broken: bool = False
    text: str = ""
    document: str = ""
    data: Any = None
    key: bytes = field(default=b"", repr=False)
    apart: bool = False
    length: int = 0
    given: tuple[str, ...] = ()
    spare: tuple[bytes, ...] = field(default=(), repr=False)


# Item to part to every key that some grant gives for it: a colleague's later, spoiled one puts out no good one.
Keys = dict[str, dict[int, list[bytes]]]


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
    """Every item key, whole or half, that a grant of this case gives the reader; a half is checked on arrival."""
    entries = {entry["id"]: entry for one in posts for entry in one.post.items}
    found: Keys = {}
    for one in posts:
        for row, sealed in one.grants.items():
            for item, part, key in _granted(reader, one.post, row, sealed):
                if part == 0 or _half_fits(entries.get(item), part, key):
                    known = found.setdefault(item, {}).setdefault(part, [])
                    known.extend([] if key in known else [key])
    return found


def open_items(reader: Party, posts: list[Carried], keys: Keys) -> list[Opened]:
    """Every item whose key was granted to the reader, in the order of the posts: opened, or broken.

    Of an item of which he was granted one half only nothing is listed, unless that half is spoiled. What is too large
    to come along is listed apart, with the key that opens it."""
    blobs = {name: blob for one in posts for name, blob in one.items.items()}
    parts, givers = _listed(reader.name, posts), _givers(reader.name, posts)
    found = []
    for one in posts:
        for index, entry in enumerate(one.post.items):
            mine, known = parts.get(entry["id"], set()), keys.get(entry["id"], {})
            blob = blobs.get(entry["id"], b"")
            if mine and not (_is_half(mine) and mine <= set(known)):
                item = _open(reader, one.post, index, _wholes(known), blob)
                by = givers[item.id] if item.broken and not item.key else []
                found.append(replace(item, given=tuple(each for each in by if each != item.post)))
    return found


def _listed(name: str, posts: list[Carried]) -> dict[str, set[int]]:
    """Item to the parts of its key that signed grants promise this reader."""
    promised: dict[str, set[int]] = {}
    for one in posts:
        for entry in one.post.grants:
            for item, part in entry["items"] if entry["to"] == name else ():
                promised.setdefault(item, set()).add(part)
    return promised


def _givers(name: str, posts: list[Carried]) -> dict[str, list[str]]:
    """Item to the hashes of the posts that promise this reader a part of its key."""
    found: dict[str, list[str]] = {}
    for one in posts:
        for item in {item for entry in one.post.grants if entry["to"] == name for item, _ in entry["items"]}:
            found.setdefault(item, []).append(one.post.hash)
    return found


def _is_half(parts: set[int]) -> bool:
    return parts in ({1}, {2})


def _wholes(known: Mapping[int, list[bytes]]) -> Iterator[bytes]:
    """Every key that may open the item; identity halves join to one."""
    yield from known.get(0, ())
    if 1 in known and 2 in known:
        yield join_halves(known[1][0], known[2][0])


def _open(reader: Party, post: Post, index: int, keys: Iterator[bytes], blob: bytes) -> Opened:
    """The item by the first key that opens it."""
    entry, pid = post.items[index], unb64(post.pid, 16)
    place = (entry["id"], entry["comp"], index, post.hash, post.kind, post.author)
    if entry["len"] > LARGEST_INLINE:
        key, spare = next(keys, b""), tuple(keys)
        return Opened(*place, EMPTY, b"", broken=not key, key=key, spare=spare, apart=True, length=entry["len"])
    for key in keys:
        try:
            meta, body = open_item(reader.zone, reader.case, post.author, pid, index, entry, key, blob)
        except EnvelopeError:
            continue
        try:
            said = contents.parse(post.kind, entry["comp"], meta, body)
        except RuleError:
            return Opened(*place, EMPTY, b"", broken=True, key=key)
        return Opened(*place, meta, body, text=said.text, document=said.document, data=said.data, key=key)
    return Opened(*place, EMPTY, b"", broken=True)


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


def _carried(one: Json) -> Carried:
    body = one["body"]
    return Carried(
        parse_post(one["head"].encode(), unb64(one["sig"], 64), body.encode() if body else None),
        (one["receipt"]["bytes"].encode(), unb64(one["receipt"]["sig"], 64)),
        {int(row): unb64(sealed) for row, sealed in one["grants"].items()},
        {name: unb64(blob) for name, blob in one["items"].items()},
    )

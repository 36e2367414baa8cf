"""Posts: a signed head, a body it binds by hash, and how both travel (section 2, POST and UPLOAD).

A post is parsed here by itself; whether it may stand in its case is `chain`'s question.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from whistle.crypto import strict
from whistle.crypto.encoding import SUITE, Tag, b64, tagged
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import check_grant, grant_size
from whistle.crypto.items import COMPARTMENTS, check_blob, check_length
from whistle.crypto.keys import KeyPair
from whistle.crypto.kinds import FIELDS
from whistle.crypto.strict import Check, Document

REPORTER = "reporter"
LARGEST_INLINE = 65_536

HEAD = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "case": strict.raw(32),
            "no": strict.integer,
            "prev": strict.raw(32),
            "last": strict.raw(32),
            "dir": strict.raw(32),
            "author": strict.either(REPORTER, strict.raw(16)),
            "pid": strict.raw(16),
            "vis": strict.one_of(["all", "office"]),
            "when": strict.text(17),
            "body": strict.raw(32),
        }
    ),
    1_024,
)

_HASH = strict.raw(32)
KINDS = tuple(FIELDS)


def _item(value: Any) -> None:
    _ENTRY(value)
    if (value["comp"] == "identity") != ("halves" in value):
        strict.malformed()
    check_length(value["comp"], value["len"])


def _grant(value: Any) -> None:
    _GRANT(value)
    if value["len"] != grant_size(len(value["items"])):
        strict.malformed()


_ENTRY = strict.record(
    {
        "id": _HASH,
        "comp": strict.one_of(COMPARTMENTS),
        "len": strict.integer,
        "tree": _HASH,
        "halves": strict.pair(_HASH, _HASH),
    },
    optional="halves",
)
_GRANT = strict.record(
    {
        "to": strict.either(REPORTER, strict.raw(16)),
        "items": strict.array(strict.pair(_HASH, strict.one_of([0, 1, 2]))),
        "len": strict.integer,
        "hash": _HASH,
    }
)


def _schema(kind: str) -> strict.Schema:
    fields: dict[str, Check] = {
        "v": strict.one_of([1]),
        "salt": strict.raw(16),
        "kind": strict.one_of([kind]),
    }
    lists = {"items": strict.array(_item), "grants": strict.array(_grant)}
    return strict.Schema(strict.record(fields | FIELDS[kind] | lists), 65_536)


BODY = {kind: _schema(kind) for kind in KINDS}


@dataclass(frozen=True)
class Post:
    """One post, parsed. Without its body (withheld or destroyed) only the head speaks and `kind` is ""."""

    head_bytes: bytes
    sig: bytes
    body_bytes: bytes | None
    head: Document = field(repr=False)
    body: Document = field(repr=False)
    hash: str

    @property
    def kind(self) -> str:
        return str(self.body.get("kind", ""))

    @property
    def vis(self) -> str:
        return str(self.head["vis"])

    @property
    def author(self) -> str:
        return str(self.head["author"])

    @property
    def pid(self) -> str:
        return str(self.head["pid"])

    @property
    def no(self) -> int:
        return int(self.head["no"])

    @property
    def when(self) -> str:
        return str(self.head["when"])

    @cached_property
    def day(self) -> str:
        """The zone's day (UTC+08:00) of `when`."""
        return strict.zone_day(self.when)

    @cached_property
    def fields(self) -> Document:
        """The public fields of the kind."""
        return {name: self.body[name] for name in FIELDS.get(self.kind, ())}

    @property
    def items(self) -> list[Document]:
        return list(self.body.get("items", ()))

    @property
    def grants(self) -> list[Document]:
        return list(self.body.get("grants", ()))


def head_hash(head_bytes: bytes) -> str:
    """The hash of a head: 'post hash' everywhere."""
    return b64(tagged(Tag.HEAD, head_bytes))


def body_hash(body_bytes: bytes) -> str:
    """What the head binds its body by."""
    return b64(tagged(Tag.BODY, body_bytes))


def facts_hash(body: bytes) -> str:
    """What `award.propose` says of its sealed facts; their salt keeps the fine from being guessed."""
    return b64(tagged(Tag.FACTS, body))


def parse_post(head_bytes: bytes, sig: bytes, body_bytes: bytes | None) -> Post:
    """A post whose head and body are strict and belong together; signature and chain are not checked here."""
    head = strict.parse(HEAD, head_bytes)
    (strict.day if head["author"] == REPORTER else strict.minute)(head["when"])
    if len(sig) != 64:
        strict.malformed()
    if body_bytes is not None and body_hash(body_bytes) != head["body"]:
        raise EnvelopeError("wrong_body")
    body = parse_body(body_bytes) if body_bytes is not None else {}
    return Post(head_bytes, sig, body_bytes, head, body, head_hash(head_bytes))


def parse_body(data: bytes) -> Document:
    """A body of a known kind, with its fields, items and grants."""
    body = strict.read(data, 65_536)
    kind = body.get("kind")
    if type(kind) is not str or kind not in BODY:
        strict.malformed()
    BODY[kind].check(body)
    return body


def draft_body(
    kind: str,
    fields: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]] = (),
    grants: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """The bytes of a body, under a fresh salt: without it a destroyed body could be guessed from its hash."""
    if kind not in BODY:
        raise EnvelopeError("malformed")
    body: Document = {"v": 1, "salt": b64(os.urandom(16)), "kind": kind}
    body |= {name: fields[name] for name in FIELDS[kind] if name in fields}
    if set(fields) - set(FIELDS[kind]):
        strict.malformed()
    body |= {"items": [dict(entry) for entry in items], "grants": [dict(entry) for entry in grants]}
    return strict.dump(BODY[kind], body)


def sign_post(keypair: KeyPair, head: Mapping[str, Any], body_bytes: bytes) -> Post:
    """Sign a head over a body.

    `head` gives zone, case, no, prev, last, dir, author, pid, vis, when; after a conflict it alone changes.
    """
    whole: Document = {"v": 1, "suite": SUITE}
    whole |= {name: head[name] for name in _HEAD_FIELDS}
    whole["body"] = body_hash(body_bytes)
    head_bytes = strict.dump(HEAD, whole)
    return parse_post(head_bytes, keypair.sign(Tag.POST, head_bytes), body_bytes)


_HEAD_FIELDS = ("zone", "case", "no", "prev", "last", "dir", "author", "pid", "vis", "when")


@dataclass(frozen=True)
class Upload:
    """A post as it arrives: every grant in body order, and the blobs of all items of 64 KiB or less by id."""

    post: Post
    grants: list[bytes]
    items: dict[str, bytes]


def pack_upload(post: Post, grants: Iterable[bytes], items: Mapping[str, bytes]) -> bytes:
    """The application/octet-stream of one post; `items` are blobs by id, larger ones stay out."""
    blobs = [items.get(entry["id"]) for entry in post.items if entry["len"] <= LARGEST_INLINE]
    parts = [post.head_bytes, post.sig, post.body_bytes, *grants, *blobs]
    if len(parts) != 3 + len(post.grants) + len(blobs):
        strict.malformed()
    return b"".join(len(part).to_bytes(4, "big") + part for part in _all_there(parts))


def _all_there(parts: Iterable[bytes | None]) -> Iterator[bytes]:
    for part in parts:
        if part is None:
            strict.malformed()
        yield part


def unpack_upload(data: bytes) -> Upload:
    """The post that arrived: grants and blobs are the bytes its body names, text is NFC, nothing after."""
    parts = _split(data)
    if len(parts) < 3:
        strict.malformed()
    post = parse_post(*parts[:3])
    strict.check_nfc(post.body)
    inline = [entry for entry in post.items if entry["len"] <= LARGEST_INLINE]
    if len(parts) != 3 + len(post.grants) + len(inline):
        strict.malformed()
    grants, blobs = parts[3 : 3 + len(post.grants)], parts[3 + len(post.grants) :]
    for entry, sealed in zip(post.grants, grants, strict=True):
        check_grant(entry, sealed)
    for entry, blob in zip(inline, blobs, strict=True):
        check_blob(entry, blob)
    return Upload(post, grants, {entry["id"]: blob for entry, blob in zip(inline, blobs, strict=True)})


def _split(data: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(data):
        start = at + 4
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            strict.malformed()
        parts.append(data[start:at])
    return parts

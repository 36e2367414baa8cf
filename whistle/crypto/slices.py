"""Large items slice by slice: sealed from a stream, opened in order, never whole in memory.

The bytes are those of `items` (envelope.md, Item and Slices): a slice is 1 MiB of the blob, the entry's `tree` is the
hash of the slices' hashes, so each slice can be checked against what the author signed before it is opened.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from whistle.crypto import strict
from whistle.crypto.encoding import b64, digest, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import (
    COMMITMENT,
    META,
    SALT,
    SLICE,
    Entry,
    blob_size,
    item_context,
    padded_size,
)

HASH = 32


@dataclass(frozen=True)
class Place:
    """Where an item stands: zone and case (bytes), author (rid or `reporter`), pid (bytes), index in its post."""

    zone: bytes
    case: bytes
    author: str
    pid: bytes
    index: int

    def context(self, comp: str) -> bytes:
        return item_context(self.zone, self.case, self.author, self.pid, comp, self.index)


@dataclass(frozen=True)
class Shape:
    """What is known of a file before its first byte: compartment, name, type, size of the body in bytes."""

    comp: str
    name: str
    type: str
    size: int

    def head(self) -> bytes:
        """Length of the meta ‖ meta: what stands before the body."""
        meta = strict.dump(META, {"name": self.name, "type": self.type, "size": self.size})
        return len(meta).to_bytes(4, "big") + meta

    def padded(self) -> int:
        """Length of the whole plaintext. Raises EnvelopeError for a compartment that takes no file."""
        return padded_size(self.comp, self.name, len(self.head()) + self.size)

    def blob(self) -> int:
        """Length of the whole blob: what is declared before the first slice is sent."""
        return blob_size(self.padded())


def count(length: int) -> int:
    """How many slices a blob of this length has; the last is the rest."""
    return -(-length // SLICE)


def tree_of(hashes: bytes) -> str:
    """The `tree` of the hashes of all slices, 32 bytes each, in order."""
    return b64(digest(hashes))


@dataclass
class SliceSealer:
    """Seals one file from a stream of known size. `key` is for the grants; `entry` stands once `slices` is used up."""

    place: Place
    shape: Shape
    random: Callable[[int], bytes] = os.urandom
    key: bytes = field(init=False, repr=False)
    entry: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.key = self.random(32)

    def slices(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The blob in slices. `pieces` are the body: more or fewer bytes than the shape says are refused, once."""
        sealer = Cobblestone256Encryptor(self.key, self.place.context(self.shape.comp))
        hashes, name, length = bytearray(), b"", 0
        for each in _cut(_sealed(sealer, self._plain(pieces))):
            name = name or each[SALT : SALT + COMMITMENT]
            hashes += digest(each)
            length += len(each)
            yield each
        self.entry = {"id": b64(name), "comp": self.shape.comp, "len": length, "tree": tree_of(bytes(hashes))}

    def _plain(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        head, left = self.shape.head(), self.shape.size
        yield head
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise EnvelopeError("changed")
            yield piece
        if left:
            raise EnvelopeError("changed")
        zeros = self.shape.padded() - len(head) - self.shape.size
        yield from (bytes(min(SLICE, zeros - at)) for at in range(0, zeros, SLICE))


def _sealed(sealer: Cobblestone256Encryptor, plain: Iterator[bytes]) -> Iterator[bytes]:
    for piece in plain:
        yield sealer.update(piece)
    yield sealer.finalize()


def _cut(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in slices of 1 MiB, the last one what is left."""
    kept = bytearray()
    for piece in pieces:
        kept += piece
        while len(kept) >= SLICE:
            yield bytes(kept[:SLICE])
            del kept[:SLICE]
    if kept:
        yield bytes(kept)


class SliceOpener:
    """Opens one item in order. No slice is opened before it is checked against the tree that the author signed.

    `hashes` are the hashes of all slices as the server gives them: they must hash to the entry's tree. What `add`
    gives out is body, each byte authenticated; whether the padding is as it must be is known only from `finish`, so
    nothing is kept for good before it. Every method raises EnvelopeError and nothing else.
    """

    def __init__(self, place: Place, entry: Entry, key: bytes, hashes: bytes) -> None:
        if len(hashes) != HASH * count(entry["len"]) or tree_of(hashes) != entry["tree"]:
            raise EnvelopeError("wrong_item")
        self.entry = entry
        self.meta: dict[str, Any] = {}
        self._hashes = hashes
        self._next = 0
        self._seen = 0  # bytes of plaintext so far
        self._kept = b""  # of the plaintext, until the meta is whole
        try:
            self._opener = Cobblestone256Decryptor(key, place.context(entry["comp"]))
        except ValueError:
            raise EnvelopeError("cannot_open") from None

    def add(self, piece: bytes) -> bytes:
        """The next slice's share of the body."""
        if digest(piece) != self._hashes[self._next * HASH : (self._next + 1) * HASH]:
            raise EnvelopeError("wrong_item")
        if self._next == 0 and piece[SALT : SALT + COMMITMENT] != unb64(self.entry["id"], COMMITMENT):
            raise EnvelopeError("wrong_item")
        self._next += 1
        return self._body(self._opened(lambda: self._opener.update(piece)))

    def finish(self) -> bytes:
        """The last share of the body, once every slice was added; the zeros and the padded length hold."""
        if self._next * HASH != len(self._hashes):
            raise EnvelopeError("wrong_item")
        rest = self._body(self._opened(self._opener.finalize))
        if not self.meta or padded_size(self.entry["comp"], self.meta["name"], self._end) != self._seen:
            raise EnvelopeError("malformed")
        return rest

    @property
    def _end(self) -> int:
        return self._start + int(self.meta["size"])

    def _opened(self, step: Callable[[], bytes]) -> bytes:
        try:
            return step()
        except (InvalidTag, ValueError):
            raise EnvelopeError("cannot_open") from None

    def _body(self, plain: bytes) -> bytes:
        """What of the plaintext is body: behind the meta, before the zeros."""
        if not self.meta:
            self._kept += plain
            if not self._read_meta():
                return b""
            plain, self._kept = self._kept, b""
        at, self._seen = self._seen, self._seen + len(plain)
        first, last = max(self._start - at, 0), max(self._end - at, 0)
        if plain[last:].strip(b"\0"):
            raise EnvelopeError("malformed")
        return plain[first:last]

    def _read_meta(self) -> bool:
        """Whether the meta is whole, and then what it says."""
        if len(self._kept) < 4:
            return False
        self._start = 4 + int.from_bytes(self._kept[:4], "big")
        if self._start > 4 + META.limit:
            raise EnvelopeError("malformed")
        if len(self._kept) < self._start:
            return False
        self.meta = strict.parse(META, self._kept[4 : self._start])
        return True

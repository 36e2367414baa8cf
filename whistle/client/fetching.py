"""Large files out of a case: fetched and opened slice by slice, each checked against what its author signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.reading import Opened
from whistle.client.view import View
from whistle.core import filetypes
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import SLICE
from whistle.crypto.slices import Place, SliceOpener

Piece = Callable[[int, int], bytes]  # first and last byte of the blob


@dataclass
class Fetched:
    """A large file on its way. `meta` stands once the first piece came; nothing may be kept before the last did."""

    openers: list[SliceOpener]  # one for each key that some grant gave
    length: int
    fetch: Piece = field(repr=False)

    @property
    def meta(self) -> dict[str, Any]:
        return self.openers[0].meta

    def pieces(self) -> Iterator[bytes]:
        """The body in order. Raises ClientError("broken") where a slice, or the end, is not as it was signed."""
        try:
            for first in range(0, self.length, SLICE):
                yield self._add(self.fetch(first, min(first + SLICE, self.length) - 1))
            yield self.openers[0].finish()
        except EnvelopeError:
            raise ClientError("broken") from None

    def _add(self, piece: bytes) -> bytes:
        """By the first key that opens it; a false one that somebody granted is left behind with the first slice."""
        try:
            return self.openers[0].add(piece)
        except EnvelopeError:
            if len(self.openers) == 1:
                raise
            del self.openers[0]
        return self._add(piece)


def fetched(view: View, item: Opened, hashes: bytes, fetch: Piece, zone: bytes) -> Fetched:
    """A large item of a verified case. Raises ClientError("server_lies") for hashes the author did not sign."""
    post = next(one.post for one in view.posts if one.post.hash == item.post)
    place = Place(zone, unb64(view.case, 32), item.author, unb64(post.pid, 16), item.index)
    try:
        openers = [SliceOpener(place, post.items[item.index], key, hashes) for key in (item.key, *item.spare)]
    except EnvelopeError:
        raise ClientError("server_lies") from None
    return Fetched(openers, item.length, fetch)


def save(folder: Path, number: int, pieces: Iterator[bytes]) -> Path:
    """Writes a file under a plain name: its own may say anything. The type is told by its bytes.

    Raises ClientError("file_there") instead of overwriting; what broke off or was broken is not left behind."""
    first = next(pieces, b"")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / filetypes.plain_name(filetypes.type_of(first), number, "en").replace(" ", "-")
    try:
        with path.open("xb") as file:
            file.write(first)
            for piece in pieces:
                file.write(piece)
    except FileExistsError:
        raise ClientError("file_there", name=path.name) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path

"""Files on their way: told by their bytes, cleaned where that can be done, sealed slice by slice, sent part by part."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from whistle.client import pictures
from whistle.client.errors import ClientError
from whistle.client.sealing import Items, Party, Piece
from whistle.core import filetypes
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import SLICE, Part, SealedItem, seal_item
from whistle.crypto.posts import LARGEST_INLINE
from whistle.crypto.slices import Place, Shape, SliceSealer


@dataclass(frozen=True)
class Attachment:
    """A file as it will be sealed. `cleaned`: what it said of place, time and device was cut; else it may say it."""

    name: str
    type: str
    size: int
    cleaned: bool
    pieces: Callable[[], Iterator[bytes]]


class Parts(Protocol):
    """Where parts go before their post: `name` is that of the header Whistle-Part."""

    def put(self, name: str, data: bytes, pid: bytes, length: int) -> None:
        """Deliver one part; the first also pays for the whole `length`."""


def attachment(path: Path, number: int = 1, language: str = "zh") -> Attachment:
    """The file at `path` under a plain name. Raises ClientError: file_gone, file_empty, file_type, file_large."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            found = _taken(file.read(filetypes.LOOKED_AT), size)
    except OSError:
        raise ClientError("file_gone") from None
    if pictures.is_cleanable(found):
        return held_attachment(path.read_bytes(), number, language)
    name = filetypes.plain_name(found, number, language)
    return Attachment(name, found, size, False, lambda: _read(path))


def held_attachment(data: bytes, number: int = 1, language: str = "zh") -> Attachment:
    """The same for a file that is in memory. Raises ClientError: file_empty, file_type, file_large, file_broken."""
    found = _taken(data[: filetypes.LOOKED_AT], len(data))
    name = filetypes.plain_name(found, number, language)
    if not pictures.is_cleanable(found):
        return Attachment(name, found, len(data), False, lambda: iter([data]))
    try:
        cleaned = pictures.cleaned(data)
    except pictures.NotAPicture:
        raise ClientError("file_broken") from None
    return Attachment(name, found, len(cleaned), True, lambda: iter([cleaned]))


def _taken(start: bytes, size: int) -> str:
    """The type of a file that begins so and has so many bytes."""
    found = filetypes.type_of(start)
    if not size:
        raise ClientError("file_empty")
    if not found:
        raise ClientError("file_type")
    most = filetypes.table()["sorts"][filetypes.sort_of(found)]["most"]
    if size > most:
        raise ClientError("file_large", most=most // 1_000_000)
    return found


def seal_with(
    writer: Party,
    pieces: Sequence[Piece],
    files: Sequence[tuple[str, Attachment]],
    parts: Parts,
    pid: bytes = b"",
    slots: Sequence[str] = (),
) -> Items:
    """The items of a post with files, each with its compartment, where `slots`, the table's items of the kind, have
    room for them. Large ones are sent already; `pid` is drawn where none is given."""
    pid, placed = pid or os.urandom(16), _placed(pieces, files, slots)
    return Items(pid, tuple(_item(writer, pid, at, comp, one, parts) for at, (comp, one) in enumerate(placed)))


def _placed(
    pieces: Sequence[Piece], files: Sequence[tuple[str, Attachment]], slots: Sequence[str]
) -> list[tuple[str, Piece | Attachment]]:
    """A file stands behind the texts of its compartment and of those before it, in front of those after it."""
    rank = {slot.rstrip("*"): at for at, slot in enumerate(slots)}
    found: list[tuple[str, Piece | Attachment]] = [(one.comp, one) for one in pieces]
    for comp, file in files:
        here = rank.get(comp, 0)
        last = max((at for at, (there, _) in enumerate(found) if rank.get(there, 0) <= here), default=-1)
        found.insert(last + 1, (comp, file))
    return found


def _item(writer: Party, pid: bytes, index: int, comp: str, one: Piece | Attachment, parts: Parts) -> SealedItem:
    if isinstance(one, Attachment):
        return _seal(writer, pid, index, comp, one, parts)
    part = Part(comp, one.name, one.type, one.body)
    return seal_item(writer.zone, writer.case, writer.name, pid, index, part)


def _seal(writer: Party, pid: bytes, index: int, comp: str, file: Attachment, parts: Parts) -> SealedItem:
    shape = Shape(comp, file.name, file.type, file.size)
    if shape.blob() <= LARGEST_INLINE:
        part = Part(comp, file.name, file.type, b"".join(file.pieces()))
        return seal_item(writer.zone, writer.case, writer.name, pid, index, part)
    sealer = SliceSealer(Place(writer.zone, writer.case, writer.name, pid, index), shape)
    try:
        for n, each in enumerate(sealer.slices(file.pieces())):
            parts.put(f"{b64(pid)}.{index}.{n}.{shape.blob()}", each, pid, shape.blob())
    except EnvelopeError as error:
        if error.code != "changed":
            raise
        raise ClientError("file_changed") from None
    return SealedItem(sealer.entry, b"", sealer.key)


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(SLICE):
                yield piece
    except OSError:
        raise ClientError("file_gone") from None

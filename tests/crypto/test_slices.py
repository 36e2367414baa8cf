"""Files sealed and opened slice by slice: the same bytes as an item sealed whole, checked before they are opened."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crypto import cobblestone
from whistle.crypto import items, slices
from whistle.crypto.encoding import b64, digest
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import SLICE
from whistle.crypto.slices import Place, Shape, SliceOpener, SliceSealer

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "slices.json").read_text(encoding="utf-8"))
FILES = VECTORS["files"]
BY_TITLE = pytest.mark.parametrize("file", FILES, ids=lambda file: file["title"])


def body_of(file: dict[str, Any]) -> bytes:
    return (bytes(range(251)) * (file["size"] // 251 + 1))[: file["size"]]


def place_of(file: dict[str, Any]) -> Place:
    zone, case, pid = (bytes.fromhex(VECTORS[name]) for name in ("zone", "case", "pid"))
    return Place(zone, case, file["author"], pid, file["index"])


def shape_of(file: dict[str, Any]) -> Shape:
    return Shape(file["comp"], file["name"], file["type"], file["size"])


def entry_of(file: dict[str, Any]) -> dict[str, Any]:
    return {name: file[name] for name in ("id", "comp", "len", "tree")}


def blob_of(file: dict[str, Any], plain: bytes | None = None) -> bytes:
    """The vector's blob, made by a construction that is not the program's."""
    whole = shape_of(file).head() + body_of(file)
    whole += bytes(shape_of(file).padded() - len(whole))
    context = place_of(file).context(file["comp"])
    return cobblestone.seal(bytes.fromhex(file["key"]), context, bytes.fromhex(file["salt"]), plain or whole)


def cut(blob: bytes) -> list[bytes]:
    return [blob[at : at + SLICE] for at in range(0, len(blob), SLICE)]


def hashes_of(blob: bytes) -> bytes:
    return b"".join(digest(each) for each in cut(blob))


def forged(blob: bytes) -> dict[str, Any]:
    """An entry that an author signs over whatever he sealed."""
    return {"id": b64(blob[24:56]), "comp": "report", "len": len(blob), "tree": slices.tree_of(hashes_of(blob))}


def opened(opener: SliceOpener, parts: list[bytes]) -> bytes:
    return b"".join([*(opener.add(part) for part in parts), opener.finish()])


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


@BY_TITLE
def test_the_vectors_open_slice_by_slice(file: dict[str, Any]) -> None:
    blob = blob_of(file)
    assert [digest(each).hex() for each in cut(blob)] == file["slices"]
    assert b64(items.tree(blob)) == file["tree"] and len(blob) == file["len"] == shape_of(file).blob()
    opener = SliceOpener(place_of(file), entry_of(file), bytes.fromhex(file["key"]), hashes_of(blob))
    assert opened(opener, cut(blob)) == body_of(file)
    assert opener.meta == {"name": file["name"], "type": file["type"], "size": file["size"]}


@BY_TITLE
@pytest.mark.parametrize("step", [SLICE, 700_001])
def test_what_is_sealed_in_slices_opens_whole_and_in_slices(file: dict[str, Any], step: int) -> None:
    place, sealer = place_of(file), SliceSealer(place_of(file), shape_of(file))
    parts = list(sealer.slices(pieces(body_of(file), step)))
    assert all(len(part) == SLICE for part in parts[:-1]) and len(parts) == slices.count(sealer.entry["len"])
    items.check_length(file["comp"], sealer.entry["len"])
    meta, body = items.open_item(
        place.zone, place.case, place.author, place.pid, place.index, sealer.entry, sealer.key, b"".join(parts)
    )
    assert (meta["size"], body) == (file["size"], body_of(file))
    assert opened(SliceOpener(place, sealer.entry, sealer.key, hashes_of(b"".join(parts))), parts) == body


NINE = FILES[-1]


def test_nothing_is_opened_from_a_wrong_slice_on() -> None:
    blob = blob_of(NINE)
    opener = SliceOpener(place_of(NINE), entry_of(NINE), bytes.fromhex(NINE["key"]), hashes_of(blob))
    parts = cut(blob)
    before = b"".join(opener.add(part) for part in parts[:4])
    wrong = bytes([parts[4][0] ^ 1]) + parts[4][1:]
    with pytest.raises(EnvelopeError, match="wrong_item"):
        opener.add(wrong)
    assert body_of(NINE).startswith(before)


def test_slices_come_in_order_and_all_of_them() -> None:
    blob = blob_of(NINE)
    start = lambda: SliceOpener(place_of(NINE), entry_of(NINE), bytes.fromhex(NINE["key"]), hashes_of(blob))  # noqa: E731
    with pytest.raises(EnvelopeError, match="wrong_item"):
        start().add(cut(blob)[1])
    short = start()
    for part in cut(blob)[:-1]:
        short.add(part)
    with pytest.raises(EnvelopeError, match="wrong_item"):
        short.finish()


@pytest.mark.parametrize("change", ["hash", "number", "tree", "len"])
def test_a_list_of_slices_that_the_author_did_not_sign_is_refused(change: str) -> None:
    entry, hashes = entry_of(NINE), hashes_of(blob_of(NINE))
    if change == "hash":
        hashes = bytes([hashes[0] ^ 1]) + hashes[1:]
    elif change == "number":
        hashes = hashes[:-32]
    elif change == "tree":
        entry["tree"] = b64(bytes(32))
    else:
        entry["len"] += SLICE
    with pytest.raises(EnvelopeError, match="wrong_item"):
        SliceOpener(place_of(NINE), entry, bytes.fromhex(NINE["key"]), hashes)


def test_another_key_or_another_place_opens_nothing() -> None:
    blob = blob_of(NINE)
    here, key = place_of(NINE), bytes.fromhex(NINE["key"])
    elsewhere = Place(here.zone, here.case, here.author, here.pid, here.index + 1)
    for place, with_key in ((here, bytes(32)), (elsewhere, key)):
        opener = SliceOpener(place, entry_of(NINE), with_key, hashes_of(blob))
        with pytest.raises(EnvelopeError, match="cannot_open"):
            opener.add(cut(blob)[0])


def test_padding_that_is_not_zero_or_not_of_its_length_is_refused() -> None:
    """Whoever seals may sign what he likes: what is no file of the format is not taken for one."""
    file = FILES[1]
    used = shape_of(file).head() + body_of(file)
    for plain in (
        used + bytes(16_384 - len(used) - 1) + b"\1",
        used + bytes(17_408 - len(used)),
        (2_000).to_bytes(4, "big") + bytes(16_380),
        (20).to_bytes(4, "big") + b'{"name":"","type":""}' + bytes(16_359),
        b"\0\0",
    ):
        blob = blob_of(file, plain)
        with pytest.raises(EnvelopeError, match="malformed"):
            opened(SliceOpener(place_of(file), forged(blob), bytes.fromhex(file["key"]), hashes_of(blob)), cut(blob))


@pytest.mark.parametrize("there", [99, 101])
def test_a_file_that_changes_while_it_is_read_is_not_sealed(there: int) -> None:
    sealer = SliceSealer(place_of(NINE), Shape("work", "录像 1.mp4", "video/mp4", 100))
    with pytest.raises(EnvelopeError, match="changed"):
        list(sealer.slices([bytes(there)]))
    assert not sealer.entry


@pytest.mark.parametrize("comp", ["card", "identity", "award", "nowhere"])
def test_a_compartment_without_files_takes_none(comp: str) -> None:
    with pytest.raises(EnvelopeError, match="bad_compartment"):
        Shape(comp, "a.jpg", "image/jpeg", 3).blob()

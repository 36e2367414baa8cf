"""Items: sealed in their place, padded, opened nowhere else."""

import os
from typing import Any

import pytest

from tests.crypto import cobblestone
from tests.crypto.vectors import CASE, X1, ZONE, posts, raw
from whistle.crypto import items, strict
from whistle.crypto.encoding import b64, digest, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import Part, open_item, seal_item

PID = bytes(16)


def vector_blob(item: dict[str, Any]) -> bytes:
    meta = strict.dump(items.META, item["meta"])
    plain = len(meta).to_bytes(4, "big") + meta + item["body"].encode()
    plain += bytes(items.padded_size(item["entry"]["comp"], item["meta"]["name"], len(plain)) - len(plain))
    return cobblestone.seal(raw(item["key"]), raw(item["context"]), raw(item["salt"]), plain)


def carriers() -> list[tuple[Any, int]]:
    """Post and index of each item of the vectors, in their order."""
    return [(post, index) for post in posts() for index in range(len(post.items))]


@pytest.mark.parametrize("number", range(len(X1["items"])))
def test_the_vectors_open_where_they_stand(number: int) -> None:
    item, (post, index) = X1["items"][number], carriers()[number]
    blob = vector_blob(item)
    assert digest(blob).hex() == item["blob_sha256"] and blob.hex().startswith(item["blob_head"])
    assert post.items[index] == item["entry"]
    pid = unb64(post.pid)
    assert items.item_context(ZONE, CASE, post.author, pid, item["entry"]["comp"], index).hex() == item["context"]
    opened = open_item(ZONE, CASE, post.author, pid, index, item["entry"], raw(item["key"]), blob)
    assert opened == (item["meta"], item["body"].encode())


def test_the_halves_of_the_vectors_join_to_the_key() -> None:
    item = next(item for item in X1["items"] if "halves" in item["entry"])
    first = raw(item["half1"])
    second = bytes(a ^ b for a, b in zip(first, raw(item["key"]), strict=True))
    items.check_half(item["entry"], 1, first)
    items.check_half(item["entry"], 2, second)
    assert items.join_halves(first, second) == raw(item["key"])
    with pytest.raises(EnvelopeError, match="bad_half"):
        items.check_half(item["entry"], 2, first)


@pytest.mark.parametrize(
    "part",
    [
        Part("card", body=b"{}", type="application/json"),
        Part("report", body="三号仓库".encode()),
        Part("identity"),
        Part("report", "照片.jpg", "image/jpeg", os.urandom(40_000)),
        Part("payout", "劳动合同.pdf", "application/pdf", os.urandom(3)),
    ],
    ids=lambda part: f"{part.comp}-{part.name}",
)
def test_it_works(part: Part) -> None:
    sealed = seal_item(ZONE, CASE, "reporter", PID, 3, part)
    items.check_length(part.comp, sealed.entry["len"])
    meta, body = open_item(ZONE, CASE, "reporter", PID, 3, sealed.entry, sealed.key, sealed.blob)
    assert (meta, body) == ({"name": part.name, "type": part.type, "size": len(part.body)}, part.body)


def test_an_identity_opens_with_both_halves_only() -> None:
    sealed = seal_item(ZONE, CASE, "reporter", PID, 0, Part("identity", body=b"\xe6\x9d\x8e"))
    assert sealed.halves is not None
    for number, half in enumerate(sealed.halves, 1):
        items.check_half(sealed.entry, number, half)
        with pytest.raises(EnvelopeError):
            open_item(ZONE, CASE, "reporter", PID, 0, sealed.entry, half, sealed.blob)
    assert items.join_halves(*sealed.halves) == sealed.key


@pytest.mark.parametrize(("size", "padded"), X1["padme"])
def test_padme(size: int, padded: int) -> None:
    assert items.padme(size) == padded
    assert items.padme(padded) == padded


@pytest.mark.parametrize("comp", items.COMPARTMENTS)
def test_a_text_that_is_too_long_is_refused_and_never_cut(comp: str) -> None:
    room = items.TEXT_SIZES[comp] - 4 - len('{"name":"","type":"","size":1000}')
    seal_item(ZONE, CASE, "reporter", PID, 0, Part(comp, body=bytes(room - 5)))
    with pytest.raises(EnvelopeError, match="too_long"):
        seal_item(ZONE, CASE, "reporter", PID, 0, Part(comp, body=bytes(room + 5)))


@pytest.mark.parametrize("comp", ["card", "award", "identity"])
def test_no_file_in_a_compartment_of_texts(comp: str) -> None:
    with pytest.raises(EnvelopeError, match="bad_compartment"):
        seal_item(ZONE, CASE, "reporter", PID, 0, Part(comp, "a.jpg"))


def test_a_name_may_not_hide_its_direction() -> None:
    with pytest.raises(EnvelopeError):
        seal_item(ZONE, CASE, "reporter", PID, 0, Part("report", "gpj.\u202eexe"))


def test_every_text_of_a_compartment_is_as_long_as_any_other() -> None:
    lengths = {
        seal_item(ZONE, CASE, "reporter", PID, 0, Part("report", body=b"x" * n)).entry["len"] for n in (0, 1, 9_000)
    }
    assert lengths == {items.blob_size(16_384)}


@pytest.mark.parametrize(
    ("comp", "plain", "allowed"),
    [
        ("card", 4_096, True),
        ("card", 16_384, False),
        ("report", 16_384, True),
        ("report", 4_096, False),
        ("thread", 4_096, True),
        ("thread", 16_384, True),
        ("thread", 17_408, True),
        ("thread", 17_409, False),
        ("identity", 17_408, False),
        ("work", 503_316_480, True),
    ],
)
def test_only_permitted_padded_sizes_are_taken(comp: str, plain: int, allowed: bool) -> None:
    if allowed:
        items.check_length(comp, items.blob_size(plain))
    else:
        with pytest.raises(EnvelopeError, match="bad_length"):
            items.check_length(comp, items.blob_size(plain))


@pytest.mark.parametrize("size", [0, 1, 55, 56, 4_152, 4_167, 4_169, 16_440, 16_456])
def test_a_length_no_blob_has_is_refused(size: int) -> None:
    for comp in items.COMPARTMENTS:
        with pytest.raises(EnvelopeError, match="bad_length"):
            items.check_length(comp, size)


def test_a_blob_that_is_not_the_one_signed_is_not_opened() -> None:
    sealed = seal_item(ZONE, CASE, "reporter", PID, 0, Part("card", body=b"{}"))
    for blob in (
        sealed.blob[:-1],
        sealed.blob + b"\0",
        bytes(24) + sealed.blob[24:],
        sealed.blob[:-1] + b"\0",
    ):
        with pytest.raises(EnvelopeError, match="wrong_item"):
            open_item(ZONE, CASE, "reporter", PID, 0, sealed.entry, sealed.key, blob)


def own_item(plain: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """A writer who pads as he likes: entry, key and blob are consistent, the plaintext is his."""
    key = os.urandom(32)
    blob = cobblestone.seal(key, items.item_context(ZONE, CASE, "reporter", PID, "card", 0), os.urandom(24), plain)
    return (
        {"id": b64(blob[24:56]), "comp": "card", "len": len(blob), "tree": b64(items.tree(blob))},
        key,
        blob,
    )


META = b'{"name":"","type":"","size":2}'
START = len(META).to_bytes(4, "big") + META


@pytest.mark.parametrize(
    "plain",
    [
        START + b"{}" + bytes(4_096 - 36 + 16),
        START + b"{}" + bytes(4_096 - 37) + b"\x01",
        (4_000).to_bytes(4, "big") + bytes(4_092),
        b"\xff\xff\xff\xff" + bytes(4_092),
        START.replace(b":2}", b":9}") + b"{}",
        b"",
        b"\0\0",
    ],
)
def test_a_writer_who_pads_otherwise_is_refused(plain: bytes) -> None:
    entry, key, blob = own_item(plain)
    with pytest.raises(EnvelopeError):
        open_item(ZONE, CASE, "reporter", PID, 0, entry, key, blob)


def test_a_zero_half_is_neither_made_nor_taken() -> None:
    with pytest.raises(EnvelopeError, match="bad_half"):
        items.split(os.urandom(32), bytes)
    with pytest.raises(EnvelopeError, match="bad_half"):
        items.join_halves(bytes(32), os.urandom(32))


def test_the_tree_covers_every_slice() -> None:
    blob = bytes(items.SLICE) + b"\x01"
    assert items.tree(blob) == digest(digest(bytes(items.SLICE)) + digest(b"\x01"))

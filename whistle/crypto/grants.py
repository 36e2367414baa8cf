"""Grants: the keys of some items, sealed to one reader, bound to the post that gives them (section 2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from whistle.crypto.encoding import SUITE, Tag, b64, lp, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import SealedItem, author_bytes
from whistle.crypto.keys import ENCAPSULATION, KeyPair, seal

WHOLE, FIRST_HALF, SECOND_HALF = 0, 1, 2
ROW = 65


# A row of a grant: the item's id as documents write it, which part of its key, and the part.
Key = tuple[str, int, bytes]


def grant_info(zone: bytes, case: bytes, author: str, pid: bytes, reader: str) -> bytes:
    """What a grant is bound to: the author and pid of the post that gives it, and its one reader."""
    return lp("grant v1", SUITE, zone, case, author_bytes(author), pid, author_bytes(reader))


def grant_size(rows: int) -> int:
    """Length of a sealed grant of so many rows."""
    return ENCAPSULATION + rows * ROW + 16


def item_key(item: SealedItem, part: int) -> Key:
    """The row that gives `part` of an item one has just sealed."""
    value = item.key if part == WHOLE else (item.halves or ())[part - 1]
    return item.entry["id"], part, value


def seal_grant(
    zone: bytes, case: bytes, author: str, pid: bytes, reader: str, kem_public: bytes, keys: Sequence[Key]
) -> tuple[dict[str, Any], bytes]:
    """The entry and the sealed bytes that give `keys` to `reader`."""
    plain = b"".join(_pack(*key) for key in keys)
    sealed = seal(kem_public, plain, grant_info(zone, case, author, pid, reader))
    entry = {
        "to": reader,
        "items": [[item_id, part] for item_id, part, _ in keys],
        "len": len(sealed),
        "hash": b64(tagged(Tag.GRANT, sealed)),
    }
    return entry, sealed


def check_grant(entry: Mapping[str, Any], sealed: bytes) -> None:
    """Whether these are the bytes the signed body names."""
    if len(sealed) != entry["len"] or b64(tagged(Tag.GRANT, sealed)) != entry["hash"]:
        raise EnvelopeError("wrong_grant")


def open_grant(
    zone: bytes,
    case: bytes,
    author: str,
    pid: bytes,
    reader: str,
    keypair: KeyPair,
    entry: Mapping[str, Any],
    sealed: bytes,
) -> list[Key]:
    """The keys of a grant, in the order the entry lists; author and pid are those of the *granting* post."""
    check_grant(entry, sealed)
    plain = keypair.open(sealed, grant_info(zone, case, author, pid, reader))
    if len(plain) != ROW * len(entry["items"]):
        raise EnvelopeError("wrong_grant")
    keys = [_unpack(plain[i : i + ROW]) for i in range(0, len(plain), ROW)]
    if [[item_id, part] for item_id, part, _ in keys] != entry["items"]:
        raise EnvelopeError("wrong_grant")
    return keys


def _pack(item_id: str, part: int, value: bytes) -> bytes:
    _check(part, value)
    return unb64(item_id, 32) + bytes((part,)) + value


def _unpack(row: bytes) -> Key:
    _check(row[32], row[33:])
    return b64(row[:32]), row[32], row[33:]


def _check(part: int, value: bytes) -> None:
    if part not in (WHOLE, FIRST_HALF, SECOND_HALF) or len(value) != 32:
        raise EnvelopeError("wrong_grant")
    if part != WHOLE and not any(value):
        raise EnvelopeError("bad_half")

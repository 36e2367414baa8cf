"""Items: a text or a file, padded, sealed under a fresh key bound to its place, named by its key commitment.

envelope.md section 2, ITEM. An id names a key; only `tree` names the content, so `check_blob` comes first.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from whistle.crypto import strict
from whistle.crypto.encoding import SUITE, b64, digest, lp, unb64
from whistle.crypto.errors import EnvelopeError

Entry = Mapping[str, Any]

CHUNK = 16_384
SLICE = 1_048_576
SALT, COMMITMENT = 24, 32
TEXT_SIZES = {
    "card": 4_096, "report": 16_384, "thread": 4_096, "work": 16_384,
    "award": 4_096, "identity": 4_096, "payout": 4_096,
}  # fmt: skip
COMPARTMENTS = tuple(TEXT_SIZES)
FILE_COMPARTMENTS = frozenset(("report", "thread", "work", "payout"))
SMALLEST_FILE = 16_384

META = strict.Schema(strict.record({"name": strict.text(255), "type": strict.text(127), "size": strict.integer}), 1_024)


@dataclass(frozen=True)
class Part:
    """What goes into one item: `name` "" is a text, anything else a file."""

    comp: str
    name: str = ""
    type: str = ""
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class SealedItem:
    """The entry for the body, the blob for the store, and the key (or its halves) for the grants."""

    entry: dict[str, Any]
    blob: bytes = field(repr=False)
    key: bytes = field(repr=False)
    halves: tuple[bytes, bytes] | None = field(default=None, repr=False)


def author_bytes(author: str) -> bytes:
    """16 raw bytes of a rid, or the text `reporter`: how an author or reader stands in `lp`."""
    return b"reporter" if author == "reporter" else unb64(author, 16)


def padme(size: int) -> int:
    """Padmé: at most 12% longer, and few different lengths."""
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-size // step) * step


def padded_size(comp: str, name: str, size: int) -> int:
    """The padded length of `size` bytes of length, meta and body; a text that is longer is refused."""
    if comp not in TEXT_SIZES or (name and comp not in FILE_COMPARTMENTS):
        raise EnvelopeError("bad_compartment")
    if name:
        return padme(max(size, SMALLEST_FILE))
    if size > TEXT_SIZES[comp]:
        raise EnvelopeError("too_long")
    return TEXT_SIZES[comp]


def blob_size(plain: int) -> int:
    """Length of the blob of a padded plaintext: salt, commitment, one tag for each chunk."""
    return SALT + COMMITMENT + plain + 16 * (plain // CHUNK + 1)


def check_length(comp: str, size: int) -> None:
    """Refuses a blob length that is not that of a permitted padded size of this compartment."""
    rest = size - SALT - COMMITMENT
    plain = rest - 16 * (rest // (CHUNK + 16) + 1)
    is_text = plain == TEXT_SIZES.get(comp)
    is_file = comp in FILE_COMPARTMENTS and plain >= SMALLEST_FILE and padme(plain) == plain
    if blob_size(plain) != size or not (is_text or is_file):
        raise EnvelopeError("bad_length")


def item_context(zone: bytes, case: bytes, author: str, pid: bytes, comp: str, index: int) -> bytes:
    """Where an item stands; it opens nowhere else."""
    return lp("item v1", SUITE, zone, case, author_bytes(author), pid, comp, index)


def tree(blob: bytes) -> bytes:
    """Hash of the hashes of the slices of 1 MiB: checked while a large file streams."""
    view = memoryview(blob)
    return digest(b"".join(digest(view[i : i + SLICE]) for i in range(0, len(blob), SLICE)))


def seal_item(
    zone: bytes,
    case: bytes,
    author: str,
    pid: bytes,
    index: int,
    part: Part,
    random: Callable[[int], bytes] = os.urandom,
) -> SealedItem:
    """Pad and seal one part under a fresh key. A text too long for its compartment is refused, never cut."""
    key = random(32)
    plain = _pad(part)
    sealer = Cobblestone256Encryptor(key, item_context(zone, case, author, pid, part.comp, index))
    blob = sealer.update(plain) + sealer.finalize()
    name = blob[SALT : SALT + COMMITMENT]
    entry: dict[str, Any] = {"id": b64(name), "comp": part.comp, "len": len(blob), "tree": b64(tree(blob))}
    if part.comp != "identity":
        return SealedItem(entry, blob, key)
    halves = split(key, random)
    entry["halves"] = [b64(half_hash(name, number, half)) for number, half in enumerate(halves, 1)]
    return SealedItem(entry, blob, key, halves)


def _pad(part: Part) -> bytes:
    meta = strict.dump(META, {"name": part.name, "type": part.type, "size": len(part.body)})
    used = 4 + len(meta) + len(part.body)
    return b"".join(
        (len(meta).to_bytes(4, "big"), meta, part.body, bytes(padded_size(part.comp, part.name, used) - used))
    )


def check_blob(entry: Entry, blob: bytes) -> None:
    """Length, id and tree, before anything is opened: a reader who holds the key could have rewritten it."""
    if len(blob) != entry["len"] or b64(blob[SALT : SALT + COMMITMENT]) != entry["id"]:
        raise EnvelopeError("wrong_item")
    if b64(tree(blob)) != entry["tree"]:
        raise EnvelopeError("wrong_item")


def open_item(
    zone: bytes,
    case: bytes,
    author: str,
    pid: bytes,
    index: int,
    entry: Entry,
    key: bytes,
    blob: bytes,
) -> tuple[dict[str, Any], bytes]:
    """Meta and body of an item; author, pid and index are those of the post that carries it."""
    check_blob(entry, blob)
    context = item_context(zone, case, author, pid, entry["comp"], index)
    try:
        opener = Cobblestone256Decryptor(key, context)
        plain = opener.update(blob) + opener.finalize()
    except (InvalidTag, ValueError):
        raise EnvelopeError("cannot_open") from None
    return _unpad(entry["comp"], plain)


def _unpad(comp: str, plain: bytes) -> tuple[dict[str, Any], bytes]:
    start = 4 + int.from_bytes(plain[:4], "big")
    meta = strict.parse(META, plain[4:start])
    end = start + meta["size"]
    if end > len(plain) or padded_size(comp, meta["name"], end) != len(plain) or any(plain[end:]):
        raise EnvelopeError("malformed")
    return meta, plain[start:end]


def split(key: bytes, random: Callable[[int], bytes] = os.urandom) -> tuple[bytes, bytes]:
    """Two halves whose XOR is the key; neither says anything alone, and neither is all zeros."""
    first = random(32)
    second = _xor(key, first)
    if not any(first) or not any(second):
        raise EnvelopeError("bad_half")
    return first, second


def half_hash(item_id: bytes, number: int, half: bytes) -> bytes:
    """What the entry holds of half 1 or 2."""
    return digest(lp("half v1", item_id, number, half))


def check_half(entry: Entry, number: int, half: bytes) -> None:
    """Each holder checks his half on arrival; a zero half would leave the other half as the key."""
    halves = entry.get("halves", [])
    if number not in (1, 2) or len(halves) != 2 or len(half) != 32 or not any(half):
        raise EnvelopeError("bad_half")
    if b64(half_hash(unb64(entry["id"], 32), number, half)) != halves[number - 1]:
        raise EnvelopeError("bad_half")


def join_halves(first: bytes, second: bytes) -> bytes:
    """The key of an identity item, from its two halves; each was checked by `check_half` on arrival."""
    if len(first) != 32 or len(second) != 32 or not any(first) or not any(second):
        raise EnvelopeError("bad_half")
    return _xor(first, second)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))

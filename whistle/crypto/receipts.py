"""Receipts and checkpoints: what a door promises about a post and about its whole store (section 2).

Checkpoint, witness and their roots are a frozen part of X1, held by its vectors; no door of this release makes one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from whistle.crypto import strict
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import SUITE, Tag, b64, digest, lp, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey, verify
from whistle.crypto.posts import Post
from whistle.crypto.strict import Document

RECEIPT = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "door": strict.text(32),
            "epoch": strict.raw(16),
            "case": strict.raw(32),
            "no": strict.integer,
            "post": strict.raw(32),
            "dir": strict.raw(32),
            "day": strict.day,
            "seqc": strict.either("", strict.raw(32)),
        }
    ),
    1_024,
)
_LOG = {"count": strict.integer, "root": strict.raw(32)}
_HEADED = {"count": strict.integer, "head": strict.raw(32)}
CHECKPOINT = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "epoch": strict.raw(16),
            "no": strict.integer,
            "prev": strict.raw(32),
            "day": strict.day,
            "dir": strict.raw(32),
            "posts": strict.record(_LOG),
            "seqs": strict.record(_LOG),
            "ledger": strict.record(_HEADED),
            "audit": strict.record(_HEADED),
        }
    ),
    2_048,
)

DIGEST = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "zone": strict.raw(16),
            "epoch": strict.raw(16),
            "day": strict.day,
            "count": strict.integer,
            "head": strict.raw(32),
        }
    ),
    512,
)


def sign_receipt(door: RootKey, document: Document) -> tuple[bytes, bytes]:
    """Bytes and signature of a receipt; both are stored, so the same head gets the same receipt."""
    data = strict.dump(RECEIPT, document)
    return data, door.sign(Tag.RECEIPT, data)


def verify_receipt(door_public: bytes, data: bytes, signature: bytes) -> Document:
    """The receipt, signed by this door key."""
    document = strict.parse(RECEIPT, data)
    verify(door_public, Tag.RECEIPT, data, signature)
    return document


def read_receipt(directories: Directories, data: bytes, signature: bytes) -> Document:
    """The receipt, signed by a key that the directory it names lists for its door.

    A key that is listed only earlier or only later signs nothing under it; old and new may stand side by side."""
    document = strict.parse(RECEIPT, data)
    for key in receipt_keys(directories.by_hash(document["dir"]), document["door"]):
        with suppress(EnvelopeError):
            return verify_receipt(key, data, signature)
    raise EnvelopeError("unknown_door")


def receipt_keys(directory: Mapping[str, Any] | None, door: str) -> list[bytes]:
    """Every key the directory lists for this door to sign receipts with; none where there is no directory."""
    listed = directory["doors"] if directory else []
    return [unb64(one["sig"], 32) for one in listed if (one["id"], one["use"]) == (door, "receipt")]


def check_receipt(document: Document, post: Post) -> None:
    """Whether a receipt is for exactly this post: case, number, head and directory."""
    said = [document[name] for name in ("zone", "case", "no", "post", "dir")]
    if said != [post.head["zone"], post.head["case"], post.no, post.hash, post.head["dir"]]:
        raise EnvelopeError("wrong_receipt")


def seq_commitment(zone: bytes, epoch: bytes, seq: int, salt: bytes) -> bytes:
    """The order of receipt, committed and not told (a number tells volume); auditors get the salt."""
    if seq < 1 or len(salt) != 32:
        raise EnvelopeError("malformed")
    return digest(lp("seq v1", zone, epoch, seq, salt))


def sign_checkpoint(door: RootKey, document: Document) -> tuple[bytes, bytes]:
    """Bytes and signature of a checkpoint, for auditor and staff, never at the public door."""
    data = strict.dump(CHECKPOINT, document)
    return data, door.sign(Tag.CHECKPOINT, data)


def sign_digest(door: RootKey, document: Document) -> tuple[bytes, bytes]:
    """Bytes and signature of a day's digest of the audit."""
    data = strict.dump(DIGEST, document)
    return data, door.sign(Tag.AUDIT_DIGEST, data)


def read_digest(data: bytes) -> Document:
    """What a digest says; nothing is said of who signed it."""
    return strict.parse(DIGEST, data)


def verify_digest(door_public: bytes, data: bytes, signature: bytes) -> None:
    """Whether this door key signed the digest. Raises EnvelopeError."""
    verify(door_public, Tag.AUDIT_DIGEST, data, signature)


def witness_checkpoint(auditor: RootKey, data: bytes) -> bytes:
    """The auditor's countersignature over the same bytes, under a tag of its own."""
    strict.parse(CHECKPOINT, data)
    return auditor.sign(Tag.WITNESS, data)


def verify_checkpoint(door_public: bytes, data: bytes, signature: bytes) -> Document:
    """The checkpoint, signed by this door key."""
    document = strict.parse(CHECKPOINT, data)
    verify(door_public, Tag.CHECKPOINT, data, signature)
    return document


def verify_witness(auditor_public: bytes, data: bytes, signature: bytes) -> None:
    """Whether the auditor countersigned these bytes."""
    verify(auditor_public, Tag.WITNESS, data, signature)


def checkpoint_hash(data: bytes) -> str:
    """What the next checkpoint's `prev` names this one by."""
    return b64(tagged(Tag.CHECKPOINT, data))


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of RFC 6962 section 2.1 over leaves in order; SHA-256 of nothing when there are none."""
    if not leaves:
        return digest(b"")
    level = [digest(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        # An odd one at the end moves up unchanged: the same tree as RFC 6962's split at a power of two.
        pairs = [digest(b"\x01" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]

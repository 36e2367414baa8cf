"""The root key at rest: one file, opened by a passphrase, that never comes near a server."""

import json
from pathlib import Path

from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey, reviewer_id, reviewer_keys, root_key, zone_id
from whistle.crypto.slots import open_slot, seal_slot
from whistle.zone.errors import ZoneError
from whistle.zone.files import read_json, write_private

NAME = "root.key"


def has_root(folder: Path) -> bool:
    """Whether the zone's root key lies in this folder."""
    return (folder / NAME).exists()


def save(folder: Path, seed: bytes, passphrase: str, demo: bool) -> None:
    """Write the root key, sealed by the passphrase. Only a demo's root may lie open."""
    if not passphrase and not demo:
        raise ZoneError("passphrase_needed")
    zone = zone_id(root_key(seed).public)
    document = _sealed(zone, seed, passphrase) if passphrase else {"v": 1, "zone": b64(zone), "seed": b64(seed)}
    write_private(folder / NAME, json.dumps(document, ensure_ascii=False).encode())


def open_root(folder: Path, zone: str, passphrase: str) -> RootKey:
    """The root key of `zone`; refuses a wrong passphrase and another zone's key."""
    document = read_json(folder / NAME)
    seed = unb64(str(document["seed"]), 32) if "seed" in document else _opened(document, passphrase)
    key = root_key(seed)
    if b64(zone_id(key.public)) != zone:
        raise ZoneError("another_zone")
    return key


def _sealed(zone: bytes, seed: bytes, passphrase: str) -> dict[str, object]:
    # A slot names the rid its seed gives and checks it on opening; the root's seed gives one like any other,
    # under labels of its own, so the root rests in the same format with the same floors.
    keys = reviewer_keys(seed)
    return dict(seal_slot(zone, reviewer_id(zone, keys.kem, keys.sig), seed, passphrase))


def _opened(document: dict[str, object], passphrase: str) -> bytes:
    if not passphrase:
        raise ZoneError("passphrase_needed")
    try:
        return open_slot(document, passphrase)
    except EnvelopeError:
        raise ZoneError("passphrase_wrong") from None

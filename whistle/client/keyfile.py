"""A reviewer's key file: a key slot in strict JSON, opened by its passphrase."""

import json
import os
from pathlib import Path

from whistle.client.errors import ClientError
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import KeyPair, reviewer_id, reviewer_keys
from whistle.crypto.slots import SLOT, open_slot, seal_slot
from whistle.crypto.strict import dump, parse


def write_key_file(path: Path, zone: bytes, seed: bytes, passphrase: str) -> str:
    """Seal a seed into a new file that only its owner may read; returns the rid. Never writes over a file."""
    keys = reviewer_keys(seed)
    rid = reviewer_id(zone, keys.kem, keys.sig)
    data = dump(SLOT, seal_slot(zone, rid, seed, passphrase))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return b64(rid)


def open_key_file(path: Path, passphrase: str) -> tuple[KeyPair, str, str]:
    """Keys, rid and zone of a key file; `key_file` when it is none, `passphrase` when it does not open."""
    try:
        slot = parse(SLOT, path.read_bytes())
    except (OSError, EnvelopeError, json.JSONDecodeError):
        raise ClientError("key_file") from None
    try:
        keys = reviewer_keys(open_slot(slot, passphrase))
    except EnvelopeError:
        raise ClientError("passphrase") from None
    if b64(reviewer_id(unb64(slot["zone"]), keys.kem, keys.sig)) != slot["rid"]:
        raise ClientError("key_file")
    return keys, str(slot["rid"]), str(slot["zone"])

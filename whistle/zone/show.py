"""A zone at a glance, for `whistle zone show`."""

from pathlib import Path
from typing import Any

from whistle.crypto import fingerprint
from whistle.crypto.directory import directory_hash
from whistle.crypto.encoding import b64, unb64
from whistle.zone import signed
from whistle.zone.folder import load, read_draft


def describe(folder: Path) -> dict[str, Any]:
    """What stands signed last, and whether the working file differs from it. Names stay in the roster."""
    zone, draft = load(folder), read_draft(folder)
    newest = signed.publish(folder)[-1]
    document, channels = signed.document(newest), signed.channels(newest)
    return {
        "name": zone.name,
        "zone": zone.id,
        "fingerprint": zone.fingerprint,
        "pin": zone.id,
        "demo": zone.demo,
        "directory": {
            "no": document["no"],
            "hash": b64(directory_hash(newest.data)),
            "issued": document["issued"],
            "expires": document["expires"],
        },
        "channels": [_channel(channel) for channel in channels],
        "packs": document["packs"],
        "doors": document["doors"],
        "people": len(draft["people"]),
        "unsigned": any(draft[key] != was for key, was in _signed_parts(document, channels)),
    }


def to_be_listed(folder: Path) -> tuple[set[str], set[str]]:
    """Channels of the next directory, and the doors that may sign receipts by it."""
    draft = read_draft(folder)
    channels = {str(one["id"]) for one in draft["channels"]}
    return channels, {str(one["id"]) for one in draft["doors"] if one["use"] == "receipt"}


def _signed_parts(document: dict[str, Any], channels: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [("channels", channels), ("packs", document["packs"]), ("doors", document["doors"])]


def _channel(channel: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": channel["id"],
        "label": channel["label"],
        "readers": [
            {
                "rid": reader["rid"],
                "fingerprint": fingerprint.show(unb64(reader["rid"], 16)),
                "label": reader["label"],
                "unit": reader["unit"],
                "roles": reader["roles"],
                "replaces": reader["replaces"],
            }
            for reader in channel["readers"]
        ],
    }

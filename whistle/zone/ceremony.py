"""Making a zone and signing its directories (envelope.md section 2, DIRECTORY, CHANNEL, ROSTER)."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from whistle.core.offices import is_authority
from whistle.crypto.directory import (
    CHANNEL,
    NOTHING,
    channel_hash,
    directory_hash,
    parse_channel,
    roster_hash,
    sign_directory,
    sign_roster,
)
from whistle.crypto.encoding import SUITE, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey, root_key, zone_id
from whistle.crypto.strict import dump
from whistle.zone import checks, root, signed
from whistle.zone.errors import ZoneError
from whistle.zone.folder import Draft, Zone, load, read_draft, write_draft
from whistle.zone.signed import Published, publish

__all__ = ["Published", "Signed", "init", "last_readers", "publish", "sign"]


@dataclass(frozen=True)
class Signed:
    """A new directory: its number, its hash as heads name it, and what the signer was told."""

    no: int
    hash: str
    warnings: list[tuple[str, dict[str, str]]]


def init(folder: Path, name: str, *, today: str, days: int = 180, passphrase: str = "", demo: bool = False) -> Zone:
    """A new zone: root key, empty working file, directory 0. Refuses a folder that holds one already."""
    if root.has_root(folder):
        raise ZoneError("zone_exists")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    seed = os.urandom(32)
    root.save(folder, seed, passphrase, demo)
    key = root_key(seed)
    draft: Draft = {"v": 1, "zone": b64(zone_id(key.public)), "name": name, "demo": demo}
    write_draft(folder, draft | {"people": [], "channels": [], "packs": [], "doors": []})
    _issue(folder, key, today, days)
    return load(folder)


def sign(folder: Path, *, today: str, days: int = 180, passphrase: str = "", confirm: checks.Confirm) -> Signed:
    """Sign the working file as the next directory.

    Refuses roles that must be apart and a key whose fingerprint is not typed; returns warnings."""
    draft = read_draft(folder)
    before = [signed.channels(one) for one in publish(folder)]
    checks.refuse_joined(draft["channels"])
    checks.refuse_moved(draft["channels"], before)
    known = {one["rid"] for channels in before for one in checks.readers(channels)}
    checks.confirm_new(draft["channels"], known, confirm)
    key = root.open_root(folder, draft["zone"], passphrase)
    no, name = _issue(folder, key, today, days)
    return Signed(no, name, checks.warnings(draft["channels"], before))


def last_readers(folder: Path, told: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Codes and facts of whoever the working file leaves out as the last reader of cases, by the counts that the server
    `told`: {v, zone, sole: [[[key id], cases]]}. Refuses counts of another zone, or that are none."""
    draft, earlier = read_draft(folder), publish(folder)
    try:
        sole = [(frozenset(map(str, rids)), int(cases)) for rids, cases in told["sole"]]
        if (told["v"], told["zone"]) != (1, draft["zone"]):
            raise ZoneError("sole_file")
    except (KeyError, TypeError, ValueError):
        raise ZoneError("sole_file") from None
    return checks.last_readers(signed.channels(earlier[-1]) if earlier else [], draft["channels"], sole)


def _issue(folder: Path, key: RootKey, today: str, days: int) -> tuple[int, str]:
    draft, earlier = read_draft(folder), publish(folder)
    term = _term(earlier, today, days)
    try:
        issued = _signed(draft, earlier, key, term)
    except EnvelopeError as refused:
        # A label too long, text that is not NFC, a day that is none: the working file was edited by hand.
        raise ZoneError("draft_broken", why=refused.code) from None
    signed.keep(folder, len(earlier), issued)
    return len(earlier), b64(directory_hash(issued.data))


def _signed(draft: Draft, earlier: list[Published], key: RootKey, term: tuple[str, str]) -> Published:
    # The authorities' first: a form without a poster asks for theirs (client/trust.js), not for hundreds of firms'.
    listed = sorted(draft["channels"], key=lambda channel: not is_authority(channel["policy"]))
    channels = [dump(CHANNEL, channel) for channel in listed]
    for data in channels:
        parse_channel(unb64(draft["zone"], 16), data)
    roster, roster_sig = sign_roster(key, _roster(draft, len(earlier)))
    document = _directory(draft, earlier, key, term) | {
        "roster": b64(roster_hash(roster)),
        "channels": [[channel["id"], b64(channel_hash(data))] for channel, data in zip(listed, channels, strict=True)],
    }
    data, sig = sign_directory(key, document)
    return Published(data, sig, channels, roster, roster_sig)


def _directory(draft: Draft, earlier: list[Published], key: RootKey, term: tuple[str, str]) -> dict[str, Any]:
    return {
        "v": 1,
        "suite": SUITE,
        "zone": draft["zone"],
        "no": len(earlier),
        "prev": b64(directory_hash(earlier[-1].data)) if earlier else NOTHING,
        "issued": term[0],
        "expires": term[1],
        "allow": [SUITE],
        "demo": draft["demo"],
        "root": b64(key.public),
        "packs": draft["packs"],
        "doors": draft["doors"],
        "escrow": [],
        "roster": "",
        "channels": [],
    }


def _roster(draft: Draft, no: int) -> dict[str, Any]:
    return {
        "v": 1,
        "suite": SUITE,
        "zone": draft["zone"],
        "no": no,
        "salt": b64(os.urandom(16)),
        "people": draft["people"],
    }


def _term(earlier: list[Published], today: str, days: int) -> tuple[str, str]:
    if not 1 <= days <= 400:
        raise ZoneError("days")
    # A directory older than the one before it would forbid posts that already stand.
    if earlier and today < signed.document(earlier[-1])["issued"]:
        raise ZoneError("clock", issued=signed.document(earlier[-1])["issued"])
    return today, (date.fromisoformat(today) + timedelta(days=days)).isoformat()

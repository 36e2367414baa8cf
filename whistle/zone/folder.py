"""The working file `zone.json`: people, channels, readers, packs and doors of the next directory."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whistle.core.offices import is_policy
from whistle.crypto import fingerprint, strict
from whistle.crypto.encoding import SUITE, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import check_kem_public, check_sig_public, reviewer_id
from whistle.crypto.kinds import ROLES
from whistle.zone.errors import ZoneError
from whistle.zone.files import read_json, write_private

NAME = "zone.json"
USES = ("receipt", "witness")

Draft = dict[str, Any]


@dataclass(frozen=True)
class Zone:
    """Who this folder speaks for."""

    id: str
    name: str
    demo: bool

    @property
    def raw(self) -> bytes:
        return unb64(self.id, 16)

    @property
    def fingerprint(self) -> str:
        """What posters, receipts and the page footer show: the pin."""
        return fingerprint.show(self.raw)


def read_draft(folder: Path) -> Draft:
    """The working file; it holds no secret."""
    if not (folder / NAME).exists():
        raise ZoneError("zone_missing", name=str(folder))
    return read_json(folder / NAME)


def write_draft(folder: Path, draft: Draft) -> None:
    """Replace the working file. Private all the same: it names people."""
    write_private(folder / NAME, json.dumps(draft, ensure_ascii=False, indent=1).encode())


def load(folder: Path) -> Zone:
    """The zone of a folder that `init` made."""
    draft = read_draft(folder)
    return Zone(id=draft["zone"], name=draft["name"], demo=draft["demo"])


def add_channel(folder: Path, channel: str, label: str, policy: str = "default") -> None:
    """A new channel without readers, of the office that its policy names (core/offices.py)."""
    if not is_policy(policy):
        raise ZoneError("office_name")

    def edit(draft: Draft) -> None:
        _absent(draft["channels"], "id", channel, "channel_known")
        draft["channels"].append({"id": channel, "label": label, "policy": policy, "readers": []})

    _edit(folder, edit)


def add_person(folder: Path, name: str, title: str = "") -> str:
    """A human being in the roster; returns the person id all keys of this human will carry."""
    person = b64(os.urandom(16))
    _edit(folder, lambda draft: draft["people"].append({"person": person, "name": name, "title": title}))
    return person


def people_named(folder: Path, name: str) -> list[str]:
    """Ids of everybody in the roster with this name: one human with two ids could hold two roles kept apart."""
    return [one["person"] for one in read_draft(folder)["people"] if one["name"].split() == name.split()]


def add_reader(
    folder: Path,
    channel: str,
    *,
    kem: bytes,
    sig: bytes,
    person: str,
    roles: list[str],
    label: str,
    unit: str = "",
    replaces: str = "",
) -> str:
    """A person's public keys in a channel, with roles; returns the rid. The keys are checked first."""
    check_kem_public(kem)
    check_sig_public(sig)
    if not roles or set(roles) - set(ROLES):
        raise ZoneError("role_unknown")

    def edit(draft: Draft) -> None:
        if all(one["person"] != person for one in draft["people"]):
            raise ZoneError("person_unknown")
        readers = _channel(draft, channel)["readers"]
        _absent(readers, "rid", rid, "reader_known")
        if replaces and all((one["rid"], one["person"]) != (replaces, person) for one in readers):
            raise ZoneError("replaces_unknown")
        readers.append(
            {
                "rid": rid,
                "person": person,
                "suite": SUITE,
                "kem": b64(kem),
                "sig": b64(sig),
                "roles": [role for role in ROLES if role in roles],
                "unit": unit,
                "label": label,
                "replaces": replaces,
            }
        )

    rid = b64(reviewer_id(load(folder).raw, kem, sig))
    _edit(folder, edit)
    return rid


def remove_reader(folder: Path, channel: str, rid: str) -> None:
    """The key is in no directory from the next one on; what it opened stays opened."""
    _edit(folder, lambda draft: _drop(_channel(draft, channel)["readers"], "rid", rid, "reader_unknown"))


def add_pack(folder: Path, pack: str, sha256: str, *, since: str, until: str = "", note: str = "") -> None:
    """A rule pack that may pay for cases received from `since` to `until`, days or "" for no end."""
    unb64(sha256, 32)
    _refuse_no_days(since, until)

    def edit(draft: Draft) -> None:
        _absent(draft["packs"], "id", pack, "pack_known")
        draft["packs"].append({"id": pack, "sha256": sha256, "from": since, "to": until, "note": note})

    _edit(folder, edit)


def remove_pack(folder: Path, pack: str) -> None:
    """From the next directory on the pack only calculates."""
    _edit(folder, lambda draft: _drop(draft["packs"], "id", pack, "pack_unknown"))


def add_door(folder: Path, door: str, sig: bytes, use: str = "receipt") -> None:
    """A server's receipt key, or an auditor's witness key. A door that changes its key lists both for a while."""
    check_sig_public(sig)
    if use not in USES:
        raise ZoneError("use_unknown")
    listed = {"id": door, "sig": b64(sig), "use": use}

    def edit(draft: Draft) -> None:
        if listed in draft["doors"]:
            raise ZoneError("door_known")
        draft["doors"].append(listed)

    _edit(folder, edit)


def remove_door(folder: Path, door: str, sig: bytes = b"") -> None:
    """Take a door's key out of the next directory; `sig` says which, where it lists several.

    Receipts under this key stay valid: the directories they name list it."""

    def edit(draft: Draft) -> None:
        named = [one for one in draft["doors"] if one["id"] == door and sig in (b"", unb64(one["sig"]))]
        if not named:
            raise ZoneError("door_unknown")
        if len(named) > 1:
            raise ZoneError("door_several", door=door)
        draft["doors"].remove(named[0])

    _edit(folder, edit)


def _refuse_no_days(since: str, until: str) -> None:
    """Here, and not when the directory is signed, where nobody knows any more which word it was."""
    try:
        for one in (since, until or since):
            strict.day(one)
    except EnvelopeError:
        raise ZoneError("pack_days") from None
    if until and until < since:
        raise ZoneError("pack_days")


def _edit(folder: Path, change: Callable[[Draft], object]) -> None:
    draft = read_draft(folder)
    change(draft)
    write_draft(folder, draft)


def _channel(draft: Draft, name: str) -> Draft:
    for channel in draft["channels"]:
        if channel["id"] == name:
            found: Draft = channel
            return found
    raise ZoneError("channel_unknown", channel=name)


def _absent(rows: list[Draft], key: str, value: str, code: str) -> None:
    if any(row[key] == value for row in rows):
        raise ZoneError(code)


def _drop(rows: list[Draft], key: str, value: str, code: str) -> None:
    kept = [row for row in rows if row[key] != value]
    if len(kept) == len(rows):
        raise ZoneError(code)
    rows[:] = kept

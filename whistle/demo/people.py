"""The demo zone: one person per role, keys on disk, everything signed by a root key that nobody guards."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from whistle import client, keystore, publishing, zone
from whistle.core import rulebook
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.fingerprint import show
from whistle.crypto.keys import reviewer_keys
from whistle.crypto.slots import new_passphrase, seal_slot
from whistle.settings import DOORS, Settings
from whistle.storage import staff
from whistle.storage.database import Database

CHANNEL = "zone"
PACK_NOTE = "演示用:该标准已被鲁应急发〔2025〕12号修订"


@dataclass(frozen=True)
class Person:
    """Who plays a role in the demo."""

    role: str
    name: str
    title: str
    label: str


PEOPLE = (
    Person("intake", "王芳", "受理科科员", "受理员 1"),
    Person("verifier", "李强", "执法大队队员", "核查员 1"),
    Person("leader", "张敏", "办公室主任", "审批人 1"),
    Person("payout", "赵丽", "奖励专员", "奖励员 1"),
    Person("finance", "刘洋", "财政局出纳", "财务 1"),
    Person("auditor", "陈静", "审计局科员", "审计 1"),
)


def establish(settings: Settings, today: str) -> None:
    """Makes the zone, its people and their key files, and publishes the first directory they stand in."""
    folder = settings.data / "zone"
    made = zone.init(folder, "临沂临港经济开发区", today=today, demo=True)
    zone.add_channel(folder, CHANNEL, "临港安监")
    kept = [_enlist(settings.data, folder, made, person) for person in PEOPLE]
    pack = rulebook.load("SD-REW-2021")
    zone.add_pack(folder, pack.id, b64(rulebook.pack_hash(pack)), since="2021-03-18", note=PACK_NOTE)
    for door in DOORS:
        zone.add_door(folder, door, keystore.door_key(settings.data, door).public)
    zone.sign(folder, today=today, confirm=lambda reader: show(unb64(reader["rid"])))
    publishing.publish(settings, folder)
    with Database.open(settings.database_url) as db:
        for one in kept:
            db.write_sync(partial(staff.add_staff, member=one))


def _enlist(data: Path, folder: Path, made: zone.Zone, person: Person) -> staff.Staff:
    seed, passphrase = os.urandom(32), new_passphrase()
    keys = reviewer_keys(seed)
    who = zone.add_person(folder, person.name, person.title)
    rid = zone.add_reader(
        folder, CHANNEL, kem=keys.kem, sig=keys.sig, person=who, roles=[person.role], label=person.label
    )
    home = data / "staff"
    home.mkdir(exist_ok=True)
    client.write_key_file(home / f"{person.role}.key", made.raw, seed, passphrase)
    (home / f"{person.role}.passphrase").write_text(passphrase + "\n", encoding="utf-8")
    slot = seal_slot(made.raw, unb64(rid), seed, passphrase)
    return staff.Staff(rid, person.role, person.label, keys.kem, keys.sig, person=who, status="active", slots=[slot])

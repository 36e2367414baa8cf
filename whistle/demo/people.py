"""The demo zone: one person per role, keys on disk, everything signed by a root key that nobody guards.

With its further offices a department and two enterprises as well, whose few people hold several roles each."""

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
    """Who plays which roles in the demo; `login` names his key file too."""

    login: str
    name: str
    title: str
    label: str
    roles: tuple[str, ...] = ()

    @property
    def plays(self) -> tuple[str, ...]:
        return self.roles or (self.login,)


@dataclass(frozen=True)
class Place:
    """An office of the demo: its channel, its name, what it is, who sits in it."""

    channel: str
    label: str
    policy: str
    people: tuple[Person, ...]


PEOPLE = (
    Person("intake", "王芳", "受理科科员", "受理员 1"),
    Person("verifier", "李强", "执法大队队员", "核查员 1"),
    Person("leader", "张敏", "办公室主任", "审批人 1"),
    Person("payout", "赵丽", "奖励专员", "奖励员 1"),
    Person("finance", "刘洋", "财政局出纳", "财务 1"),
    Person("auditor", "陈静", "审计局科员", "审计 1"),
)
ZONE = Place(CHANNEL, "临港安监", "default", PEOPLE)
FURTHER = (
    Place(
        "traffic",
        "交通运输局",
        "authority:traffic",
        (
            Person("traffic-desk", "周涛", "安全科科员", "交通受理 1", ("intake", "verifier")),
            Person("traffic-chief", "吴敏", "副局长", "交通审批 1", ("leader",)),
            Person("traffic-payout", "郑洁", "办公室科员", "交通奖励 1", ("payout",)),
            Person("traffic-finance", "冯磊", "财务科科员", "交通财务 1", ("finance",)),
        ),
    ),
    *(
        Place(
            name,
            label,
            f"enterprise:{name}",
            (
                Person(f"{name}-safety", safety, "安全员", "安全员 1", ("intake", "verifier")),
                Person(f"{name}-head", head, "总经理", "负责人 1", ("leader",)),
                Person(f"{name}-union", union, "工会干事", "工会 1", ("payout",)),
                Person(f"{name}-finance", finance, "财务", "财务 1", ("finance",)),
            ),
        )
        for name, label, safety, head, union, finance in (
            ("hongyun", "鸿运木业有限公司", "孙浩", "马丽", "朱琳", "胡斌"),
            ("dongfeng", "东风机械加工厂", "何军", "林萍", "罗霞", "高翔"),
        )
    ),
)


def places(data: Path) -> tuple[Place, ...]:
    """The offices of the demo in this folder."""
    made = [each for each in FURTHER if (data / "staff" / f"{each.people[0].login}.key").exists()]
    return (ZONE, *made)


def establish(settings: Settings, today: str, further: bool) -> None:
    """Makes the zone, its people and their key files, and publishes the first directory they stand in.

    `further`: with a department and two enterprises."""
    folder = settings.data / "zone"
    made = zone.init(folder, "临沂临港经济开发区", today=today, demo=True)
    kept = []
    for place in (ZONE, *(FURTHER if further else ())):
        zone.add_channel(folder, place.channel, place.label, place.policy)
        kept += [_enlist(settings.data, folder, made, place.channel, person) for person in place.people]
    pack = rulebook.load("SD-REW-2021")
    zone.add_pack(folder, pack.id, b64(rulebook.pack_hash(pack)), since="2021-03-18", note=PACK_NOTE)
    for door in DOORS:
        zone.add_door(folder, door, keystore.door_key(settings.data, door).public)
    zone.sign(folder, today=today, confirm=lambda reader: show(unb64(reader["rid"])))
    publishing.publish(settings, folder)
    with Database.open(settings.database_url) as db:
        for one in kept:
            db.write_sync(partial(staff.add_staff, member=one))


def _enlist(data: Path, folder: Path, made: zone.Zone, channel: str, person: Person) -> staff.Staff:
    seed, passphrase = os.urandom(32), new_passphrase()
    keys = reviewer_keys(seed)
    who = zone.add_person(folder, person.name, person.title)
    rid = zone.add_reader(
        folder, channel, kem=keys.kem, sig=keys.sig, person=who, roles=list(person.plays), label=person.label
    )
    home = data / "staff"
    home.mkdir(exist_ok=True)
    client.write_key_file(home / f"{person.login}.key", made.raw, seed, passphrase)
    (home / f"{person.login}.passphrase").write_text(passphrase + "\n", encoding="utf-8")
    slot = seal_slot(made.raw, unb64(rid), seed, passphrase)
    return staff.Staff(rid, person.login, person.label, keys.kem, keys.sig, person=who, status="active", slots=[slot])

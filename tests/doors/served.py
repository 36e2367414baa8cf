"""A house of its own without any demo: a zone of seven keys, and `whistle serve` in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import IDLE, READY_SECONDS, free_port
from tests.doors.office import PACK, Team
from whistle import keystore, publishing, settings, zone
from whistle.client import Office
from whistle.core import rulebook
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import KeyPair, reviewer_keys
from whistle.storage.migrations import migrate

ROLES = ("intake", "verifier", "leader", "payout", "finance", "auditor")
PASSPHRASE = "correct horse battery staple"


@dataclass
class Served:
    """A data folder, its zone, and the doors that are open over it."""

    data: Path
    database: str = ""
    keys: dict[str, KeyPair] = field(default_factory=dict)
    doors: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{self.ports['public']}"

    @property
    def review(self) -> str:
        return f"http://127.0.0.1:{self.ports['review']}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def environ(self, **told: str) -> dict[str, str]:
        ports = {
            f"WHISTLE_{door.upper()}_PORT": str(port) for door, port in self.ports.items() if door in settings.DOORS
        }
        basics = {
            "WHISTLE_DATABASE": self.database,
            "WHISTLE_DATA": str(self.data),
            "WHISTLE_PLAIN_HTTP": "on",
            "WHISTLE_RATE": "",
            "WHISTLE_ASKED": "0",
            "WHISTLE_WORK_BITS": "4",
        }
        return {**os.environ, **basics, **ports, **told}

    def open(self, *doors: str) -> None:
        """`whistle serve DOOR`, until it answers; a door keeps its port through every restart."""
        for door in doors:
            self.ports.setdefault(door, free_port())
        for door in doors:
            self.start(door)
        for door in doors:
            self.answers(door)

    def start(self, door: str, *options: str, name: str = "", **told: str) -> None:
        """One more process of a door: `name` is its own, so that it may have another port (`ports`) and settings."""
        name = name or door
        ours = {f"WHISTLE_{door.upper()}_PORT": str(self.ports.setdefault(name, free_port()))}
        command = [sys.executable, "-m", "whistle", "serve", door, *options]
        with self.log.open("ab") as output:
            self.doors[name] = subprocess.Popen(command, env=self.environ(**ours, **told), stdout=output, stderr=output)

    def answers(self, door: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{self.ports[door]}/api/directory", trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                pass
            if self.doors[door].poll() is not None or time.monotonic() > deadline:
                raise AssertionError(self.log.read_text(encoding="utf-8"))
            time.sleep(0.05)

    def stop(self, door: str, how: signal.Signals) -> int:
        """The exit status, once the door is closed."""
        self.doors[door].send_signal(how)
        return self.doors[door].wait(20)

    def kill(self) -> None:
        for each in self.clients:
            each.close()
        for process in self.doors.values():
            process.kill()
            process.wait()

    def http(self) -> httpx.Client:
        self.clients.append(httpx.Client(trust_env=False, timeout=30, limits=IDLE))
        return self.clients[-1]

    def office(self, role: str) -> Office:
        office = Office(self.review, self.http(), self.keys[role], zone.load(self.data / "zone").id)
        office.login()
        return office


def establish(data: Path, database: str = "") -> Served:
    """A new house: zone, one person per role, database (its URL; "": SQLite in `data`), published directory."""
    told = settings.read({}, data=data, database=database)
    made, folder, today = Served(data, told.database_url), data / "zone", zone_day(time.time())
    data.mkdir()
    zone.init(folder, "临港", today=today, passphrase=PASSPHRASE)
    zone.add_channel(folder, "zone", "临港安监")
    for role in ROLES:
        made.keys[role] = keys = reviewer_keys(os.urandom(32))
        person = zone.add_person(folder, role)
        zone.add_reader(folder, "zone", kem=keys.kem, sig=keys.sig, person=person, roles=[role], label=role)
    zone.add_pack(folder, PACK, b64(rulebook.pack_hash(rulebook.load(PACK))), since="2021-03-18")
    for door in settings.DOORS:
        zone.add_door(folder, door, keystore.door_key(data, door).public)
    zone.sign(
        folder,
        today=today,
        passphrase=PASSPHRASE,
        confirm=lambda reader: fingerprint.show(unb64(reader["rid"])),
    )
    migrate(told.database_url)
    publishing.publish(told, folder)
    return made


def team(served: Served) -> Team:
    return Team(served)  # type: ignore[arg-type]  # a team asks only for signed-in offices

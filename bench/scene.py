"""A zone to measure in, and one real server over it: two persons in each role that a report is sealed to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import machine
from whistle import keystore, publishing, settings, zone
from whistle.core.clock import zone_day
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import unb64
from whistle.crypto.fingerprint import show
from whistle.crypto.keys import reviewer_keys
from whistle.crypto.slots import new_passphrase
from whistle.settings import Settings
from whistle.storage.migrations import migrate

CHANNEL = "zone"
TWICE = ("intake", "leader", "payout")  # six readers: what the report of a middling office is sealed to
ONCE = ("verifier", "finance")
READY_SECONDS = 120


@dataclass(frozen=True)
class Person:
    """A reader of the channel, and the seed of his keys, to sign in with."""

    rid: str
    seed: bytes


@dataclass(frozen=True)
class Scene:
    """A published zone. `people`: the first person of each role; `readers`: to whom a report is sealed."""

    settings: Settings
    zone: bytes
    day: str
    channel: Mapping[str, Any]
    directory: str
    people: Mapping[str, Person]
    readers: Sequence[str]


@dataclass(frozen=True)
class Server:
    """A running server of this bench."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """CPU seconds it has used so far."""
        return machine.cpu_seconds(self.process.pid)


def establish(data: Path, database: str = "") -> Scene:
    """Makes the zone in an empty folder, and its database: there, or the empty one that a URL names."""
    told = settings.read(
        {}, data=data, database=database, public_port=free_port(), review_port=free_port(), plain_http=True
    )
    data.mkdir(parents=True, exist_ok=True)
    migrate(told.database_url)
    folder, day, secret = data / "zone", zone_day(time.time()), new_passphrase()
    zone.init(folder, "bench", today=day, passphrase=secret)
    (folder / "passphrase").write_text(secret, encoding="utf-8")  # this zone is of the bench, and goes with it
    zone.add_channel(folder, CHANNEL, "bench")
    roles = (*TWICE, *TWICE, *ONCE)
    people = [_enlist(folder, role) for role in roles]
    for door in settings.DOORS:
        zone.add_door(folder, door, keystore.door_key(data, door).public)
    zone.sign(folder, today=day, passphrase=secret, confirm=lambda reader: show(unb64(reader["rid"])))
    publishing.publish(told, folder)
    directories = published(folder)
    channel = directories.channel(directories.newest_hash, CHANNEL)
    assert channel is not None
    first = {role: people[roles.index(role)] for role in (*TWICE, *ONCE)}
    readers = [person.rid for role, person in zip(roles, people, strict=True) if role in TWICE]
    return Scene(told, directories.zone, day, channel, directories.newest_hash, first, readers)


def _enlist(folder: Path, role: str) -> Person:
    seed = os.urandom(32)
    keys = reviewer_keys(seed)
    person = zone.add_person(folder, role)
    rid = zone.add_reader(folder, CHANNEL, kem=keys.kem, sig=keys.sig, person=person, roles=[role], label=role)
    return Person(rid, seed)


def published(folder: Path) -> Directories:
    signed = zone.publish(folder)
    found = Directories.verify(zone.load(folder).raw, [(one.data, one.sig) for one in signed])
    for one in signed:
        for channel in one.channels:
            found.add_channel(channel)
    return found


@contextmanager
def door(scene: Scene, name: str) -> Iterator[Server]:
    """One door in a process of its own, as `whistle serve` runs it; ended on the way out."""
    told = scene.settings
    port = told.public_port if name == "public" else told.review_port
    environ = {
        "WHISTLE_DATA": str(told.data),
        "WHISTLE_DATABASE": told.database_url,
        "WHISTLE_PUBLIC_PORT": str(told.public_port),
        "WHISTLE_REVIEW_PORT": str(told.review_port),
        "WHISTLE_PLAIN_HTTP": "on",
        "WHISTLE_RATE": "",
        "WHISTLE_ASKED": "0",
        "WHISTLE_WORK_BITS": "1",
    }
    with serving(["-m", "whistle", "serve", name], port, environ) as server:
        yield server


@contextmanager
def serving(arguments: list[str], port: int, environ: Mapping[str, str]) -> Iterator[Server]:
    """A Python process that listens on a port of loopback."""
    process = subprocess.Popen([sys.executable, *arguments], env={**os.environ, **environ})
    try:
        _wait(process, port)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("a server of the bench did not start")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

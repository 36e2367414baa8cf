"""The manual's chapter from an empty folder to the first case, followed word for word by a shell."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port
from tests.postgres import Server
from whistle import client
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import reviewer_id, reviewer_keys
from whistle.crypto.login import sign_enrol
from whistle.crypto.slots import seal_slot
from whistle.storage import hold
from whistle.storage.errors import InUse

MANUAL = Path(__file__).parents[2] / "docs" / "operating.md"
CHAPTER = "## From an empty folder to the first case"
ROLES = ("intake", "verifier", "leader", "payout", "finance")
PASSPHRASE = "kvm7q-hr4tw-zn2pd-yc8xe"


def blocks() -> list[str]:
    """The chapter's commands, in order."""
    chapter = MANUAL.read_text(encoding="utf-8").partition(CHAPTER)[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


@dataclass
class Machine:
    """An empty folder, a shell in it, and ports and a database of its own in place of the manual's."""

    home: Path
    public: int
    review: int
    database: str

    def follow(self, block: str) -> str:
        for written, ours in (("8700", self.public), ("8701", self.review), ("5432/whistle", f"5432/{self.database}")):
            block = block.replace(written, str(ours))
        block = block.replace("CREATE DATABASE whistle", f"CREATE DATABASE {self.database}")
        environ = {
            **os.environ,
            "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
            "WHISTLE_PASSPHRASE": PASSPHRASE,
            "WHISTLE_PUBLIC_PORT": str(self.public),
            "WHISTLE_REVIEW_PORT": str(self.review),
            "WHISTLE_LANG": "en",
        }
        with (self.home / "said").open("w+b") as said:  # a pipe would stay open as long as the doors
            ran = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block],
                cwd=self.home,
                env=environ,
                stdout=said,
                stderr=said,
                check=False,
            )
        told = (self.home / "said").read_text(encoding="utf-8")
        assert ran.returncode == 0, f"{block}\n{told}"
        return told

    def answers(self) -> None:
        """Until both doors do."""
        for port in (self.public, self.review):
            for _ in range(600):
                with suppress(httpx.HTTPError):
                    if httpx.get(f"http://127.0.0.1:{port}/api/directory", trust_env=False).is_success:
                        break
                time.sleep(0.1)
            else:
                raise AssertionError((self.home / "public.log").read_text() + (self.home / "review.log").read_text())

    def ended(self) -> None:
        """Until nobody works on the data."""
        for _ in range(300):
            with suppress(InUse):
                return hold.take(str(self.home / "data" / "whistle.db"), alone=True).close()
            time.sleep(0.1)
        raise AssertionError("the doors go on")

    def enrol(self, role: str) -> None:
        """What a person does in the browser: opens the address, makes a key, keeps its file, says the fingerprint."""
        origin, _, invite = (self.home / f"invite-{role}").read_text().strip().partition("/enrol#")
        with httpx.Client(trust_env=False, timeout=30) as http:
            shown = http.get(f"{origin}/api/enrol", headers={"Whistle-Invite": invite}).json()
            zone, seed = unb64(shown["zone"], 16), os.urandom(32)
            keys = reviewer_keys(seed)
            rid = reviewer_id(zone, keys.kem, keys.sig)
            answer = http.post(
                f"{origin}/api/enrol",
                json={
                    "invite": invite,
                    "kem": b64(keys.kem),
                    "sig": b64(keys.sig),
                    "proof": b64(sign_enrol(keys, zone, unb64(invite))),
                    "slot": seal_slot(zone, rid, seed, PASSPHRASE),
                },
            )
        assert answer.status_code == 201, answer.text
        client.write_key_file(self.home / f"{role}.key", zone, seed, PASSPHRASE)
        (self.home / f"said-{role}").write_text(fingerprint.show(rid), encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path, server: Server, door_roles: None) -> Iterator[Machine]:
    made = Machine(tmp_path, free_port(), free_port(), f"whistle_test_{uuid.uuid4().hex[:12]}")
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "whistle"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m whistle "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    yield made
    for door in ("public", "review"):
        with suppress(OSError, ValueError):
            os.kill(int((tmp_path / f"{door}.pid").read_text()), signal.SIGKILL)
    server.execute(f'DROP DATABASE IF EXISTS "{made.database}" WITH (FORCE)')


@pytest.mark.postgres
def test_the_manual_leads_from_an_empty_folder_to_the_first_case_and_on(machine: Machine) -> None:
    said = []
    for block in blocks():
        said.append(machine.follow(block))
        if "whistle serve" in block:
            machine.answers()
        if "staff invite" in block:
            for role in ROLES:
                machine.enrol(role)
        if block.startswith("kill"):
            machine.ended()
    opened = [one for one in said if "二号车间的配电箱没有门" in one]
    assert len(opened) == 2
    assert (machine.home / "data" / "whistle.db.replaced-1").exists()
    assert not list(machine.home.glob("stick/**/root.key"))

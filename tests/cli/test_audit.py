"""What the operator does at the server's command line stands in the audit."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.doors.served import Served, establish
from whistle.storage import audit
from whistle.storage.audit import Entry
from whistle.storage.database import Database


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return establish(tmp_path_factory.mktemp("audited") / "data")


def entries(house: Served) -> list[Entry]:
    with Database.open(house.database) as db:
        return [audit.parse(row.bytes).entry for row in db.read_sync(lambda tx: list(audit.every(tx)))]


COMMANDS: dict[str, tuple[list[str], tuple[str, str]]] = {
    "export": (["ledger", "export", "--format", "csv", "--out", "OUT"], ("ledger.export", "csv")),
    "anchor": (["ledger", "anchor", "--out", "OUT"], ("ledger.anchor", "")),
    "verify": (["ledger", "verify"], ("ledger.verify", "")),
    "balance": (["ledger", "balance"], ("ledger.balance", "")),
    "bulletin": (["bulletin", "--month", "2026-01", "--format", "json", "--out", "OUT"], ("bulletin", "json")),
    "backup": (["backup", "--out", "OUT"], ("backup", "")),
    "publish": (["zone", "publish", "ZONE", "--here"], ("publish", "")),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_reads_or_carries_away_is_an_entry(
    shell: Shell, house: Served, tmp_path: Path, name: str
) -> None:
    words, told = COMMANDS[name]
    stand_for = {"OUT": tmp_path / "out", "ZONE": house.data / "zone"}
    before = len(entries(house))
    shell.done(*(stand_for.get(word, word) for word in words), "--data", house.data)
    added = entries(house)[before:]
    assert [(each.rid, each.act, each.note, bool(each.minute)) for each in added] == [("", *told, True)]


def test_a_backup_tells_that_it_was_made_and_a_restore_that_it_was_put_back(
    shell: Shell, house: Served, tmp_path: Path
) -> None:
    shell.done("backup", "--out", tmp_path / "saved", "--data", house.data)
    shell.done("restore", tmp_path / "saved", "--data", tmp_path / "again")
    with Database.open(str(tmp_path / "again" / "whistle.db")) as db:
        acts = [audit.parse(row.bytes).entry.act for row in db.read_sync(lambda tx: list(audit.every(tx)))]
    assert acts[-2:] == ["backup", "restore"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--case", "PjtpuL42bf"], "43 characters"),
        (["--case", "〔2026〕8号"], "43 characters"),
        (["--person", "王芳"], "Nobody in the directory"),
        (["--day", "2026-13-01"], "is no day"),
    ],
)
def test_a_mistake_in_what_is_sought_is_told_and_never_answered_with_nobody(
    shell: Shell, house: Served, asked: list[str], said: str
) -> None:
    ran = shell("audit", "show", *asked, "--data", house.data)
    assert (ran.status, ran.out) == (1, "") and said in ran.err


def test_a_folder_without_digests_compares_nothing(shell: Shell, house: Served, tmp_path: Path) -> None:
    ran = shell("audit", "verify", "--digest", tmp_path, "--data", house.data)
    assert ran.status == 1 and "holds no digest" in ran.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('UPDATE audit SET "case" = rid || no', "cannot be found by person or case"),
        ("UPDATE audit SET document = CAST(document AS TEXT) WHERE no = 1", "broken"),
    ],
)
def test_what_somebody_changed_to_blind_the_audit_is_told(
    shell: Shell, house: Served, tmp_path: Path, change: str, said: str
) -> None:
    shell.done("backup", "--out", tmp_path / "saved", "--data", house.data)
    shell.done("restore", tmp_path / "saved", "--data", tmp_path / "again")
    with closing(sqlite3.connect(tmp_path / "again" / "whistle.db")) as db, db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute(change)
    ran = shell("audit", "verify", "--data", tmp_path / "again")
    assert ran.status == 1 and said in ran.err
    doctor = shell("doctor", "--data", tmp_path / "again", "--json")
    assert [one["level"] for one in doctor.json if one["code"] == "audit"] == ["red"]


def test_nothing_is_restored_by_a_log_of_destructions_that_is_not_one(
    shell: Shell, house: Served, tmp_path: Path
) -> None:
    shell.done("backup", "--out", tmp_path / "saved", "--data", house.data)
    goal = tmp_path / "again"
    shell.env.setenv("WHISTLE_DESTROYED", str(tmp_path / "nowhere.log"))
    assert "nothing was restored" in shell("restore", tmp_path / "saved", "--data", goal).err
    bent = json.dumps(dict.fromkeys(("case", "hash", "head", "sig", "body"), "e30="))  # the form of a line, and no post
    for line in ("no log", bent):
        (tmp_path / "nowhere.log").write_text(f"{line}\n", encoding="utf-8")
        assert "nothing was restored" in shell("restore", tmp_path / "saved", "--data", goal).err
    assert not (goal / "whistle.db").exists()
    shell.env.delenv("WHISTLE_DESTROYED")
    assert "There is no log of destructions" in shell.done("restore", tmp_path / "saved", "--data", goal).out

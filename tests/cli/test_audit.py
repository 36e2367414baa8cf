"""What the operator does at the server's command line stands in the audit."""

from __future__ import annotations

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

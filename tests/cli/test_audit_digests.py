"""`whistle audit`: digests kept elsewhere find what was changed by hand, and the record is shown and exported."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.shell import Shell
from tests.doors.served import Served, establish
from whistle.storage import audit
from whistle.storage.audit import Entry
from whistle.storage.database import Database

DAYS = [(date(2026, 11, 2) + timedelta(days=n)).isoformat() for n in range(4)]


def next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return establish(tmp_path_factory.mktemp("closed") / "data")


@pytest.fixture(scope="module")
def closed(house: Served) -> Path:
    """A house with four days behind it, on each of which two people saw the ledger."""
    with Database.open(house.database) as db:
        for day in DAYS:
            for rid in ("bob", "erik"):
                entry = Entry(day, rid, "ledger", "09:00")
                db.write_sync(lambda tx, entry=entry: audit.enter(tx, entry))
            db.write_sync(lambda tx, day=day: audit.gather(tx, next_day(day)))
    return house.data


@pytest.fixture
def digests(shell: Shell, closed: Path, tmp_path: Path) -> Path:
    """A folder elsewhere with the digest of each day."""
    (tmp_path / "kept").mkdir()
    for day in DAYS:
        shell.done("audit", "digest", "--day", day, "--out", tmp_path / "kept" / f"{day}.json", "--data", closed)
    return tmp_path / "kept"


def copied(closed: Path, tmp_path: Path, *changes: str) -> Path:
    """The house after somebody with the operator's rights has changed the database."""
    data = tmp_path / "changed"
    shutil.copytree(closed, data)
    with closing(sqlite3.connect(data / "whistle.db")) as db:
        for name in ("update", "delete"):
            db.execute(f"DROP TRIGGER audit_no_{name}")
        for change in changes:
            db.execute(change)
        db.commit()
    return data


def without(data: Path, no: int) -> None:
    """A row is taken out, and everything behind it chained again: the chain by itself is whole."""
    with Database.open(str(data / "whistle.db")) as db:
        rows = db.read_sync(lambda tx: [audit.parse(row.bytes) for row in audit.every(tx)])
        db.write_sync(lambda tx: tx.exec_driver_sql(f"DELETE FROM audit WHERE no >= {no}"))  # noqa: S608
        for each in rows[no:]:
            db.write_sync(lambda tx, entry=each.entry: audit.enter(tx, entry))


def row_of(data: Path, day: str, rid: str) -> int:
    with Database.open(str(data / "whistle.db")) as db:
        return db.read_sync(lambda tx: audit.find(tx, rid=rid, day=day))[0].no


def test_it_works_a_digest_is_the_same_each_time_and_holds(
    shell: Shell, closed: Path, digests: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.json"
    shell.done("audit", "digest", "--day", DAYS[1], "--out", again, "--data", closed)
    assert again.read_bytes() == (digests / f"{DAYS[1]}.json").read_bytes()
    said = json.loads(json.loads(again.read_bytes())["bytes"])
    assert sorted(said) == ["count", "day", "epoch", "head", "v", "zone"]
    assert "4 digests" in shell.done("audit", "verify", "--digest", digests, "--data", closed).out


def test_a_day_that_is_not_closed_has_no_digest(shell: Shell, closed: Path, tmp_path: Path) -> None:
    ran = shell("audit", "digest", "--day", "2026-12-24", "--out", tmp_path / "none", "--data", closed)
    assert (ran.status, ran.err.count("\n"), (tmp_path / "none").exists()) == (1, 1, False)
    assert "not closed" in ran.err


def test_an_edited_row_names_its_day_without_any_digest(shell: Shell, closed: Path, tmp_path: Path) -> None:
    no = row_of(closed, DAYS[2], "erik")
    edited = "CAST(replace(CAST(document AS TEXT), 'ledger', 'login') AS BLOB)"
    data = copied(closed, tmp_path, f"UPDATE audit SET document = {edited} WHERE no = {no}")  # noqa: S608
    ran = shell("audit", "verify", "--data", data, "--json")
    assert (ran.status, ran.json["differs"]) == (1, DAYS[2])
    assert f"from {DAYS[2]} on" in ran.err
    assert shell("doctor", "--data", data).status == 1


def test_a_chain_made_anew_is_named_by_its_first_day_that_differs(
    shell: Shell, closed: Path, digests: Path, tmp_path: Path
) -> None:
    data = copied(closed, tmp_path)
    without(data, row_of(data, DAYS[1], "bob"))
    shell.done("audit", "verify", "--data", data)
    ran = shell("audit", "verify", "--data", data, "--digest", digests)
    assert (ran.status, f"from {DAYS[1]} on" in ran.err) == (1, True)
    ran = shell("audit", "verify", "--data", data, "--digest", digests / f"{DAYS[3]}.json")
    assert f"from {DAYS[3]} on" in ran.err, "one digest tells of the days up to it and no closer"


def test_an_end_that_was_cut_off_is_named(shell: Shell, closed: Path, digests: Path, tmp_path: Path) -> None:
    cut = f"DELETE FROM audit WHERE no >= {row_of(closed, DAYS[2], 'bob')}"  # noqa: S608
    ran = shell("audit", "verify", "--data", copied(closed, tmp_path, cut), "--digest", digests)
    assert (ran.status, f"from {DAYS[2]} on" in ran.err) == (1, True)


def test_a_digest_missing_in_the_middle_is_told_in_one_sentence(shell: Shell, closed: Path, digests: Path) -> None:
    (digests / f"{DAYS[1]}.json").unlink()
    told = shell.done("audit", "verify", "--digest", digests, "--data", closed).out
    assert [line for line in told.splitlines() if DAYS[1] in line] == [
        f"No digest of these days is here, so only the next one vouches for them: {DAYS[1]}."
    ]


def test_what_is_no_digest_of_this_house_is_refused_in_one_sentence(
    shell: Shell, closed: Path, digests: Path, tmp_path: Path
) -> None:
    whole = json.loads((digests / f"{DAYS[0]}.json").read_bytes())
    foreign = establish(tmp_path / "other").data
    forged = json.dumps(whole | {"bytes": whole["bytes"].replace(DAYS[0], DAYS[1])}).encode()
    whole_file = json.dumps(whole).encode()
    wrong = [("no digest", b"[]", closed), ("not signed", forged, closed), ("another zone", whole_file, foreign)]
    for says, written, data in wrong:
        (tmp_path / "bent.json").write_bytes(written)
        ran = shell("audit", "verify", "--digest", tmp_path / "bent.json", "--data", data)
        assert (ran.status, says in ran.err, ran.err.count("\n")) == (1, True, 1), says


def test_who_opened_what_is_shown_by_case_person_and_day(shell: Shell, closed: Path) -> None:
    rows = shell.done("audit", "show", "--day", DAYS[0], "--data", closed, "--json").json
    assert [(row["rid"], row["act"]) for row in rows] == [("", "day"), ("erik", "ledger"), ("bob", "ledger")]
    rows = shell.done("audit", "show", "--person", "bob", "--data", closed, "--json").json
    assert [row["day"] for row in rows] == DAYS[::-1]
    assert shell.done("audit", "show", "--case", "x" * 43, "--data", closed, "--json").json == []
    assert "Saw the ledger" in shell.done("audit", "show", "--day", DAYS[0], "--data", closed).out


def test_it_is_exported_as_a_register(shell: Shell, closed: Path, tmp_path: Path) -> None:
    shell.done("audit", "export", "--format", "csv", "--day", DAYS[0], "--out", tmp_path / "a.csv", "--data", closed)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0][:4] == ["序号", "记录号", "日期", "时间"]
    assert [line[5:7] for line in lines[1:4]] == [["bob", "看资金账"], ["erik", "看资金账"], ["", "当日结账"]]
    shell.done("audit", "export", "--format", "xlsx", "--out", tmp_path / "a.xlsx", "--data", closed)
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert "看资金账" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert (tmp_path / "a.xlsx.sha256").exists()

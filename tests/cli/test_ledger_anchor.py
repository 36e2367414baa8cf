"""`whistle ledger anchor` and `verify --anchor` on real files: whatever was done to the database, the row is named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import ready
from tests.cli.shell import Shell
from tests.storage.people import ours
from whistle.core import ledger
from whistle.core.ledger import START, Entry
from whistle.storage import audit, meta
from whistle.storage import ledger as book
from whistle.storage.database import Database
from whistle.storage.migrations import HEAD, migrate

ZONE = "AAAAAAAAAAAAAAAAAAAAAA"
ROWS = 8


def entries() -> list[Entry]:
    """A year as finance keeps it: budgets, awards, one payment, a month locked."""
    numbers = {no: f"〔2026〕{no}号" for no in range(1, 5)}
    awards = [
        Entry("approve", "2026-10-12", 2026, 100_000 + no, case=case, post=str(no) * 43) for no, case in numbers.items()
    ]
    return [
        Entry("budget", "2026-01-05", 2026, 10_000_000, source="财政专项"),
        *awards,
        Entry("pay", "2026-10-20", 2026, 100_001, case="〔2026〕1号", post="9" * 43, voucher="凭-1"),
        Entry("lock", "2026-11-02", 2026, memo="2026-10"),
        Entry("budget", "2026-11-03", 2026, 500_000, source="追加"),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    with Database.open(ready.file(data / "whistle.db")) as db:
        db.write_sync(lambda tx: meta.set_zone(tx, ZONE))
        for entry in entries():
            db.write_sync(lambda tx, entry=entry: book.enter(ours(tx), entry))
    for version in ("0007", HEAD):  # entered by a release that signed nothing
        migrate(f"sqlite:///{data / 'whistle.db'}", version)
    return data


@pytest.fixture
def anchor(shell: Shell, folder: Path, tmp_path: Path) -> Path:
    out = tmp_path / "anchor.json"
    shell.done("ledger", "anchor", "--data", folder, "--out", out)
    return out


def test_a_number_under_two_payments_is_a_note_and_no_finding(shell: Shell, folder: Path, tmp_path: Path) -> None:
    again = Entry("pay", "2026-11-03", 2026, 100_002, "〔2026〕2号", "8" * 43, voucher="凭－１", treasury="国库-2")
    with Database.open(f"sqlite:///{folder / 'whistle.db'}") as db:
        db.write_sync(lambda tx: book.enter(ours(tx), again))
    told = shell.done("ledger", "verify", "--data", folder)
    assert "Voucher 凭-1 stands under several payments: rows 6, 9 (〔2026〕1号, 〔2026〕2号)." in told.out
    (shared,) = shell.done("ledger", "verify", "--data", folder, "--json").json["shared"]
    assert (shared["name"], shared["rows"]) == ("voucher", [6, 9])
    shell.done("ledger", "export", "--data", folder, "--format", "jsonl", "--out", tmp_path / "a.jsonl")
    assert "rows 6, 9" in shell.done("ledger", "verify", "--file", tmp_path / "a.jsonl").out


Stored = list[tuple[int, bytes, bytes]]


def tamper(folder: Path, change: Callable[[Stored], Stored]) -> None:
    """The table rewritten behind the program's back, triggers and all."""
    with sqlite3.connect(folder / "whistle.db") as db:
        for verb in ("update", "delete"):
            db.execute(f"DROP TRIGGER ledger_no_{verb}")
        rows = db.execute('SELECT no, document, hash, kind, corrects_kind, year, fen, "case" FROM ledger').fetchall()
        rest = {row[0]: row[3:] for row in rows}
        db.execute("DELETE FROM ledger")
        for no, document, hashed in change([row[:3] for row in rows]):
            db.execute("INSERT INTO ledger VALUES ('zone',?,?,?,?,?,?,?,?)", (no, document, hashed, *rest[no]))
    db.close()


def edit(rows: Stored) -> Stored:
    return [(no, row.replace(b'"fen":100003', b'"fen":900003'), hashed) for no, row, hashed in rows]


def edit_and_hash(rows: Stored) -> Stored:
    edited = edit(rows)
    no, row, _ = edited[3]
    edited[3] = no, row, ledger.row_hash(edited[2][2], row)
    return edited


def drop(rows: Stored) -> Stored:
    return rows[:3] + rows[4:]


def drop_and_close_up(rows: Stored) -> Stored:
    """The rows behind move up in the table, though they still carry their own numbers."""
    return [(no, *row[1:]) for no, row in enumerate(drop(rows), 1)]


def exchange(rows: Stored) -> Stored:
    return [*rows[:3], (4, *rows[4][1:]), (5, *rows[3][1:]), *rows[5:]]


def cut(rows: Stored) -> Stored:
    return rows[:-2]


def make_anew(rows: Stored) -> Stored:
    """The sum edited and every hash from there on computed again: a chain that fits."""
    made, head = [], START.hash
    for no, row, _ in edit(rows):
        head = ledger.row_hash(head, row)
        made.append((no, row, head))
    return made


TAMPERED: dict[str, tuple[Callable[[Stored], Stored], str, int]] = {
    "a sum edited": (edit, "edited", 4),
    "a sum edited with its hash": (edit_and_hash, "edited", 5),
    "a row dropped": (drop, "dropped", 4),
    "a row dropped and the rest moved up": (drop_and_close_up, "dropped", 4),
    "two rows exchanged": (exchange, "reordered", 4),
    "the end cut off": (cut, "truncated", 7),
    "the chain made anew": (make_anew, "anchor", ROWS),
}
ONLY_BY_THE_ANCHOR = {"truncated", "anchor"}


def test_it_works(shell: Shell, folder: Path, anchor: Path) -> None:
    told = shell.done("ledger", "verify", "--data", folder, "--anchor", anchor, "--json").json
    assert (told["holds"], told["rows"]) == (True, ROWS)
    written = json.loads(anchor.read_text("utf-8"))
    assert (written["zone"], written["ledger"]["count"]) == (ZONE, ROWS)


def test_a_ledger_that_grew_since_is_well(shell: Shell, folder: Path, anchor: Path) -> None:
    with Database.open(f"sqlite:///{folder / 'whistle.db'}") as db:
        db.write_sync(lambda tx: book.enter(ours(tx), Entry("approve", "2026-11-04", 2026, 9, "〔2026〕5号", "7" * 43)))
    assert shell.done("ledger", "verify", "--data", folder, "--anchor", anchor, "--json").json["rows"] == ROWS + 1


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_done_to_the_file_is_named_with_its_row(shell: Shell, folder: Path, anchor: Path, how: str) -> None:
    change, why, no = TAMPERED[how]
    tamper(folder, change)
    ran = shell("ledger", "verify", "--data", folder, "--anchor", anchor, "--json")
    assert (ran.status, ran.json) == (1, {"holds": False, "row": no, "why": why})
    assert str(no) in ran.err
    bare = shell("ledger", "verify", "--data", folder)
    assert (bare.status == 0) is (why in ONLY_BY_THE_ANCHOR)


@pytest.fixture
def audited(shell: Shell, folder: Path, tmp_path: Path) -> Path:
    """An anchor taken after three acts of the staff."""
    with Database.open(f"sqlite:///{folder / 'whistle.db'}") as db:
        for act in ("login", "export", "logout"):
            db.write_sync(lambda tx, act=act: audit.record(tx, day="2026-11-03", rid="bob", act=act))
    shell.done("ledger", "anchor", "--data", folder, "--out", tmp_path / "audited.json")
    return tmp_path / "audited.json"


def cut_audit(folder: Path, after: int) -> None:
    with sqlite3.connect(folder / "whistle.db") as db:
        db.execute("DROP TRIGGER audit_no_delete")
        db.execute("DELETE FROM audit WHERE no > ?", (after,))
    db.close()


def test_an_audit_whose_end_was_cut_off_is_what_only_the_anchor_finds(
    shell: Shell, folder: Path, anchor: Path, audited: Path
) -> None:
    shell.done("ledger", "verify", "--data", folder, "--anchor", audited)
    counted = json.loads(audited.read_text("utf-8"))["audit"]["count"]
    cut_audit(folder, 2)
    ran = shell("ledger", "verify", "--data", folder, "--anchor", audited, "--json")
    assert (ran.status, ran.json) == (1, {"holds": False, "row": counted, "why": "audit"})
    assert "audit log does not hold" in ran.err
    shell.done("ledger", "verify", "--data", folder)
    shell.done("ledger", "verify", "--data", folder, "--anchor", anchor)


def test_an_anchor_of_an_earlier_release_says_nothing_of_the_audit(shell: Shell, folder: Path, audited: Path) -> None:
    written = json.loads(audited.read_text("utf-8"))
    assert written.pop("audit")["count"] > 3
    audited.write_text(json.dumps(written), "utf-8")
    cut_audit(folder, 0)
    shell.done("ledger", "verify", "--data", folder, "--anchor", audited)
    audited.write_text(json.dumps(written | {"audit": {"count": "3"}}), "utf-8")
    assert "not an anchor" in shell("ledger", "verify", "--data", folder, "--anchor", audited).err


def exported(shell: Shell, folder: Path, tmp_path: Path) -> list[bytes]:
    shell.done("ledger", "export", "--data", folder, "--format", "jsonl", "--out", tmp_path / "ledger.jsonl")
    return (tmp_path / "ledger.jsonl").read_bytes().splitlines(keepends=True)


FILES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str, int]] = {
    "a sum edited": (lambda lines: [line.replace(b'"fen":100003', b'"fen":100004') for line in lines], "edited", 4),
    "a line dropped": (lambda lines: lines[:3] + lines[4:], "dropped", 4),
    "two lines exchanged": (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "reordered", 4),
    "the last row taken out": (lambda lines: [*lines[: ROWS - 1], *lines[ROWS:]], "truncated", ROWS),
    "the end cut off": (lambda lines: lines[: ROWS - 1], "truncated", ROWS),
    "what stands behind the rows cut off": (lambda lines: lines[:ROWS], "cut", 0),
    "half a row": (lambda lines: [*lines[: ROWS - 1], lines[ROWS - 1][:40]], "bad_row", ROWS),
    "half of the last line": (lambda lines: [*lines[:-1], lines[-1][:40]], "cut", 0),
    "nothing left": (lambda lines: [], "truncated", 1),
}


def test_an_exported_ledger_is_verified_away_from_the_server(
    shell: Shell, folder: Path, anchor: Path, tmp_path: Path
) -> None:
    exported(shell, folder, tmp_path)
    here = shell.done("ledger", "verify", "--data", folder, "--anchor", anchor, "--json").json
    there = shell.done("ledger", "verify", "--file", tmp_path / "ledger.jsonl", "--anchor", anchor, "--json").json
    assert here == there


@pytest.mark.parametrize("how", FILES)
def test_what_was_done_to_an_exported_ledger_is_named(
    shell: Shell, folder: Path, anchor: Path, tmp_path: Path, how: str
) -> None:
    change, why, no = FILES[how]
    lines = exported(shell, folder, tmp_path)
    (tmp_path / "ledger.jsonl").write_bytes(b"".join(change(lines)))
    ran = shell("ledger", "verify", "--file", tmp_path / "ledger.jsonl", "--anchor", anchor, "--json")
    assert (ran.status, ran.json) == (1, {"holds": False, "row": no, "why": why})


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_for_reading_is_not_called_a_ledger_that_does_not_hold(
    shell: Shell, folder: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"ledger.{form}"
    shell.done("ledger", "export", "--data", folder, "--format", form, "--out", out)
    ran = shell("ledger", "verify", "--file", out)
    assert (ran.status, ran.out) == (1, "")
    assert "--format jsonl" in ran.err
    assert "does not hold" not in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not an anchor"),
        ("[]", "not an anchor"),
        ('{"zone":"AAAAAAAAAAAAAAAAAAAAAA"}', "not an anchor"),
        ('{"zone":"AAAAAAAAAAAAAAAAAAAAAA","ledger":{"count":-1,"head":""}}', "not an anchor"),
        ('{"zone":"AAAAAAAAAAAAAAAAAAAAAA","ledger":{"count":1,"head":"short"}}', "not an anchor"),
        ('{"zone":"AAAAAAAAAAAAAAAAAAAAAA","ledger":{"count":1,"head":5}}', "not an anchor"),
        ('{"zone":"BBBBBBBBBBBBBBBBBBBBBB","ledger":{"count":1,"head":"x"}}', "another zone"),
    ],
)
def test_what_is_no_anchor_proves_nothing(shell: Shell, folder: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "anchor.json").write_text(text, "utf-8")
    ran = shell("ledger", "verify", "--data", folder, "--anchor", tmp_path / "anchor.json")
    assert ran.status == 1
    assert said in ran.err

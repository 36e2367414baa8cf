"""The packs that deadlines have run by stand in the store by hash: nobody moves or edits them under what was told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests import ready
from tests.conftest import Demo
from tests.storage.people import DAY, a_report, file
from whistle import process_packs
from whistle.cli import run
from whistle.core import rulebook
from whistle.core.errors import RuleError
from whistle.core.process import Process
from whistle.storage.database import Database

NOW = rulebook.load("SD-RULE-2024")
LATER = replace(NOW, id="TEST-RULE-2027")
SHORTER = replace(NOW, steps=tuple(replace(step, limit=step.limit - 1) for step in NOW.steps))
SINCE = "2026-12-01"
TODAY = Process((("", NOW),))
BOTH = Process((("", NOW), (SINCE, LATER)))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A store with a case in it."""
    opened = Database.open(ready.file(tmp_path / "whistle.db"))
    opened.write_sync(lambda tx: file(tx, a_report()))
    return opened


def keep(db: Database, process: Process, today: str) -> None:
    with db:
        db.write_sync(lambda tx: process_packs.keep(tx, process, today))


def refused(db: Database, process: Process, today: str) -> str:
    with db, pytest.raises(RuleError) as found:
        db.write_sync(lambda tx: process_packs.keep(tx, process, today))
    return found.value.code


def test_it_works(db: Database) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    db.write_sync(lambda tx: process_packs.keep(tx, BOTH, DAY))
    keep(db, BOTH, "2027-01-01")


def test_another_pack_in_place_of_the_one_that_clocks_run_by_is_refused(db: Database) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    assert refused(db, Process((("", LATER),)), DAY) == "process_moved"


@pytest.mark.parametrize("since", ["2026-06-01", DAY])
def test_a_pack_comes_into_force_on_a_day_that_has_not_begun(db: Database, since: str) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    assert refused(db, Process((("", NOW), (since, LATER))), DAY) == "process_moved"


def test_a_pack_whose_bytes_were_edited_is_never_used(db: Database) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    assert refused(db, Process((("", SHORTER),)), DAY) == "process_edited"


def test_what_came_into_force_stays_and_what_has_not_may_still_be_taken_back(db: Database) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, BOTH, DAY))
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    db.write_sync(lambda tx: process_packs.keep(tx, BOTH, DAY))
    assert refused(db, TODAY, SINCE) == "process_moved"


def test_the_packs_of_enterprises_stand_beside_and_hold_by_themselves(db: Database) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    db.write_sync(lambda tx: process_packs.keep(tx, Process((("", LATER),)), DAY, "enterprise"))
    with pytest.raises(RuleError, check=lambda error: error.code == "process_moved"):
        db.write_sync(lambda tx: process_packs.check(tx, TODAY, DAY, "enterprise"))
    keep(db, TODAY, DAY)


def test_a_clock_set_back_frees_nothing(db: Database) -> None:
    db.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    assert refused(db, Process((("", NOW), ("2026-01-01", LATER))), "2025-01-01") == "process_moved"


def test_before_the_first_report_nobody_was_told_a_day(tmp_path: Path) -> None:
    empty = Database.open(ready.file(tmp_path / "empty.db"))
    empty.write_sync(lambda tx: process_packs.keep(tx, TODAY, DAY))
    keep(empty, Process((("", LATER),)), DAY)


def test_a_running_house_holds_its_own(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WHISTLE_PROCESS_PACK", "SD-RULE-2024 SD-RULE-2024@2026-01-01")
    monkeypatch.setenv("WHISTLE_LANG", "en")
    assert run(["doctor", "--data", str(demo.data)]) == 1
    assert "SD-RULE-2024 does not hold for these days here" in capsys.readouterr().err

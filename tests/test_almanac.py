"""A year's working days, loaded by an administrator while the house is running."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from whistle import almanac
from whistle.cli import run
from whistle.core import calendar
from whistle.core.errors import RuleError
from whistle.register import YEARS_SECONDS, Register
from whistle.storage.database import Database
from whistle.storage.migrations import migrate

NEXT = {
    "v": 1,
    "year": 2027,
    "notice": "一份假想的放假通知",
    "published": "2026-11-20",
    "rest": ["2027-01-01", "2027-02-01"],
    "work": ["2027-01-30"],
}


def text(table: object) -> str:
    return json.dumps(table, ensure_ascii=False)


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'whistle.db'}"
    migrate(found)
    return found


def test_it_works(url: str) -> None:
    with Database.open(url) as db:
        assert 2027 not in db.read_sync(almanac.tables)
        db.write_sync(lambda tx: almanac.load(tx, text(NEXT)))
        tables = db.read_sync(almanac.tables)
    assert calendar.due("2026-12-03", 60, "day", tables) == calendar.Due("2027-02-02", False)
    assert calendar.due("2026-12-03", 60, "day", calendar.shipped()) == calendar.Due("2027-02-01", True)


def test_a_later_table_of_the_same_year_takes_the_place_of_the_earlier(url: str) -> None:
    with Database.open(url) as db:
        for rest in (["2027-01-01"], ["2027-01-01", "2027-01-04"]):
            db.write_sync(lambda tx, rest=rest: almanac.load(tx, text({**NEXT, "rest": rest, "work": []})))
        assert len(db.read_sync(almanac.tables)[2027].rest) == 2


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("{", "table_json"),
        (text({**NEXT, "extra": 1}), "table_keys"),
        (text({**NEXT, "rest": ["2026-12-31"]}), "table_days"),
        (text({**NEXT, "rest": ["2027-02-01", "2027-01-01"]}), "table_days"),
    ],
)
def test_a_table_that_is_not_exactly_one_year_is_refused_and_nothing_is_kept(url: str, table: str, code: str) -> None:
    with Database.open(url) as db:
        with pytest.raises(RuleError) as refused:
            db.write_sync(lambda tx: almanac.load(tx, table))
        assert refused.value.code == code
        assert 2027 not in db.read_sync(almanac.tables)


def test_a_running_door_has_a_new_table_within_a_minute(url: str) -> None:
    now = 0.0
    with Database.open(url) as db:
        register = Register(db, bytes(16), clock=lambda: now)
        with pytest.raises(Exception, match="bad_directory"):
            asyncio.run(register.current())
        db.write_sync(lambda tx: almanac.load(tx, text(NEXT)))
        assert 2027 not in register.years
        now += YEARS_SECONDS
        with pytest.raises(Exception, match="bad_directory"):
            asyncio.run(register.current())
        assert 2027 in register.years


def test_the_command_loads_shows_and_refuses(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISTLE_LANG", "zh")
    (tmp_path / "2027.json").write_text(text(NEXT), encoding="utf-8")
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    assert run(["calendar", "load", str(tmp_path / "bad.json"), "--data", str(tmp_path)]) == 1
    assert "依次写" in capsys.readouterr().err
    assert run(["calendar", "load", str(tmp_path / "2027.json"), "--data", str(tmp_path)]) == 0
    assert run(["calendar", "show", "--data", str(tmp_path)]) == 0
    assert "一份假想的放假通知" in capsys.readouterr().out

"""A year's working days, loaded by an administrator while the house is running."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import ready
from whistle import almanac
from whistle.cli import run
from whistle.core import calendar
from whistle.core.errors import RuleError
from whistle.published import YEARS_SECONDS, Published
from whistle.storage.database import Database

NEXT: dict[str, Any] = {
    "v": 1,
    "year": 2027,
    "notice": "一份假想的放假通知",
    "published": "2026-11-20",
    "rest": [
        *("2027-01-01", "2027-02-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05"),
        *("2027-05-01", "2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03"),
    ],
    "work": ["2027-01-30"],
}


def text(table: object) -> str:
    return json.dumps(table, ensure_ascii=False)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return ready.file(tmp_path / "whistle.db")


def test_it_works(url: str) -> None:
    with Database.open(url) as db:
        assert 2027 not in db.read_sync(almanac.tables)
        db.write_sync(lambda tx: almanac.load(tx, text(NEXT)))
        tables = db.read_sync(almanac.tables)
    assert calendar.due("2026-12-03", 60, "day", tables) == calendar.Due("2027-02-02", False)
    assert calendar.due("2026-12-03", 60, "day", calendar.shipped()) == calendar.Due("2027-02-01", True)


def test_a_later_table_of_the_same_year_takes_the_place_of_the_earlier(url: str) -> None:
    with Database.open(url) as db:
        for table in (NEXT, {**NEXT, "rest": sorted([*NEXT["rest"], "2027-01-04"])}):
            db.write_sync(lambda tx, table=table: almanac.load(tx, text(table)))
        assert len(db.read_sync(almanac.tables)[2027].rest) == len(NEXT["rest"]) + 1


@pytest.mark.parametrize("kept", [["2027-01-01", "2027-02-01"], NEXT["rest"][:-1], NEXT["rest"][1:]])
def test_a_year_with_a_few_of_its_festivals_is_refused(url: str, kept: list[str]) -> None:
    with Database.open(url) as db, pytest.raises(RuleError) as refused:
        db.write_sync(lambda tx: almanac.load(tx, text({**NEXT, "rest": kept, "work": []})))
    assert refused.value.code in {"table_festival", "table_incomplete"}


@pytest.mark.parametrize("left_out", [name for name, *_ in calendar.FESTIVALS])
def test_every_festival_is_asked_for(left_out: str) -> None:
    table = calendar.shipped()[2026]
    assert calendar.whole_year(table) == table
    _, first, last, _ = next(row for row in calendar.FESTIVALS if row[0] == left_out)
    rest = frozenset(day for day in table.rest if not first <= f"{day:%m-%d}" <= last)
    with pytest.raises(RuleError) as refused:
        calendar.whole_year(replace(table, rest=rest))
    assert (refused.value.code, refused.value.facts["name"]) == ("table_festival", left_out)


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
        published = Published(db, bytes(16), clock=lambda: now)
        with pytest.raises(Exception, match="bad_directory"):
            asyncio.run(published.current())
        db.write_sync(lambda tx: almanac.load(tx, text(NEXT)))
        assert 2027 not in published.years
        now += YEARS_SECONDS
        with pytest.raises(Exception, match="bad_directory"):
            asyncio.run(published.current())
        assert 2027 in published.years


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

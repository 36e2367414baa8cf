"""What runs by itself: old nonces and sessions go, due days are set anew; doctor sees a row that lies."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, delete, select, update

from tests.conftest import Demo, start
from tests.doors import later
from tests.doors.hand import Hand
from tests.doors.office import Team
from whistle import almanac, house, jobs, publishing, settings, zone
from whistle.casework import refold
from whistle.cli import run
from whistle.client import Office
from whistle.core import calendar, deadlines
from whistle.core.case import Clock, Refused
from whistle.core.clock import zone_day
from whistle.core.errors import RuleError
from whistle.crypto import fingerprint
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Docket, Rejected
from whistle.jobs import Chores
from whistle.storage import appending, audit, cases, sessions, standing, tables
from whistle.storage.audit import CLOSED, Entry
from whistle.storage.database import Database
from whistle.storage.engine import sqlite_path
from whistle.storage.errors import Busy, StorageError
from whistle.storage.records import Cached, CaseRow

NOW = time.time()
TODAY = zone_day(NOW)


@pytest.fixture(scope="module")
def zone_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A house of its own: in the shared one others file cases ahead of the time."""
    running = start(tmp_path_factory.mktemp("jobs") / "data", WHISTLE_WORK_BITS="4")
    yield running
    running.kill()


@pytest.fixture
def docket(zone_demo: Demo) -> Iterator[Docket]:
    told = settings.read({}, data=zone_demo.data)
    opened = house.open_house(told, "review").docket
    yield opened
    opened.db.close()


def chores(docket: Docket) -> Chores:
    path = sqlite_path(docket.db.url)
    assert path
    told = settings.read({}, data=path.parent)
    return Chores(docket, house.uploads_of(told, docket.db), house.notifier_of(told), told.destroyed_log)


def known(docket: Docket) -> Directories:
    return asyncio.run(docket.published.current())


def every(docket: Docket) -> list[CaseRow]:
    return docket.db.read_sync(cases.iter_cases)


def row_of(docket: Docket, case: str) -> CaseRow:
    found = docket.db.read_sync(lambda tx: cases.find_case(tx, case))
    assert found is not None
    return found


def agrees(docket: Docket, row: CaseRow) -> bool:
    return difference(docket, row) == ""


def difference(docket: Docket, row: CaseRow) -> str:
    check = refold.checker(docket, known(docket))
    return docket.db.read_sync(lambda tx: check(tx, row))


def cached(docket: Docket, case: str, **lies: object) -> Cached:
    """What the row of a case should repeat, with something changed."""
    row, directories = row_of(docket, case), known(docket)
    said = docket.db.read_sync(lambda tx: refold.refolded(docket, directories, tx, row))
    return replace(said, **lies)  # type: ignore[arg-type]


def write(docket: Docket, case: str, said: Cached) -> None:
    docket.db.write_sync(lambda tx: standing.cache_case(tx, case, said))


@pytest.fixture
def case(zone_demo: Demo) -> str:
    return b64(Hand(zone_demo).filed().case)


# Folding again


def test_it_works_every_row_says_what_its_posts_say(docket: Docket) -> None:
    assert len({row.state for row in every(docket)}) > 4
    assert all(agrees(docket, row) for row in every(docket))


LIES: dict[str, object] = {
    "state": "accepted",
    "seen": "paid",
    "due": "2030-01-01",
    "step": "verify",
    "provisional": True,
    "category": "violation",
    "sector": "fire",
}


@pytest.mark.parametrize("column", LIES)
def test_a_row_that_lies_is_seen(docket: Docket, case: str, column: str) -> None:
    honest = cached(docket, case)
    write(docket, case, replace(honest, **{column: LIES[column]}))  # type: ignore[arg-type]
    assert difference(docket, row_of(docket, case)) == ("dates" if column in refold._DATED else "cache")
    write(docket, case, honest)
    assert agrees(docket, row_of(docket, case))


def test_a_provisional_due_day_is_set_anew_and_nothing_else_changes(docket: Docket, case: str) -> None:
    before = row_of(docket, case)
    write(docket, case, cached(docket, case, due="2029-12-31", provisional=True))
    assert asyncio.run(refold.redate(docket)) == 1
    assert row_of(docket, case) == before
    assert asyncio.run(refold.redate(docket)) == 0


def test_a_number_drawn_meanwhile_is_kept(zone_demo: Demo, docket: Docket, case: str) -> None:
    """The list is read before the write: what was drawn in between must not be taken back."""
    listed = row_of(docket, case)
    Team(zone_demo).intake.decline(case, "NA03")
    write(docket, case, cached(docket, case, due="2029-12-31", provisional=True))
    fold = partial(refold.refolded, docket, known(docket))
    docket.db.write_sync(lambda tx: refold._renew(fold, listed.case, refold._is_dated_otherwise, tx))
    row = row_of(docket, case)
    assert row.number > 0
    assert (row.state, row.provisional) == ("not_accepted", False)


def test_a_channel_that_left_the_directory_stops_no_check(zone_demo: Demo, docket: Docket) -> None:
    folder = zone_demo.data / "zone"
    newest = zone_demo.reporter().trust.newest_channel()
    zone.add_channel(folder, "old", "旧渠道")
    for one in newest["readers"]:
        zone.add_reader(
            folder, "old", kem=unb64(one["kem"]), sig=unb64(one["sig"]), person=one["person"],
            roles=one["roles"], label=one["label"],
        )  # fmt: skip
    sign(zone_demo)
    case = zone_demo.reporter().submit("旧渠道里的一件", channel="old").case
    draft = json.loads((folder / "zone.json").read_text(encoding="utf-8"))
    draft["channels"] = [channel for channel in draft["channels"] if channel["id"] != "old"]
    (folder / "zone.json").write_text(json.dumps(draft, ensure_ascii=False), encoding="utf-8")
    sign(zone_demo)
    assert agrees(docket, row_of(docket, case))
    assert asyncio.run(refold.redate(docket)) == 0


def sign(demo: Demo) -> None:
    folder = demo.data / "zone"
    zone.sign(folder, today=TODAY, confirm=lambda reader: fingerprint.show(unb64(reader["rid"])))
    publishing.publish(settings.read({}, data=demo.data), folder, strand=True)  # a channel goes with what it read


# Jobs


def test_old_nonces_go_and_fresh_ones_stay(docket: Docket) -> None:
    days = [(date.fromisoformat(TODAY) - timedelta(days=back)).isoformat() for back in (0, 1, 2, 30)]
    for day in days:
        docket.db.write_sync(lambda tx, day=day: appending.spend(tx, day.encode(), day))
    assert asyncio.run(jobs.run_once(chores(docket), NOW))["nonces"] == 2
    left = docket.db.read_sync(lambda tx: set(tx.execute(select(tables.spent.c.day)).scalars()))
    assert set(days[:2]) <= left and not set(days[2:]) & left


def test_sessions_that_are_over_go(docket: Docket) -> None:
    for token, expires in ((b"old", int(NOW) - 1), (b"new", int(NOW) + 60)):
        docket.db.write_sync(lambda tx, token=token, expires=expires: sessions.open_session(tx, token, "rid", expires))
    assert asyncio.run(jobs.run_once(chores(docket), NOW))["sessions"] == 1
    assert docket.db.read_sync(lambda tx: sessions.session(tx, b"new", int(NOW)))
    assert docket.db.read_sync(lambda tx: sessions.session(tx, b"old", int(NOW) - 9)) is None


def test_what_was_opened_before_the_office_acted_joins_the_audit_at_night(docket: Docket, case: str) -> None:
    entry = Entry(TODAY, "somebody", "case", "09:00", case=case)
    docket.db.write_sync(lambda tx: audit.enter(tx, entry))
    asyncio.run(jobs.run_once(chores(docket), NOW))
    assert entry in [replace(each, minute="09:00") for each in docket.db.read_sync(audit.waiting)]
    assert asyncio.run(jobs.run_once(chores(docket), NOW + 86_400))["audit of the day"] >= 1
    joined = [audit.parse(row.bytes).entry for row in docket.db.read_sync(lambda tx: list(audit.every(tx)))]
    assert replace(entry, minute="") in joined
    assert joined[-1] == Entry(TODAY, "", CLOSED)
    assert docket.db.read_sync(lambda tx: audit.verify(audit.every(tx)))


def test_no_job_changes_a_state(docket: Docket) -> None:
    before = [(row.case, row.state, row.number) for row in every(docket)]
    asyncio.run(jobs.run_once(chores(docket), NOW + 400 * 86_400))
    assert [(row.case, row.state, row.number) for row in every(docket)] == before


REFUSALS = (Busy(), StorageError(), Refused("future", {}), RuleError("day_range"), EnvelopeError("back_dated"))


@pytest.mark.parametrize("stopped", [*REFUSALS, ValueError("a word of a report")], ids=lambda one: type(one).__name__)
def test_a_refusal_stops_one_job_for_one_hour_and_no_other(
    docket: Docket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stopped: Exception
) -> None:
    runs: list[float] = []
    others: list[float] = []

    async def other(_docket: Docket, now: float) -> int:
        others.append(now)
        return 0

    async def job(_docket: Docket, now: float) -> int:
        runs.append(now)
        if len(runs) == 2:
            raise KeyboardInterrupt
        raise stopped

    monkeypatch.setattr(jobs, "JOBS", (jobs.Job("stopped", job), jobs.Job("other", other)))
    monkeypatch.setattr(jobs, "HOUR", 0.0)
    with caplog.at_level(logging.INFO), pytest.raises(KeyboardInterrupt):
        asyncio.run(jobs.run(chores(docket), time.time))
    assert (len(runs), len(others)) == (2, 1)
    assert type(stopped).__name__ in caplog.text
    assert "a word of a report" not in caplog.text


def test_while_the_clock_is_in_doubt_no_job_clears_anything(
    docket: Docket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[float] = []

    def clock() -> float:
        asked.append(NOW)
        if len(asked) == 2:
            raise KeyboardInterrupt
        raise Rejected("clock_doubt")

    monkeypatch.setattr(jobs, "JOBS", ())
    monkeypatch.setattr(jobs, "HOUR", 0.0)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(jobs.run(chores(docket), clock))
    assert "clock_doubt" in caplog.text


def test_every_cached_column_is_compared_or_kept_elsewhere() -> None:
    """A new column of the cache is to be looked at by doctor: this list grows with it, on purpose."""
    elsewhere = {"year", "number", "hidden", "seated"}
    assert {field.name for field in fields(Cached)} - elsewhere == {*refold._DATED, *refold._FIXED}


# Whose time it is


def test_a_clock_of_the_office_is_shown_before_the_reporters_own(docket: Docket) -> None:
    """An objection may be made until the 10th, a finding is owed by the 20th: the list shows the 20th."""
    mine = Clock("objection", "2026-01-01", due="2026-02-10", whose="reporter")
    theirs = Clock("verify", "2026-01-05", due="2026-02-20")
    process = docket.processes["authority"]
    shown = deadlines.soonest([mine, theirs], process, docket.years)
    assert shown == (theirs, calendar.Due("2026-02-20", False))
    assert deadlines.soonest([mine], process, docket.years)[0] == mine


def test_a_reporters_time_runs_out_and_nobody_is_late(zone_demo: Demo, docket: Docket, case: str) -> None:
    """Until the notice the office owes something and can be late; from then on it is hers to claim."""
    team = Team(zone_demo)
    team.to_proposal(case)
    assert row_of(docket, case).since == TODAY
    team.leader.approve(case)
    until = (date.fromisoformat(TODAY) + timedelta(days=30)).isoformat()
    team.payout.notify(case, until, "请申领。")
    row = row_of(docket, case)
    assert (row.step, row.due, row.since) == ("claim", until, "")
    a_year_on = 365 * 86_400
    with later.door(zone_demo.data, "review", a_year_on) as review, later.client() as http:
        keys, zone_id = zone_demo.keys("intake")
        bob = Office(review, http, keys, zone_id, clock=lambda: time.time() + a_year_on)
        bob.login()
        levels = {one["case"]: one["level"] for one in bob.inbox()}
        late = {one["case"] for one in bob.inbox(overdue="1")}
        assert levels[case] == ""
        assert case not in late
        assert late == {one for one, level in levels.items() if level == "overdue"} != set()


# A notice that changes a year while cases run


def notice(*more: str) -> str:
    """The calendar of this year with further days off."""
    table = calendar.table_document(calendar.shipped()[int(TODAY[:4])])
    return json.dumps({**table, "rest": sorted({*table["rest"], *more})}, ensure_ascii=False)


def workdays_ahead() -> list[str]:
    """The working days that are next, as if they were given off."""
    days = [(date.fromisoformat(TODAY) + timedelta(days=n)).isoformat() for n in range(1, 12)]
    return [day for day in days if day[:4] == TODAY[:4] and date.fromisoformat(day).weekday() < 5]


def levels(capsys: pytest.CaptureFixture[str], demo: Demo) -> dict[str, str]:
    capsys.readouterr()
    run(["doctor", "--data", str(demo.data), "--json"])
    return {one["code"]: one["level"] for one in json.loads(capsys.readouterr().out)}


def test_a_notice_moves_every_running_deadline_and_doctor_knows_old_from_changed(
    zone_demo: Demo, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISTLE_LANG", "zh")
    told = settings.read({}, data=zone_demo.data)
    days = workdays_ahead()
    with Database.open(told.database_url) as db:
        before = db.read_sync(lambda tx: cases.find_case(tx, case))
        db.write_sync(lambda tx: almanac.load(tx, notice(days[0])))
    assert levels(capsys, zone_demo)["dates"] == "amber"
    run(["doctor", "--data", str(zone_demo.data)])  # red for the case whose channel left with its readers
    assert "期限还是按以前的放假安排算的" in capsys.readouterr().out
    (tmp_path / "notice.json").write_text(notice(*days), encoding="utf-8")
    assert run(["calendar", "load", str(tmp_path / "notice.json"), "--data", str(zone_demo.data)]) == 0
    moved = re.search(r"(\d+) 件案子的期限变了", capsys.readouterr().out)
    assert moved and int(moved[1]) > 0
    with Database.open(told.database_url) as db:
        after = db.read_sync(lambda tx: cases.find_case(tx, case))
        assert before and after and before.due < after.due
    assert run(["jobs", "--once", "--data", str(zone_demo.data)]) == 0
    assert {levels(capsys, zone_demo)[code] for code in ("dates", "cache")} == {"ok"}
    with Database.open(told.database_url) as db:
        db.write_sync(lambda tx: tx.execute(update(tables.cases).values(due="2030-01-01")))
    assert levels(capsys, zone_demo)["dates"] == "red"
    assert run(["doctor", "--data", str(zone_demo.data)]) == 1
    assert "有人改过数据库" in capsys.readouterr().out


class Undone(Exception):
    """The damage of a test is taken back: other tests live in this house too."""


@pytest.mark.parametrize("table", [tables.grants, tables.items], ids=lambda table: table.name)
def test_a_grant_or_an_item_that_was_taken_away_is_seen(docket: Docket, case: str, table: Table) -> None:
    row, check = row_of(docket, case), refold.checker(docket, known(docket))
    found = []

    def damage(tx: Connection) -> None:
        tx.execute(delete(table).where(table.c.case_id == row.id))
        found.append(check(tx, row))
        raise Undone

    with pytest.raises(Undone):
        docket.db.write_sync(damage)
    assert found == ["sealed"]
    assert difference(docket, row) != "sealed"

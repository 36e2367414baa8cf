"""A clock that is set while a door runs, or is behind what is stored: nothing is taken, and the door says so."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import uvloop

from tests import ready
from tests.conftest import free_port
from tests.doors.hand import Hand, error
from tests.doors.served import Served, establish
from tests.doors.test_plain import REPORT
from whistle import house, serving, settings
from whistle.cli import console, standing
from whistle.client import draw_form
from whistle.core.clock import zone_day
from whistle.docket import Rejected
from whistle.storage.database import Database
from whistle.wallclock import STEP, WallClock, accept, last_seen, mark_day, newest_day, steady

DAY = 86_400.0


@dataclass
class Times:
    """A machine whose wall clock is set by us, and whose steady clock goes on."""

    wall: float = 1_800_000_000.0
    steady: float = 5.0

    def clock(self, newest: str = "") -> WallClock:
        return WallClock(newest, lambda: self.wall, lambda: self.steady)

    def wait(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


def test_it_works() -> None:
    times = Times()
    clock = times.clock()
    assert clock() == times.wall
    times.wait(30 * DAY)
    assert clock() == times.wall


@pytest.mark.parametrize("step", [2 * DAY, -2 * DAY, 400 * DAY, -400 * DAY, STEP + 1, -STEP - 1])
def test_a_step_is_in_doubt_until_it_is_taken_back(step: float) -> None:
    times = Times()
    clock = times.clock()
    clock()
    times.wait(3600)
    times.wall += step
    with pytest.raises(Rejected, match="clock_doubt"):
        clock()
    times.wait(3600)
    assert clock.is_in_doubt()
    times.wall -= step
    assert clock() == times.wall


def test_what_a_time_server_puts_right_is_no_step() -> None:
    times = Times()
    clock = times.clock()
    clock()
    times.wall += STEP - 1
    assert clock() == times.wall


def test_a_machine_that_starts_before_its_clock_is_set_waits_for_the_stored_day() -> None:
    times = Times(wall=0.0)
    clock = times.clock("2027-01-15")
    assert clock.is_in_doubt()
    times.wall = 1_800_000_000.0  # 2027-01-15 in the zone: the time server has answered
    assert clock() == times.wall


TODAY = "2027-01-15"  # of Times


@pytest.mark.parametrize(("seen", "believed"), [("2027-01-15", True), ("2027-01-12", True), ("2027-01-11", False)])
def test_a_machine_days_ahead_of_all_that_is_known_needs_a_witness(seen: str, believed: bool) -> None:
    times, served = Times(), []
    clock = WallClock("", lambda: times.wall, lambda: times.steady, seen, lambda: bool(served))
    assert clock.is_in_doubt() is not believed
    served.append("a time server keeps the clock")
    assert clock() == times.wall
    served.clear()
    assert clock() == times.wall  # believed once, it keeps step with the steady clock


def test_a_day_is_known_by_posts_by_the_operator_and_by_doors_that_ran(tmp_path: Path) -> None:
    with Database.open(ready.file(tmp_path / "whistle.db")) as db:
        known = partial(last_seen, data=tmp_path)
        assert db.read_sync(known) == ""
        mark_day(tmp_path, "public", "2027-01-10")
        (tmp_path / "other.day").write_text("tomorrow")
        assert db.read_sync(known) == "2027-01-10"
        db.write_sync(partial(accept, today=TODAY))
        assert db.read_sync(known) == TODAY


def test_doctor_names_the_way_out() -> None:
    ahead = {"today": TODAY, "seen": "2027-01-10", "days": 5}
    _, finding = standing.clock_of(TODAY, "", 0, [], ahead)
    assert (finding["code"], finding["level"]) == ("clock_ahead", "red")
    told = console.sentence("doctor_clock_ahead_red", **finding["facts"])
    assert "whistle clock --accept" in told and "2027-01-10" in told


@pytest.mark.parametrize(
    ("on", "level"),
    [("", "ok"), ("2027-01-15", "amber"), ("2026-10-18", "amber"), ("2026-10-17", "ok"), ("2027-01-16", "amber")],
)
def test_a_restore_is_told_for_ninety_days(on: str, level: str) -> None:
    finding = standing.restored_of(on, "2026-10-01", TODAY)
    assert finding["level"] == level
    told = console.sentence(f"doctor_restored_{level}", **finding["facts"])
    assert (on in told and "2026-10-01" in told) is (level == "amber") or not on
    assert "–" not in told and "{" not in told


def test_the_steady_clock_goes_on() -> None:
    first = steady()
    assert steady() >= first


class Door:
    """The public door with a wall clock that the test sets while the door runs; `ahead` seconds from the start."""

    def __init__(self, served: Served, ahead: float = 0.0) -> None:
        self.ahead = ahead
        port = served.ports["public"] = free_port()
        told = settings.read({}, data=served.data, work_bits=4, rate="", asked=0, public_port=port)
        app = house.public_door(told)
        self.house = app.state.house
        clock = WallClock(
            self.house.db.read_sync(newest_day),
            lambda: time.time() + self.ahead,
            seen=self.house.db.read_sync(partial(last_seen, data=served.data)),
            served=lambda: False,
        )
        app.state.door = dataclasses.replace(app.state.door, clock=clock)
        app.state.house = dataclasses.replace(self.house, clock=clock)
        self.server = serving.server(app, told, port)
        self.thread = threading.Thread(target=lambda: uvloop.run(serving.run(app, self.server)), daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.hand = Hand(served)  # type: ignore[arg-type]

    def get(self, path: str) -> int:
        return self.hand.http.get(f"{self.hand.url}{path}").status_code

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.house.db.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = establish(tmp_path / "data")
    yield made
    made.kill()


def test_nothing_is_taken_while_the_clock_is_two_days_ahead_and_no_case_is_shut_afterwards(served: Served) -> None:
    door = Door(served)
    mine, draft = door.hand.filed(), door.hand.report()
    upload, proof = draft.upload(), door.hand.work(draft)
    message = door.hand.message(mine)
    ready = door.hand.work(message)
    mark = served.data / serving.clock_mark("public")
    door.ahead = 2 * DAY
    assert error(door.hand.send(draft, upload, proof)) == (503, "clock_doubt")
    assert error(door.hand.send(message, proof=ready)) == (503, "clock_doubt")
    assert (door.get("/"), door.get("/api/directory")) == (200, 200)
    while not mark.exists():
        time.sleep(0.05)
    door.ahead = 0.0
    assert door.hand.send(draft, upload, proof).status_code == 201
    assert door.hand.send(message, proof=ready).status_code == 201
    while mark.exists():
        time.sleep(0.05)
    door.stop()


def test_the_page_without_script_says_it_in_one_sentence(served: Served) -> None:
    door = Door(served)
    door.ahead = 2 * DAY
    told = {**REPORT, "once": draw_form()}
    page = door.hand.http.post(f"{door.hand.url}/plain", data=told)
    assert page.status_code == 503
    assert "网站的时钟不准" in page.text
    door.stop()


def test_days_stored_ahead_keep_a_door_shut_until_the_operator_says_the_machine_is_right(served: Served) -> None:
    wrong = Door(served, 2 * DAY)  # it was started with this time: nothing tells it that it is wrong
    wrong.hand.filed()
    wrong.stop()
    shut = Door(served)
    assert shut.get("/api/challenge") == 503
    assert shut.get("/api/directory") == 200
    shut.stop()
    with Database.open(served.database) as db:
        db.write_sync(accept)
    right = Door(served)
    right.hand.filed()
    right.stop()


def test_a_door_started_days_ahead_takes_nothing_until_the_operator_says_the_machine_is_right(served: Served) -> None:
    """It filed everything under days that had not come, and shut every case it touched."""
    before = Door(served)
    before.hand.filed()
    while not (served.data / "public.day").exists():
        time.sleep(0.05)
    before.stop()
    ahead = Door(served, 5 * DAY)
    assert error(ahead.hand.get("/api/challenge", purpose="report")) == (503, "clock_doubt")
    assert ahead.get("/api/directory") == 200
    ahead.ahead = 0.0  # put right: it goes on by itself
    ahead.hand.filed()
    ahead.stop()
    with Database.open(served.database) as db:
        db.write_sync(partial(accept, today=zone_day(time.time() + 5 * DAY)))
    believed = Door(served, 5 * DAY)
    believed.hand.filed()
    believed.stop()

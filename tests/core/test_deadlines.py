"""When the clocks of a case end: limits, pauses, days that were named, and the two hours of an urgent report."""

import pytest

from whistle.core import calendar, deadlines, rulebook
from whistle.core.calendar import Due
from whistle.core.record import Clock

PACK = rulebook.load("SD-RULE-2024")
YEARS = calendar.shipped()


def ends(clock: Clock, hour: int = -1) -> str:
    return deadlines.due_of(clock, PACK, YEARS, hour).date


def test_it_works() -> None:
    assert ends(Clock("verify", "2026-03-02")) == "2026-05-06"  # 60 days end on a holiday of May
    assert ends(Clock("accept", "2026-03-02")) == "2026-03-11"


def test_a_pause_moves_a_limit_in_days_by_days_and_one_in_working_days_by_working_days() -> None:
    pause = (("2026-03-06", "2026-03-10"),)  # Friday to Tuesday
    assert ends(Clock("verify", "2026-03-02", pauses=pause)) == "2026-05-06"  # 64 days, and still the holiday's end
    assert ends(Clock("verify", "2026-03-10", pauses=pause)) == "2026-05-13"
    assert ends(Clock("accept", "2026-03-02", pauses=pause)) == "2026-03-13"  # Monday and Tuesday


def test_pauses_add_up_and_an_open_one_counts_once_it_has_ended() -> None:
    two = (("2026-03-11", "2026-03-12"), ("2026-03-16", "2026-03-18"))
    assert ends(Clock("verify", "2026-03-10", pauses=two)) == "2026-05-12"
    open_ = (*two, ("2026-03-20", ""))
    assert Clock("verify", "2026-03-10", pauses=open_).is_paused
    assert ends(Clock("verify", "2026-03-10", pauses=open_)) == "2026-05-12"


def test_a_day_that_was_named_is_moved_by_the_pauses_after_it_alone() -> None:
    before, since = ("2026-03-11", "2026-03-20"), ("2026-06-01", "2026-06-05")
    assert ends(Clock("verify", "2026-03-10", due="2026-06-10", pauses=(before,), counted=1)) == "2026-06-10"
    assert ends(Clock("verify", "2026-03-10", due="2026-06-10", pauses=(before, since), counted=1)) == "2026-06-15"


def test_an_extension_reaches_from_the_start_over_all_pauses() -> None:
    clock = Clock("verify", "2026-03-10", due="2026-06-01", pauses=(("2026-03-11", "2026-03-21"),))
    assert deadlines.regular(clock, PACK, YEARS).date == "2026-05-19"
    assert deadlines.furthest(clock, PACK, YEARS).date == "2026-06-18"


def test_the_reporters_day_moves_with_the_offices_once_a_pause_has_ended() -> None:
    ended, open_ = ("2026-03-06", "2026-03-20"), ("2026-03-25", "")
    hers, office = Clock("verify", "2026-03-10"), Clock("verify", "2026-03-10", pauses=(ended, open_))
    other = Clock("verify", "2026-03-11")
    told, untouched = deadlines.as_told([hers, other], [office])
    assert (ends(told), ends(untouched)) == (ends(office), ends(other))
    assert ends(told) > ends(hers)
    assert not told.is_paused


def test_a_day_she_was_told_is_moved_by_the_pauses_after_it_alone() -> None:
    pauses = (("2026-03-11", "2026-03-20"), ("2026-06-01", "2026-06-05"))
    office = Clock("verify", "2026-03-10", due="2026-06-10", pauses=pauses, counted=1)
    (told,) = deadlines.as_told([Clock("verify", "2026-03-10", due="2026-06-10", counted=0)], [office])
    assert ends(told) == ends(office) == "2026-06-15"


@pytest.mark.parametrize(
    ("hour", "day", "end"),
    [(0, "2026-03-02", 3), (10, "2026-03-02", 13), (20, "2026-03-02", 23), (21, "2026-03-03", 0)],
)
def test_two_hours_run_from_the_end_of_the_hour_through_the_night(hour: int, day: str, end: int) -> None:
    due = deadlines.due_of(Clock("dispatch", "2026-03-02"), PACK, YEARS, hour)
    assert due == Due(day, False, end)


def test_an_hour_that_is_not_known_is_the_last_of_its_day() -> None:
    assert deadlines.due_of(Clock("dispatch", "2026-12-31"), PACK, YEARS) == Due("2027-01-01", False, 2)


def test_two_hours_are_red_until_they_are_over() -> None:
    due = Due("2026-03-03", False, 0)
    assert deadlines.level("2026-03-02", due, "2026-03-02", 23) == "red"
    assert deadlines.level("2026-03-02", due, "2026-03-03", 0) == "overdue"


def test_a_colour_follows_the_clocks_own_start() -> None:
    due = Due("2026-04-01", False)
    assert deadlines.level("2026-03-02", due, "2026-03-10", 9) == ""
    assert deadlines.level("2026-03-02", due, "2026-03-23", 9) == "amber"
    assert deadlines.level("2026-03-02", due, "2026-03-29", 9) == "red"
    assert deadlines.level("2026-03-31", due, "2026-03-31", 9) == ""


def test_of_the_running_clocks_the_first_governs_and_hours_come_before_the_day() -> None:
    accept, urgent = Clock("accept", "2026-03-02"), Clock("dispatch", "2026-03-02")
    still = Clock("verify", "2026-01-01", pauses=(("2026-01-02", ""),))
    clock, due = deadlines.soonest([still, accept, urgent], PACK, YEARS, 9)
    assert clock is urgent and due == Due("2026-03-02", False, 12)
    assert deadlines.soonest([still], PACK, YEARS) == (None, None)


def test_a_pause_into_a_year_without_a_calendar_is_provisional() -> None:
    pause = (("2029-12-30", "2030-01-03"),)
    assert deadlines.due_of(Clock("accept", "2029-12-28", pauses=pause), PACK, YEARS).provisional

"""Due dates: the day of the event is not counted, a day of rest moves on, an unknown year is provisional."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.core import calendar
from whistle.core.calendar import Due, RuleError, due, level

TABLES = calendar.shipped()


def code_of(call: object, *args: object) -> str:
    with pytest.raises(RuleError) as refusal:
        call(*args)  # type: ignore[operator]
    return refusal.value.code


def test_it_works() -> None:
    assert due("2026-11-23", 7, "working_day", TABLES) == Due("2026-12-02", False)


@pytest.mark.parametrize(
    ("start", "limit", "unit", "expected", "provisional"),
    [
        ("2026-11-23", 15, "day", "2026-12-08", False),
        ("2026-12-02", 60, "day", "2027-02-01", True),  # raw end 2027-01-31 is a Sunday
        ("2026-11-23", 60, "day", "2027-01-22", True),
        ("2026-11-20", 1, "day", "2026-11-23", False),  # Friday + 1 is a Saturday: Monday
        ("2026-11-20", 1, "working_day", "2026-11-23", False),
        ("2026-11-21", 1, "working_day", "2026-11-23", False),  # an event on a Saturday
        # Spring Festival: 15 to 23 February off, Saturdays 14 and 28 worked instead.
        ("2026-02-13", 1, "working_day", "2026-02-14", False),
        ("2026-02-13", 2, "working_day", "2026-02-24", False),
        ("2026-02-13", 1, "day", "2026-02-14", False),
        ("2026-02-13", 2, "day", "2026-02-24", False),
        ("2026-02-14", 10, "day", "2026-02-24", False),
        ("2026-02-24", 4, "working_day", "2026-02-28", False),
        ("2026-02-24", 5, "working_day", "2026-03-02", False),
        # New Year: Sunday 4 January worked.
        ("2026-01-01", 1, "working_day", "2026-01-04", False),
        ("2025-12-31", 1, "day", "2026-01-04", False),
        ("2025-12-31", 1, "working_day", "2026-01-04", False),
        ("2025-12-31", 2, "working_day", "2026-01-05", False),
        # National Day: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
        ("2026-09-30", 1, "working_day", "2026-10-08", False),
        ("2026-09-19", 1, "day", "2026-09-20", False),
        ("2026-10-08", 2, "working_day", "2026-10-10", False),
        ("2026-10-08", 3, "working_day", "2026-10-12", False),
        ("2025-09-30", 1, "day", "2025-10-09", False),  # in 2025 the eighth was off as well
        ("2025-10-09", 2, "working_day", "2025-10-11", False),
        # Years without a table: weekends and 1 January only, and said so.
        ("2026-12-31", 1, "day", "2027-01-04", True),
        ("2026-12-31", 1, "working_day", "2027-01-04", True),
        ("2026-12-30", 1, "working_day", "2026-12-31", False),
        ("2027-09-30", 1, "working_day", "2027-10-01", True),
        ("2028-02-28", 1, "day", "2028-02-29", True),  # a leap day, a Tuesday
        ("2028-02-29", 365, "day", "2029-02-28", True),
        ("2024-12-31", 1, "working_day", "2025-01-02", False),
        ("2024-12-30", 1, "working_day", "2024-12-31", True),
    ],
)
def test_a_limit_ends_on(start: str, limit: int, unit: str, expected: str, provisional: bool) -> None:
    assert due(start, limit, unit, TABLES) == Due(expected, provisional)


def test_a_provisional_date_is_settled_when_the_table_is_loaded() -> None:
    table = {
        "v": 1,
        "year": 2027,
        "notice": "",
        "published": "",
        "rest": ["2027-01-01", "2027-02-01"],
        "work": [],
    }
    loaded = calendar.gather([*TABLES.values(), calendar.parse_table(json.dumps(table))])
    assert due("2026-12-02", 60, "day", loaded) == Due("2027-02-02", False)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-29", "day_format"),
        ("2026-13-01", "day_format"),
        ("2026-1-1", "day_format"),
        ("20261123", "day_format"),
        ("2026-W48-1", "day_format"),
        ("２０２６-11-23", "day_format"),
        ("2026-11-23T00:00", "day_format"),
        ("", "day_format"),
        (None, "day_format"),
        (20261123, "day_format"),
        ("1999-12-31", "day_range"),
        ("2100-01-01", "day_range"),
        ("9999-12-31", "day_range"),
    ],
)
def test_a_day_that_is_none_is_refused(day: object, code: str) -> None:
    assert code_of(due, day, 7, "day", TABLES) == code


@pytest.mark.parametrize("limit", [0, -1, 3651, 10**9])
def test_a_limit_out_of_all_proportion_is_refused(limit: int) -> None:
    assert code_of(due, "2026-11-23", limit, "day", TABLES) == "limit_range"


def test_an_unknown_unit_is_refused() -> None:
    assert code_of(due, "2026-11-23", 7, "days", TABLES) == "unit_unknown"


def test_a_date_beyond_the_last_year_is_refused_not_crashed() -> None:
    assert code_of(due, "2099-12-30", 30, "day", TABLES) == "day_range"
    assert code_of(due, "2099-12-30", 30, "working_day", TABLES) == "day_range"


DAYS = st.dates(date(2000, 1, 1), date(2089, 12, 31)).map(date.isoformat)


@given(DAYS, st.integers(1, 3650), st.sampled_from(["day", "working_day"]))
def test_no_day_crashes_and_every_due_date_is_worked_and_later(start: str, limit: int, unit: str) -> None:
    try:
        found = due(start, limit, unit, TABLES)
    except RuleError as refusal:
        assert refusal.code == "day_range"
        return
    assert calendar.is_working(found.date, TABLES)
    assert found.date >= (date.fromisoformat(start) + timedelta(days=limit)).isoformat()


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_the_limit(start: str, limit: int) -> None:
    last = due(start, limit, "working_day", TABLES)
    assert calendar.working_days(start, last.date, TABLES)[0] == limit
    assert calendar.working_days(last.date, start, TABLES)[0] == -limit


def test_working_days_left_over_a_holiday() -> None:
    assert calendar.working_days("2026-09-30", "2026-10-12", TABLES) == (4, False)
    assert calendar.working_days("2026-10-12", "2026-10-12", TABLES) == (0, False)
    assert calendar.working_days("2026-12-31", "2027-01-04", TABLES) == (1, True)


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        ("2026-10-31", ""),
        ("2026-11-01", ""),
        ("2026-11-07", ""),  # 6 of 10 days
        ("2026-11-08", "amber"),  # 7 of 10
        ("2026-11-09", "amber"),
        ("2026-11-10", "red"),  # 9 of 10
        ("2026-11-11", "red"),  # the last day is not late
        ("2026-11-12", "overdue"),
        ("2027-11-12", "overdue"),
    ],
)
def test_a_clock_turns_amber_at_70_and_red_at_90_per_cent(today: str, colour: str) -> None:
    assert level("2026-11-01", "2026-11-11", today) == colour


def test_a_clock_of_no_length_is_red_only_once_its_day_is_over() -> None:
    assert level("2026-11-01", "2026-11-01", "2026-11-01") == ""
    assert level("2026-11-01", "2026-11-01", "2026-11-02") == "overdue"


GOOD = {
    "v": 1,
    "year": 2027,
    "notice": "n",
    "published": "",
    "rest": ["2027-01-01", "2027-02-06"],
    "work": ["2027-02-20"],
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"v": 2}, "table_keys"),
        ({"extra": 1}, "table_keys"),
        ({"year": "2027"}, "table_keys"),
        ({"rest": "2027-01-01"}, "table_days"),
        ({"rest": ["2027-01-01", 5]}, "table_days"),
        ({"rest": ["2027-02-06", "2027-01-01"]}, "table_days"),
        ({"rest": ["2027-01-01", "2027-01-01"]}, "table_days"),
        ({"rest": ["2026-01-01"]}, "table_days"),
        ({"rest": ["2027-01-32"]}, "day_format"),
        ({"rest": []}, "table_incomplete"),
        ({"work": ["2027-02-06"]}, "table_overlap"),
        ({"work": ["2027-02-22"]}, "table_work_on_weekday"),
    ],
)
def test_a_table_that_cannot_be_is_refused(change: dict[str, object], code: str) -> None:
    assert code_of(calendar.parse_table, json.dumps({**GOOD, **change})) == code


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_a_table_that_is_no_json_is_refused(text: str) -> None:
    assert code_of(calendar.parse_table, text) in ("table_json", "table_keys")


def test_the_shipped_years_are_2025_and_2026() -> None:
    assert sorted(TABLES) == [2025, 2026]
    assert [len(TABLES[2026].rest), len(TABLES[2026].work)] == [33, 6]
    assert [len(TABLES[2025].rest), len(TABLES[2025].work)] == [28, 5]


def test_a_table_is_told_as_it_was_read() -> None:
    document = calendar.tables_json(TABLES)["years"]["2026"]
    assert calendar.parse_table(json.dumps(document)) == TABLES[2026]


@pytest.mark.parametrize(
    ("today", "year"),
    [
        ("2026-11-01", 0),
        ("2026-11-02", 2027),
        ("2027-05-01", 2027),
        ("2025-12-31", 0),
        ("2024-12-31", 2024),
    ],
)
def test_a_missing_year_is_told_sixty_days_ahead(today: str, year: int) -> None:
    assert calendar.missing_year(today, TABLES) == year

"""When a message is due: the digest's hours on working days, the quiet after something urgent, and the waits."""

from __future__ import annotations

from itertools import pairwise

import pytest

from whistle.core import calendar
from whistle.notices import schedule
from whistle.notices.delivery import SENTENCES
from whistle.notices.mail import Relay, letter

HOURS = ("08:30", "14:00")
YEARS = calendar.shipped()
MINUTE = 60


def at(moment: str) -> float:
    return schedule.moment(moment)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-27 08:29", ""),
        ("2026-11-27 08:30", "2026-11-27 08:30"),
        ("2026-11-27 13:59", "2026-11-27 08:30"),
        ("2026-11-27 14:00", "2026-11-27 14:00"),
        ("2026-11-27 23:59", "2026-11-27 14:00"),
        ("2026-11-28 09:00", ""),
        ("2026-10-01 09:00", ""),
        ("2026-02-28 09:00", "2026-02-28 08:30"),
    ],
    ids=["before", "sharp", "missed", "the second", "late", "Saturday", "National Day", "a Saturday that is worked"],
)
def test_a_digest_is_due_at_its_hours_on_working_days(now: str, slot: str) -> None:
    assert schedule.digest_slot(at(now), HOURS, YEARS) == slot


def test_without_hours_there_is_no_digest() -> None:
    assert schedule.digest_slot(at("2026-11-27 12:00"), (), YEARS) == ""


def test_the_first_urgent_message_goes_at_once_and_the_next_when_it_is_quiet_again() -> None:
    first = schedule.urgent_slot(at("2026-11-27 17:00"), "")
    assert first == "2026-11-27 17:00 urgent"
    second = schedule.urgent_slot(at("2026-11-27 17:04"), first)
    assert second == "2026-11-27 17:10 urgent"
    assert schedule.urgent_slot(at("2026-11-27 17:06"), second) == "", "the one to come tells of it"
    assert schedule.urgent_slot(at("2026-11-27 17:21"), second) == "2026-11-27 17:21 urgent"


def test_a_flood_of_urgent_reports_is_one_message_in_ten_minutes() -> None:
    slots: list[str] = []
    for second in range(0, 3600, 5):
        slots.append(schedule.urgent_slot(at("2026-11-27 17:00") + second, max(slots, default="")))
    moments = sorted(schedule.moment(slot) for slot in slots if slot)
    assert len(moments) == 7
    assert all(later - earlier >= schedule.QUIET for earlier, later in pairwise(moments))


def test_a_clock_that_was_a_year_ahead_silences_nobody() -> None:
    assert schedule.urgent_slot(at("2026-11-27 17:00"), "2027-11-27 17:00 urgent") == "2026-11-27 17:00 urgent"


def test_waits_grow_to_an_hour_and_are_drawn() -> None:
    longest = [schedule.wait(tries, 3600, 1.0) for tries in range(1, 12)]
    assert longest[:4] == [30, 60, 120, 240] and longest[-1] == 3600
    assert schedule.wait(3, 3600, 0.0) == 60
    assert schedule.wait(10_000, 3600, 1.0) == 3600


def test_every_letter_of_a_kind_has_one_size_and_one_form() -> None:
    relay = Relay("mail.example.cn", sender="notice@example.cn")
    sizes = set()
    for slot in ("2026-01-05 08:30", "2026-11-27 14:00", "2026-12-31 23:59"):
        for n in range(3):
            sizes.add(len(letter(relay, "bob@example.cn", SENTENCES[""], slot, f"{n:032x}")))
    assert len(sizes) == 1


def test_a_letter_at_a_later_try_is_the_same_to_the_byte() -> None:
    relay = Relay("mail.example.cn", sender="notice@example.cn")
    one, two = (letter(relay, "bob@example.cn", SENTENCES[""], "2026-11-27 08:30", "0" * 32) for _ in range(2))
    assert one == two and b"Date: Fri, 27 Nov 2026 08:30:00 +0800" in one


def test_no_sentence_has_a_place_for_anything() -> None:
    assert not [one for one in SENTENCES.values() if set(one) & set("{}%0123456789")]

"""How much work a challenge costs: by what was asked for, by key, on a clock that only runs forward."""

import inspect
import time

import pytest

from whistle.crypto.work import solve
from whistle.intake import WORK_SECONDS
from whistle.web.errors import Problem
from whistle.web.pace import MOST_BITS, QUARTER, Pace, Recent


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def asked(pace: Pace, count: int, *keys: str) -> int:
    """The bits of the last of `count` challenges that these keys asked for in turn."""
    return [pace.ask(keys[at % len(keys)]) for at in range(count)][-1]


def strangers(count: int) -> list[str]:
    return [f"stranger {at}" for at in range(count)]


def test_it_works() -> None:
    assert Pace(14).ask("alice") == 14


@pytest.mark.parametrize(
    ("count", "bits"), [(1, 14), (119, 14), (120, 14), (121, 15), (240, 15), (241, 16), (480, 16), (961, 18)]
)
def test_each_doubling_of_what_all_ask_costs_one_bit_more(count: int, bits: int) -> None:
    assert asked(Pace(14, clock=Clock()), count, *strangers(count)) == bits


@pytest.mark.parametrize(("count", "bits"), [(60, 14), (61, 15), (120, 15), (121, 16), (600, 18)])
def test_who_asks_often_pays_for_it(count: int, bits: int) -> None:
    assert asked(Pace(14, clock=Clock()), count, "mallory") == bits


def test_what_one_key_asks_for_makes_nothing_dearer_for_another() -> None:
    pace = Pace(14, clock=Clock())
    asked(pace, 600, "mallory")
    assert pace.ask("alice") == 14


def test_2500_challenges_cannot_be_stored_up_by_one_key() -> None:
    pace, taken, retry = Pace(14, clock=Clock()), 0, 0
    for _ in range(2_500):
        try:
            taken += pace.ask("mallory") == 14
        except Problem as refused:
            assert refused.code == "too_many"
            retry = refused.facts["retry"]
    assert (taken, retry) == (60, int(QUARTER))
    assert pace.ask("alice") == 14


def test_storing_up_is_counted_as_long_as_a_challenge_is_good() -> None:
    assert QUARTER == WORK_SECONDS
    clock = Clock()
    pace = Pace(14, clock=clock)
    asked(pace, 60, "mallory")
    clock.now += QUARTER - 1
    assert pace.ask("mallory") == 15
    clock.now += 1
    assert pace.ask("mallory") == 14


def test_who_is_told_from_nobody_has_no_load_of_its_own_but_counts() -> None:
    pace = Pace(14, clock=Clock())
    assert asked(pace, 700, "") == 17
    assert pace.ask("") == 17


def test_it_never_asks_for_more_than_a_slow_phone_does_in_ten_seconds() -> None:
    assert asked(Pace(14, clock=Clock()), 100_000, *strangers(100_000)) == MOST_BITS
    assert asked(Pace(18, clock=Clock()), 600, "mallory") == MOST_BITS
    slow = 2**22 / 17  # hashes a second, as measured
    assert (1 - 2.0**-MOST_BITS) ** (slow * 10) < 0.01


def test_a_floor_above_that_is_asked_as_it_is() -> None:
    assert Pace(22, clock=Clock()).ask("alice") == 22


def test_a_minute_later_it_is_quiet_again() -> None:
    clock = Clock()
    pace = Pace(14, clock=clock)
    assert asked(pace, 1_000, *strangers(1_000)) > 14
    clock.now += 60
    assert pace.ask("alice") == 14


def test_without_a_limit_only_the_load_of_all_counts() -> None:
    assert asked(Pace(14, own=0, share=1, clock=Clock()), 5_000, "mallory") == 14


def test_the_clock_of_the_wall_may_be_set_back() -> None:
    assert inspect.signature(Pace).parameters["clock"].default is time.monotonic


def test_what_is_over_is_forgotten_with_its_key() -> None:
    recent = Recent(60.0, share=2)
    for at in range(1_000):
        recent.add(f"key {at % 10}", at / 100)
    recent.add("late", 50.0)
    assert recent.whole == 21
    recent.forget(75.0)
    assert (recent.whole, recent.of("late"), len(recent._times), len(recent._order)) == (1, 1, 1, 1)


def test_no_bits_are_no_work() -> None:
    assert Pace(0, clock=Clock()).ask("page") == 0
    assert solve(b"challenge", bytes(16), bytes(16), 0) == 0

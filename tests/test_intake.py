"""How much work a report costs: the floor while it is quiet, more under load, less again after it."""

import pytest

from whistle.intake import Pace


def busy(count: int, **told: int) -> Pace:
    pace = Pace(14, **told)
    for n in range(count):
        pace.count(n / count)
    return pace


def test_it_works() -> None:
    assert Pace(14).bits(0.0) == 14


@pytest.mark.parametrize(
    ("count", "bits"), [(0, 14), (119, 14), (120, 14), (121, 15), (240, 15), (241, 16), (480, 16), (961, 18)]
)
def test_each_doubling_of_the_load_asks_for_one_bit_more(count: int, bits: int) -> None:
    assert busy(count).bits(1.0) == bits


def test_it_never_asks_for_more_than_a_phone_can_do() -> None:
    assert busy(100_000).bits(1.0) == 22


def test_a_minute_later_it_is_quiet_again() -> None:
    pace = busy(1_000)
    assert pace.bits(1.0) > 14
    assert pace.bits(62.0) == 14


def test_what_was_counted_is_forgotten_by_the_next_question() -> None:
    pace = busy(1_000)
    pace.bits(62.0)
    assert not pace._seen


def test_a_page_that_works_for_itself_is_asked_for_nothing() -> None:
    pace = Pace(0, most=0)
    for n in range(1_000):
        pace.count(float(n) / 1_000)
    assert pace.bits(1.0) == 0

"""Which papers an award of a sum has to have: none until a sum is set."""

import pytest

from whistle.core.grounds import NO_SUMS, Sums

SET = Sums({"concur": 50_000_000, "meeting": 10_000_000, "filing": 2_000_000, "cash": 100_000})


def test_nothing_is_asked_until_a_sum_is_set() -> None:
    assert list(NO_SUMS.asked(10**12, "counter")) == []


@pytest.mark.parametrize(
    ("fen", "method", "asked"),
    [
        (100_000, "counter", []),
        (100_001, "counter", ["cash"]),
        (100_001, "transfer", []),
        (100_001, "voucher", []),
        (100_001, "", []),
        (1_999_999, "transfer", []),
        (2_000_000, "transfer", ["filing"]),
        (10_000_000, "counter", ["meeting", "filing", "cash"]),
        (50_000_000, "transfer", ["concur", "meeting", "filing"]),
    ],
)
def test_a_sum_asks_for_its_papers(fen: int, method: str, asked: list[str]) -> None:
    """Cash above its limit, the others from their sum on."""
    assert list(SET.asked(fen, method)) == asked


def test_a_concurrence_in_every_award_is_one_in_the_smallest() -> None:
    assert list(Sums({"concur": 1}).asked(1, "transfer")) == ["concur"]

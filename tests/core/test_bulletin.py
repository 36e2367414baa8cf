"""The bulletin's tables: shares, year on year, and a published copy that gives nobody away."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.core.bulletin import REST, Bulletin, Cell, bulletin
from whistle.core.disclosure import LEAST
from whistle.core.statistics import OUTCOMES, Month, Sum
from whistle.core.workflow import load

TYPES = tuple(load()["categories"])
COUNTS = st.dictionaries(st.sampled_from([*TYPES, ""]), st.integers(0, 40))


def month(name: str = "2026-11", **figures: object) -> Month:
    return Month(name, TYPES, **figures)  # type: ignore[arg-type]


def made(now: Month, published: bool = False, before: Month | None = None) -> Bulletin:
    return bulletin(now, before or month("2025-11"), published)


def value(found: Bulletin, name: str, at: int = 0) -> Cell:
    return found.table("figures").line(name).cells[at]


def test_it_works() -> None:
    now = month(received=Counter(violation=30, other=10), outcomes=Counter({("violation", "proven"): 2}), in_hand=6)
    found = made(now, before=month("2025-11", received=Counter(violation=32)))
    assert [value(found, "received", at).value for at in (0, 1, 2)] == [40, 32, 2500]
    assert (value(found, "concluded_share"), value(found, "proven_share")) == (
        Cell(2500, "share"),
        Cell(10000, "share"),
    )
    assert [(line.name, line.cells[1].value) for line in found.table("types").lines] == [
        ("violation", 7500),
        ("other", 2500),
    ]


def test_the_sectors_stand_in_the_order_of_their_numbers_the_unclassed_last() -> None:
    found = made(month(sectors=Counter({"": 90, "gas": 5, "fire": 7, "mines": 7})))
    assert [line.name for line in found.table("sectors").lines] == ["fire", "mines", "gas", ""]


def test_against_nothing_there_is_no_change() -> None:
    assert value(made(month(received=Counter(other=3))), "received", 2).kind == "none"


def test_what_is_not_counted_is_named_with_the_reason() -> None:
    assert ("cleared", "no_kind") in made(month()).missing
    assert ("cleared", "no_kind") not in made(month(cleared=0)).missing


def test_the_inside_copy_hides_nothing() -> None:
    assert not [cell for cell in cells(made(month(received=Counter(other=1)))) if cell.hidden]


@pytest.mark.parametrize("name", ["received", "types"])
def test_a_small_month_is_not_published_at_all(name: str) -> None:
    found = made(month(received=Counter(violation=3, other=1)), published=True)
    assert value(found, "received").hidden
    assert found.table("types").lines == ()


def test_small_types_are_told_together() -> None:
    found = made(month(received=Counter(violation=30, other=2, retaliation=9)), published=True)
    assert [(line.name, line.cells[0].value) for line in found.table("types").lines] == [("violation", 30), (REST, 11)]


def test_a_sum_is_published_only_with_its_number() -> None:
    paid = {"violation": Sum(9, 900), "other": Sum(1, 7), "retaliation": Sum(6, 60)}
    found = made(
        month(paid_by_category=paid, money=dict.fromkeys(("paid", "approved", "forfeited", "clawed"), Sum(16, 967))),
        True,
    )
    lines = {line.name: [cell.value for cell in line.cells] for line in found.table("award_types").lines}
    assert lines == {"violation": [9, 900], REST: [7, 67]}


def test_what_stands_open_is_for_the_office_alone() -> None:
    """Two months' stocks and the flows between them would give away a single forfeited award."""
    names = [line.name for line in made(month(open=Sum(20, 5)), published=True).table("figures").lines]
    assert "open" not in names
    assert "open_fen" not in names


@given(COUNTS, st.dictionaries(st.tuples(st.sampled_from(TYPES), st.sampled_from(OUTCOMES)), st.integers(0, 12)))
@settings(max_examples=80, deadline=None)
def test_no_published_number_is_under_five(received: dict[str, int], outcomes: dict[tuple[str, str], int]) -> None:
    now = month(received=Counter(received), outcomes=Counter(outcomes), in_hand=3)
    found = made(now, published=True, before=now)
    told = [cell for cell in cells(found) if cell.kind == "count" and not cell.hidden]
    assert all(cell.value >= LEAST for cell in told)
    shown = [line.cells[0].value for line in found.table("types").lines]
    total = found.table("types").total
    assert total is not None
    assert total.cells[0].hidden or sum(shown) == total.cells[0].value  # nothing is left to be subtracted


def cells(found: Bulletin) -> list[Cell]:
    lines = [line for table in found.tables for line in (*table.lines, *([table.total] if table.total else []))]
    return [cell for line in lines for cell in line.cells]

"""Published tables: what is hidden can be found by nobody who knows the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.core.disclosure import LEAST, Place, grid, line, with_totals

CELLS = st.integers(0, 9)
TABLES = st.sampled_from([(2, 2), (2, 3), (3, 2)]).flatmap(
    lambda size: st.lists(st.lists(CELLS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def test_it_works() -> None:
    assert line([12, 3, 40, 7]) == {1, 3}
    assert line([12, 30, 40]) == set()
    assert grid([[20, 30], [40, 50]]) == set()


def test_a_single_small_cell_takes_another_with_it() -> None:
    assert line([3, 100]) == {0, 1}


def test_small_cells_whose_sum_is_small_take_another_with_them() -> None:
    assert line([1, 2, 50, 60]) == {0, 1, 2}


def test_a_nought_is_hidden_like_any_small_count() -> None:
    assert line([0, 9, 30]) == {0, 1}


@pytest.mark.parametrize("values", [[1, 2], [4], [0, 0, 0]])
def test_a_small_total_hides_everything(values: list[int]) -> None:
    assert line(values) == set(range(len(values)))
    assert len(grid([values])) == 2 * (len(values) + 1)


def test_a_small_cell_of_a_table_takes_a_rectangle_with_it() -> None:
    table = [[3, 20, 30], [40, 50, 60], [70, 80, 90]]
    hidden = grid(table)
    assert (0, 0) in hidden
    assert len(hidden) == 4
    assert (3, 3) not in hidden


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_no_hidden_count_of_a_line_follows_from_the_others(values: list[int]) -> None:
    hidden = line(values)
    assert {at for at, value in enumerate(values) if value < LEAST} <= hidden
    rest = sum(values[at] for at in hidden)
    if hidden and sum(values) >= LEAST:
        assert len(hidden) >= 2
        assert rest >= LEAST  # each may be anything from nought to this


@given(TABLES)
@settings(max_examples=50, deadline=None)
def test_no_hidden_cell_follows_from_what_is_published(table: list[list[int]]) -> None:
    hidden, whole = grid(table), with_totals(table)
    small = {(r, c) for r, row in enumerate(whole) for c, value in enumerate(row) if value < LEAST}
    assert small <= hidden
    if whole[-1][-1] >= LEAST:
        assert (len(whole) - 1, len(whole[0]) - 1) not in hidden
        for place in hidden:
            assert spread(whole, hidden, place) >= LEAST, (table, place)


def spread(whole: list[list[int]], hidden: set[Place], place: Place) -> int:
    """How far a hidden cell can be from what it is, up and down, in tables that show the same published cells:
    found by trying tables, nearest first."""
    value = whole[place[0]][place[1]]
    up = next(step for step in range(LEAST, -1, -1) if agrees(whole, hidden, place, value + step))
    down = next(step for step in range(min(LEAST, value), -1, -1) if agrees(whole, hidden, place, value - step))
    return up + down


def agrees(whole: list[list[int]], hidden: set[Place], place: Place, value: int) -> bool:
    """Whether some table of counts shows what is published and has this value in this place."""
    wanted = {(r, c): n for r, row in enumerate(whole) for c, n in enumerate(row) if (r, c) not in hidden}
    wanted[place] = value
    inner = [(r, c) for r in range(len(whole) - 1) for c in range(len(whole[0]) - 1)]
    return fits(whole, wanted, inner, {}, 0)


def fits(
    whole: list[list[int]], wanted: dict[Place, int], inner: list[Place], made: dict[Place, int], moved: int
) -> bool:
    if len(made) == len(inner):
        return matches(whole, wanted, made)
    r, c = inner[len(made)]
    near = sorted(range(max(0, whole[r][c] - LEAST), whole[r][c] + LEAST + 1), key=lambda n: abs(n - whole[r][c]))
    for n in (wanted[r, c],) if (r, c) in wanted else near:
        apart, tried = moved + abs(n - whole[r][c]), made | {(r, c): n}
        near_enough = apart <= 4 * LEAST and line_fits(whole, wanted, tried, (r, c))
        if near_enough and fits(whole, wanted, inner, tried, apart):
            return True
    return False


def line_fits(whole: list[list[int]], wanted: dict[Place, int], made: dict[Place, int], place: Place) -> bool:
    """A row or column that is whole has its published total; one that is not yet does not exceed it."""
    height, width = len(whole) - 1, len(whole[0]) - 1
    row = [made[place[0], c] for c in range(width) if (place[0], c) in made]
    column = [made[r, place[1]] for r in range(height) if (r, place[1]) in made]
    return all(
        total is None or (sum(cells) == total if len(cells) == size else sum(cells) <= total)
        for cells, size, total in (
            (row, width, wanted.get((place[0], width))),
            (column, height, wanted.get((height, place[1]))),
        )
    )


def matches(whole: list[list[int]], wanted: dict[Place, int], made: dict[Place, int]) -> bool:
    table = [[made[r, c] for c in range(len(whole[0]) - 1)] for r in range(len(whole) - 1)]
    full = with_totals(table)
    return all(full[r][c] == n for (r, c), n in wanted.items())

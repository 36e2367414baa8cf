"""What may be published of a table of counts: no cell under five, and none that its totals give away.

Hidden cells are hidden again from subtraction: whoever knows every published cell and total, and that counts are
not negative, must be left with at least five possible steps for each hidden one (rules.md section 7.2)."""

from collections import deque
from collections.abc import Iterable, Sequence

LEAST = 5
Place = tuple[int, int]
Node = tuple[str, int]
Arcs = dict[Node, dict[Node, int]]


def is_public(count: int) -> bool:
    return count >= LEAST


def line(values: Sequence[int]) -> set[int]:
    """Which of these counts to hide when their sum is published. All of them when the sum itself may not be."""
    hidden = {at for at, value in enumerate(values) if not is_public(value)}
    by_size = sorted(set(range(len(values))) - hidden, key=lambda at: (values[at], at))
    while hidden and by_size and (len(hidden) < 2 or not is_public(sum(values[at] for at in hidden))):
        hidden.add(by_size.pop(0))
    return hidden


def grid(values: Sequence[Sequence[int]]) -> set[Place]:
    """Which places of a table to hide. Place (rows, c) is the total of column c, (r, columns) that of row r, and
    (rows, columns) the grand total, which stays unless it is under five itself."""
    whole = with_totals(values)
    corner = (len(whole) - 1, len(whole[0]) - 1)
    places = [(r, c) for r, row in enumerate(whole) for c, _ in enumerate(row)]
    if not is_public(whole[corner[0]][corner[1]]):
        return set(places)
    hidden = {(r, c) for r, c in places if not is_public(whole[r][c])}
    while (weak := _weakest(whole, hidden)) is not None:
        hidden |= _cover(whole, hidden, weak, corner)
    return hidden


def with_totals(values: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with its row totals as a last column and its column totals as a last row."""
    rows = [[*row, sum(row)] for row in values]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def _weakest(whole: list[list[int]], hidden: set[Place]) -> Place | None:
    return next((place for place in sorted(hidden) if _room(whole, hidden, place) < LEAST), None)


def _cover(whole: list[list[int]], hidden: set[Place], weak: Place, corner: Place) -> set[Place]:
    """What to hide next: the cheapest rectangle with the weak cell in a corner, for what is added in one of its
    corners can be taken off in the next; where none is left, any cell still shown."""

    def cost(places: set[Place]) -> tuple[int, int, list[Place]]:
        totals = sum(r == corner[0] or c == corner[1] for r, c in places)
        return totals, sum(whole[r][c] for r, c in places), sorted(places)

    shown = {(r, c) for r, row in enumerate(whole) for c, _ in enumerate(row)} - hidden - {corner}
    others = [place for place in shown | hidden if place[0] != weak[0] and place[1] != weak[1]]
    rectangles = [{(r, c), (weak[0], c), (r, weak[1])} - hidden for r, c in others]
    return min((places for places in rectangles if places and places <= shown), key=cost, default={min(shown)})


def _room(whole: list[list[int]], hidden: set[Place], place: Place) -> int:
    """How many steps this hidden cell may move while every published one stays, at most LEAST of them.

    A table with its totals is a circulation: grand total, row totals, cells, column totals, and back. A hidden
    cell can move as far as a flow around it through other hidden ones."""
    start, end = _arc(whole, place)
    arcs = _residual(whole, hidden - {place})
    up = _flow(arcs, end, start, LEAST)
    down = _flow(_residual(whole, hidden - {place}), start, end, min(LEAST, whole[place[0]][place[1]]))
    return up + down


def _arc(whole: list[list[int]], place: Place) -> tuple[Node, Node]:
    r, c = place
    row: Node = ("row", r) if r < len(whole) - 1 else ("rows", 0)
    column: Node = ("column", c) if c < len(whole[0]) - 1 else ("columns", 0)
    if row[0] == "rows":
        return (("columns", 0), row) if column[0] == "columns" else (column, ("columns", 0))
    return (("rows", 0), row) if column[0] == "columns" else (row, column)


def _residual(whole: list[list[int]], hidden: Iterable[Place]) -> Arcs:
    """Where a hidden cell may grow without end, and shrink to nothing."""
    arcs: Arcs = {}
    for r, c in hidden:
        start, end = _arc(whole, (r, c))
        arcs.setdefault(start, {})[end] = arcs.get(start, {}).get(end, 0) + LEAST
        arcs.setdefault(end, {})[start] = arcs.get(end, {}).get(start, 0) + min(LEAST, whole[r][c])
    return arcs


def _flow(arcs: Arcs, start: Node, end: Node, most: int) -> int:
    """The greatest flow from start to end, as far as `most`."""
    sent = 0
    while sent < most and (way := _way(arcs, start, end)):
        step = min(most - sent, *(arcs[a][b] for a, b in way))
        for a, b in way:
            arcs[a][b] -= step
            arcs.setdefault(b, {})[a] = arcs.get(b, {}).get(a, 0) + step
        sent += step
    return sent


def _way(arcs: Arcs, start: Node, end: Node) -> list[tuple[Node, Node]]:
    """The shortest way along arcs that still carry something; [] when there is none."""
    came: dict[Node, Node] = {start: start}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there, left in arcs.get(here, {}).items():
            if left > 0 and there not in came:
                came[there] = here
                waiting.append(there)
    way: list[tuple[Node, Node]] = []
    here = end
    while here in came and here != start:
        way.insert(0, (came[here], here))
        here = came[here]
    return way if way and way[0][0] == start else []

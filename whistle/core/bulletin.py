"""The monthly bulletin 月通报 as tables: what the office reads, and the copy that may be published.

In the published copy no count under five stands anywhere, and none follows from the others: see disclosure.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from whistle.core import disclosure
from whistle.core.disclosure import is_public
from whistle.core.statistics import OUTCOMES, PUNISHED, Month, Sum

Kind = Literal["count", "money", "share", "days", "change", "points", "none"]
WHOLE = 10_000  # shares and changes are parts of ten thousand
REST = "rest"  # the line that holds together what is not shown one by one
# Indicators of the province that no key-less count can give, and why.
MISSING = (("anonymous", "sealed"), ("fines", "sealed"), ("visits", "no_kind"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and what it measures; hidden when it may not be published."""

    value: int = 0
    kind: Kind = "count"
    hidden: bool = False


NOTHING = Cell(kind="none")


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`of` names the words of its lines: figure, category, sector."""

    id: str
    of: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None = None

    def line(self, name: str) -> Line:
        return next(line for line in self.lines if line.name == name)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A month beside the same month of the year before."""

    month: str
    before: str
    published: bool
    tables: tuple[Table, ...]
    missing: tuple[tuple[str, str], ...]
    provisional: bool

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.id == name)


def bulletin(now: Month, before: Month, published: bool = False) -> Bulletin:
    """The bulletin of a month; `published` leaves out whatever is too small to be told."""
    tables = (
        _figures(now, before, published),
        _shares("types", "category", now.received, before.received, published),
        _shares("sectors", "sector", now.sectors, before.sectors, published),
        _outcomes(now, published),
        _awards("award_types", "category", now.paid_by_category, published),
        _awards("award_sectors", "sector", now.paid_by_sector, published),
    )
    missing = MISSING if now.cleared is not None else (("cleared", "no_kind"), *MISSING)
    return Bulletin(now.month, before.month, published, tables, missing, now.provisional)


def _figures(now: Month, before: Month, published: bool) -> Table:
    lines = []
    for name, read in FIGURES.items():
        new, old = (read(month, published) for month in (now, before))
        lines.append(Line(name, (new, old, _change(new, old))))
    if published:
        lines = [line for line in lines if line.name not in INTERNAL]
    return Table("figures", "figure", ("now", "before", "change"), tuple(lines))


def part_of(part: int, whole: int, scale: int = WHOLE) -> int:
    """A share in parts of ten thousand, half up."""
    return (2 * part * scale + whole) // (2 * whole)


Read = Callable[[Month, bool], Cell]


def _count(read: Callable[[Month], int]) -> Read:
    return lambda month, published: _told(read(month), "count", published, read(month))


def _told(value: int, kind: Kind, published: bool, *rests_on: int) -> Cell:
    """A figure; in a published copy only if every count it rests on may be told."""
    return Cell(value, kind, published and not all(map(is_public, rests_on)))


def _share(read: Callable[[Month], tuple[int, int]]) -> Read:
    """A share of a whole: it tells the part and, by subtraction, the rest."""

    def cell(month: Month, published: bool) -> Cell:
        part, whole = read(month)
        return _told(part_of(part, whole), "share", published, part, whole - part) if whole else NOTHING

    return cell


def _money(name: str) -> Read:
    return lambda month, published: _told(month.money[name].fen, "money", published, month.money[name].count)


def _proven(month: Month, published: bool) -> Cell:
    """Published only where the table of conclusions shows the same total."""
    return Cell(month.proven, "count", published and _hides_proven(month))


def _proven_share(month: Month, published: bool) -> Cell:
    if not month.concluded:
        return NOTHING
    return Cell(part_of(month.proven, month.concluded), "share", published and _hides_proven(month))


def _hidden_of(month: Month) -> set[tuple[int, int]]:
    """The places of the table of conclusions that may not be published."""
    return disclosure.grid(list(month.by_type.values())) if month.by_type else {(0, 0)}


def _hides_proven(month: Month) -> bool:
    return (len(month.by_type), 0) in _hidden_of(month)


def _punished(month: Month, published: bool) -> Cell:
    """A sum over some cells of the table of conclusions: told only when each of them is."""
    mine = {(at, 0) for at, name in enumerate(month.by_type) if name in PUNISHED}
    return Cell(month.punished, "count", published and bool(mine & _hidden_of(month)))


def _days(month: Month, published: bool) -> Cell:
    return _told(part_of(month.ended_days, month.ended, 10), "days", published, month.ended) if month.ended else NOTHING


def _cleared(month: Month, published: bool) -> Cell:
    return NOTHING if month.cleared is None else _told(month.cleared, "count", published, month.cleared)


FIGURES: Mapping[str, Read] = {
    "received": _count(lambda month: sum(month.received.values())),
    "concluded": _count(lambda month: month.concluded),
    "concluded_share": _share(lambda month: (month.concluded, month.concluded + month.in_hand)),
    "proven": _proven,
    "proven_share": _proven_share,
    "cleared": _cleared,
    "punished": _punished,
    "ended": _count(lambda month: month.ended),
    "ended_days": _days,
    "steps": _count(lambda month: month.steps),
    "late": _count(lambda month: month.late),
    "late_share": _share(lambda month: (month.late, month.steps)),
    "approved": _count(lambda month: month.money["approved"].count),
    "approved_fen": _money("approved"),
    "paid": _count(lambda month: month.money["paid"].count),
    "paid_fen": _money("paid"),
    "largest": lambda month, published: _told(month.largest, "money", published, month.money["paid"].count),
    "forfeited": _count(lambda month: month.money["forfeited"].count),
    "forfeited_fen": _money("forfeited"),
    "clawed": _count(lambda month: month.money["clawed"].count),
    "clawed_fen": _money("clawed"),
    "open": _count(lambda month: month.open.count),
    "open_fen": lambda month, published: Cell(month.open.fen, "money"),
}
# Stocks: two months of them and what flowed between give away the small flows.
INTERNAL = ("open", "open_fen")
_RELATIVE = ("count", "money", "days")


def _change(new: Cell, old: Cell) -> Cell:
    """Against the year before: in parts of it, and for shares in points."""
    if "none" in (new.kind, old.kind):
        return NOTHING
    kind: Kind = "change" if new.kind in _RELATIVE else "points"
    if new.hidden or old.hidden:
        return Cell(kind=kind, hidden=True)
    if kind == "points":
        return Cell(new.value - old.value, kind)
    return Cell(part_of(new.value - old.value, old.value), kind) if old.value > 0 else NOTHING


def _ranked(counts: Mapping[str, int]) -> list[str]:
    """Largest first; what is not classed yet comes last."""
    return sorted((name for name in counts if counts[name]), key=lambda name: (not name, -counts[name], name))


def _shares(id_: str, of: str, now: Mapping[str, int], before: Mapping[str, int], published: bool) -> Table:
    """Counts by type or industry with their share; the year before only inside the office."""
    total = sum(now.values())
    if published:
        lines = [_share_line(name, n, total) for name, n in _merged(now)]
        return Table(id_, of, ("now", "share"), tuple(lines), _share_line("", total, total, is_public(total)))
    names = _ranked({name: now.get(name, 0) + before.get(name, 0) for name in {*now, *before}})
    names.sort(key=lambda name: (not name, -now.get(name, 0), name))
    old = sum(before.values())
    whole = Line("", (*_share_line("", total, total).cells, Cell(old)))
    with_before = (Line(n, (*_share_line(n, now.get(n, 0), total).cells, Cell(before.get(n, 0)))) for n in names)
    return Table(id_, of, ("now", "share", "before"), tuple(with_before), whole)


def _share_line(name: str, count: int, total: int, shown: bool = True) -> Line:
    share = Cell(part_of(count, total), "share", not shown) if total else NOTHING
    return Line(name, (Cell(count, hidden=not shown), share))


def _merged(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """What may be told one by one, then the rest together, which may be of any type that has no line."""
    names = _ranked(counts)
    hidden = disclosure.line([counts[name] for name in names])
    if len(hidden) == len(names) and not is_public(sum(counts.values())):
        return
    yield from ((name, counts[name]) for at, name in enumerate(names) if at not in hidden)
    if hidden:
        yield REST, sum(counts[names[at]] for at in hidden)


def _outcomes(month: Month, published: bool) -> Table:
    """Conclusions by type with the share that proved true."""
    whole = disclosure.with_totals(list(month.by_type.values()))
    hidden = _hidden_of(month) if published else set()
    lines = [_outcome_line(name, whole[at], at, hidden) for at, name in enumerate([*month.by_type, ""])]
    return Table("outcomes", "category", (*OUTCOMES, "all", "share"), tuple(lines[:-1]), lines[-1])


def _outcome_line(name: str, values: Sequence[int], at: int, hidden: set[tuple[int, int]]) -> Line:
    cells = [Cell(value, hidden=(at, c) in hidden) for c, value in enumerate(values)]
    proven, every = cells[0], cells[-1]
    closed = proven.hidden or every.hidden
    share = Cell(part_of(proven.value, every.value), "share", closed) if every.value else NOTHING
    return Line(name, (*cells, share))


def _awards(id_: str, of: str, paid: Mapping[str, Sum], published: bool) -> Table:
    """Awards paid, by type or industry: how many and how much."""
    counts = {name: one.count for name, one in paid.items()}
    total = sum(paid.values(), Sum())
    shown = is_public(total.count) or not published
    whole = _sum_line("", total, shown)
    if not published:
        return Table(id_, of, ("count", "fen"), tuple(_sum_line(n, paid[n]) for n in _ranked(counts)), whole)
    names = [name for name, _ in _merged(counts) if name != REST]
    lines = [_sum_line(name, paid[name]) for name in names]
    if shown and len(names) < len([name for name in counts if counts[name]]):
        rest = sum((one for name, one in paid.items() if name not in names), Sum())
        lines.append(_sum_line(REST, rest))
    return Table(id_, of, ("count", "fen"), tuple(lines), whole)


def _sum_line(name: str, one: Sum, shown: bool = True) -> Line:
    return Line(name, (Cell(one.count, hidden=not shown), Cell(one.fen, "money", not shown)))

"""The zone's enterprises as a table says them: read strictly, and what another table would change."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from whistle.core.errors import RuleError
from whistle.core.visible import HIDDEN, visible

NAME = "企业名称"
PLACES = ("地址", "镇街")  # the first of them that a row fills says where the enterprise is
LONGEST = {NAME: 100, **dict.fromkeys(PLACES, 120)}  # what the form's own fields take, in UTF-16 units as a page counts
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A name as it stands over the gate, and where that is, "" when nobody said."""

    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, counted as a spreadsheet counts them: the code of a sentence and its facts."""

    row: int
    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was read: its enterprises where no row is at fault, and the columns that nobody reads."""

    enterprises: list[Enterprise]
    faults: list[Fault]
    unread: list[str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one register has that another has not, by name; `changed` are those that are elsewhere now."""

    added: list[Enterprise]
    changed: list[Enterprise]
    removed: list[Enterprise]


def parse(text: str) -> Sheet:
    """Reads a CSV with a head: 企业名称, and 地址 or 镇街. Rows without a word are passed over.

    Raises RuleError where there is no table to speak of: enterprises_head, enterprises_csv (with the row),
    enterprises_many.
    """
    rows = _rows(text)
    head = next((cells for _, cells in rows), [])
    columns = [name for name in head if name]
    if NAME not in columns or len(set(columns)) < len(columns):
        raise RuleError("enterprises_head", name=NAME, places=" ".join(PLACES))
    found: list[Enterprise] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for row, cells in rows:
        told = dict(zip_longest(head, cells[: len(head)], fillvalue=""))
        faults += [Fault(row, "row_wide")] if any(cells[len(head) :]) else []
        faults += _faults(row, told, first)
        found.append(Enterprise(told[NAME], next((told[one] for one in PLACES if told.get(one)), "")))
        if len(found) > MOST:
            raise RuleError("enterprises_many", most=MOST)
    return Sheet([] if faults else found, faults, [name for name in columns if name not in LONGEST])


def changes(before: Sequence[Enterprise], after: Sequence[Enterprise]) -> Changes:
    """What `after` brings in the place of `before`, each in its own order."""
    was, will = {one.name: one for one in before}, {one.name: one for one in after}
    return Changes(
        [one for one in after if one.name not in was],
        [one for one in after if one.name in was and was[one.name] != one],
        [one for one in before if one.name not in will],
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that says anything, with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            told = [unicodedata.normalize("NFC", cell.strip()) for cell in cells]
            if any(told):
                yield row, told
    except csv.Error:
        raise RuleError("enterprises_csv", row=row + 1) from None


def _faults(row: int, told: dict[str, str], first: dict[str, int]) -> Iterator[Fault]:
    """What is wrong with a row's cells; `first` is where each name stood before, and learns this one."""
    for column, cell in ((name, cell) for name, cell in told.items() if name in LONGEST):
        if len(cell.encode("utf-16-le")) > 2 * LONGEST[column]:
            yield Fault(row, "row_long", {"column": column, "most": LONGEST[column]})
        if HIDDEN.search(cell) or "\n" in cell or "\t" in cell:
            yield Fault(row, "row_hidden", {"column": column, "shown": _shown(cell)})
    if not told[NAME]:
        yield Fault(row, "row_empty", {"column": NAME})
        return
    known = first.setdefault(_folded(told[NAME]), row)
    if known != row:
        yield Fault(row, "row_doubled", {"first": known})


def _shown(cell: str) -> str:
    """The cell's beginning with what does not show as its code."""
    return visible(cell[:60]).replace("\n", "⟦U+000A⟧").replace("\t", "⟦U+0009⟧")


def _folded(name: str) -> str:
    """One spelling of brackets, letters and spaces."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())

"""What every register is made of: columns in the auditor's order, what stands above, below, and in the sum row.

One table of columns serves every writer. The blind columns are what a server may write; the others are filled
only where a key is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whistle.core import yuan


@dataclass(frozen=True)
class Column:
    """A column: what it reads of a row, its head, how it is written (no, text, alert, count, money, capitals, tax),
    and whether the last row adds it up. `width` is in characters of the sheet's own type."""

    key: str
    head: str
    kind: str = "text"
    blind: bool = True
    width: float = 12
    words: Mapping[str, str] = field(default_factory=dict)
    summed: bool = False


def _each(row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Register:
    """One kind of register: its name on paper, its columns, what is said above it, which rows are added up, and what
    the sum row says of that in a column of text (`beside`, by key)."""

    title: str
    sheet: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    counts: Callable[[Any], bool] = _each
    signatures: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)

    def of(self, blind: bool) -> list[Column]:
        return [column for column in self.columns if column.blind or not blind]


@dataclass(frozen=True)
class Heading:
    """What stands above the table on paper; a register's own name where no other title is given."""

    office: str
    title: str = ""
    period: str = ""
    made: str = ""
    note: str = ""

    def lines(self, register: Register) -> list[str]:
        """The lines above the table, empty ones left out."""
        said = (("单位", self.office), ("期间", self.period), ("制表日期", self.made), ("说明", self.note))
        title = self.title or register.title
        return [title, *(f"{name}:{text}" for name, text in said if text), *register.notes]


def is_summed(column: Column) -> bool:
    return column.kind == "no" or column.summed


def value_of(column: Column, no: int | str, row: Any) -> int | str:
    """What a cell holds: text, or fen, or a count, or the number of the line."""
    if column.kind == "no":
        return no
    if column.kind == "tax":
        return 0
    value: int | str | None = row[column.key] if isinstance(row, Mapping) else getattr(row, column.key)
    if value is None or value == "":
        return ""
    if column.kind == "capitals":
        return yuan.capitals(int(value))
    return column.words.get(value, value) if isinstance(value, str) else value


class Sums:
    """The sum row, added up while the rows go by; a register says which rows count. A column of which one cell was not
    opened (None) has no sum: it would be too small, and nobody could see by how much."""

    def __init__(self, register: Register) -> None:
        self._counts, self._beside = register.counts, register.beside
        self.row: dict[str, int | str] = {column.key: 0 for column in register.columns if column.summed}

    def add(self, row: Any) -> None:
        if not self._counts(row):
            return
        for key, added in self.row.items():
            value = row[key] if isinstance(row, Mapping) else getattr(row, key)
            if value is None or added == "":
                self.row[key] = ""
            elif isinstance(value, int) and isinstance(added, int):
                self.row[key] = added + value

    def cell(self, column: Column, word: str) -> int | str:
        """What the sum row holds in a column: the sum or what is said beside it; `word` under the lines' numbers."""
        return value_of(column, word, self.row) if is_summed(column) else self._beside.get(column.key, "")

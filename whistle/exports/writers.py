"""Writing registers: CSV and XLSX, and the ledger itself as JSON lines.

Text stays text: a spreadsheet must never run what somebody typed."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from whistle.core import yuan
from whistle.exports.columns import Column, Heading, Register, Sums, is_summed, value_of
from whistle.exports.registers import AWARDS, SUMS

# What a spreadsheet may take for a formula, also in full width, also behind blanks that do not show.
_DANGER = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]")


def plain(text: str) -> str:
    """Text for a CSV cell that no spreadsheet runs: a leading apostrophe before what looks like a formula.
    The apostrophe is the only change, so that an auditor can take it off again."""
    return f"'{text}" if _DANGER.match(text) else text


def csv_file(path: Path, rows: Iterable[Any], blind: bool = True, register: Register = AWARDS) -> str:
    """Write UTF-8 with BOM: heads, rows, sums. Returns the SHA-256 of the file. Holds one row at a time."""
    columns, sums = register.of(blind), Sums(register)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(column.head for column in columns)
        for no, row in enumerate(rows, 1):
            sums.add(row)
            out.writerow(_csv_cell(column, no, row) for column in columns)
        out.writerow(_csv_cell(column, SUMS, sums.row) if is_summed(column) else "" for column in columns)
    return sha256(path)


def _csv_cell(column: Column, no: int | str, row: Any) -> str:
    value = value_of(column, no, row)
    if isinstance(value, str):
        return plain(value)
    return str(value) if column.kind in COUNTS else yuan.text(value)


def xlsx_file(
    path: Path, rows: Iterable[Any], heading: Heading, blind: bool = True, register: Register = AWARDS
) -> str:
    """Write one sheet: heading, heads, rows, sums, signatures. Sums are numbers with two decimals, everything
    else is text, no cells are merged. Returns the SHA-256 of the file. Holds one row at a time."""
    with workbook(path, heading.title or register.title) as book:
        write_sheet(book, register, rows, heading, blind)
    return sha256(path)


@contextmanager
def workbook(path: Path, title: str) -> Iterator[Any]:
    """A workbook that keeps text as text and rows on disk; the same rows make the same bytes."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": datetime(2000, 1, 1, tzinfo=UTC)})
        yield book


def write_sheet(book: Any, register: Register, rows: Iterable[Any], heading: Heading, blind: bool = True) -> None:
    """One register as one sheet of a workbook."""
    sheet, columns, lines = book.add_worksheet(register.sheet), register.of(blind), heading.lines(register)
    _lay_out(sheet, columns, first := len(lines))
    bold = {"bold": True}
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, line, book.add_format(bold) if not at else None)
    head = book.add_format({**bold, "border": 1, "text_wrap": True})
    for at, column in enumerate(columns):
        sheet.write_string(first, at, column.head, head)
    table, sums, last = _Table(book, sheet, columns), Sums(register), first
    for no, row in enumerate(rows, 1):
        sums.add(row)
        last = first + no
        table.write(last, no, row)
    if any(column.summed for column in columns):
        table.write(last := last + 1, SUMS, sums.row, only_summed=True)
    for at, line in enumerate(register.signatures):
        sheet.write_string(last + 2 + at, 0, line)


COUNTS = ("no", "count")
_FORMS = {"no": "0", "count": "#,##0", "money": "#,##0.00", "tax": "#,##0.00", "text": "@", "capitals": "@"}


def _lay_out(sheet: Any, columns: Sequence[Column], first: int) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(first + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first)


class _Table:
    """A sheet, its columns and their number formats."""

    def __init__(self, book: Any, sheet: Any, columns: Sequence[Column]) -> None:
        self._book, self.sheet, self.columns = book, sheet, columns
        self.formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMS.items()}

    def write(self, at: int, no: int | str, row: Any, only_summed: bool = False) -> None:
        for place, column in enumerate(self.columns):
            if is_summed(column) or not only_summed:
                self.cell(at, place, column, value_of(column, no, row))

    def cell(self, at: int, place: int, column: Column, value: Any) -> None:
        if isinstance(value, str):
            self.sheet.write_string(at, place, value, self.formats["text"])
        elif isinstance(value, tuple):  # a figure that brings its own form
            number, form = value
            if form not in self.formats:
                self.formats[form] = self._book.add_format({"num_format": form})
            self.sheet.write_number(at, place, number, self.formats[form])
        else:
            number = value if column.kind in COUNTS else Decimal(value).scaleb(-2)
            self.sheet.write_number(at, place, number, self.formats[column.kind])


def jsonl_file(path: Path, rows: Iterable[tuple[bytes, bytes]]) -> str:
    """The ledger itself, a line a row: {"row": as stored, "hash": hex}. Returns the SHA-256 of the file."""
    with path.open("wb") as file:
        for row, digest in rows:
            file.write(b'{"row":' + row + b',"hash":"' + digest.hex().encode() + b'"}\n')
    return sha256(path)


def write_digest(path: Path, digest: str) -> Path:
    """Put the digest beside the file, in the form `sha256sum --check` reads."""
    beside = path.with_name(path.name + ".sha256")
    beside.write_text(f"{digest}  {path.name}\n", "utf-8")
    return beside


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

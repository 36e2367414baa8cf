"""Writing registers: CSV, XLSX and JSON lines, and the ledger itself as JSON lines.

Text stays text: a spreadsheet must never run what somebody typed."""

import csv
import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from whistle.core import yuan
from whistle.exports.columns import Column, Heading, Register, Sums, value_of
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
            out.writerow(_csv_cell(column, value_of(column, no, row)) for column in columns)
        out.writerow(_csv_cell(column, sums.cell(column, SUMS)) for column in columns)
    return sha256(path)


def lines_file(path: Path, rows: Iterable[Any], register: Register) -> str:
    """A register for programs, a line of JSON each row: what its cells say by the columns' keys, sums in fen. Nothing
    is made of it where it looks like a formula: no spreadsheet opens it. Returns the SHA-256 of the file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            said = {column.key: value_of(column, 0, row) for column in register.columns if _is_said(column)}
            file.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
    return sha256(path)


def _is_said(column: Column) -> bool:
    """The same sum in capitals, or a number of the line, says nothing more."""
    return bool(column.key) and column.kind not in ("capitals", "tax")


def _csv_cell(column: Column, value: int | str) -> str:
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
    columns, lines = register.of(blind), heading.lines(register)
    sheet = book.add_worksheet(register.sheet, worksheet_class=_Sheet)
    _lay_out(sheet, columns, first := len(lines))
    bold = {"bold": True}
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, line, book.add_format(bold) if not at else None)
    head = book.add_format({**bold, **PRINTED, "align": "center"})
    sheet.set_row(first, height(columns, [column.head for column in columns]))
    for at, column in enumerate(columns):
        sheet.write_string(first, at, column.head, head)
    table, sums = _Table(book, sheet, columns, first + 1), Sums(register)
    for no, row in enumerate(rows, 1):
        sums.add(row)
        table.write([value_of(column, no, row) for column in columns])
    if any(column.summed for column in columns):
        table.write([sums.cell(column, SUMS) for column in columns])
    for at, line in enumerate(register.signatures):
        sheet.write_string(table.at + 1 + at, 0, line)


COUNTS = ("no", "count")
LONGEST = 32_767  # UTF-16 units that a cell may hold
# What every cell of a printed table has: a frame, lines that wrap, type that fits an A3 sheet.
PRINTED = {"border": 1, "text_wrap": True, "valign": "top", "font_size": 9}
_FORMS: dict[str, dict[str, str]] = {
    "no": {"num_format": "0"},
    "count": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "tax": {"num_format": "#,##0.00"},
    "text": {"num_format": "@"},
    "capitals": {"num_format": "@"},
    "alert": {"num_format": "@", "font_color": "#C00000"},
}


def _lay_out(sheet: Any, columns: Sequence[Column], first: int) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(first + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.set_margins(*MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first)
    sheet.set_footer("&C&P / &N")


MARGINS = (0.4, 0.4, 0.5, 0.6)  # left, right, top, bottom, in inches


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose text a spreadsheet shows as it was written. Its own spelling `_x000D_` stands for a character, so
    that an underscore which only looks like its beginning is spelled out, also where two such places overlap."""

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        return spelled(data)


_CONTROL = "\x00-\x08\x0b-\x1f\ufffe\uffff"
_LOOKS_SPELLED = re.compile(f"_(?=x[0-9A-Fa-f]{{4}}[_{_CONTROL}])")
_CONTROLS = re.compile(f"[{_CONTROL}]")


def spelled(text: str) -> str:
    """Text as a cell of a workbook spells it (ECMA-376 part 1, ST_Xstring)."""
    return _CONTROLS.sub(lambda found: f"_x{ord(found[0]):04X}_", _LOOKS_SPELLED.sub("_x005F_", text))


def pieces(text: str) -> list[str]:
    """Text in pieces that a cell may hold; no character is torn in two."""
    found, start, units = [], 0, 0
    for at, mark in enumerate(text):
        size = 2 if mark > "\uffff" else 1
        if units + size > LONGEST:
            found.append(text[start:at])
            start, units = at, 0
        units += size
    return [*found, text[start:]]


LINE, HIGHEST = 12, 409  # points: of a line of small type, and what a row may have at most
_WIDE = re.compile("[\u1100-\uffef]")


def height(columns: Sequence[Column], line: Sequence[Any]) -> int:
    """How high a row is that shows all its wrapped text, in points: no office program works it out for a file it did
    not write itself."""
    lines = (_lines(column.width, value) for column, value in zip(columns, line, strict=True) if isinstance(value, str))
    return min(max(lines, default=1) * LINE + 2, HIGHEST)


def _lines(width: float, text: str) -> int:
    """Lines that a text takes in a column of this width; a Chinese sign is as wide as two others."""
    return sum(max(1, math.ceil((len(part) + len(_WIDE.findall(part))) / width)) for part in text.split("\n"))


class _Table:
    """A sheet, its columns and their formats, written from one line to the next; `at` is the next free one."""

    def __init__(self, book: Any, sheet: Any, columns: Sequence[Column], at: int) -> None:
        self._book, self.sheet, self.columns, self.at = book, sheet, columns, at
        self.formats = {kind: book.add_format(PRINTED | form) for kind, form in _FORMS.items()}

    def write(self, values: Sequence[Any]) -> None:
        """A row; what a cell cannot hold goes on in the line below, so that nothing is cut."""
        parts = [pieces(value) if isinstance(value, str) else [value] for value in values]
        for line in zip_longest(*parts, fillvalue=""):
            self.sheet.set_row(self.at, height(self.columns, line))
            for place, (column, value) in enumerate(zip(self.columns, line, strict=True)):
                self.cell(place, column, value)
            self.at += 1

    def cell(self, place: int, column: Column, value: Any) -> None:
        if value == "":
            self.sheet.write_blank(self.at, place, None, self.formats["text"])
        elif isinstance(value, str):
            form = column.kind if column.kind in ("text", "alert", "capitals") else "text"
            self.sheet.write_string(self.at, place, value, self.formats[form])
        elif isinstance(value, tuple):  # a figure that brings its own form
            number, form = value
            if form not in self.formats:
                self.formats[form] = self._book.add_format(PRINTED | {"num_format": form})
            self.sheet.write_number(self.at, place, number, self.formats[form])
        else:
            number = value if column.kind in COUNTS else Decimal(value).scaleb(-2)
            self.sheet.write_number(self.at, place, number, self.formats[column.kind])


def jsonl_file(path: Path, rows: Iterable[tuple[bytes, bytes]], behind: Iterable[bytes] = ()) -> str:
    """The ledger itself, a line a row: {"row": as stored, "hash": hex}; `behind` them the lines that verify who signed
    (`chain.Signed`). Returns the SHA-256 of the file."""
    with path.open("wb") as file:
        for row, digest in rows:
            file.write(b'{"row":' + row + b',"hash":"' + digest.hex().encode() + b'"}\n')
        file.writelines(behind)
    return sha256(path)


def write_digest(path: Path, digest: str) -> Path:
    """Put the digest beside the file, in the form `sha256sum --check` reads."""
    beside = path.with_name(path.name + ".sha256")
    beside.write_text(f"{digest}  {path.name}\n", "utf-8")
    return beside


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""The yearly report as a page, a workbook or JSON. Its words are given: this room knows figures only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from whistle.core.bulletin import Cell, Line, Table
from whistle.core.visible import visible
from whistle.core.yearly import PERFORMANCE, Given, Yearly
from whistle.exports.bulletin import Words, number, plain_table, text
from whistle.exports.columns import Column, Heading, Register
from whistle.exports.writers import sha256, workbook, write_sheet

# The column of a table whose words are longer than a sum, and how wide it is in a workbook.
WIDTHS = {"name": 22, "source": 30, "memo": 30, "indicator": 24, "basis": 44, "deviation": 30, "group": 14}
WORDED = frozenset({"source", "memo", "indicator", "target", "basis", "deviation", "day"})  # no figures
MONTHLY = ("approved", "cancelled", "forfeited", "paid", "returned", "spent")
HEADS = {  # of a table's own, where the same column is named after the year elsewhere
    "formulas": {"approved": "approved_count", "paid": "paid_count"},
    "months": {name: f"month_{name}" for name in MONTHLY},
}

Cells = tuple[str | Cell, ...]


@dataclass(frozen=True)
class Section:
    """A table in words: the names of its columns, their heads, its lines of texts and figures, and its sums."""

    id: str
    title: str
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    lines: tuple[Cells, ...]
    total: Cells = ()


def sections(report: Yearly, words: Words) -> list[Section]:
    """The report's tables in the order in which they are read."""
    made = [_given("given", report.given, words)] if report.given else []
    made += [_given("followed", report.followed, words)] if report.followed else []
    for table in report.tables:
        made.append(_performance(table, words) if table.id == "performance" else _section(table, words))
    return made


def _given(name: str, rows: tuple[Given, ...], words: Words) -> Section:
    columns = ("no", "day", "source", "memo", "fen")
    lines = tuple((str(each.no), each.day, each.source, _memo(each, words), Cell(each.fen, "money")) for each in rows)
    total = (str(words["said"]["all"]), "", "", "", Cell(sum(each.fen for each in rows), "money"))
    return _titled(name, columns, lines, total, words)


def _memo(each: Given, words: Words) -> str:
    back = str(words["said"]["corrects"]).format(no=each.corrects) if each.corrects else ""
    return " ".join(filter(None, (back, each.memo)))


def _section(table: Table, words: Words) -> Section:
    of = table.of if table.of in words["column"] else "name"
    heads = HEADS.get(table.id, {})
    lines: list[Cells] = [(_label(table, line, words), *line.cells) for line in table.lines]
    total: Cells = (str(words["said"]["all"]), *table.total.cells) if table.total and table.lines else ()
    return _titled(table.id, (of, *(heads.get(name, name) for name in table.columns)), tuple(lines), total, words)


def _label(table: Table, line: Line, words: Words) -> str:
    """A year and a month are their own names; a formula that no list knows was none of ours."""
    if table.of in ("year", "month"):
        return line.name
    return str(words[table.of].get(line.name) or words["said"]["other"])


def _performance(table: Table, words: Words) -> Section:
    """What the ledger gives, and the places that are filled in by hand."""
    columns = ("group", "indicator", "target", "value", "basis", "deviation")
    return _titled("performance", columns, tuple(_indicators(table, words)), (), words)


def _indicators(table: Table, words: Words) -> Iterator[Cells]:
    for group, names in PERFORMANCE.items():
        called = str(words["group"][group])
        for name in names:
            value = table.line(name).cells[0]
            yield called, str(words["indicator"][name]), "", value, str(words["basis"][name]), ""
        if not names:
            yield called, "", "", "", str(words["basis"][group]), ""


def _titled(
    name: str,
    columns: tuple[str, ...],
    lines: tuple[Cells, ...],
    total: Cells,
    words: Words,
) -> Section:
    heads = tuple(str(words["column"][column]) for column in columns)
    return Section(name, str(words["table"][name]), columns, heads, lines, total)


def spoken(cell: str | Cell, words: Words) -> str:
    """What stands in a cell on the screen: what somebody typed shows what it hides."""
    return visible(cell) if isinstance(cell, str) else text(cell, words)


def standing(report: Yearly, words: Words) -> str:
    """Whether its figures can still move."""
    page = words["page"]
    if not report.is_over:
        return str(page["so_far"]).format(day=report.as_of)
    return str(page["locked" if report.is_locked else "open"])


def page(report: Yearly, words: Words) -> dict[str, Any]:
    """What the page and the file of its own are filled with."""
    shown = [
        {
            "section": section,
            "lines": [[spoken(cell, words) for cell in line] for line in section.lines],
            "total": [spoken(cell, words) for cell in section.total],
        }
        for section in sections(report, words)
    ]
    return {
        "account": account(report, words),
        "report": report,
        "sections": shown,
        "standing": standing(report, words),
        "worded": WORDED,
    }


def heading(report: Yearly, office: str, made: str, words: Words) -> Heading:
    """What stands above each sheet."""
    note = f"{account(report, words)}；{words['page']['internal']}；{standing(report, words)}"
    return Heading(office, str(words["page"]["title"]), f"{report.year}年", made, note)


def account(report: Yearly, words: Words) -> str:
    """The budget account, or that none is set."""
    return f"{words['page']['account']}{visible(report.account) or words['page']['no_account']}"


def document(report: Yearly) -> dict[str, Any]:
    """The report for a program: sums are fen, shares parts of ten thousand, days tenths."""
    told = {"v": 1, "year": report.year, "as_of": report.as_of, "over": report.is_over, "locked": report.is_locked}
    told["account"] = report.account
    rows = {name: [asdict(each) for each in getattr(report, name)] for name in ("given", "followed")}
    return {**told, **rows, "tables": [plain_table(table) for table in report.tables]}


def json_file(path: Path, report: Yearly) -> str:
    """Returns the SHA-256 of the file."""
    path.write_text(json.dumps(document(report), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return sha256(path)


def xlsx_file(path: Path, report: Yearly, heading: Heading, words: Words) -> str:
    """A sheet for each table, figures as numbers. Returns the SHA-256 of the file."""
    with workbook(path, heading.title) as book:
        for section in sections(report, words):
            write_sheet(book, _register(section, words), _rows(section, words), heading)
    return sha256(path)


def _register(section: Section, words: Words) -> Register:
    columns = tuple(
        Column(name, head, "figure", width=WIDTHS.get(name, 16))
        for name, head in zip(section.columns, section.heads, strict=True)
    )
    sheet = section.title.partition("（")[0][:31]  # as long as a sheet's name may be
    return Register(section.title, sheet, columns, (section.title,), signatures=tuple(words["signature"].values()))


def _rows(section: Section, words: Words) -> Iterator[dict[str, Any]]:
    for line in (*section.lines, *([section.total] if section.total else [])):
        cells = (cell if isinstance(cell, str) else number(cell, words) for cell in line)
        yield dict(zip(section.columns, cells, strict=True))

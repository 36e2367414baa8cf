"""The monthly bulletin as a page, a workbook or JSON. Its words are given: this room knows figures only."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whistle.core import yuan
from whistle.core.bulletin import REST, WHOLE, Bulletin, Cell, Line, Table
from whistle.exports.charts import Bar, bars
from whistle.exports.columns import Column, Heading, Register
from whistle.exports.writers import sha256, workbook, write_sheet

Words = Mapping[str, Any]
# What is drawn of each table: the column that gives the bars, and the one for the year before.
DRAWN = {
    "types": ("now", "before"),
    "sectors": ("now", "before"),
    "outcomes": ("proven", ""),
    "award_types": ("fen", ""),
    "award_sectors": ("fen", ""),
}
FORMS = {"count": "#,##0", "money": "#,##0.00", "share": "0.0%", "points": "0.0%", "change": "0.0%", "days": "0.0"}
SCALE = {"count": 1, "money": 100, "share": WHOLE, "points": WHOLE, "change": WHOLE, "days": 10}


def text(cell: Cell, words: Words) -> str:
    """A figure as people read it."""
    if cell.kind == "none":
        return "–"
    if cell.hidden:
        return str(words["said"]["hidden"])
    if cell.kind == "money":
        return f"{'-' if cell.value < 0 else ''}{_grouped(yuan.text(abs(cell.value)))}"
    if cell.kind == "count":
        return f"{cell.value:,}"
    if cell.kind == "days":
        return f"{cell.value / 10:.1f}"
    sign = "+" if cell.kind in ("change", "points") and cell.value > 0 else ""
    return f"{sign}{cell.value * 100 / WHOLE:.1f}{words['said']['points'] if cell.kind == 'points' else '%'}"


def _grouped(sum_: str) -> str:
    whole, _, rest = sum_.partition(".")
    return f"{int(whole):,}.{rest}"


def label(table: Table, line: Line, words: Words) -> str:
    """What a line is called: a figure's name, a type, an industry, or the rest of them."""
    if line.name == REST:
        return str(words["said"]["rest"])
    return str(words[table.of].get(line.name) or words["said"]["unclassed"])


def sections(bulletin: Bulletin, words: Words) -> list[dict[str, Any]]:
    """The bulletin's tables in words, each with its chart: what the page is filled with."""
    return [_section(table, words) for table in bulletin.tables]


def _section(table: Table, words: Words) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": words["table"][table.id],
        "heads": [words["column"][name] for name in table.columns],
        "rows": [(label(table, line, words), [text(cell, words) for cell in line.cells]) for line in table.lines],
        "total": [text(cell, words) for cell in table.total.cells] if table.total else [],
        "chart": _chart(table, words),
    }


def _chart(table: Table, words: Words) -> str:
    if table.id not in DRAWN:
        return ""
    column, other = DRAWN[table.id]
    at = table.columns.index(column)
    old = table.columns.index(other) if other in table.columns else -1
    drawn = [
        Bar(
            label(table, line, words),
            line.cells[at].value,
            text(line.cells[at], words),
            line.cells[old].value if old >= 0 else 0,
        )
        for line in table.lines
        if not line.cells[at].hidden
    ]
    return bars(str(words["table"][table.id]), drawn)


def document(bulletin: Bulletin) -> dict[str, Any]:
    """The bulletin for a program: a hidden figure is null and says so; sums are fen, shares parts of ten thousand."""
    return {
        "v": 1,
        "month": bulletin.month,
        "before": bulletin.before,
        "published": bulletin.published,
        "provisional": bulletin.provisional,
        "missing": [{"figure": name, "why": why} for name, why in bulletin.missing],
        "tables": [plain_table(table) for table in bulletin.tables],
    }


def plain_table(table: Table) -> dict[str, Any]:
    """A table for a program."""
    total = [_value(cell) for cell in table.total.cells] if table.total else []
    lines = [{"name": line.name, "cells": [_value(cell) for cell in line.cells]} for line in table.lines]
    return {"id": table.id, "of": table.of, "columns": list(table.columns), "lines": lines, "total": total}


def _value(cell: Cell) -> dict[str, Any]:
    shown = None if cell.hidden or cell.kind == "none" else cell.value
    return {"value": shown, "kind": cell.kind, "hidden": cell.hidden}


def json_file(path: Path, bulletin: Bulletin) -> str:
    """Returns the SHA-256 of the file."""
    path.write_text(json.dumps(document(bulletin), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return sha256(path)


def xlsx_file(path: Path, bulletin: Bulletin, heading: Heading, words: Words) -> str:
    """A sheet for each table, figures as numbers. Returns the SHA-256 of the file."""
    with workbook(path, heading.title) as book:
        for table in bulletin.tables:
            write_sheet(book, _register(table, words), _rows(table, words), heading)
    return sha256(path)


def _register(table: Table, words: Words) -> Register:
    title = str(words["table"][table.id])
    heads = [Column("", str(words["column"]["name"]), "name", width=26)]
    heads += [Column(name, str(words["column"][name]), "figure", width=16) for name in table.columns]
    signed = tuple(words["signature"].values()) if table.id == "figures" else ()
    return Register(title, title, tuple(heads), (title,), signatures=signed)


def _rows(table: Table, words: Words) -> Iterator[dict[str, Any]]:
    for line in (*table.lines, *([table.total] if table.total else [])):
        name = str(words["said"]["all"]) if line is table.total else label(table, line, words)
        yield {"": name, **dict(zip(table.columns, (number(cell, words) for cell in line.cells), strict=True))}


def number(cell: Cell, words: Words) -> Any:
    """For the writer: a number with its form, or the words that stand where none may."""
    if cell.hidden or cell.kind == "none":
        return text(cell, words)
    return cell.value / SCALE[cell.kind], FORMS[cell.kind]

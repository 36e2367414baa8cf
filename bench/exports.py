"""The blind award ledger of 100,000 awards as XLSX, CSV and JSON lines, each in a process of its own.

Goals: under 60 s and 300 MB. The XLSX is also given as a multiple of bare xlsxwriter putting the same cells on
disk: that says more than seconds on somebody else's machine."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from sqlalchemy import insert

from bench import machine
from bench.money import CENTURY, POST
from bench.runs import Run, timed
from whistle.casework import statement
from whistle.core import ledger
from whistle.core.ledger import Entry, Head
from whistle.core.offices import ZONE
from whistle.exports import Heading
from whistle.storage import tables
from whistle.storage.database import Database
from whistle.storage.ledger import Book
from whistle.storage.migrations import migrate

FORMS = ("csv", "jsonl", "xlsx")
BATCH = 10_000


def fill(url: str, count: int) -> None:
    """A ledger of `count` approvals, each paid: rows and hashes as the house writes them, in batches."""
    with Database.open(url) as db:
        head, batch = ledger.START, []
        for entry in _entries(count):
            document, digest = ledger.append(head, entry)
            head = Head(head.count + 1, digest)
            columns = {name: getattr(entry, name) for name in ("kind", "corrects_kind", "year", "fen", "case")}
            batch.append({**columns, "office": ZONE, "no": head.count, "document": document, "hash": digest})
            if len(batch) == BATCH:
                _keep(db, batch)
        _keep(db, batch)


def _entries(count: int) -> list[Entry]:
    made = [Entry("budget", "2026-01-05", 2026, CENTURY, source="区财政")]
    for at in range(count):
        case, fen, day = f"〔2026〕{at + 1}号", 2_250_000 + at % 1000, f"2026-{at % 12 + 1:02d}-{at % 28 + 1:02d}"
        clause = "第十一条第(一)项"
        made.append(Entry("approve", day, 2026, fen, case, f"{POST}A{at % 97:02d}", "SD-REW-2021", clause, "percent"))
        paid = Entry("pay", day, 2026, fen, case, f"{POST}B{at % 97:02d}", method="counter", voucher=f"{at:08d}")
        made.append(paid)
    return made


def _keep(db: Database, batch: list[dict[str, Any]]) -> None:
    if batch:
        db.write_sync(lambda tx: tx.execute(insert(tables.ledger), batch))
        batch.clear()


def export(url: str, form: str, path: Path) -> None:
    with Database.open(url) as db:
        db.read_sync(lambda tx: statement.write(Book(tx, ZONE), form, path, Heading("bench")))


def bare(table: list[tuple[Any, ...]], path: Path) -> None:
    """The same cells with nothing of ours around them."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(table):
            for place, value in enumerate(row):
                if value is not None:
                    (sheet.write_string if isinstance(value, str) else sheet.write_number)(at, place, value)


def cells(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))


def apart(what: Callable[..., None], *told: Any) -> dict[str, float]:
    """Runs it in a fresh process: seconds, and the most memory that process ever held."""
    context = multiprocessing.get_context("spawn")
    answer = context.SimpleQueue()
    process = context.Process(target=_timed, args=(answer, what, told))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError("a part of the bench failed in its process")
    return dict(answer.get())


def _timed(answer: Any, what: Callable[..., None], told: tuple[Any, ...]) -> None:
    start = time.perf_counter()
    what(*told)
    answer.put({"seconds": round(time.perf_counter() - start, 4), "peak_mb": peak_mb()})


def peak_mb() -> int:
    """The most memory this program held."""
    return machine.peak_mb("self")


def measure(folder: Path, count: int) -> dict[str, Any]:
    url = str(folder / "whistle.db")
    migrate(url)
    fill(url, count)
    found: dict[str, Any] = {form: apart(export, url, form, folder / f"awards.{form}") for form in FORMS}
    table = cells(folder / "awards.xlsx")
    start = time.perf_counter()
    bare(table, folder / "bare.xlsx")
    floor = time.perf_counter() - start
    found["xlsx"]["bare_s"] = round(floor, 4)
    found["xlsx"]["ratio"] = round(found["xlsx"]["seconds"] / floor, 2)
    return {"rows": count, **found}


def run(count: int, folder: Path) -> list[Run]:
    """The rows of the results: each form beside bare xlsxwriter putting the same cells on disk."""
    found = measure(folder, count)
    rows = [_row(f"award ledger of {count:,} as {form}", count, found[form]) for form in FORMS]
    return [*rows, _row(f"bare xlsxwriter, {count:,} rows", count, {"seconds": found["xlsx"]["bare_s"]})]


def _row(name: str, count: int, found: dict[str, float]) -> Run:
    return timed(name, count, found["seconds"]) | {key: value for key, value in found.items() if key == "peak_mb"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), told.rows), indent=1))


if __name__ == "__main__":
    main()

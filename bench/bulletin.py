"""The monthly bulletin over 100,000 cases in a real SQLite file, beside a bare reading of the same columns."""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from bench.exports import apart
from bench.runs import Run, timed
from whistle.casework import bulletin
from whistle.core import calendar, ledger, rulebook, workflow
from whistle.core.ledger import Entry, Head
from whistle.core.offices import ZONE
from whistle.core.statistics import Terms
from whistle.storage import tables
from whistle.storage.database import Database
from whistle.storage.migrations import migrate

MONTH = "2026-10"
FIRST, DAYS = date(2025, 1, 2), 660
BATCH = 2_000
# How a case goes on: kinds with the days between them; every third one to the end.
WAYS = (
    (("report", 0), ("accept", 3), ("assign", 1), ("extract", 1), ("finding", 30), ("feedback", 4), ("close", 9)),
    (("report", 0), ("accept", 5), ("assign", 1), ("finding", 50), ("feedback", 6), ("award.propose", 3),
     ("award.approve", 6), ("award.notify", 2), ("claim", 9), ("claim.check", 1), ("pay", 3), ("close", 2)),
    (("report", 0), ("decline", 4)),
    (("report", 0), ("accept", 9), ("assign", 2)),
)  # fmt: skip
REPORT_BODY, BODY = 3_700, 1_200


def fill(url: str, count: int) -> None:
    """Cases with bodies of the real size, without what a bulletin never reads: items and grants."""
    dice, table = random.Random(1), workflow.load()
    with Database.open(url) as db:
        batch: tuple[list[Any], list[Any]] = ([], [])
        for seq in range(1, count + 1):
            case, posts = _case(seq, dice, table)
            batch[0].append(case)
            batch[1].extend(posts)
            if len(batch[0]) == BATCH or seq == count:
                _keep(db, batch)
        _pay(db, count)


def _keep(db: Database, batch: tuple[list[Any], list[Any]]) -> None:
    for rows, table in zip(batch, (tables.cases, tables.posts), strict=True):
        db.write_sync(partial(_insert, table, rows))
        rows.clear()


def _insert(table: Any, rows: list[Any], tx: Connection) -> None:
    tx.execute(insert(table), rows)


def _case(seq: int, dice: random.Random, table: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    day = FIRST + timedelta(days=dice.randrange(DAYS))
    way, posts = WAYS[seq % len(WAYS)], []
    category, sector = dice.choice(table["categories"]), dice.choice(table["sectors"])
    for no, (kind, later) in enumerate(way):
        day += timedelta(days=later)
        posts.append(_post(seq, no, kind, day.isoformat(), dice))
    row = {column.name: "" for column in tables.cases.columns}
    numbers = {"hour": -1, "urgent": False, "count": len(way), "count_all": len(way)}
    told = {"id": seq, "case": f"c{seq}", "channel": ZONE, "office": ZONE, "day": posts[0]["day"], "due": tables.NO_DUE}
    classed = {"year": 2026, "number": seq, "category": category, "sector": sector, "provisional": False}
    return {**row, **numbers, **told, **classed}, posts


def _post(seq: int, no: int, kind: str, day: str, dice: random.Random) -> dict[str, Any]:
    size = REPORT_BODY if kind == "report" else BODY
    outcome = dice.choice(("verified", "verified", "unverified", "unable"))
    body = json.dumps({"kind": kind, "outcome": outcome, "items": "x" * size}).encode()
    filler = {"hash": f"h{seq}-{no}", "vis": "all", "prev": f"p{no}", "author": "r", "pid": f"i{no}"}
    bytes_ = {"head": bytes(420), "sig": bytes(64), "body": body, "receipt": bytes(400), "receipt_sig": bytes(64)}
    bytes_["arrival"] = bytes(76)
    return {"case_id": seq, "place": no, "kind": kind, "no": no, "day": day, **filler, **bytes_}


def _pay(db: Database, count: int) -> None:
    head, rows = ledger.START, []
    for entry in _entries(count):
        document, digest = ledger.append(head, entry)
        head = Head(head.count + 1, digest)
        columns = {name: getattr(entry, name) for name in ("kind", "corrects_kind", "year", "fen", "case")}
        rows.append({**columns, "office": ZONE, "no": head.count, "document": document, "hash": digest})
    db.write_sync(lambda tx: tx.execute(insert(tables.ledger), rows))


def _entries(count: int) -> Iterator[Entry]:
    yield Entry("budget", "2026-01-05", 2026, 10**13, source="区财政")
    for seq in range(1, count + 1, len(WAYS)):
        case, day = f"〔2026〕{seq}号", f"2026-{seq % 11 + 1:02d}-{seq % 28 + 1:02d}"
        for kind in ("approve", "pay"):
            yield Entry(kind, day, 2026, 500_000 + seq, case, "A" * 43)


def make(url: str) -> None:
    terms = Terms(workflow.load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), "2026-11-01")
    with Database.open(url) as db:
        db.read_sync(lambda tx: bulletin.make(tx, terms, MONTH, published=True))


def bare(url: str) -> None:
    """The same columns read by the driver alone, nothing made of them."""
    with sqlite3.connect(url) as connection:
        query = "SELECT case_id, kind, day, CASE WHEN kind = 'finding' THEN body END FROM posts ORDER BY case_id"
        for _ in connection.execute(query):
            pass


def measure(folder: Path, count: int) -> dict[str, Any]:
    url = str(folder / "whistle.db")
    migrate(url)
    start = time.perf_counter()
    fill(url, count)
    filled = round(time.perf_counter() - start, 1)
    floor = apart(bare, url)
    found = apart(make, url)
    ratio = round(found["seconds"] / floor["seconds"], 1)
    size = sum(file.stat().st_size for file in folder.iterdir()) // 1_000_000
    return {"cases": count, "fill_s": filled, "file_mb": size, "bare": floor, "bulletin": found, "ratio": ratio}


def run(count: int, folder: Path) -> list[Run]:
    """The rows of the results: the bulletin, and the same columns read by the driver alone."""
    found = measure(folder, count)
    names = {"bulletin": f"bulletin over {count:,} cases", "bare": f"bare reading of {count:,} cases"}
    return [timed(names[key], count, found[key]["seconds"]) | {"peak_mb": found[key]["peak_mb"]} for key in names]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000)
    told = options.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        print(json.dumps(measure(Path(folder), told.cases), indent=1))


if __name__ == "__main__":
    main()

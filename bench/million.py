"""`python -m bench.million`: a house of 10,000 cases beside one of a million, on SQLite and PostgreSQL, in one run.

What shows a page, takes a report or reads a status should take the same time in both (goal: at most twice); what counts
a month or reads everything is given with what it read. Databases are made in a scratch folder, and on the server that
WHISTLE_BENCH_POSTGRES names, and are removed at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench import goals, inbox, machine, public, years
from bench.exports import apart
from bench.runs import Asked, Run, measure, request, timed
from bench.scene import Scene, Server, door, establish
from bench.sealing import seal_many
from whistle import house
from whistle.casework import bulletin, statement
from whistle.core import calendar, rulebook, statistics, workflow
from whistle.core.offices import ZONE
from whistle.core.statistics import Terms
from whistle.exports import Heading
from whistle.storage import checks
from whistle.storage.database import Database
from whistle.storage.ledger import Book

HERE = Path(__file__).parent
SERVER = os.environ.get("WHISTLE_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
TWICE = 2.0  # the goal: a page's time at most so many times that of the smallest house
BASES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Size:
    """How often a page is asked at most, how many reports are filed, how many statuses read."""

    pages: int
    reports: int
    reads: int


FULL, TINY = Size(100, 100, 500), Size(3, 6, 8)
PATIENCE = 8_000  # ms for one page; a slow one is asked less often, but LEAST times
LEAST = 5


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.million", description=__doc__)
    options.add_argument("--cases", type=int, action="append", help="10000 and 1000000 unless given; several times")
    options.add_argument("--on", choices=BASES, action="append", help="this database; both unless given")
    options.add_argument("--tiny", action="store_true", help="a few of everything, to see that it runs")
    options.add_argument("--out", type=Path, default=HERE / "million.json")
    # Not the system's temporary folder: that may be memory, where nothing is ever durable.
    options.add_argument("--data", type=Path, default=HERE.parent / "build", help="where databases are made")
    told = options.parse_args()
    counts = told.cases or ([60, 240] if told.tiny else [10_000, 1_000_000])
    told.data.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="million-", dir=told.data.resolve()))
    runs: list[Run] = []
    try:
        described = machine.describe(folder)
        print(f"load {machine.load()} on {described['cores']} cores", flush=True)
        for base in told.on or BASES:
            for count in counts:
                runs += _house(base, count, TINY if told.tiny else FULL, folder)
            for line in compared(runs, base, counts):
                print(line, flush=True)
        described["load_after"] = machine.load()
    finally:
        shutil.rmtree(folder)
    told.out.write_text(json.dumps({"machine": described, "runs": runs}, indent=1) + "\n", encoding="utf-8")


def _house(base: str, count: int, size: Size, folder: Path) -> list[Run]:
    """Everything of one house; its folder and database are gone afterwards."""
    rows: list[Run] = []
    with _database(base) as url:
        place = folder / f"{base}{count}"
        scene = establish(place, url)
        try:
            for row in _rows(scene, count, size, folder):
                rows.append(row | {"on": base, "cases": count, "load": machine.load()})
                print(f"{base} {count:>9,}  {goals.line(row)}", flush=True)
        finally:
            shutil.rmtree(place)
    return rows


def _rows(scene: Scene, count: int, size: Size, folder: Path) -> Iterator[Run]:
    yield _seeded(scene, count)
    yield from _public(scene, size, folder)
    yield from _pages(scene, size, folder)
    yield from _whole(scene, folder)


@contextmanager
def _database(base: str) -> Iterator[str]:
    """The URL of an empty database of the server; "" for SQLite, whose file is its house's."""
    if base == "sqlite":
        yield ""
        return
    name = f"whistle_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _seeded(scene: Scene, count: int) -> Run:
    opened = house.open_house(scene.settings, "review")
    with opened.db:
        report = inbox.model_of(scene, opened, lean=False)
    start = time.perf_counter()
    lister = scene.people["intake"].rid
    years.seed(scene.settings.database_url, years.Model(report, scene.readers, lister), scene.day, count)
    return timed("cases seeded", count, time.perf_counter() - start)


def _pages(scene: Scene, size: Size, folder: Path) -> Iterator[Run]:
    """Every page of the back office that shows some of many."""
    year = scene.day[:4]
    with door(scene, "review") as server:
        intake, finance = ({"Cookie": inbox.sign_in(scene, role)} for role in ("intake", "finance"))
        views = ({}, *inbox.VIEWS[1:], {"mine": "1"}, {"order": "day"})
        asked = [(f"inbox {_name(view)}", f"/api/inbox?{urlencode(view)}", intake) for view in views]
        asked += [
            ("overdue list", "/api/overdue", intake),
            ("finance's list", "/api/inbox", finance),
            ("ledger, first page with sums", f"/api/ledger?year={year}", finance),
            ("ledger, a later page", f"/api/ledger?year={year}&after=20&limit=50", finance),
            ("award ledger, a page", f"/api/ledger/awards?year={year}&limit=50", finance),
        ]
        for each in asked:
            yield _page(server, *each, size, folder) | {"peak_mb": machine.peak_mb(server.process.pid)}


def _name(view: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in view.items()) or "as it opens"


def _page(server: Server, name: str, path: str, headers: dict[str, str], size: Size, folder: Path) -> Run:
    asked = [request("GET", path, headers)]
    first = measure(server, 1, Asked(name, asked, 2), folder)
    count = min(size.pages, max(LEAST, int(PATIENCE / first["p50_ms"])))
    return measure(server, 1, Asked(name, asked, count), folder) | {"page": True}


def _public(scene: Scene, size: Size, folder: Path) -> list[Run]:
    """A report taken in and a status read."""
    sealed = seal_many(scene, size.reports + 8)
    with door(scene, "public") as server:
        public.submit(server, 1, sealed[:8], folder)
        filed = public.submit(server, 1, sealed[8:], folder)
        status = [request("GET", "/api/case", {"Authorization": one.authorization}) for one in sealed]
        return [
            filed | {"page": True},
            measure(server, 1, Asked("status read", status, size.reads), folder) | {"page": True},
        ]


def _whole(scene: Scene, folder: Path) -> Iterator[Run]:
    """What counts a month or reads everything, each in a process of its own."""
    url, today = scene.settings.database_url, scene.day
    parts: tuple[tuple[str, Callable[..., None], tuple[Any, ...]], ...] = (
        ("month rate", month_rate, (url, today)),
        ("bulletin of a month", month_bulletin, (url, today)),
        ("award ledger of a year as csv", export, (url, int(today[:4]), folder / "awards.csv")),
        ("doctor, without folding", doctor, (url,)),
    )
    yield from (_apart(name, what, told) for name, what, told in parts)


def _apart(name: str, what: Callable[..., None], told: tuple[Any, ...]) -> Run:
    found = apart(what, *told)
    return timed(name, 1, found["seconds"]) | {"peak_mb": found["peak_mb"]}


def _terms(today: str) -> Terms:
    return Terms(workflow.load(), rulebook.load("SD-RULE-2024"), calendar.shipped(), today)


def month_rate(url: str, today: str) -> None:
    """How many steps of this month are late."""
    terms = _terms(today)
    with Database.open(url) as db:
        db.read_sync(lambda tx: statistics.months([today[:7]], bulletin.timed_facts(tx, terms, today[:7]), (), terms))


def month_bulletin(url: str, today: str) -> None:
    """This month as the office sees it."""
    terms = _terms(today)
    with Database.open(url) as db:
        db.read_sync(lambda tx: bulletin.make(tx, terms, today[:7]))


def export(url: str, year: int, path: Path) -> None:
    with Database.open(url) as db:
        db.read_sync(lambda tx: statement.write(Book(tx, ZONE), "csv", path, Heading("bench"), year))
    path.unlink()


def doctor(url: str) -> None:
    """All that it looks at in the store. (Folding a case costs the same in any house.)"""
    bad = [found.code for found in checks.check(url) if found.level == "red" and found.code != "role"]
    if bad:
        raise RuntimeError(f"the seeded house is not sound: {bad}")


def compared(runs: list[Run], base: str, counts: list[int]) -> Iterator[str]:
    """Each row of the largest house over the same of the smallest."""
    small, large = ({row["name"]: row for row in runs if (row["on"], row["cases"]) == (base, count)} for count in
                    (min(counts), max(counts)))  # fmt: skip
    yield f"{base}: {max(counts):,} cases over {min(counts):,}; goal of a page ≤ {TWICE:g}"
    for name, row in large.items():
        figures = ("p50_ms", "p95_ms", "cpu_ms") if row.get("page") else ("seconds",)
        ratios = {figure: row[figure] / max(small[name][figure], 0.001) for figure in figures}
        said = "  ".join(
            f"{figure} {small[name][figure]:,.2f} → {row[figure]:,.2f} ({ratio:.1f})"
            for figure, ratio in ratios.items()
        )
        yield f"{_mark(row, ratios)} {name:34} {said}"


def _mark(row: Run, ratios: dict[str, float]) -> str:
    if not row.get("page"):
        return "   "
    return "ok " if ratios["p50_ms"] <= TWICE else "NOT"


if __name__ == "__main__":
    main()

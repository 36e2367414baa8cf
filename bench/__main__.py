"""`python -m bench`: every part in turn, the table on the screen, bench/results.json for machines."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import bulletin, exports, goals, inbox, machine, money, openings, peers, public, scene
from bench.public import Counts
from bench.runs import Run, timed

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Plan:
    """How much of everything. A part that is not named is left out."""

    counts: Counts
    hello: dict[int, int]
    cases: tuple[int, ...]
    pages: int
    awards: int
    rows: int
    exported: int
    counted: int
    opened: int


FULL = Plan(
    Counts({1: 800, 8: 3000, 32: 3000}, {1: 4000, 8: 16_000}),
    {1: 10_000, 8: 30_000},
    (10_000,),
    400,
    100_000,
    1_000_000,
    100_000,
    100_000,
    400,
)
TINY = Plan(Counts({1: 3, 8: 8, 32: 32}, {1: 4, 8: 16}, warm=4), {1: 4, 8: 16}, (60,), 8, 200, 500, 40, 40, 4)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--tiny", action="store_true", help="a few of everything, to see that it runs")
    options.add_argument("--cases", type=int, action="append", help="cases behind the inbox; several times")
    options.add_argument("--only", choices=PARTS, action="append", help="this part; several times")
    options.add_argument("--out", type=Path, default=HERE / "results.json")
    # Not the system's temporary folder: that may be memory, where nothing is ever durable.
    options.add_argument(
        "--data", type=Path, default=HERE.parent / "build", help="where databases are made and removed"
    )
    told = options.parse_args()
    plan = TINY if told.tiny else FULL
    if told.cases:
        plan = Plan(**{**vars(plan), "cases": tuple(told.cases)})
    told.data.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=told.data.resolve()))
    try:
        described = machine.describe(folder)
        if machine.is_busy():
            print("Other work is running on this machine: figures will be low, and even ratios uncertain.")
        runs = _runs(plan, told.only or list(PARTS), folder)
        described["load_after"] = machine.load()
    finally:
        shutil.rmtree(folder)
    found = {"machine": described, "runs": runs}
    told.out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for line in (*goals.compared(runs), *goals.others(runs)):
        print(line)


def _runs(plan: Plan, parts: list[str], folder: Path) -> list[Run]:
    runs: list[Run] = []
    for name in parts:
        for row in PARTS[name](plan, folder):
            print(goals.line(row), flush=True)
            runs.append(row)
    return runs


def _public(plan: Plan, folder: Path) -> list[Run]:
    """The door and its peers back to back, so that both meet the same neighbours."""
    rows = public.run(scene.establish(folder / "public"), plan.counts, folder)
    shutil.rmtree(folder / "public")
    return rows + peers.hello(plan.hello, folder)


def _inbox(plan: Plan, folder: Path) -> list[Run]:
    rows: list[Run] = []
    for cases in plan.cases:
        place = folder / f"inbox{cases}"
        rows += inbox.run(scene.establish(place), cases, plan.pages, folder)
        shutil.rmtree(place)
    return rows


def _money(plan: Plan, folder: Path) -> list[Run]:
    named = (("award by rule pack", money.awards(plan.awards)), ("ledger rows verified", money.verified(plan.rows)))
    return [timed(name, int(found["count"]), found["seconds"]) for name, found in named]


def _exports(plan: Plan, folder: Path) -> list[Run]:
    return _apart(exports.run, plan.exported, folder / "exports")


def _bulletin(plan: Plan, folder: Path) -> list[Run]:
    return _apart(bulletin.run, plan.counted, folder / "bulletin")


def _apart(run: Callable[[int, Path], list[Run]], count: int, place: Path) -> list[Run]:
    """In a folder of its own, gone afterwards."""
    place.mkdir()
    rows = run(count, place)
    shutil.rmtree(place)
    return rows


def _openings(plan: Plan, folder: Path) -> list[Run]:
    rows = openings.run(scene.establish(folder / "openings"), plan.opened, folder)
    shutil.rmtree(folder / "openings")
    return rows


PARTS: dict[str, Callable[[Plan, Path], list[Run]]] = {
    "public": _public,
    "inbox": _inbox,
    "money": _money,
    "exports": _exports,
    "bulletin": _bulletin,
    "openings": _openings,
}

if __name__ == "__main__":
    main()

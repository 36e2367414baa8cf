"""The goals, and how a run compares with them and with its peers. Ratios of one run travel; figures do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.runs import Run

SENT, READ = "accepted submissions", "status read"
LEDGER, FORMS = "award ledger of 100,000 as ", ("csv", "jsonl", "xlsx")
BULLETIN = "bulletin over 100,000 cases"


@dataclass(frozen=True)
class Goal:
    """One figure of one row against its bound; `over` names the peer it is divided by."""

    says: str
    name: str
    clients: int
    figure: str
    bound: float
    least: bool = True
    over: tuple[str, int] | None = None


GOALS = (
    Goal("submissions accepted a second, 8 clients", SENT, 8, "per_s", 400),
    Goal("errors, 32 clients", SENT, 32, "errors", 0, least=False),
    Goal("server CPU of a submission, ms", SENT, 8, "cpu_ms", 2, least=False),
    Goal("submissions over bare durable inserts", SENT, 8, "per_s", 0.25, over=("bare inserts", 8)),
    Goal("submissions over bare inserts, 8 a commit", SENT, 8, "per_s", 0, over=("bare inserts, 8 a commit", 8)),
    Goal("status reads a second, 8 clients", READ, 8, "per_s", 4000),
    Goal("status reads over hello", READ, 8, "per_s", 0, over=("hello", 8)),
    Goal("inbox page at 10,000 cases, p95 ms", "inbox page at 10,000 cases", 1, "p95_ms", 100, least=False),
    *(Goal(f"award ledger of 100,000 as {form}, s", LEDGER + form, 1, "seconds", 60, least=False) for form in FORMS),
    *(Goal(f"award ledger of 100,000 as {form}, MB", LEDGER + form, 1, "peak_mb", 300, least=False) for form in FORMS),
    Goal("XLSX over bare xlsxwriter", f"{LEDGER}xlsx", 1, "per_s", 0, over=("bare xlsxwriter, 100,000 rows", 1)),
    Goal("bulletin over 100,000 cases, s", BULLETIN, 1, "seconds", 60, least=False),
    Goal("bulletin over 100,000 cases, MB", BULLETIN, 1, "peak_mb", 300, least=False),
    Goal("bulletin over a bare reading", BULLETIN, 1, "per_s", 0, over=("bare reading of 100,000 cases", 1)),
)

# Measured with their own clients on two cores like ours, each at its best settings; not in this run.
OTHERS = (
    "GlobaLeaks 5.0: 21 submissions a second at one client, 6 at eight with 64 % errors; 45 ms CPU of each",
    "Hush Line: 68 to 79 submissions a second; 19 to 23 ms CPU of each, and 4.5 of its database",
)


def line(row: Run) -> str:
    """A row of the results for people."""
    tail = "".join(f"  {name[:-3]} {row[name]:.1f} ms" for name in ("p50_ms", "p95_ms") if name in row)
    tail += "".join(f"  {row[name]:.1f} {unit}" for name, unit in (("seconds", "s"), ("peak_mb", "MB")) if name in row)
    head = f"{row['name']:28} {row['clients']:>3} clients {row['per_s']:>10,.0f}/s  cpu {row['cpu_ms']:.3f} ms"
    return f"{head}  errors {row['errors']}{tail}"


def others(runs: list[Run]) -> Iterator[str]:
    """What houses of the same trade reach, where this run says what ours does."""
    if any(row["name"] == SENT for row in runs):
        yield from (f"    {one}" for one in OTHERS)


def compared(runs: list[Run]) -> Iterator[str]:
    """Each goal that this run can speak to."""
    rows = {(row["name"], row["clients"]): row for row in runs}
    for goal in GOALS:
        row, peer = rows.get((goal.name, goal.clients)), rows.get(goal.over) if goal.over else None
        if row is None or (goal.over and peer is None):
            continue
        value = row[goal.figure] / peer["per_s"] if peer else row[goal.figure]
        yield f"{_mark(goal, value)} {goal.says}: {value:,.2f}{_bound(goal)}"


def _mark(goal: Goal, value: float) -> str:
    if goal.least and not goal.bound:
        return "   "
    return "ok " if (value >= goal.bound if goal.least else value <= goal.bound) else "NOT"


def _bound(goal: Goal) -> str:
    if goal.least and not goal.bound:
        return ""
    return f" (goal {'≥' if goal.least else '≤'} {goal.bound:g})"

"""How fast the money core is: 100,000 random awards, a ledger of a million rows verified.

Verification is also given as a multiple of bare SHA-256 over the same bytes: that says more than seconds on
somebody else's machine."""

import argparse
import hashlib
import json
import random
import resource
import time
from collections.abc import Iterator

from whistle.core import ledger, rulebook
from whistle.core.ledger import Entry, Head
from whistle.core.rulebook import Facts

CENTURY = 10**13  # fen of opening budget: enough for every award of the run
POST = "A" * 40


def random_facts(dice: random.Random) -> Facts:
    employee = dice.random() < 0.3
    if dice.random() < 0.1:
        deaths = dice.randint(1, 40)
        return Facts("concealed_accident", employee=employee, deaths=deaths, deaths_concealed=dice.randint(1, deaths))
    if dice.random() < 0.2:
        return Facts("general_hazard", officer_value=dice.randint(50_000, 500_000), reason="r", employee=employee)
    return Facts("violation", fine=dice.randint(0, 200_000_000), employee=employee)


def awards(count: int) -> dict[str, float]:
    dice, pack = random.Random(1), rulebook.load("SD-REW-2021")
    cases = [random_facts(dice) for _ in range(count)]
    start = time.perf_counter()
    for facts in cases:
        rulebook.award(facts, pack)
    return {"count": count, "seconds": time.perf_counter() - start}


def entries(count: int) -> Iterator[Entry]:
    """Three rows for each of many cases: approved, then paid or forfeited, now and then taken back."""
    yield Entry("budget", "2026-01-05", 2026, CENTURY, source="opening")
    for at in range(count - 1):
        number, turn = divmod(at, 2)
        post = f"{POST}{turn}{number % 97:02d}"
        kind = "approve" if turn == 0 else ("forfeit" if number % 20 == 0 else "pay")
        yield Entry(kind, "2026-11-23", 2026, 2_250_000 + number % 1000, f"[2026]{number}", post, "SD-REW-2021")


def write(count: int) -> tuple[list[tuple[bytes, bytes]], float]:
    start, rows, head = time.perf_counter(), [], ledger.START
    for entry in entries(count):
        row, digest = ledger.append(head, entry)
        rows.append((row, digest))
        head = Head(head.count + 1, digest)
    return rows, time.perf_counter() - start


def bare(rows: list[tuple[bytes, bytes]]) -> float:
    start, previous = time.perf_counter(), bytes(32)
    for row, _ in rows:
        previous = hashlib.sha256(b"ledger v1\0" + previous + row).digest()
    return time.perf_counter() - start


def verified(count: int) -> dict[str, float]:
    rows, appended = write(count)
    floor = bare(rows)
    start = time.perf_counter()
    ledger.verify(iter(rows), Head(count, rows[-1][1]))
    took = time.perf_counter() - start
    return {"count": count, "append_s": appended, "seconds": took, "sha256_s": floor, "ratio": took / floor}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--awards", type=int, default=100_000)
    options.add_argument("--rows", type=int, default=1_000_000)
    told = options.parse_args()
    found = {"award": awards(told.awards), "ledger_verify": verified(told.rows)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**found, "peak_mb": peak}, indent=1))


if __name__ == "__main__":
    main()

"""What the figures were measured on, and what a process has cost."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

TICK = os.sysconf("SC_CLK_TCK")
SYNCS = 200
BODY = 41_000


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, all its threads together (proc(5), stat fields 14 and 15)."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_mb(pid: int | str) -> int:
    """The most memory a process held. (getrusage would also count what started it: proc(5), VmHWM.)"""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def describe(folder: Path) -> dict[str, object]:
    """The machine in a few words, with the figure every other one hangs on: a durable write."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)),
        "load": load(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release()}",
        "sync_ms": round(_sync(folder) * 1000, 3),
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def load() -> float:
    """How many tasks wanted a processor, over the last minute."""
    return round(os.getloadavg()[0], 2)


def is_busy() -> bool:
    """Whether others want more than half of it."""
    return load() > len(os.sched_getaffinity(0)) / 2


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _sync(folder: Path) -> float:
    """Median seconds of one durable write of a report's size."""
    path, body = folder / "sync", os.urandom(BODY)
    with path.open("wb", buffering=0) as file:

        def once() -> None:
            file.write(body)
            os.fdatasync(file.fileno())

        took = [timed(once) for _ in range(SYNCS)]
    path.unlink()
    return median(took)


def timed(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start

"""What the processes of one test run share: things that are slow to make and made once, under a folder of the run."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

RUN = "WHISTLE_TEST_RUN"


_named = False  # by this process; its workers, and what a test runs by itself, inherit the name


def begin() -> None:
    """Names the run, once. What it starts keeps its bytecode, though the machine's own programs should not: a door that
    compiles the house at every start takes half as long again."""
    global _named
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if RUN not in os.environ:
        os.environ[RUN], _named = uuid.uuid4().hex, True


def end() -> None:
    """Whoever named the run clears it away, and nobody else: a test that runs tests would take it from all others."""
    if _named:
        shutil.rmtree(_shelf(), ignore_errors=True)


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The thing of this name, made by whoever asks first; the others wait for it. Nobody changes it: they copy."""
    shelf = _shelf()
    shelf.mkdir(exist_ok=True)
    with (shelf / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shelf / f"{name}.made"
        if not made.exists():
            make(shelf / name)
            made.touch()
    return shelf / name


def _shelf() -> Path:
    return Path(tempfile.gettempdir()) / f"whistle-tests-{os.environ[RUN]}"

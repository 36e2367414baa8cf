"""A process of its own that is killed where it says it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from whistle.storage.errors import InUse

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


def killed(script: str, *arguments: str, at: str) -> None:
    """Runs a script until it prints this line, then ends it with signal 9. It must go no further by itself."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if line == f"{at}\n"), "")
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert said, f"it never came to {at!r}"


def once_free(act: Callable[[], T], seconds: float = 30.0) -> T:
    """Does it as soon as the server has seen that a killed process's sessions ended."""
    until = time.monotonic() + seconds
    while True:
        try:
            return act()
        except InUse:
            assert time.monotonic() < until
            time.sleep(0.05)

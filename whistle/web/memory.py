"""What a process has let go of, it overwrites. Python cannot wipe a string; the C library can, when it is freed.

With Python's own pools off and the C library's per-thread caches off, every freed block goes through `free` and is
overwritten there and then (glibc; elsewhere nothing is promised). What only refers to itself is freed by a collection,
which is asked for after every answer. Proven by tests/test_leaks.py on a quiet server.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass, field

# malloc writes over what is freed (perturb), but not over what a thread keeps for itself (tcache).
TUNABLES = "glibc.malloc.tcache_count=0:glibc.malloc.perturb=90"
SETTLED = 0.5  # seconds: an answer's own variables live until it is out


def wiping(environ: MutableMapping[str, str] = os.environ) -> None:
    """Starts this very program anew with an allocator that wipes, unless it has one. Before any thread is begun."""
    if "PYTHONMALLOC" in environ or not sys.platform.startswith("linux"):
        return
    told = environ.get("GLIBC_TUNABLES", "")
    environ["PYTHONMALLOC"] = "malloc"
    environ["GLIBC_TUNABLES"] = ":".join(filter(None, (told, TUNABLES)))
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this program, its own arguments


@dataclass
class Sweep:
    """Collects what only refers to itself, shortly after an answer; once for many."""

    _due: asyncio.TimerHandle | None = field(default=None)

    def prepare(self) -> None:
        """At start: collections pass by what stays for good."""
        gc.collect()
        gc.freeze()

    def soon(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(SETTLED, self._collect)

    def _collect(self) -> None:
        self._due = None
        gc.collect()

"""Overwriting what a process has let go of. Freed memory keeps its bytes until somebody needs the place.

Best effort, and measured (tests/test_leaks.py): Python cannot wipe a string, only fill the holes where strings lay.
"""

import asyncio
import contextlib
import ctypes
import gc
import socket
from collections.abc import AsyncIterator

M_PERTURB = -6  # malloc.h: the C library writes this byte over what is freed
BYTE = 0x5A
# Python keeps objects of up to 512 bytes in pools of its own, by size in steps of 16; a bytes object's head is 33.
SMALL = range(48, 513, 16)
HEAD = 33
HOLES = 8_000  # in every size: twice what a busy door was seen to leave
LARGER = range(528, 1_056, 16)  # what the C library keeps back for the next taker, as it is
KEPT = 8
POURED = 262_144  # the event loop reads every connection through one buffer of this size
MINUTE = 60.0
SETTLED = 0.3  # an answer's own variables live until it is out


class Rinse:
    """Rinses a process every minute, and at once when it is told that something readable was there."""

    def __init__(self) -> None:
        self._wanted = asyncio.Event()

    def soon(self) -> None:
        """After this answer is out."""
        self._wanted.set()

    @contextlib.asynccontextmanager
    async def running(self, app: object) -> AsyncIterator[None]:
        """A lifespan: while the door is open."""
        prepare()
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), MINUTE)
            self._wanted.clear()
            await asyncio.sleep(SETTLED)
            await rinse()


def prepare() -> None:
    """At start: freed blocks are overwritten from now on, and a collection passes by what stays for good."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_PERTURB, BYTE)
    gc.collect()
    gc.freeze()


async def rinse() -> None:
    """Lets go of what only refers to itself, and writes over the holes and over the loop's own buffer."""
    gc.collect()
    for size in SMALL:
        _fill(size, HOLES)
    for size in LARGER:
        _fill(size, KEPT)
    await _pour()


def _fill(size: int, count: int) -> None:
    held = [bytes(size - HEAD) for _ in range(count)]
    held.clear()


async def _pour() -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    with theirs, contextlib.suppress(BlockingIOError):
        theirs.sendall(bytes(POURED))
    reader, writer = await asyncio.open_connection(sock=ours, limit=POURED)
    await reader.read(POURED)
    writer.close()

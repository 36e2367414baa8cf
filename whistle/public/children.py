"""The door's side of the children that serve forms: starting their parent, handing it sockets, talking to a child."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from whistle.public import frames

_PATIENCE = 10.0  # seconds for handing over a socket
_ENDING = 5.0


class Child:
    """A child, from here. What it sends is read into a buffer of its own, never into the event loop's."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._loop = sock, asyncio.get_running_loop()

    async def send(self, kind: bytes, data: bytes = b"") -> None:
        await self._loop.sock_sendall(self._sock, frames.packed(kind, data))

    async def receive(self) -> tuple[bytes, bytes]:
        kind, size = frames.HEAD.unpack(await self._exactly(frames.HEAD.size))
        if size > frames.MOST:
            raise EOFError
        return kind, await self._exactly(size)

    async def _exactly(self, size: int) -> bytes:
        found = bytearray(size)
        left = memoryview(found)
        while left:
            read = await self._loop.sock_recv_into(self._sock, left)
            if not read:
                raise EOFError
            left = left[read:]
        return bytes(found)


class Children:
    """Their parent is started with the door, and again should it be gone; `setup` is what it reads first."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self._setup = frames.packed(frames.BEGIN, json.dumps(setup).encode())
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "whistle.public.child", str(theirs.fileno())]
            self._parent = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603 - this program's own module
        self._control.settimeout(_PATIENCE)
        self._control.sendall(self._setup)

    def stop(self) -> None:
        """Their parent ends with its socket; a child that still serves ends with its own."""
        if self._control is not None:
            self._control.close()
        if self._parent is not None:
            try:
                self._parent.wait(_ENDING)
            except subprocess.TimeoutExpired:
                self._parent.kill()
                self._parent.wait()
        self._control = self._parent = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self.stop()

    @contextlib.asynccontextmanager
    async def child(self) -> AsyncIterator[Child]:
        """A fresh child; it ends with this. Raises OSError."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            try:
                self._hand(theirs)
            except OSError:
                self.stop()
                self.start()
                self._hand(theirs)
            theirs.close()
            ours.setblocking(False)
            yield Child(ours)

    def _hand(self, sock: socket.socket) -> None:
        if self._control is None:
            raise ConnectionError
        socket.send_fds(self._control, [b"f"], [sock.fileno()])

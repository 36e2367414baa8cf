"""A door's own limits, whatever stands in front: connections, header bytes, bodies in flight, time for both.

A gate stands between a connection and uvicorn's protocol. It reads into one buffer of the door and overwrites what it
read, so that the event loop's own buffer never holds a request. Where a limit is reached somebody gives way: among
connections who has waited longest without a request, among bodies the largest of whoever holds most.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from whistle.web.memory import Sweep

_LOG = logging.getLogger("whistle")
READ = 65_536
RESERVED_FILES = 200  # what a door opens besides connections: database, children, pipes
MOST_FILES = 16_384
_MINUTE = 60.0
_BUSY, _SLOW, _LONG = (
    f"HTTP/1.1 {status}\r\nconnection: close\r\ncache-control: no-store\r\n"
    f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()
    for status, body in (
        ("503 Service Unavailable", '{"error":"busy","retry":10}'),
        ("408 Request Timeout", '{"error":"malformed"}'),
        ("431 Request Header Fields Too Large", '{"error":"too_large"}'),
    )
)


@dataclass(frozen=True)
class Limits:
    """What a door takes at most: connections, bytes of a head, seconds for a head; bytes of all bodies in flight,
    and of each body so many bytes a second after the first `body_seconds`."""

    connections: int = 2_000
    head_bytes: int = 16_384
    head_seconds: float = 10.0
    bodies: int = 64 << 20
    body_seconds: float = 30.0
    body_rate: int = 2_048


def files() -> int:
    """Raises this process's limit of open files as far as it may; how many connections it leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = MOST_FILES if hard == unlimited else min(hard, MOST_FILES)
    if soft != unlimited and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(16, (MOST_FILES if soft == unlimited else soft) - RESERVED_FILES)


@dataclass
class Gates:
    """All gates of one door. Called by uvicorn for each connection."""

    limits: Limits
    key: Callable[[Request], str]
    sweep: Sweep
    open: set[Gate] = field(default_factory=set)
    waiting: dict[Gate, None] = field(default_factory=dict)  # for a request, the longest first
    held: dict[str, int] = field(default_factory=dict)  # bytes of bodies in flight, by key
    buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(READ)))
    _whole: int = 0
    _told: dict[str, float] = field(default_factory=dict)

    def __call__(self, **uvicorn: Any) -> Gate:
        return Gate(self, uvicorn)

    def enter(self, gate: Gate) -> bool:
        """Whether there is room; the connection that has waited longest for a request makes some."""
        if len(self.open) >= self.limits.connections:
            self.tell("connections")
            if not self.waiting:
                return False
            next(iter(self.waiting)).give_way()
        self.open.add(gate)
        return True

    def leave(self, gate: Gate) -> None:
        self.open.discard(gate)
        self.waiting.pop(gate, None)
        self.take(gate, -gate.body)
        self.sweep.soon()

    def take(self, gate: Gate, size: int) -> None:
        """Counts bytes of a body; whoever holds most gives way when they are too many."""
        gate.body += size
        self._whole += size
        self.held[gate.key] = self.held.get(gate.key, 0) + size
        if not self.held[gate.key]:
            del self.held[gate.key]
        if self._whole > self.limits.bodies:
            self.tell("bodies")
            max(self.open, key=lambda one: (self.held.get(one.key, 0), one.body)).give_way()

    def tell(self, what: str) -> None:
        """Once a minute for each limit; it names nobody."""
        now = time.monotonic()
        if now - self._told.get(what, -_MINUTE) >= _MINUTE:
            self._told[what] = now
            _LOG.warning("limit reached: %s", what)


class Gate(asyncio.BufferedProtocol):
    """One connection: counts and times what comes in, and hands it on to uvicorn."""

    def __init__(self, gates: Gates, uvicorn: dict[str, Any]) -> None:
        self._gates, self._limits = gates, gates.limits
        self._inner = _Counted(self, **uvicorn)
        self._loop: asyncio.AbstractEventLoop = self._inner.loop
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        self.key, self.body = f"connection {id(self)}", 0
        self.head, self.loose = 0, 0  # bytes of this head; bytes that the parser has not told of yet
        self.in_body = False

    # What the transport calls

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._inner.connection_made(self._transport)
        if self._gates.enter(self):
            self._watch()
        else:
            self.give_way()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._gates.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """One reading. The parser copies what it needs; the rest is overwritten at once."""
        seen = self._gates.buffer[:nbytes]
        self.loose += nbytes
        try:
            if not self._transport.is_closing():
                self._inner.data_received(seen)  # type: ignore[arg-type]
        finally:
            seen[:] = bytes(nbytes)
        if max(self.head, self.loose) > self._limits.head_bytes:
            self.refuse(_LONG)

    def eof_received(self) -> None:
        self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._gates.leave(self)
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
        self._watch()

    # What the parser tells

    def begun(self) -> None:
        self.head = self.loose = 0

    def grown(self, size: int) -> None:
        """A line of the head, or of what follows a body."""
        self.head, self.loose = self.head + size, 0

    def asked(self, request: Request) -> None:
        """The head is complete."""
        self._gates.waiting.pop(self, None)
        if not self.body:
            self.key = self._gates.key(request) or self.key
        self.loose, self.in_body, self._since = 0, True, self._loop.time()
        self._watch()

    def came(self, size: int) -> None:
        self.loose = 0
        if self in self._gates.open:
            self._gates.take(self, size)

    def sent(self) -> None:
        """The body is complete."""
        self.in_body, self.loose = False, 0
        self._watch()

    def answered(self) -> None:
        self._gates.take(self, -self.body)
        self._watch()
        self._gates.sweep.soon()

    # What the limits do

    def _watch(self) -> None:
        """Sets the one timer for what is waited for: an answer to be read, a body, the next request, or us."""
        if self not in self._gates.open:
            self._stop()
        elif self._inner.is_stuck:
            self._after(self._limits.body_seconds, self._transport.abort)
        elif not self._inner.is_busy:
            self._gates.waiting[self] = None
            self._after(self._limits.head_seconds, lambda: self.refuse(_SLOW))
        elif self.in_body:
            self._after(self._limits.body_seconds, self._still_sending)
        else:
            self._stop()

    def _still_sending(self) -> None:
        """A body comes fast enough, unless it is we who do not take it."""
        spent = self._loop.time() - self._since
        if self.body <= (spent - self._limits.body_seconds) * self._limits.body_rate and not self._inner.is_full:
            self.refuse(_SLOW)
        else:
            self._after(1.0, self._still_sending)

    def give_way(self) -> None:
        self.refuse(_BUSY)

    def refuse(self, answer: bytes) -> None:
        """Says why, unless an answer is on its way already, and hangs up."""
        self._gates.waiting.pop(self, None)
        if not self._transport.is_closing():
            if not self._inner.is_answering:
                self._transport.write(answer)
            self._transport.close()
        self._gates.leave(self)
        self._inner.let_go()

    def _after(self, seconds: float, act: Callable[[], object]) -> None:
        self._stop()
        self._timer = self._loop.call_later(seconds, act)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Counted(HttpToolsProtocol):
    """uvicorn's protocol, telling its gate what the parser found."""

    def __init__(self, gate: Gate, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._gate = gate

    @property
    def is_busy(self) -> bool:
        """Whether a request waits for its answer."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def is_stuck(self) -> bool:
        """Whether nobody reads what we answer."""
        return self.flow.write_paused

    @property
    def is_full(self) -> bool:
        """Whether it reads no further because nobody takes what came."""
        return self.flow.read_paused

    @property
    def is_answering(self) -> bool:
        return self.is_busy and self.cycle.response_started

    def let_go(self) -> None:
        """Tells the application that its client is gone."""
        if self.is_busy:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def on_message_begin(self) -> None:
        self._gate.begun()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._gate.grown(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._gate.grown(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._gate.asked(Request(dict(self.scope)))

    def on_body(self, body: bytes) -> None:
        self._gate.came(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._gate.sent()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._gate.answered()

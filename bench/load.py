"""The load generator: keep-alive HTTP over raw sockets in a process of its own, so that it is not what is measured.

`python -m bench.load --port N --clients N --expect 201 --count N FRAMES` sends the requests of a file, each
client the next one as soon as it has its answer, and prints what came of it as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import cast

import httptools
import uvloop

NO_ANSWER = 0


class Client(asyncio.Protocol):
    """One connection: a request out, its answer in, the next request."""

    def __init__(self, requests: Iterator[bytes], keep: bool) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.statuses: list[int] = []
        self.seconds: list[float] = []
        self.bodies: list[bytes] = []
        self._requests = requests
        self._keep = keep
        self._sent = 0.0
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._parser = httptools.HttpResponseParser(self)
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        if self._keep:
            self._body += body

    def on_message_complete(self) -> None:
        self.seconds.append(time.perf_counter() - self._sent)
        self.statuses.append(self._parser.get_status_code())
        if self._keep:
            self.bodies.append(self._body)
            self._body = b""
        asyncio.get_running_loop().call_soon(self._next)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.statuses.append(NO_ANSWER)
            self.done.set_result(None)


async def drive(port: int, clients: int, requests: Iterator[bytes], keep: bool = False) -> tuple[list[Client], float]:
    """Sends every request over so many connections; the clients and the seconds it took."""
    loop, start = asyncio.get_running_loop(), time.perf_counter()
    made = [await loop.create_connection(lambda: Client(requests, keep), "127.0.0.1", port) for _ in range(clients)]
    protocols = [protocol for _, protocol in made]
    await asyncio.gather(*(each.done for each in protocols))
    return protocols, time.perf_counter() - start


def summary(clients: Sequence[Client], seconds: float, expect: int) -> dict[str, float]:
    """Good answers a second, answers that were not, and how long an answer took."""
    statuses = [status for each in clients for status in each.statuses]
    took = sorted(value for each in clients for value in each.seconds)
    good = statuses.count(expect)
    return {
        "done": len(took),
        "seconds": seconds,
        "per_s": good / seconds,
        "errors": len(statuses) - good,
        "p50_ms": at(took, 0.50) * 1000,
        "p95_ms": at(took, 0.95) * 1000,
    }


def at(values: Sequence[float], part: float) -> float:
    """The value that this part of sorted values does not exceed."""
    return values[min(len(values) - 1, int(part * len(values)))] if values else 0.0


def write_frames(path: Path, requests: Sequence[bytes]) -> None:
    """Requests for another process: u32 length, bytes."""
    path.write_bytes(b"".join(len(one).to_bytes(4, "big") + one for one in requests))


def read_frames(path: Path) -> list[bytes]:
    data, found, at_ = path.read_bytes(), [], 0
    while at_ < len(data):
        size = int.from_bytes(data[at_ : at_ + 4], "big")
        found.append(data[at_ + 4 : at_ + 4 + size])
        at_ += 4 + size
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("frames", type=Path)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--clients", type=int, required=True)
    options.add_argument("--count", type=int, required=True)
    options.add_argument("--expect", type=int, default=200)
    told = options.parse_args()
    requests = islice(cycle(read_frames(told.frames)), told.count)
    clients, seconds = uvloop.run(drive(told.port, told.clients, requests))
    print(json.dumps(summary(clients, seconds, told.expect)))


if __name__ == "__main__":
    main()

"""One run: requests against a server from another process, with what the server's process spent meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench import load
from bench.scene import Server

Run = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a run sends: requests (over again when `count` is larger), the status that is right."""

    name: str
    requests: Sequence[bytes]
    count: int
    expect: int = 200


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def measure(server: Server, clients: int, asked: Asked, folder: Path) -> Run:
    """One row of the results."""
    frames = folder / "frames"
    load.write_frames(frames, asked.requests)
    before = server.cpu()
    found = _generate(server.port, clients, asked, frames)
    spent = server.cpu() - before
    frames.unlink()
    row = {
        "name": asked.name,
        "clients": clients,
        "per_s": round(found["per_s"], 1),
        "cpu_ms": round(spent * 1000 / max(1, found["done"]), 3),
        "errors": found["errors"],
    }
    return row | {"count": found["done"]} | {name: round(found[name], 2) for name in ("p50_ms", "p95_ms")}


def timed(name: str, count: int, seconds: float) -> Run:
    """A row of what is done without a server: so many in so many seconds of one process."""
    row = {"name": name, "clients": 1, "per_s": round(count / seconds, 1), "cpu_ms": round(seconds * 1000 / count, 4)}
    return row | {"errors": 0, "count": count, "seconds": round(seconds, 2)}


def _generate(port: int, clients: int, asked: Asked, frames: Path) -> dict[str, Any]:
    numbers = {"port": port, "clients": clients, "count": asked.count, "expect": asked.expect}
    flags = [part for name, value in numbers.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "bench.load", *flags, str(frames)]
    told = subprocess.run(command, capture_output=True, check=True, timeout=600)
    return dict(json.loads(told.stdout))


def fetch(port: int, requests: Sequence[bytes], clients: int = 8) -> list[bytes]:
    """The answers' bodies, in no order, for preparing a run."""
    made, _ = uvloop.run(load.drive(port, clients, iter(requests), keep=True))
    if any(status != 200 for each in made for status in each.statuses):
        raise RuntimeError("the server under the bench refused to be prepared")
    return [body for each in made for body in each.bodies]

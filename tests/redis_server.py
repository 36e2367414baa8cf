"""The real Redis: a server of its own for each test that asks, on a port of its own, that keeps nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis

PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")
WAIT = 30


@dataclass
class Server:
    """One server, which can be told to hang, end and come back empty."""

    folder: Path
    port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    clients: list[redis.Redis] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        basics = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "")
        self.process = subprocess.Popen([PROGRAM or "", *basics, *self.options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + WAIT
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server does not start"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return bool(client.ping())
        except redis.AuthenticationError:
            return True
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        self.clients.append(redis.Redis(port=self.port, decode_responses=True))
        return self.clients[-1]

    def hang(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self) -> None:
        for each in self.clients:
            each.close()
        self.end()


def needed() -> None:
    """CI must have one; elsewhere the tests say what they could not look at."""
    if PROGRAM is None:
        missing = "redis-server is not on this machine: limits that processes count together were not tested"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)

"""Fixtures of the whole house: a real demo, both doors in a process of their own, on free loopback ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests import redis_server, run
from tests.postgres import NewDatabase, door_roles, postgres, server  # noqa: F401 (fixtures)
from whistle import client
from whistle.client import Office, Public
from whistle.crypto.keys import KeyPair

READY_SECONDS = 240
IDLE = httpx.Limits(keepalive_expiry=2.0)  # seconds; the doors close an idle connection after five
LONG = {
    "test_leaks.py",
    "test_operating.py",
    "test_node.py",
    "test_odd_input.py",
    "test_replaced.py",
    "test_many_writers.py",
    "test_file_storms.py",
    "test_case_money.py",
    "test_bench.py",
    "test_plain.py",
    "test_queue.py",
    "test_money_door.py",
    "test_restart.py",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgres"], default="sqlite", help="what the running demo keeps its cases in"
    )


def pytest_configure() -> None:
    run.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run.end()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser's tests come last: Playwright keeps an event loop in the thread, and nobody else can run one then.
    Files of few and long tests come first, so that no process is left alone with one at the end.

    With the shared house in PostgreSQL only what meets that house is run: the rest would do the same a second time."""
    if config.getoption("--database") != "sqlite":
        items[:] = [item for item in items if "database" in getattr(item, "fixturenames", ())]
    items.sort(key=lambda item: ("browser" in item.path.parts, item.path.name not in LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What could not be run is said in plain words at the end, however quiet the run was."""
    missing = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped")
    )
    if missing:
        terminalreporter.section("NOT TESTED ON THIS MACHINE", sep="=", red=True)
        for why, count in missing.most_common():
            terminalreporter.write_line(f"{count} tests: {why}")


@dataclass
class Demo:
    """A running demo: where it listens, where its files are, its database's URL ("": SQLite in `data`), its process."""

    data: Path
    public_port: int
    review_port: int
    process: subprocess.Popen[bytes]
    database: str = ""
    clients: list[httpx.Client] = field(default_factory=list)
    opened: dict[str, tuple[KeyPair, str]] = field(default_factory=dict)

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{self.public_port}"

    @property
    def review(self) -> str:
        return f"http://127.0.0.1:{self.review_port}"

    def passphrase(self, role: str) -> str:
        return (self.data / "staff" / f"{role}.passphrase").read_text(encoding="utf-8").strip()

    def http(self, transport: httpx.BaseTransport | None = None) -> httpx.Client:
        """A client that is closed with the demo."""
        self.clients.append(httpx.Client(trust_env=False, timeout=30, transport=transport, limits=IDLE))
        return self.clients[-1]

    def reporter(self) -> Public:
        """The reporter's client; nobody is signed in."""
        return client.connect(self.public, self.http())

    def keys(self, role: str) -> tuple[KeyPair, str]:
        """A reviewer's keys and zone; the slow opening of the key file is done once."""
        if role not in self.opened:
            path = self.data / "staff" / f"{role}.key"
            keys, _, zone = client.open_key_file(path, self.passphrase(role))
            self.opened[role] = keys, zone
        return self.opened[role]

    def office(self, role: str) -> Office:
        """A reviewer of the demo, signed in."""
        keys, zone = self.keys(role)
        office = Office(self.review, self.http(), keys, zone)
        office.login()
        return office

    def fund(self, least: int = 25_000_000, more: int = 2_000_000) -> None:
        """Finance adds what is missing when less than `least` is left: many tests spend from one budget, and one wants
        it short of the largest award."""
        finance = self.office("finance")
        year = int(finance.session.get("/api/inbox")["today"][:4])
        left = finance.session.get("/api/ledger", {"year": str(year)})["balance"]["left"]
        if left < least:
            finance.open_budget(year, "追加", least - left + more)

    def kill(self) -> None:
        for each in self.clients:
            each.close()
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start(data: Path, ports: tuple[int, int] | None = None, **environ: str) -> Demo:
    """Starts `whistle demo` over a folder, on the ports it had or on free ones, and waits until both doors answer.

    A folder that is new is a copy of the run's first house: its people and sample cases are made once. One whose cases
    are in another database makes its own.
    """
    if not data.exists() and "WHISTLE_DATABASE" not in environ:
        shutil.copytree(run.once("house", _first_house), data)
    return _opened(data, ports, **environ)


def _first_house(folder: Path) -> None:
    first = _opened(folder)
    first.process.terminate()
    first.process.wait()


def _opened(data: Path, ports: tuple[int, int] | None = None, **environ: str) -> Demo:
    demo = Demo(data, *(ports or (free_port(), free_port())), None, environ.get("WHISTLE_DATABASE", ""))  # type: ignore[arg-type]
    ready = data.parent / f"{data.name}.ready"
    ready.unlink(missing_ok=True)
    log = data.parent / f"{data.name}.log"
    with log.open("ab") as output:
        demo.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "whistle", "demo", "--data", str(data), "--ready-file", str(ready)),
                *("--public-port", str(demo.public_port), "--review-port", str(demo.review_port)),
            ],
            env={**os.environ, "WHISTLE_WORK_BITS": "8", "WHISTLE_RATE": "", "WHISTLE_ASKED": "0", **environ},
            stdout=output,
            stderr=output,
        )
    deadline = time.monotonic() + READY_SECONDS
    while not ready.exists():
        if demo.process.poll() is not None or time.monotonic() > deadline:
            demo.kill()
            raise AssertionError(log.read_text(encoding="utf-8"))
        time.sleep(0.05)
    return demo


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """The setting that puts the demo's cases where --database says."""
    if request.config.getoption("--database") == "sqlite":
        return {}
    new: NewDatabase = request.getfixturevalue("postgres")
    return {"WHISTLE_DATABASE": new()}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, database: dict[str, str]) -> Iterator[Demo]:
    """One demo for the whole run; tests file cases of their own and leave the others alone."""
    running = start(tmp_path_factory.mktemp("house") / "data", **database)
    yield running
    running.kill()


NewRedis = Callable[..., redis_server.Server]


@pytest.fixture
def new_redis(tmp_path: Path) -> Iterator[NewRedis]:
    """Starts Redis servers with more options, if any, and ends them."""
    redis_server.needed()
    made: list[redis_server.Server] = []

    def new(*options: str) -> redis_server.Server:
        made.append(redis_server.Server(tmp_path, free_port(), options))
        made[-1].start()
        return made[-1]

    yield new
    for each in made:
        each.close()

"""Several processes of one door on one port: each takes connections, and one that ends takes nobody along."""

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port
from tests.doors.served import Served, establish

PATIENCE = 240
ASK = b"GET /api/directory HTTP/1.1\r\nhost: door\r\n\r\n"
Held = list[socket.socket]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    house = establish(tmp_path_factory.mktemp("house") / "data")
    yield house
    house.kill()


def sockets(pid: int) -> int:
    """How many a process has open."""
    found = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found += str(one.readlink()).startswith("socket:")
    return found


def ask(port: int, held: Held) -> bytes:
    """A connection more, kept open behind its answer's first line."""
    held.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
    held[-1].sendall(ASK)
    return held[-1].recv(12)


def becomes(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def test_both_take_requests_and_who_is_left_takes_all(served: Served) -> None:
    port = served.ports["one"] = served.ports["two"] = free_port()
    for name in ("one", "two"):
        served.start("public", "--reuse-port", name=name)
        served.answers(name)
    pids = [served.doors[name].pid for name in ("one", "two")]
    with contextlib.ExitStack() as closing:
        held: Held = []
        before = [sockets(pid) for pid in pids]

        def both_have_some() -> bool:
            assert [ask(port, held) for _ in range(8)] == [b"HTTP/1.1 200"] * 8
            return all(sockets(pid) > most for pid, most in zip(pids, before, strict=True))

        assert becomes(both_have_some)
        for one in held:
            closing.enter_context(one)
    served.stop("one", signal.SIGTERM)
    for _ in range(16):
        assert httpx.get(f"http://127.0.0.1:{port}/api/directory", trust_env=False).is_success


def test_a_port_that_is_not_shared_is_refused_with_a_sentence(served: Served) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        served.ports["shut out"] = other.getsockname()[1]
        served.start("public", "--reuse-port", name="shut out", WHISTLE_LANG="en")
        assert served.doors["shut out"].wait(PATIENCE) == 1
    assert "another program has it, or the door that has it was started without --reuse-port" in served.log.read_text()

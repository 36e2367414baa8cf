"""A door's own limits, over real connections on the loopback: each is reached with small figures and little time."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import threading
import time
from collections.abc import Coroutine, Iterable, Iterator
from typing import Any, TypeVar

import httpx
import pytest
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.conftest import free_port
from whistle.web import body
from whistle.web.faults import Faults
from whistle.web.gate import Gates, Limits, files
from whistle.web.limits import BlindedKey
from whistle.web.memory import Sweep

SMALL = Limits(connections=8, head_bytes=2_048, head_seconds=1, bodies=65_536, body_seconds=1, body_rate=1_000)
# The same sizes and all the time there is: on a machine that is busy nothing but a size can end what is sent here.
UNHURRIED = dataclasses.replace(SMALL, head_seconds=3_600, body_seconds=3_600, body_rate=1)
PATIENCE = 60
T = TypeVar("T")


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def count(request: Request) -> Response:
    return PlainTextResponse(str(len(await body.read(request, 1 << 20))))


async def slow(request: Request) -> Response:
    await asyncio.sleep(2)
    return PlainTextResponse("slow")


async def endless(request: Request) -> Response:
    async def pieces() -> Any:
        while True:
            yield bytes(65_536)

    return StreamingResponse(pieces())


@dataclasses.dataclass
class Door:
    port: int
    gates: Gates

    writers: list[asyncio.StreamWriter] = dataclasses.field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        return reader, writer

    def run(self, scene: Coroutine[Any, Any, T]) -> T:
        """One scene; its connections are closed afterwards."""

        async def played() -> T:
            try:
                return await scene
            finally:
                for writer in self.writers:
                    writer.transport.abort()
                    with contextlib.suppress(ConnectionError):
                        await writer.wait_closed()
                self.writers.clear()

        return asyncio.run(played())

    async def say(self, *pieces: bytes) -> bytes:
        """All that comes back until the door hangs up."""
        return await self.drip(pieces, 0)

    async def drip(self, pieces: Iterable[bytes], seconds: float) -> bytes:
        """The same, with a pause after every piece; nothing more is sent once the door has hung up."""
        reader, writer = await self.connect()
        answer = asyncio.create_task(_rest(reader))
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                if answer.done():
                    break
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(seconds)
        return await answer

    def get(self, path: str = "/") -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False, timeout=PATIENCE)


async def _rest(reader: asyncio.StreamReader) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionError):
        found = await asyncio.wait_for(reader.read(), PATIENCE)
    return found


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with serving(SMALL) as made:
        yield made


@pytest.fixture(scope="module")
def unhurried() -> Iterator[Door]:
    with serving(UNHURRIED) as made:
        yield made


@contextlib.contextmanager
def serving(limits: Limits) -> Iterator[Door]:
    routes = [Route("/", hello), Route("/count", count, methods=["POST"]), Route("/slow", slow)]
    app = Faults(
        Starlette(routes=[*routes, Route("/endless", endless)]), page=lambda request: PlainTextResponse("", 500)
    )
    gates: Any = Gates(limits, BlindedKey("127.0.0.1", "x-forwarded-for").name, Sweep())
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=gates, ws="none", log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: uvloop.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Door(port, gates)
    server.should_exit = True
    thread.join(10)


def post(size: int, address: str = "") -> bytes:
    told = f"x-forwarded-for: {address}\r\n" if address else ""
    return f"POST /count HTTP/1.1\r\nhost: door\r\n{told}content-length: {size}\r\n\r\n".encode()


def test_it_works(door: Door) -> None:
    assert door.get().text == "hello"
    with httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{door.port}") as http:
        assert [http.post("/count", content=bytes(40_000)).text for _ in range(3)] == ["40000"] * 3


def test_requests_sent_in_one_go_are_answered_in_turn(door: Door) -> None:
    one = b"GET / HTTP/1.1\r\nhost: door\r\n\r\n"
    said = door.run(door.say(one * 100, b"GET / HTTP/1.1\r\nhost: door\r\nconnection: close\r\n\r\n"))
    assert said.count(b"hello") == 101


def test_a_new_connection_is_answered_whoever_holds_the_others(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    async def half_open() -> tuple[int, str]:
        held = [await door.connect() for _ in range(40)]
        for _, writer in held:
            writer.write(b"GET / HTTP/1.1\r\nx-slow: ")
        answer = await asyncio.to_thread(door.get)
        most = len(door.gates.open)
        return most, answer.text

    with caplog.at_level(logging.WARNING, logger="whistle"):
        assert door.run(half_open()) == (pytest.approx(7, abs=1), "hello")
    assert {record.getMessage() for record in caplog.records} == {"limit reached: connections"}


def test_who_is_being_answered_does_not_give_way(door: Door) -> None:
    async def crowded() -> tuple[str, int]:
        mine = asyncio.create_task(asyncio.to_thread(door.get, "/slow"))
        await asyncio.sleep(0.5)
        held = [await door.connect() for _ in range(40)]
        answer = await mine
        return answer.text, len(held)

    assert door.run(crowded()) == ("slow", 40)


def test_when_all_are_being_answered_the_newest_is_told_to_come_again(door: Door) -> None:
    async def full() -> bytes:
        held = [await door.connect() for _ in range(SMALL.connections)]
        for _, writer in held:
            writer.write(b"GET /slow HTTP/1.1\r\nhost: door\r\n\r\n")
        await asyncio.sleep(0.5)
        return await door.say()

    assert door.run(full()).startswith(b"HTTP/1.1 503 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 60_000,
        b"GET / HTTP/1.1\r\nx: " + b"a" * 60_000,
        b"GET / HTTP/1.1\r\n" + b"x: a\r\n" * 10_000,
        b"POST /count HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n" + b"x: a\r\n" * 10_000,
        b"POST /count HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;" + b"x" * 60_000,
    ],
    ids=["address", "one line", "many lines", "after the body", "in a chunk's head"],
)
def test_a_head_without_end_is_cut_off(unhurried: Door, head: bytes) -> None:
    pieces = [head[at : at + 1_000] for at in range(0, len(head), 1_000)]
    said = unhurried.run(unhurried.drip(pieces, 0))
    assert said == b"" or said.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))
    assert unhurried.get().text == "hello"


def test_a_head_that_does_not_come_is_not_waited_for(door: Door) -> None:
    drops = [bytes([letter]) for letter in b"GET / HTTP/1.1\r\nx: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
    assert door.run(door.drip(drops, 0.2)).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_drips_is_not_waited_for(door: Door) -> None:
    assert door.run(door.drip([post(10_000), *[b"x"] * 100], 0.1)).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_comes_slowly_but_steadily_arrives(door: Door) -> None:
    async def steady() -> bytes:
        reader, writer = await door.connect()
        writer.write(post(6_000))
        for _ in range(12):
            writer.write(bytes(500))
            await asyncio.sleep(0.25)
        return await asyncio.wait_for(reader.readuntil(b"6000"), PATIENCE)

    assert door.run(steady()).startswith(b"HTTP/1.1 200 ")


def test_bodies_of_one_key_do_not_push_out_anothers(door: Door) -> None:
    """Mallory has 20,000 bytes in flight thrice; the fourth breaks the bank, and one of Mallory's goes."""

    async def crowded() -> tuple[list[bytes], bytes]:
        mine_reader, mine = await door.connect()
        mine.write(post(10_000, "203.0.113.77") + bytes(9_000))
        await asyncio.sleep(0.1)
        held = [await door.connect() for _ in range(4)]
        for _, writer in held:
            writer.write(post(30_000, "203.0.113.66") + bytes(20_000))
        await asyncio.sleep(0.3)
        mine.write(bytes(1_000))
        answer = await asyncio.wait_for(mine_reader.readuntil(b"10000"), PATIENCE)
        assert door.gates._whole <= SMALL.bodies
        ended, _ = await asyncio.wait([asyncio.create_task(reader.read()) for reader, _ in held], timeout=1)
        return [one.result() for one in ended], answer

    theirs, answer = door.run(crowded())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert any(said.startswith(b"HTTP/1.1 503 ") for said in theirs)


def test_who_does_not_read_the_answer_is_hung_up_on(door: Door) -> None:
    async def deaf() -> bool:
        _, writer = await door.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(b"GET /endless HTTP/1.1\r\nhost: door\r\n\r\n")
        for _ in range(PATIENCE * 10):
            await asyncio.sleep(0.1)
            if not [gate for gate in door.gates.open if gate._inner.is_busy]:
                return True
        return False

    assert door.run(deaf())


def test_afterwards_nothing_is_held_or_counted(door: Door) -> None:
    deadline = time.monotonic() + PATIENCE
    while door.gates.open and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (len(door.gates.open), door.gates._whole, door.gates.held, door.gates.waiting) == (0, 0, {}, {})
    assert not any(door.gates.buffer)


def test_there_are_files_enough_for_the_connections() -> None:
    assert files() > 200

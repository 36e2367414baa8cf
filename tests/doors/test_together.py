"""Two real processes of each door on one house, with a Redis between them: what they count, what Redis sees of it."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

import httpx
import pytest

from tests import redis_server
from tests.conftest import free_port
from tests.doors import later
from tests.doors.served import Served, establish
from whistle import client
from whistle.crypto.encoding import unb64
from whistle.crypto.ticket import find
from whistle.crypto.work import read_bits

ALICE, BOB, MALLORY = "203.0.113.7", "203.0.113.8", "203.0.113.66"
LOGIN = "intake-of-lingang"
BROWSER = "Mozilla/5.0 (of alice)"
PATIENCE = 240


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis_server.Server]:
    redis_server.needed()
    server = redis_server.Server(tmp_path_factory.mktemp("redis"), free_port())
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, redis: redis_server.Server) -> Iterator[Served]:
    made = establish(tmp_path_factory.mktemp("house") / "data")
    counted = {
        "WHISTLE_REDIS": redis.url,
        "WHISTLE_RATE": "40/hour",
        "WHISTLE_ASKED": "30",
        "WHISTLE_PROXY": "127.0.0.1",
        "WHISTLE_PLAIN_AT_ONCE": "1",
    }
    try:
        for name in ("public one", "public two"):
            made.start("public", name=name, **counted)
            made.answers(name)
        yield made
    finally:
        made.kill()


def at(house: Served, process: str) -> str:
    return f"http://127.0.0.1:{house.ports[process]}"


def http(address: str) -> httpx.Client:
    headers = {"X-Forwarded-For": address, "User-Agent": BROWSER}
    return httpx.Client(trust_env=False, timeout=PATIENCE, headers=headers)


def becomes(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def in_turn(urls: list[str], count: int, address: str) -> list[int]:
    """What one client is answered, asking each in turn."""
    with http(address) as asking:
        return [asking.get(urls[turn % len(urls)]).status_code for turn in range(count)]


def publics(house: Served, path: str) -> list[str]:
    return [at(house, f"public {which}") + path for which in ("one", "two")]


def test_a_limit_is_counted_over_both_processes(house: Served) -> None:
    both = publics(house, "/api/directory")
    assert in_turn(both, 44, ALICE) == [200] * 40 + [429] * 4
    assert in_turn(both, 2, BOB) == [200] * 2


@contextmanager
def review(house: Served, redis: redis_server.Server) -> Iterator[str]:
    how = {"proxy": "127.0.0.1", "redis": redis.url, "rate": "10/hour", "database": house.database}
    with later.door(house.data, "review", **how) as url:
        yield url


def test_attempts_to_sign_in_are_counted_over_both_review_doors(house: Served, redis: redis_server.Server) -> None:
    with review(house, redis) as one, review(house, redis) as two, http(BOB) as asking:
        said = [asking.post(f"{url}/api/login/challenge").status_code for url in [one, two] * 6]
    assert said == [200] * 10 + [429] * 2


def test_the_pace_is_counted_over_both_processes(house: Served) -> None:
    with http(MALLORY) as asking:
        asking.headers["Whistle-Purpose"] = "report"
        urls = [at(house, f"public {which}") + "/api/challenge" for which in ("one", "two")]
        answers = [asking.get(urls[turn % 2]) for turn in range(32)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 2
    assert all(900 <= answer.json()["retry"] <= 960 for answer in answers[30:])
    bits = [read_bits(unb64(answer.json()["challenge"])) for answer in answers[:30]]
    assert (bits[:3], bits[-1]) == ([4, 4, 4], 8), "a tenth of 30 is free of charge, then each doubling costs a bit"


def begin(house: Served, process: str, address: str) -> socket.socket:
    """A form that begins and does not go on."""
    sock = socket.create_connection(("127.0.0.1", house.ports[process]), timeout=PATIENCE)
    sock.sendall(
        f"POST /plain HTTP/1.1\r\nhost: door\r\nx-forwarded-for: {address}\r\n"
        "content-type: application/x-www-form-urlencoded\r\ncontent-length: 2000\r\n\r\nact=look&".encode()
    )
    return sock


def look(house: Served, process: str, address: str) -> int:
    with http(address) as asking:
        return asking.post(at(house, process) + "/plain", data={"act": "look", "ticket": "1"}).status_code


def forms(redis: redis_server.Server) -> int:
    """How many forms have a place, over both processes."""
    asked = redis.client()
    return max((asked.zcard(name) for name in asked.scan_iter(_type="zset")), default=0)


def test_one_client_has_its_share_of_places_over_both_and_keeps_nobody_waiting(
    house: Served, redis: redis_server.Server
) -> None:
    with ExitStack() as open_, ThreadPoolExecutor(1) as hands:
        for process in ("public one", "public two", "public one"):
            open_.enter_context(begin(house, process, MALLORY))
        assert becomes(lambda: forms(redis) == 3)
        fourth = hands.submit(look, house, "public two", MALLORY)
        assert look(house, "public two", ALICE) == look(house, "public one", ALICE) == 422
        assert not fourth.done()
        open_.close()
        assert fourth.result() == 422


def test_what_was_left_in_a_hurry_at_one_process_is_left_at_the_other(house: Served) -> None:
    with http(BOB) as asking:
        ticket = client.connect(at(house, "public one"), asking).submit("消防通道堵死了。").ticket
        one, two = (at(house, f"public {which}") + "/plain" for which in ("one", "two"))
        look = {"act": "look", "ticket": ticket, "visit": client.draw_form()}
        assert asking.post(two, data=look).status_code == 200
        assert asking.post(one + "/leave", data={"visit": look["visit"]}).is_success
        assert asking.post(two, data=look).status_code == 410


def told(house: Served, redis: redis_server.Server, traffic: Callable[[], None]) -> bytes:
    """Every command that Redis gets during some traffic, and all that it holds behind it."""
    with socket.create_connection(("127.0.0.1", redis.port), timeout=1) as listening:
        listening.sendall(b"MONITOR\r\n")
        traffic()
        heard = bytearray()
        with suppress(TimeoutError):
            while piece := listening.recv(1 << 16):
                heard += piece
    asked = redis.client()
    asked.save()  # the whole of it, as it lies in memory
    return bytes(heard) + (redis.folder / "dump.rdb").read_bytes() + json.dumps(list(asked.scan_iter())).encode()


def test_redis_is_told_nothing_that_names_anybody(house: Served, redis: redis_server.Server) -> None:
    filed: list[str] = []

    def traffic() -> None:
        with http("203.0.113.99") as asking, review(house, redis) as office:
            public = client.connect(at(house, "public one"), asking)
            filed.append(public.submit("消防通道堵死了。").ticket)
            client.connect(at(house, "public two"), asking).status(filed[0])
            asking.post(f"{office}/api/slots", json={"login": LOGIN})
            look(house, "public one", "203.0.113.99")

    heard = told(house, redis, traffic)
    assert heard.count(b"EVALSHA") >= 8, "it was asked"
    key = (house.data / "secrets" / "limits.key").read_bytes()
    ticket = find(filed[0])
    names = ["203.0.113", "127.0.0.1", BROWSER, LOGIN, ticket, ticket[:5], "消防", key.hex()]
    # MONITOR itself says from where a command came, which is the door.
    commands = b"\n".join(line.partition(b"]")[2] for line in heard.split(b"\n") if line.startswith(b"+"))
    held = heard[heard.rindex(b"REDIS0") :]
    for one in [*(each.encode() for each in names), key]:
        assert one not in commands + held, one


def test_doctor_says_where_limits_are_counted(house: Served, redis: redis_server.Server) -> None:
    def doctor(**environ: str) -> dict[str, str]:
        command = [sys.executable, "-m", "whistle", "doctor", "--json"]
        ran = subprocess.run(command, env=house.environ(**environ), capture_output=True, check=False)
        return {one["code"]: one["level"] for one in json.loads(ran.stdout)}

    assert doctor(WHISTLE_REDIS=redis.url)["redis"] == "ok"
    assert doctor()["counting"] == "ok"
    assert doctor(WHISTLE_REDIS=f"redis://127.0.0.1:{free_port()}")["redis_gone"] == "amber"


def test_doors_go_on_without_redis_and_count_together_again_when_it_is_back(
    house: Served, redis: redis_server.Server
) -> None:
    """Last: what was counted is gone with the server."""
    both, said = publics(house, "/api/directory"), house.log.read_text()
    redis.end()
    assert in_turn(both, 44, "203.0.113.21") == [200] * 44, "each by itself, up to 40"
    assert in_turn(both, 40, "203.0.113.21") == [200] * 36 + [429] * 4
    redis.start()
    asked = redis.client()

    def counted(which: str) -> bool:
        """By this process: after its pause it tries again, with the next request that is counted."""
        in_turn([at(house, which) + "/api/directory"], 1, f"198.51.100.{secrets.randbelow(250)}")
        return asked.dbsize() > 0

    for which in ("public one", "public two"):
        asked.flushall()
        assert becomes(partial(counted, which))
    log = house.log.read_text().removeprefix(said)
    assert log.count("Redis is not reached: limits are counted in this process alone until it is well again") == 2
    assert log.count("Redis answers again") == 2
    assert "203.0.113" not in log and str(redis.port) not in log

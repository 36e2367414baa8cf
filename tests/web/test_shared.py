"""What processes count together in a real Redis; and what a door does that has lost it."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.conftest import NewRedis, free_port
from tests.redis_server import Server
from whistle.web.errors import HANDLERS, Problem
from whistle.web.limits import TOO_MANY, BlindedKey, limited, of_house
from whistle.web.pace import Pace, SharedPace
from whistle.web.shared import Alone
from whistle.web.together import Together, look
from whistle.web.turns import SharedTurns, Turns

KEY = b"k" * 32
ALICE, MALLORY = "203.0.113.7", "203.0.113.66"
LONG = 5.0  # patience where the server is well: a busy machine is no fault of Redis


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def together(server: Server, **how: Any) -> Together:
    return Together(server.url, KEY, "public", **{"patience": LONG, **how})


def run(scene: Callable[..., Awaitable[Any]], *houses: Together) -> Any:
    """A scene with what processes of one house share; their connections are closed behind it."""

    async def played() -> Any:
        try:
            return await scene(*houses)
        finally:
            for each in houses:
                await each.close()

    return asyncio.run(played())


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


def process(shared: Together | Alone, rate: str, key: bytes = KEY) -> Starlette:
    """A process of a door with one limited page."""
    blinded = BlindedKey("", "", time.time, hourly=of_house(key))
    route = Route("/", limited(blinded, rate, shared)(hello))
    return Starlette(routes=[route], exception_handlers={**HANDLERS, **TOO_MANY})


async def asked(app: Starlette, address: str = ALICE) -> int:
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as http:
        return (await http.get("/")).status_code


def test_a_limit_is_counted_over_all_processes(new_redis: NewRedis) -> None:
    async def scene(*houses: Together) -> list[int]:
        one, two = (process(house, "4/hour") for house in houses)
        statuses = [await asked(app) for app in (one, two, one, two, one, two)]
        return [*statuses, await asked(one, MALLORY)]

    server = new_redis()
    assert run(scene, together(server), together(server)) == [200] * 4 + [429] * 2 + [200]


def test_two_processes_never_both_take_the_last(new_redis: NewRedis) -> None:
    async def scene(*houses: Together) -> int:
        apps = [process(house, "20/hour") for house in houses]
        statuses = await asyncio.gather(*(asked(apps[at % 2]) for at in range(60)))
        return statuses.count(200)

    server = new_redis()
    assert run(scene, together(server), together(server)) == 20


def test_another_house_on_the_same_server_counts_for_itself(new_redis: NewRedis) -> None:
    async def scene(ours: Together, theirs: Together) -> list[int]:
        return [await asked(process(ours, "1/hour")), await asked(process(theirs, "1/hour", b"o" * 32))]

    server = new_redis()
    assert run(scene, together(server), Together(server.url, b"o" * 32, "public", patience=LONG)) == [200, 200]


def test_the_pace_is_that_of_all_processes(new_redis: NewRedis) -> None:
    async def scene(*houses: Together) -> tuple[list[int], int]:
        one, two = (SharedPace(Pace(14, own=600), house) for house in houses)
        bits = [await pace.ask("alice") for pace in (one, two) * 31]
        return bits, await two.ask("bob")

    server = new_redis()
    bits, other = run(scene, together(server), together(server))
    assert (bits[:60], bits[60:], other) == ([14] * 60, [15] * 2, 14)


def test_who_was_given_all_by_one_process_gets_none_from_another(new_redis: NewRedis) -> None:
    async def scene(*houses: Together) -> tuple[str, int, int]:
        one, two = (SharedPace(Pace(14, own=20), house) for house in houses)
        for _ in range(20):
            await one.ask("mallory")
        with pytest.raises(Problem) as refused:
            await two.ask("mallory")
        return refused.value.code, refused.value.facts["retry"], await two.ask("alice")

    server = new_redis()
    code, retry, other = run(scene, together(server), together(server))
    assert (code, other) == ("too_many", 14)
    assert 900 <= retry <= 960


def test_one_key_alone_makes_nothing_dearer_for_the_rest_of_the_house(new_redis: NewRedis) -> None:
    async def scene(*houses: Together) -> tuple[int, int]:
        one, two = (SharedPace(Pace(14, quiet=30), house) for house in houses)
        for _ in range(100):
            await one.ask("mallory")
        quiet = await two.ask("alice")
        for at in range(60):
            await one.ask(f"stranger {at}")
        return quiet, await two.ask("bob")

    server = new_redis()
    assert run(scene, together(server), together(server)) == (14, 16)


def test_turns_are_those_of_all_processes_and_one_client_has_its_share_of_them(new_redis: NewRedis) -> None:
    server = new_redis()

    async def scene(*houses: Together) -> tuple[dict[str, int], list[int]]:
        doors = [SharedTurns(Turns(4, 2, patience=60), house, "work") for house in houses]
        now = {"alice": 0, "mallory": 0}
        most = dict(now) | {"all": 0}

        async def one(at: int, who: str) -> None:
            async with doors[at % 2].turn(who):
                now[who] += 1
                for name, count in (*now.items(), ("all", sum(now.values()))):
                    most[name] = max(most[name], count)
                await asyncio.sleep(0.05)
                now[who] -= 1

        await asyncio.gather(*(one(at, who) for at in range(8) for who in now))
        return most, [server.client().exists(f"whistle:{{{houses[0]._house}}}:{name}") for name in doors[0]._names]

    most, kept = run(scene, together(server), together(server))
    assert most["all"] <= 4 and max(most["alice"], most["mallory"]) <= 2
    assert kept == [0, 0, 0]


def test_twenty_forms_at_one_process_do_not_keep_another_client_waiting_at_the_other(new_redis: NewRedis) -> None:
    async def scene(*houses: Together) -> list[str]:
        doors = [SharedTurns(Turns(1, 1, patience=60), house, "work") for house in houses]
        order: list[str] = []

        async def one(door: SharedTurns, who: str) -> None:
            async with door.turn(who):
                order.append(who)

        crowd = [asyncio.create_task(one(doors[0], "mallory")) for _ in range(20)]
        await asyncio.sleep(0)
        await one(doors[1], "alice")
        before = order.index("alice")
        await asyncio.gather(*crowd)
        return order[: before + 1]

    server = new_redis()
    assert len(run(scene, together(server), together(server))) <= 6


def test_a_process_that_was_killed_keeps_its_turns_for_seconds_only(new_redis: NewRedis) -> None:
    server = new_redis()

    async def dying(house: Together) -> None:
        await SharedTurns(Turns(1, 1), house, "work")._come("mallory", "m" * 48)

    async def scene(house: Together) -> str:
        async with SharedTurns(Turns(1, 1, patience=60), house, "work").turn("alice"):
            return "served"

    run(dying, together(server))
    assert all(0 < server.client().pttl(name) <= 6_000 for name in server.client().scan_iter())
    assert run(scene, together(server)) == "served"


def test_a_turn_that_lasts_is_kept(new_redis: NewRedis) -> None:
    server = new_redis()

    async def scene(house: Together) -> tuple[int, str]:
        turns, asking, ends = SharedTurns(Turns(1, 1), house, "work"), server.client(), set()
        async with turns.turn("alice"):
            deadline = time.monotonic() + 60
            while len(ends) < 3 and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
                for name in asking.scan_iter(_type="zset"):
                    ends |= {end for _, end in asking.zrange(name, 0, -1, withscores=True)}
            return len(ends), house._wrong

    assert run(scene, together(server)) == (3, "")


def test_redis_learns_no_address_and_forgets_everything_by_itself(new_redis: NewRedis) -> None:
    server = new_redis()

    async def scene(house: Together) -> list[tuple[str, int, str]]:
        app, pace = process(house, "50/hour"), SharedPace(Pace(14), house)
        turns = SharedTurns(Turns(1, 1), house, "work")
        await asked(app, ALICE)
        await pace.ask(ALICE)
        async with turns.turn(ALICE):
            client = server.client()
            return [(name, client.pttl(name), stored(client, name)) for name in client.scan_iter()]

    told = run(scene, together(server))
    assert len(told) == 4
    for name, lives, value in told:
        assert re.fullmatch(r"whistle:\{[0-9a-f]{16}\}:[0-9a-f]{32}", name)
        assert 0 < lives <= 3_600_000
        assert ALICE not in name + value and KEY.decode() not in name + value


def stored(client: Any, name: str) -> str:
    """Whatever a name holds."""
    read = {"string": client.get, "hash": client.hgetall, "zset": lambda name: client.zrange(name, 0, -1)}
    return str(read[client.type(name)](name))


BROKEN = {
    "gone": "Redis is not reached",
    "slow": "Redis does not answer in time",
    "full": "Redis is full",
    "password": "Redis refuses the name or the password of WHISTLE_REDIS",
}


def broken(new_redis: NewRedis, how: str) -> Server:
    full, password = ("--maxmemory", "1", "--maxmemory-policy", "noeviction"), ("--requirepass", "secret")
    server = new_redis(*{"password": password, "full": full}.get(how, ()))
    if how == "gone":
        server.end()
    if how == "slow":
        server.hang()
    return server


@pytest.mark.parametrize("how", BROKEN)
def test_without_redis_a_door_is_as_strict_as_alone_and_says_so_once(
    new_redis: NewRedis, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(house: Together) -> tuple[list[int], int, bool]:
        app, pace = process(house, "3/hour"), SharedPace(Pace(14, own=2), house)
        statuses = [await asked(app) for _ in range(5)]
        bits = await pace.ask("alice")
        await pace.ask("alice")
        with pytest.raises(Problem):
            await pace.ask("alice")
        async with SharedTurns(Turns(1, 1), house, "work").turn("alice"):
            return statuses, bits, True

    with caplog.at_level(logging.INFO, "whistle"):
        patience = 0.2 if how == "slow" else LONG  # a machine at work is no slow Redis
        house = Together(broken(new_redis, how).url, KEY, "public", patience=patience, again=3_600)
        assert run(scene, house) == ([200] * 3 + [429] * 2, 14, True)
    (said,) = [record.getMessage() for record in caplog.records if record.name == "whistle"]
    assert said == f"{BROKEN[how]}: limits are counted in this process alone until it is well again"


@pytest.mark.parametrize("how", BROKEN)
def test_doctor_names_what_is_wrong(new_redis: NewRedis, how: str) -> None:
    patience = 0.5 if how == "slow" else LONG
    assert asyncio.run(look(broken(new_redis, how).url, patience=patience)) == how


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ""),
        (("--appendonly", "yes"), "keeps"),
        (("--save", "60 1"), "keeps"),
        (("--rename-command", "CONFIG", ""), "unseen"),
    ],
)
def test_doctor_wants_a_redis_that_keeps_nothing(new_redis: NewRedis, options: tuple[str, ...], found: str) -> None:
    assert asyncio.run(look(new_redis(*options).url, patience=LONG)) == found


def test_a_database_that_redis_does_not_have_is_refused(new_redis: NewRedis) -> None:
    assert asyncio.run(look(f"redis://127.0.0.1:{new_redis().port}/99", patience=LONG)) == "refuses"


class Counting(Together):
    """Counts how often Redis is really asked."""

    tried = 0

    async def _run(self, *what: Any) -> Any:
        self.tried += 1
        return await super()._run(*what)


def test_a_redis_that_hangs_holds_one_request_and_not_each(new_redis: NewRedis) -> None:
    server, clock = new_redis(), Clock()
    server.hang()
    house = Counting(server.url, KEY, "public", patience=0.2, again=5.0, clock=clock)

    async def scene(house: Counting) -> list[int]:
        tried = []
        for now in (0.0, 1.0, 4.9, 5.1, 6.0):
            clock.now = now
            await asyncio.gather(*(house.ask("return 1", ["name"]) for _ in range(20 if now else 1)))
            tried.append(house.tried)
        return tried

    assert run(scene, house) == [1, 1, 1, 2, 2]  # type: ignore[arg-type]


def test_a_redis_that_comes_back_empty_counts_again(new_redis: NewRedis, caplog: pytest.LogCaptureFixture) -> None:
    server, clock = new_redis(), Clock()

    async def scene(house: Together) -> list[int | None]:
        before = [await house.ask("return redis.call('INCR', KEYS[1])", ["name"]) for _ in range(2)]
        server.end()
        gone = await house.ask("return redis.call('INCR', KEYS[1])", ["name"])
        server.start()
        clock.now += 6
        return [*before, gone, await house.ask("return redis.call('INCR', KEYS[1])", ["name"])]

    assert run(scene, together(server, clock=clock)) == [1, 2, None, 1]
    assert caplog.messages[-1] == "Redis answers again: limits are counted by all processes together"


def test_a_connection_that_redis_closed_meanwhile_is_no_failure(
    new_redis: NewRedis, caplog: pytest.LogCaptureFixture
) -> None:
    server = new_redis()

    async def scene(house: Together) -> list[int]:
        first = await asyncio.gather(*(house.ask("return 1", ["name"]) for _ in range(4)))
        server.client().client_kill_filter(_type="normal", skipme=True)
        return [*first, await house.ask("return 2", ["name"])]

    assert run(scene, together(server)) == [1, 1, 1, 1, 2]
    assert caplog.messages == []


def test_a_redis_that_hung_for_a_while_is_used_again(new_redis: NewRedis) -> None:
    server, clock = new_redis(), Clock()

    async def scene(house: Together) -> list[int | None]:
        answers = [await house.ask("return redis.call('INCR', KEYS[1])", ["name"])]
        server.hang()
        answers.append(await house.ask("return redis.call('INCR', KEYS[1])", ["name"]))
        server.go_on()
        house._patience = LONG
        clock.now += 6
        return [*answers, await house.ask("return 7", ["name"]), await house.ask("return 8", ["name"])]

    assert run(scene, together(server, clock=clock, patience=0.5)) == [1, None, 7, 8], "and no answer is another's"


def test_where_nothing_listens_at_all_a_door_is_as_strict_as_alone() -> None:
    async def scene(house: Together) -> list[int]:
        app = process(house, "1/hour")
        return [await asked(app), await asked(app)]

    nowhere = Together(f"redis://127.0.0.1:{free_port()}/0", KEY, "public")
    assert run(scene, nowhere) == [200, 429]

"""Fair turns: one address with many connections waits for itself, and everybody is told for how long."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from whistle.web.errors import Problem
from whistle.web.turns import Turns


async def served(turns: Turns, keys: list[str], hold: Callable[[], Awaitable[None]]) -> list[str]:
    """Who was served, in that order, when all came at the same time."""
    order: list[str] = []

    async def one(key: str) -> None:
        async with turns.turn(key):
            order.append(key)
            await hold()

    await asyncio.gather(*(one(key) for key in keys))
    return order


async def a_while() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def test_it_works() -> None:
    assert asyncio.run(served(Turns(2, 2), ["alice", "bob"], a_while)) == ["alice", "bob"]


def test_24_of_one_address_do_not_keep_another_waiting_for_them_all() -> None:
    order = asyncio.run(served(Turns(2, 2, patience=1_000), ["mallory"] * 24 + ["alice", "bob"], a_while))
    assert len(order) == 26
    assert max(order.index("alice"), order.index("bob")) <= 5


def test_one_key_has_only_its_share_whoever_waits() -> None:
    async def scene() -> tuple[int, int]:
        turns, most, now = Turns(8, 3, patience=1_000), 0, 0

        async def one() -> None:
            nonlocal most, now
            async with turns.turn("mallory"):
                now += 1
                most = max(most, now)
                await a_while()
                now -= 1

        await asyncio.gather(*(one() for _ in range(20)))
        return most, turns._running.total()

    assert asyncio.run(scene()) == (3, 0)


def test_whom_nothing_tells_from_others_waits_in_the_order_of_coming() -> None:
    assert len(asyncio.run(served(Turns(1, 1, patience=1_000), [""] * 9, a_while))) == 9


def test_who_would_wait_too_long_is_told_how_long() -> None:
    async def scene() -> list[int]:
        turns, told, free = Turns(1, 1, patience=5.0), [], asyncio.Event()

        async def one(key: str) -> None:
            try:
                async with turns.turn(key):
                    await free.wait()
            except Problem as busy:
                told.append(busy.facts["retry"])

        crowd = [asyncio.create_task(one(f"key {at}")) for at in range(8)]
        await a_while()
        free.set()
        await asyncio.gather(*crowd)
        return told

    assert asyncio.run(scene()) == [6, 6]


def test_a_patience_that_ends_is_told_and_leaves_nothing_behind() -> None:
    async def scene() -> tuple[str, int, int]:
        turns = Turns(1, 1, patience=1.0)
        async with turns.turn("alice"):
            turns._seconds = 0.1
            with pytest.raises(Problem) as busy:
                async with turns.turn("bob"):
                    raise AssertionError
            left = len(turns._queues)
        return busy.value.code, left, turns._running.total()

    assert asyncio.run(scene()) == ("busy", 0, 0)


@pytest.mark.parametrize("when", ["waiting", "called"])
def test_who_goes_away_takes_no_turn_along(when: str) -> None:
    async def scene() -> tuple[list[str], int]:
        turns, free = Turns(1, 1), asyncio.Event()

        async def hold() -> None:
            async with turns.turn("alice"):
                await free.wait()

        first = asyncio.create_task(hold())
        await a_while()
        gone = asyncio.create_task(served(turns, ["bob"], a_while))
        await a_while()
        if when == "called":
            free.set()
            await asyncio.sleep(0)
        gone.cancel()
        free.set()
        await asyncio.gather(first, gone, return_exceptions=True)
        return await served(turns, ["carol"], a_while), turns._running.total()

    assert asyncio.run(scene()) == (["carol"], 0)

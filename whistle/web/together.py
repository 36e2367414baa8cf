"""The Redis of a house, as its processes ask it (shared.py says what for).

It is given names that only `secrets/limits.key` could make again, counts, and leases of seconds; it forgets them all by
itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,  # noqa: A004 - the library's own, not Python's
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    RedisError,
    ResponseError,
)

PATIENCE = 1.0  # seconds that a request waits for Redis at most, connecting included: a busy machine is no fault of it
AGAIN = 5.0  # seconds before it is asked once more; meanwhile no request waits
CONNECTIONS = 32
# What is wrong by what was raised, the first that fits; doctor has a sentence for each.
_WRONG: tuple[tuple[type[Exception], str], ...] = (
    (OutOfMemoryError, "full"),
    (AuthenticationError, "password"),
    (NoPermissionError, "password"),
    (ResponseError, "refuses"),
    (TimeoutError, "slow"),
    (Exception, "gone"),
)
_SAID = {
    "full": "Redis is full",
    "password": "Redis refuses the name or the password of WHISTLE_REDIS",
    "refuses": "Redis refuses what this door asks for",
    "slow": "Redis does not answer in time",
    "gone": "Redis is not reached",
}
_LOG = logging.getLogger("whistle")


class Together:
    """The house's Redis, for the doors of one kind. `key` is the house's own; it never goes there."""

    def __init__(
        self,
        url: str,
        key: bytes,
        door: str,
        *,
        patience: float = PATIENCE,
        again: float = AGAIN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key, self._door, self._patience, self._again, self._clock = key, door, patience, again, clock
        self._line = Line(url)
        self._house = self.name("house")[:16]
        self._wrong, self._asked_again_at = "", 0.0

    def name(self, *parts: str) -> str:
        return hmac.digest(self._key, "\0".join((self._door, *parts)).encode(), "sha256").hex()[:32]

    async def ask(self, script: str, names: list[str], *told: str | float) -> Any:
        """While Redis fails one request in `again` seconds tries, and waits `patience` at most; no other waits."""
        trying = self._wrong
        if trying and self._clock() < self._asked_again_at:
            return None
        self._asked_again_at = self._clock() + self._again
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._run(script, names, told)
        except (RedisError, OSError) as error:
            self._fail(wrong(error))
            await self._line.close()  # connections of before an end are of no use behind it
            return None
        if trying:
            self._wrong = ""
            _LOG.warning("Redis answers again: limits are counted by all processes together")
        return answer

    async def _run(self, script: str, names: list[str], told: tuple[str | float, ...]) -> Any:
        return await self._line.run(script, [f"whistle:{{{self._house}}}:{name}" for name in names], told)

    def _fail(self, what: str) -> None:
        if not self._wrong:
            _LOG.warning("%s: limits are counted in this process alone until it is well again", _SAID[what])
        self._wrong = what

    async def close(self) -> None:
        await self._line.close()


def _pool(url: str) -> ConnectionPool:
    """Connections that never try twice by themselves; who asks bounds the whole, not each reading."""
    return ConnectionPool.from_url(
        url,
        socket_timeout=None,
        socket_connect_timeout=None,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        decode_responses=True,
    )


class Line:
    """Connections to a Redis, for scripts alone: a question is a quarter of the CPU that redis-py's client takes."""

    def __init__(self, url: str) -> None:
        self._pool, self._may, self._hashes = _pool(url), asyncio.Semaphore(CONNECTIONS), dict[str, str]()
        self._free: list[AbstractConnection] = []

    async def run(self, script: str, names: list[str], told: tuple[str | float, ...]) -> Any:
        """What the script answers. Raises RedisError, OSError."""
        async with self._may:
            if self._free:
                with contextlib.suppress(ConnectionError):  # Redis has closed it while it was idle, or has begun anew
                    return await self._on(self._free.pop(), script, names, told)
                await self.close()
            fresh = self._pool.connection_class(**self._pool.connection_kwargs)
            return await self._on(fresh, script, names, told)

    async def _on(
        self, connection: AbstractConnection, script: str, names: list[str], told: tuple[str | float, ...]
    ) -> Any:
        """A connection that was left half-way is closed: its next answer would be another question's."""
        try:
            await connection.connect()  # type: ignore[no-untyped-call]  # the library left it out
            answer = await self._asked(connection, script, names, told)
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        self._free.append(connection)
        return answer

    async def _asked(
        self, connection: AbstractConnection, script: str, names: list[str], told: tuple[str | float, ...]
    ) -> Any:
        if script not in self._hashes:
            self._hashes[script] = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
        try:
            await connection.send_command("EVALSHA", self._hashes[script], len(names), *names, *told)
            return await connection.read_response()
        except NoScriptError:
            await connection.send_command("EVAL", script, len(names), *names, *told)
            return await connection.read_response()

    async def close(self) -> None:
        """Lets go of connections that nobody uses just now."""
        while self._free:
            await self._free.pop().disconnect(nowait=True)


def wrong(error: Exception) -> str:
    """What is wrong with a Redis that raised this: full, password, refuses, slow, gone."""
    return next(what for kind, what in _WRONG if isinstance(error, kind))


_PROBE = "redis.call('SET', KEYS[1], 1, 'EX', 10) return 1"


async def look(url: str, patience: float = 2.0) -> str:
    """For doctor: "" for a Redis that takes what a door asks of it and writes nothing to disk; else what is wrong, as
    `wrong` has it, or `keeps` for one that writes to disk, `unseen` for one that does not tell."""
    redis = Redis.from_pool(_pool(url))
    try:
        async with asyncio.timeout(patience):
            await redis.register_script(_PROBE)(keys=["whistle:{doctor}"])
            return await _keeping(redis)
    except (RedisError, OSError) as error:
        return wrong(error)
    finally:
        await redis.aclose()


async def _keeping(redis: Redis) -> str:
    try:
        told = await redis.config_get("save", "appendonly")
    except ResponseError:
        return "unseen"
    return "keeps" if told.get("save") or told.get("appendonly") != "no" else ""

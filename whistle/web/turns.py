"""Turns at something dear, shared fairly: waiting keys are served in rotation, and each is told how long it takes."""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from itertools import count

from whistle.web.errors import Problem
from whistle.web.shared import Shared


class Turns:
    """`at_once` turns, of one key at most `share`. Whoever would wait for more than `patience` seconds is told to come
    again. An empty key is a client that nothing tells from others: each such request is a key of its own."""

    def __init__(
        self, at_once: int, share: int, *, patience: float = 20.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once, self._share, self.patience, self._clock = at_once, share, patience, clock
        self._running: Counter[str] = Counter()
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}
        self._seconds = 1.0  # that a turn takes, of late
        self._nameless = count()

    @property
    def most(self) -> tuple[int, int]:
        """Turns at once: of all, of one key."""
        return self._at_once, self._share

    @contextlib.asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Waits for a turn and has it. Raises Problem("busy", retry=seconds)."""
        key = key or f"nameless {next(self._nameless)}"
        await self._wait(key)
        began = self._clock()
        try:
            yield
        finally:
            self._seconds += (self._clock() - began - self._seconds) / 8
            self._done(key)

    def expected(self, key: str) -> int:
        """Whole seconds until one more of this key would be through, by what turns took of late."""
        mine = len(self._queues.get(key, ()))
        ahead = mine + sum(min(len(queue), mine + 1) for other, queue in self._queues.items() if other != key)
        return max(1, math.ceil((ahead + 1) * self._seconds / self._at_once))

    async def _wait(self, key: str) -> None:
        if key not in self._queues and self._may(key):
            self._running[key] += 1
            return
        if self.expected(key) > self.patience:
            raise Problem("busy", retry=self.expected(key))
        mine = asyncio.get_running_loop().create_future()
        self._queues.setdefault(key, deque()).append(mine)
        try:
            async with asyncio.timeout(self.patience):
                await mine
        except BaseException as error:
            self._give_up(key, mine)
            if isinstance(error, TimeoutError):
                raise Problem("busy", retry=self.expected(key)) from None
            raise

    def _give_up(self, key: str, mine: asyncio.Future[None]) -> None:
        """It went away while waiting, or just when its turn had come."""
        if mine.done() and not mine.cancelled():
            self._done(key)
        elif key in self._queues:
            with contextlib.suppress(ValueError):
                self._queues[key].remove(mine)
            if not self._queues[key]:
                del self._queues[key]

    def _may(self, key: str) -> bool:
        return self._running.total() < self._at_once and self._running[key] < self._share

    def _done(self, key: str) -> None:
        self._running[key] -= 1
        self._running += Counter()  # forgets who has none
        while (after := next(filter(self._may, self._queues), None)) is not None:
            self._call(after)

    def _call(self, key: str) -> None:
        """The first of this key; the key stands last afterwards."""
        queue = self._queues.pop(key)
        first = queue.popleft()
        if queue:
            self._queues[key] = queue
        if not first.done():
            self._running[key] += 1
            first.set_result(None)


# KEYS: who has a turn and who waits, each with the end of its lease, and the line. ARGV: who asks, turns, share, lease
# in milliseconds. Whoever asks has a place in line, and a turn when it is among those who come next: clients who have
# fewest turns, then the order of coming. 1: it has a turn; 0: it waits.
_NEXT = """
local having, waiting, line = KEYS[1], KEYS[2], KEYS[3]
local me, turns, share, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', having, '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', waiting, '-inf', now)) do
  redis.call('ZREM', waiting, gone)
  redis.call('ZREM', line, gone)
end
if not redis.call('ZSCORE', line, me) then
  local last = redis.call('ZREVRANGE', line, 0, 0, 'WITHSCORES')
  redis.call('ZADD', line, (last[2] or 0) + 1, me)
end
redis.call('ZADD', waiting, now + lease, me)
redis.call('PEXPIRE', waiting, lease)
redis.call('PEXPIRE', line, lease)

local function client(one) return string.sub(one, 1, 32) end
local free, has = turns, {}
for _, one in ipairs(redis.call('ZRANGE', having, 0, -1)) do
  has[client(one)] = (has[client(one)] or 0) + 1
  free = free - 1
end
local rest = redis.call('ZRANGE', line, 0, -1)
while free > 0 do
  local best, least = nil, share
  for at, one in ipairs(rest) do
    if (has[client(one)] or 0) < least then best, least = at, has[client(one)] or 0 end
  end
  if not best then return 0 end
  local one = table.remove(rest, best)
  if one == me then
    redis.call('ZREM', waiting, me)
    redis.call('ZREM', line, me)
    redis.call('ZADD', having, now + lease, me)
    redis.call('PEXPIRE', having, lease)
    return 1
  end
  has[client(one)] = least + 1
  free = free - 1
end
return 0
"""
_HOLD = """
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
_LEAVE = "for _, name in ipairs(KEYS) do redis.call('ZREM', name, ARGV[1]) end return 1"
LEASE = 6_000  # milliseconds after which a process that ended without a word has no turn and no place in line any more
RENEWED, LOOKED = 2.0, 0.1  # seconds between renewals of a turn's lease, and between looks at the line


class SharedTurns:
    """Turns of all processes of a house, `what` for: whoever has one of this process's takes one of all as well."""

    def __init__(self, own: Turns, shared: Shared, what: str) -> None:
        self._own, self._shared = own, shared
        self._names = [shared.name("turns", what, part) for part in ("having", "waiting", "line")]

    @contextlib.asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """As `Turns.turn`."""
        async with self._own.turn(key):
            me = (self._shared.name("turns", key) if key else secrets.token_hex(16)) + secrets.token_hex(8)
            try:
                await self._come(key, me)
                renewing = asyncio.create_task(self._renew(me))
                try:
                    yield
                finally:
                    renewing.cancel()
            finally:
                await self._shared.ask(_LEAVE, self._names, me)

    async def _come(self, key: str, me: str) -> None:
        """Until it has a turn, or nobody says whether it has. Raises Problem("busy", retry=seconds)."""
        try:
            async with asyncio.timeout(self._own.patience):
                while await self._shared.ask(_NEXT, self._names, me, *self._own.most, LEASE) == 0:
                    await asyncio.sleep(LOOKED)
        except TimeoutError:
            raise Problem("busy", retry=self._own.expected(key)) from None

    async def _renew(self, me: str) -> None:
        while True:
            await asyncio.sleep(RENEWED)
            await self._shared.ask(_HOLD, self._names[:1], me, LEASE)

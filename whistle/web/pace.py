"""How much proof of work is asked: counted by what is asked for, by blinded key, on a clock that nobody can set back.

Nobody can use up another's turn: one key alone makes work dearer for itself and never for the rest.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from whistle.web.errors import Problem
from whistle.web.shared import Shared

# A slow phone hashes about 250,000 times a second in the browser (22 bits took one 17 s). At 19 bits it needs 2 s on
# average, and 99 of 100 are done in under 10 s; at 20 bits one in ten would wait longer. A post of many
# bytes costs more on top.
MOST_BITS = 19
MINUTE, QUARTER = 60.0, 900.0  # a challenge is good for a quarter of an hour: more than that cannot be stored up


@dataclass
class Recent:
    """How often each key came in the last `seconds`. Towards the whole, one key counts at most `share` times."""

    seconds: float
    share: int = 1 << 30
    whole: int = 0
    _order: deque[tuple[float, str]] = field(default_factory=deque)
    _times: dict[str, deque[float]] = field(default_factory=dict)

    def add(self, key: str, now: float) -> None:
        times = self._times.setdefault(key, deque())
        self.whole += self._counts(key, len(times))
        times.append(now)
        self._order.append((now, key))

    def forget(self, now: float) -> None:
        """Lets go of what is over, keys and all."""
        while self._order and self._order[0][0] <= now - self.seconds:
            _, key = self._order.popleft()
            times = self._times[key]
            times.popleft()
            self.whole -= self._counts(key, len(times))
            if not times:
                del self._times[key]

    def _counts(self, key: str, before: int) -> bool:
        """Whether one more of this key counts towards the whole; clients that nothing tells apart always do."""
        return before < self.share or not key

    def of(self, key: str) -> int:
        return len(self._times.get(key, ()))

    def free_in(self, key: str, now: float) -> int:
        """Whole seconds until this key's oldest is over."""
        return max(1, math.ceil(self._times[key][0] + self.seconds - now))


class Pace:
    """The bits to ask for: the floor while it is quiet, one more for each doubling of the load.

    The load is that of all (`quiet` a minute, of one key at most `share`) or, where that is more, of the asking key
    itself (a tenth of `own` in a quarter of an hour). A key that was given `own` is refused until the oldest is void.
    An empty key is a client that nothing tells from others: it has no load of its own. `own` 0 knows no keys.
    """

    def __init__(
        self,
        floor: int,
        *,
        quiet: int = 120,
        share: int = 10,
        own: int = 600,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.floor = floor
        self.own, self.share, self._quiet = own, share, quiet
        self._all, self._each = Recent(MINUTE, share), Recent(QUARTER)
        self._clock = clock

    def ask(self, key: str) -> int:
        """Counts one challenge for this key; the bits it costs. Raises Problem("too_many")."""
        now = self._clock()
        self._all.forget(now)
        self._each.forget(now)
        if key and self.own:
            if self._each.of(key) >= self.own:
                raise Problem("too_many", retry=self._each.free_in(key, now))
            self._each.add(key, now)
        self._all.add(key, now)
        return self.bits(self._each.of(key), self._all.whole)

    def bits(self, asked: int, whole: int) -> int:
        """The bits where one key has asked so often and all of them together so often."""
        more = max(_doublings(asked, self.own // 10), _doublings(whole, self._quiet))
        return max(self.floor, min(MOST_BITS, self.floor + more))


def _doublings(count: int, quiet: int) -> int:
    return math.ceil(math.log2(count / max(1, quiet))) if count > quiet else 0


# One more challenge: {seconds until this key may ask again or 0, how often it asked, how often all did}. KEYS: all, and
# the one that asks where it can be told. ARGV: own, share. Counted by whole minutes of the key and tens of seconds of
# all: a window is up to one of them longer than in a process, never shorter, and no hash holds a finer time.
_ONE_MORE = """
local now = tonumber(redis.call('TIME')[1])
local minute, ten = math.floor(now / 60), math.floor(now / 10)
local own, share = tonumber(ARGV[1]), tonumber(ARGV[2])

local function since(name, first)
  local counts, whole, oldest = redis.call('HGETALL', name), 0, nil
  for at = 1, #counts, 2 do
    local when = tonumber(counts[at])
    if when < first then
      redis.call('HDEL', name, counts[at])
    else
      whole = whole + tonumber(counts[at + 1])
      oldest = math.min(oldest or when, when)
    end
  end
  return whole, oldest
end

local function lately(name)
  local counts = redis.call('HMGET', name, minute, minute - 1)
  return tonumber(counts[1] or 0) + tonumber(counts[2] or 0)
end

local asked, counts = 0, true
if KEYS[2] then
  local before, oldest = since(KEYS[2], minute - 15)
  if own > 0 and before >= own then return {(oldest + 16) * 60 - now, before, 0} end
  counts, asked = lately(KEYS[2]) < share, before + 1
  redis.call('HINCRBY', KEYS[2], minute, 1)
  redis.call('EXPIREAT', KEYS[2], (minute + 16) * 60)
end
local whole = since(KEYS[1], ten - 6)
if counts then
  whole = redis.call('HINCRBY', KEYS[1], ten, 1) and whole + 1
  redis.call('EXPIREAT', KEYS[1], (ten + 7) * 10)
end
return {0, asked, whole}
"""


@dataclass(frozen=True)
class SharedPace:
    """The pace of all processes of a house: at least that of this one."""

    own: Pace
    shared: Shared

    async def ask(self, key: str) -> int:
        """As `Pace.ask`."""
        bits = self.own.ask(key)
        names = [self.shared.name("pace"), *([self.shared.name("pace", key)] if key else [])]
        answer = await self.shared.ask(_ONE_MORE, names, self.own.own, self.own.share)
        if answer is None:
            return bits
        retry, asked, whole = answer
        if retry:
            raise Problem("too_many", retry=retry)
        return max(bits, self.own.bits(asked if self.own.own else 0, whole))

"""Rate limits that keep no address: each client is a blinded key, another one every hour.

Availability only: the limiter fails open, and what it holds stays in memory, but for counts under names that are
blinded once more where processes count together (shared.py). Whom it cannot tell from the others it does not limit: a
budget that all share is one that a stranger can use up.
"""

import contextlib
import functools
import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import cast

from limits import parse_many
from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from starlette.requests import Request
from starlette.responses import Response

from whistle.web.errors import Problem, handler
from whistle.web.shared import Alone, Shared

Endpoint = Callable[[Request], Awaitable[Response]]
_TURN = 3600


def drawn(turn: int) -> bytes:
    """An hour's secret that nobody can compute again."""
    return secrets.token_bytes(32)


def of_house(key: bytes) -> Callable[[int], bytes]:
    """The hours' secrets of all processes that hold this key; their clock has to be the same."""
    return lambda turn: hmac.digest(key, b"hour\0" + turn.to_bytes(8, "big"), "sha256")


class BlindedKey:
    """HMAC of the client's address under a secret that is another one every hour: one that is never stored, or for
    processes that count together, one of their house.

    `fronted`: TLS ends in front of this door, so every peer is a proxy and only the named one tells addresses.
    """

    def __init__(
        self,
        proxy: str = "",
        header: str = "",
        clock: Callable[[], float] = time.monotonic,
        *,
        fronted: bool = False,
        hourly: Callable[[int], bytes] = drawn,
    ) -> None:
        self._proxy = proxy
        self._header = header
        self._fronted = fronted
        self._clock = clock
        self._hourly = hourly
        self._turn = -1
        self._secret = b""

    def __call__(self, request: Request) -> str:
        turn = int(self._clock() // _TURN)
        if turn != self._turn:
            self._turn, self._secret = turn, self._hourly(turn)
        return hmac.new(self._secret, _network(self._address(request)).encode(), hashlib.sha256).hexdigest()[:32]

    def name(self, request: Request) -> str:
        """The key of a client that can be told from others, "" for one that cannot."""
        return "" if self.is_nameless(request) else self(request)

    def is_nameless(self, request: Request) -> bool:
        """Whether nothing tells this client from others."""
        return not self._address(request)

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        if self._proxy and peer == self._proxy:
            return request.headers.get(self._header, "").rpartition(",")[2].strip()
        return "" if self._fronted else peer


def _network(address: str) -> str:
    """Of an IPv6 address the first 64 bits: a household has the rest to itself, and could be as many as it likes."""
    with contextlib.suppress(ValueError):
        told = ipaddress.ip_address(address)
        if isinstance(told, ipaddress.IPv6Address):
            return str(told.ipv4_mapped or ipaddress.ip_network((told, 64), strict=False))
    return address


# For each limit one more in its window; the seconds until the windows that are full are over, 0 when none is. Windows
# begin by the clock of Redis at whole multiples of their length, so what is stored tells no time within them.
_COUNT = """
local now, retry = tonumber(redis.call('TIME')[1]), 0
for at, name in ipairs(KEYS) do
  local most, seconds = tonumber(ARGV[2 * at - 1]), tonumber(ARGV[2 * at])
  local ends = now - now % seconds + seconds
  local count = redis.call('INCR', name)
  redis.call('EXPIREAT', name, ends)
  if count > most then retry = math.max(retry, ends - now) end
end
return retry
"""


def limited(key: BlindedKey, rate: str, shared: Shared | None = None) -> Callable[[Endpoint], Endpoint]:
    """Wraps the handlers of a route table; an empty rate limits nothing. Each process counts first for itself: whom it
    refuses, nobody else is asked about."""
    if not rate:
        return lambda endpoint: endpoint
    limiter = Limiter(key_func=key, swallow_errors=True, storage_uri="memory://")
    together = _together(key, rate, shared or Alone())

    def wrap(endpoint: Endpoint) -> Endpoint:
        return cast(Endpoint, limiter.limit(rate, exempt_when=key.is_nameless)(together(endpoint)))

    return wrap


def _together(key: BlindedKey, rate: str, shared: Shared) -> Callable[[Endpoint], Endpoint]:
    limits = {str(each): (each.amount, each.get_expiry()) for each in parse_many(rate)}
    told = [number for limit in limits.values() for number in limit]

    def wrap(endpoint: Endpoint) -> Endpoint:
        @functools.wraps(endpoint)
        async def counted(request: Request) -> Response:
            if who := key.name(request):
                names = [shared.name("limit", endpoint.__module__, endpoint.__qualname__, one, who) for one in limits]
                if retry := await shared.ask(_COUNT, names, *told):
                    raise Problem("too_many", retry=retry)
            return await endpoint(request)

        return counted

    return wrap


TOO_MANY = {RateLimitExceeded: handler(lambda error: ("too_many", {"retry": error.limit.limit.get_expiry()}))}

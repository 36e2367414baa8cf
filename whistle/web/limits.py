"""Rate limits that keep no address: each client is a blinded key that nobody can compute tomorrow.

Availability only: the limiter fails open, and nothing it holds leaves memory. Whom it cannot tell from the
others it does not limit: a budget that all share is one that a stranger can use up.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import cast

from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from starlette.requests import Request
from starlette.responses import Response

from whistle.web.errors import handler

Endpoint = Callable[[Request], Awaitable[Response]]
_TURN = 3600


class BlindedKey:
    """HMAC of the client's address under a secret that is replaced every hour and never stored.

    `fronted`: TLS ends in front of this door, so every peer is a proxy and only the named one tells addresses.
    """

    def __init__(
        self, proxy: str = "", header: str = "", clock: Callable[[], float] = time.monotonic, *, fronted: bool = False
    ) -> None:
        self._proxy = proxy
        self._header = header
        self._fronted = fronted
        self._clock = clock
        self._turn = -1
        self._secret = b""

    def __call__(self, request: Request) -> str:
        turn = int(self._clock() // _TURN)
        if turn != self._turn:
            self._turn, self._secret = turn, secrets.token_bytes(32)
        return hmac.new(self._secret, self._address(request).encode(), hashlib.sha256).hexdigest()[:32]

    def is_nameless(self, request: Request) -> bool:
        """Whether nothing tells this client from others."""
        return not self._address(request)

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        if self._proxy and peer == self._proxy:
            return request.headers.get(self._header, "").rpartition(",")[2].strip()
        return "" if self._fronted else peer


def limited(key: BlindedKey, rate: str) -> Callable[[Endpoint], Endpoint]:
    """Wraps the handlers of a route table; an empty rate limits nothing."""
    if not rate:
        return lambda endpoint: endpoint
    limiter = Limiter(key_func=key, swallow_errors=True, storage_uri="memory://")

    def wrap(endpoint: Endpoint) -> Endpoint:
        return cast(Endpoint, limiter.limit(rate, exempt_when=key.is_nameless)(endpoint))

    return wrap


TOO_MANY = {RateLimitExceeded: handler(lambda error: ("too_many", {"retry": error.limit.limit.get_expiry()}))}

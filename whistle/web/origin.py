"""Cross-site requests are refused: Sec-Fetch-Site first, Origin second, no tokens. Plain ASGI."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from whistle.web.errors import problem

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_own(headers: Mapping[str, str], origin: str) -> bool:
    """Whether a request that changes something comes from our own page, or from no browser at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    # A page with no-referrer sends `Origin: null` on form posts in older browsers, so null is not ours.
    told = headers.get("origin")
    return told is None or told == origin


class OwnOrigin:
    """Answers 403 to any state-changing request from another origin."""

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self._app = app
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            headers = Request(scope).headers
            if not is_own(headers, self._origin):
                await problem("origin")(scope, receive, send)
                return
        await self._app(scope, receive, send)

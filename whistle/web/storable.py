"""What no database takes is refused before a handler sees it: a NUL in an address or a header. Plain ASGI."""

from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from whistle.web.errors import problem


class Storable:
    """Answers 400 to a request that names something with a NUL in it. Bodies are read by ``whistle.web.body``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _has_nul(scope):
            await problem("malformed")(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _has_nul(scope: Scope) -> bool:
    said = (
        scope["path"].encode("utf-8", "replace"),
        unquote_to_bytes(scope["query_string"]),
        *(value for _, value in scope["headers"]),
    )
    return any(b"\0" in one for one in said)

"""What nobody foresaw: answered with 500, and logged by kind and place only, for a message may carry data."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whistle.web.errors import problem

_LOG = logging.getLogger("whistle")
_HOUSE = str(Path(__file__).parents[1])


class Faults:
    """Stands between the headers and everything else, so that even a fault goes out dressed.

    `page` gives people their error page; programs get the API's `fault`. A sender who went away is no fault.
    """

    def __init__(self, app: ASGIApp, *, page: Callable[[Request], Response]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            _LOG.error("fault: %s", place(error))  # a traceback would print the message
            if not begun:
                await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        is_api = request.url.path.startswith("/api/")
        return problem("fault") if is_api else self._page(request)


def place(error: BaseException) -> str:
    """The error's class, and the last line of ours on its way: enough to find it, and nobody's words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_HOUSE)] or frames
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {where}"

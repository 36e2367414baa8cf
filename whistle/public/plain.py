"""The page that works without script, as the door sees it: it hands a form to a child and the child's page back.

The one declared exception to "never readable by the server" is that child (whistle/public/child.py): the form says so
before the first field, its posts are marked `sealed_by` server, nothing is kept, and it can be switched off.

A form that no child served is still in the browser: the page that says so asks for the browser's own reload, which
sends the very same form again, and it is the same report, message or claim.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from slowapi.errors import RateLimitExceeded
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from whistle import refusals
from whistle.public import form, frames
from whistle.public.children import Child, Children
from whistle.public.door import door_of
from whistle.public.posted import WORDS
from whistle.public.wire import verb
from whistle.web import body
from whistle.web.errors import Problem
from whistle.web.limits import Endpoint
from whistle.web.pages import Pages
from whistle.web.shared import Alone, Shared
from whistle.web.turns import SharedTurns, Turns

# Bytes that a child is given; of what is larger the rest is read and dropped, up to MOST.
KEPT, MOST = form.FILES_MOST + WORDS, 32 << 20
# Seconds of waiting: a form without a child has to be sent again, so a child is waited for longer.
PLACE_PATIENCE, TURN_PATIENCE = 45.0, 10.0
MINUTE = 60
VISITS = 10_000  # that were left in a hurry and are remembered
LEFT_SECONDS = 3600  # that the other processes of the house remember one
_LEFT, _HAS_LEFT = "return redis.call('SETEX', KEYS[1], ARGV[1], 1) and 1", "return redis.call('EXISTS', KEYS[1])"
_LEAVING = re.compile(rb"visit=([A-Za-z0-9_-]{22})", re.ASCII)
_LOG = logging.getLogger("whistle")


@dataclass(frozen=True)
class Budget:
    """For each form that is worked on `places` children wait or send, of one client `share`; seconds for a form, its
    waiting included."""

    places: int
    share: int
    seconds: int


# Slow photos never keep a form of words out: each sort has places of its own.
OF_WORDS, OF_FILES = Budget(12, 3, 100), Budget(4, 2, 300)


class Plain:
    """The form's routes. A key derivation costs 0.15 s of CPU: `at_once` are made, in turn for all clients."""

    def __init__(
        self, pages: Pages, children: Children, at_once: int, on: bool = True, shared: Shared | None = None
    ) -> None:
        self._pages, self._children, self._on, self._shared = pages, children, on, shared or Alone()
        self._places = {
            budget: SharedTurns(
                Turns(budget.places * at_once, budget.share * at_once, patience=PLACE_PATIENCE), self._shared, what
            )
            for what, budget in (("words", OF_WORDS), ("files", OF_FILES))
        }
        self._turns = SharedTurns(Turns(at_once, at_once, patience=TURN_PATIENCE), self._shared, "work")
        self._left: OrderedDict[str, None] = OrderedDict()
        self._limited: Endpoint = self._taken

    def routes(self, limit: Callable[[Endpoint], Endpoint]) -> list[Route]:
        """GET shows the form, or says that it is switched off; POST is there only while it is on."""
        self._limited = limit(self._taken)
        verbs: tuple[tuple[str, str, Endpoint], ...] = (
            ("", "GET", self.form),
            ("", "POST", self.send),
            ("/leave", "POST", limit(self.leave)),
        )
        paths = [(f"{prefix}/plain", verbs if self._on else verbs[:1]) for prefix in self._pages.prefixes]
        return [Route(path + more, act, methods=[verb]) for path, all_ in paths for more, verb, act in all_]

    @contextlib.asynccontextmanager
    async def running(self, app: object) -> AsyncIterator[None]:
        """A lifespan: the children's parent lives while the door is open, and only for a page that is on."""
        with self._children.running() if self._on else contextlib.nullcontext():
            yield

    async def form(self, request: Request) -> Response:
        return _html(200, form.page(self._pages, self._language(request), {"view": "form" if self._on else "off"}))

    async def leave(self, request: Request) -> Response:
        """The quick exit. What this visit sent is answered to nobody any more who goes back and sends it again; the
        browser is asked to drop what it keeps of this site. Nothing of the site is on the page."""
        visit = _LEAVING.fullmatch(await body.read(request, 64))
        if visit:
            await self._leave(visit[1].decode())
        answer = _html(200, form.leaving(self._pages, self._language(request)))
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer

    async def send(self, request: Request) -> Response:
        """One of the form's acts. A refusal is a sentence on the page."""
        try:
            return await self._limited(request)
        except RateLimitExceeded:
            refused = Problem("too_many", retry=MINUTE)
        except TimeoutError:
            refused = Problem("busy", retry=MINUTE)
        except Problem as error:
            refused = error
        except (EOFError, OSError):  # the child was ended, or none could be started
            refused = Problem("fault")
        return _html(*form.unserved(self._pages, self._language(request), refused))

    async def _taken(self, request: Request) -> Response:
        key = door_of(request).key.name(request)
        budget = OF_FILES if body.told_length(request) > WORDS else OF_WORDS
        async with asyncio.timeout(budget.seconds), self._places[budget].turn(key), self._children.child() as child:
            setup = {"language": self._language(request), "type": request.headers.get("content-type", "")}
            await child.send(frames.BEGIN, json.dumps(setup).encode())
            await _hand_on(request, child)
            async with contextlib.AsyncExitStack() as held:
                return await self._served(request, child, key, held)

    async def _served(self, request: Request, child: Child, key: str, held: contextlib.AsyncExitStack) -> Response:
        """What the child asks for, until it has the page."""
        while True:
            kind, data = await child.receive()
            if kind == frames.PAGE:
                return _html(frames.STATUS.unpack_from(data)[0], data[frames.STATUS.size :])
            if kind == frames.FAULT:
                _LOG.error("fault: %s", data.decode())
                raise Problem("fault")
            try:
                if kind == frames.TURN:
                    said: object = await self._turn(json.loads(data)["visit"], key, held)
                else:
                    said = await verb(door_of(request), json.loads(data))
                await child.send(frames.ANSWER, json.dumps(said).encode())
            except Exception as error:
                code, facts = refusals.answer(error) or form.refused(error)
                await child.send(frames.REFUSED, json.dumps({"code": code, "facts": facts}).encode())

    async def _turn(self, visit: str, key: str, held: contextlib.AsyncExitStack) -> object:
        """Raises Problem: busy; left, for a form of a visit that its quick exit ended."""
        if await self._has_left(visit):
            raise Problem("left")
        await held.enter_async_context(self._turns.turn(key))
        return {}

    async def _leave(self, visit: str) -> None:
        self._left[visit] = None
        if len(self._left) > VISITS:
            self._left.popitem(last=False)
        await self._shared.ask(_LEFT, [self._shared.name("left", visit)], LEFT_SECONDS)

    async def _has_left(self, visit: str) -> bool:
        return visit in self._left or bool(await self._shared.ask(_HAS_LEFT, [self._shared.name("left", visit)]))

    def _language(self, request: Request) -> str:
        return self._pages.language(request.url.path)


async def _hand_on(request: Request, child: Child) -> None:
    """The form, piece by piece, as far as a child keeps it; what is larger is read to its end, so that the browser
    listens to the answer."""
    room = KEPT

    async def take(piece: bytes) -> None:
        nonlocal room
        if room > 0:
            await child.send(frames.PIECE, piece[:room])
        room -= len(piece)

    with contextlib.suppress(Problem):
        await body.hand_on(request, MOST, take)
    await child.send(frames.END, b"cut" if room < 0 else b"")


def _html(status: int, html: bytes) -> Response:
    return Response(html, status, media_type="text/html", headers={"Cache-Control": "no-store"})

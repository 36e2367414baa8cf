"""The review door's state as its handlers find it, and the session cookie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from whistle.casework import entry
from whistle.casework.desk import Casework, Reviewer
from whistle.core.clock import zone_day
from whistle.register import Register
from whistle.web.errors import Problem


@dataclass(frozen=True)
class ReviewDoor:
    """What the handlers share: the casework's state, published documents, cookie seal and clock."""

    casework: Casework
    register: Register
    seal: URLSafeSerializer
    https: bool
    clock: Callable[[], float]
    workflow: bytes
    office: str = ""
    agency: str = ""
    demo: tuple[dict[str, str], ...] = ()

    def today(self) -> str:
        return zone_day(self.clock())

    @property
    def cookie(self) -> str:
        return "__Host-session" if self.https else "session"


def door_of(request: Request) -> ReviewDoor:
    door: ReviewDoor = request.app.state.door
    return door


def token_of(request: Request) -> bytes:
    """The session's token out of the sealed cookie. Raises Problem("not_signed_in")."""
    door = door_of(request)
    try:
        return bytes.fromhex(door.seal.loads(request.cookies.get(door.cookie, "")))
    except (BadSignature, ValueError, TypeError):
        raise Problem("not_signed_in") from None


async def who_of(request: Request) -> Reviewer:
    """Who sent this request. Raises Rejected or Problem("not_signed_in")."""
    door = door_of(request)
    return await entry.signed_in(door.casework, token_of(request), door.clock())


def with_session(request: Request, answer: Response, token: bytes) -> Response:
    """The answer, carrying the cookie of a new session: for this host, this browser session, no script."""
    door = door_of(request)
    answer.set_cookie(
        door.cookie,
        door.seal.dumps(token.hex()),
        path="/",
        secure=door.https,
        httponly=True,
        samesite="strict",
    )
    return answer

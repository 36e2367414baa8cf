"""The review door's state as its handlers find it, and the session cookie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from whistle.casework import login
from whistle.casework.reviewers import Casework, Reviewer, label_of, need
from whistle.core.clock import zone_day
from whistle.core.offices import ZONE, is_name
from whistle.notices import Notifier
from whistle.published import Published
from whistle.web.errors import Problem


@dataclass(frozen=True)
class ReviewDoor:
    """What the handlers share: the casework's state, published documents, seal, clock, how reviewers are told."""

    casework: Casework
    published: Published
    seal: URLSafeSerializer
    https: bool
    clock: Callable[[], float]
    workflow: bytes
    notifier: Notifier
    office: str = ""
    agency: str = ""
    demo: tuple[dict[str, str], ...] = ()

    def today(self) -> str:
        return zone_day(self.clock())

    async def letterhead(self) -> tuple[str, str]:
        """The office as its papers name it, and its code 机关代字: of the zone's own by the settings, of any other by
        what the zone signed, without a code."""
        if self.casework.office == ZONE:
            return self.office, self.agency
        return label_of(await self.published.current(), self.casework.office), ""

    @property
    def cookie(self) -> str:
        return "__Host-session" if self.https else "session"


def door_of(request: Request) -> ReviewDoor:
    """The door for the office that the request asks for: by the header Whistle-Office, in an address that is opened by
    itself by `office`; else the zone's own. Raises Problem("malformed") for what is no name of an office."""
    asked = request.headers.get("whistle-office") or request.query_params.get("office") or ZONE
    if not is_name(asked):
        raise Problem("malformed")
    door: ReviewDoor = request.app.state.door
    return door if asked == ZONE else replace(door, casework=replace(door.casework, office=asked))


def token_of(request: Request) -> bytes:
    """The session's token out of the sealed cookie. Raises Problem("not_signed_in")."""
    door = door_of(request)
    try:
        return bytes.fromhex(door.seal.loads(request.cookies.get(door.cookie, "")))
    except (BadSignature, ValueError, TypeError):
        raise Problem("not_signed_in") from None


async def session_of(request: Request) -> Reviewer:
    """Whose session this is, of any office. Raises Rejected or Problem("not_signed_in")."""
    door = door_of(request)
    request.state.who = await login.signed_in(door.casework, token_of(request), door.clock())
    who: Reviewer = request.state.who
    return who


def known_of(request: Request) -> Reviewer | None:
    """Whom the handler of this request has found signed in."""
    return getattr(request.state, "who", None)


async def who_of(request: Request) -> Reviewer:
    """Who of the office that is asked for sent this request. Raises also Rejected("wrong_role"): he sits in other
    offices only."""
    who = await session_of(request)
    need(who, door_of(request).casework.office)
    return who


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

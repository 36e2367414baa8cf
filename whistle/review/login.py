"""Signing in and out, and enrolling a new key."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import login as casework_login
from whistle.casework.reviewers import Reviewer
from whistle.review.door import door_of, session_of, token_of, with_session
from whistle.web import body


async def slots(request: Request) -> Response:
    """POST /api/slots {"login"}: the sealed key slots of a login name; one that opens nothing for a made-up name."""
    (name,) = await body.texts(request, "login")
    return JSONResponse({"slots": await casework_login.key_slots(door_of(request).casework, name[:64])})


async def challenge(request: Request) -> Response:
    """POST /api/login/challenge: what to sign."""
    door = door_of(request)
    return JSONResponse(casework_login.challenge(door.casework, door.clock()))


async def login(request: Request) -> Response:
    """POST /api/login: a signed challenge in, a session out."""
    door = door_of(request)
    names = ("rid", "dir", "nonce", "client_nonce", "expires", "sig")
    said = dict(zip(names, await body.fields(request, *names), strict=True))
    who, token = await casework_login.log_in(door.casework, said, door.clock())
    return with_session(request, JSONResponse(plain(who)), token)


async def logout(request: Request) -> Response:
    """POST /api/logout: ends the session here and in the store, and the browser forgets what it kept of the site."""
    door = door_of(request)
    await casework_login.log_out(door.casework, token_of(request))
    answer = JSONResponse({}, headers={"Clear-Site-Data": '"cache", "storage"'})
    answer.delete_cookie(door.cookie, path="/", secure=door.https, httponly=True, samesite="strict")
    return answer


async def me(request: Request) -> Response:
    """GET /api/me: who is signed in."""
    return JSONResponse(plain(await session_of(request)))


async def demo(request: Request) -> Response:
    """GET /api/demo: the demo's persons and passphrases; there only in a demo."""
    return JSONResponse({"people": list(door_of(request).demo)})


async def invitation(request: Request) -> Response:
    """GET /api/enrol, the invitation in a header: what it is for."""
    door = door_of(request)
    invite = request.headers.get("whistle-invite", "")
    return JSONResponse(await casework_login.invited(door.casework, invite, door.clock()))


async def enrol(request: Request) -> Response:
    """POST /api/enrol: a new key, its slot, and the proof that it signs."""
    door = door_of(request)
    names = ("invite", "kem", "sig", "proof", "slot")
    said = dict(zip(names, await body.fields(request, *names), strict=True))
    return JSONResponse({"rid": await casework_login.enrol(door.casework, said, door.clock())}, 201)


def plain(who: Reviewer) -> dict[str, object]:
    channels = [{"id": seat.channel, "label": seat.label, "roles": list(seat.roles)} for seat in who.seats]
    return {
        "rid": who.rid,
        "person": who.person,
        "label": who.label,
        "channels": channels,
        "expires": who.expires,
    }

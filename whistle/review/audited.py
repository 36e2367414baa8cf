"""Who opened what at this door: beside each route stands what the audit calls it, and its entry is on disk before the
answer leaves."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from whistle import refusals
from whistle.casework.looking import Look, looked
from whistle.review.door import door_of, known_of
from whistle.web.errors import STATUS, Problem

Endpoint = Callable[[Request], Awaitable[Response]]
SHUT = {403: "wrong_role", 404: "not_found"}  # answers that refuse somebody who is signed in


@dataclass(frozen=True)
class Act:
    """What the audit calls a route. `opens`: an answer shows something of a case, a register or the ledger; of any
    other route only refusals are entered, for its verb enters what it does by itself."""

    name: str
    opens: bool = True


def also(request: Request, *acts: str) -> None:
    """What this answer opens beside what its route says."""
    request.state.also = acts


def counting(request: Request, cases: int) -> None:
    """How many cases the one entry of this answer stands for."""
    request.state.counted = str(cases)


def unsent(request: Request, let_go: Callable[[], object]) -> None:
    """What is to be let go of where this answer is not sent after all."""
    request.state.unsent = let_go


def audited(act: Act | None, endpoint: Endpoint) -> Endpoint:
    """The handler with its entry. Nothing is entered of a route without an act, of whom nobody knows, and of an answer
    that fails otherwise: nothing was opened."""
    if act is None:
        return endpoint

    @functools.wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            given = await endpoint(request)
        except Exception as error:
            code = _code(error)
            if STATUS.get(code) in SHUT:
                await _enter(request, [act.name], outcome=code, case=getattr(error, "case", ""))
            raise
        if given.status_code in SHUT:
            await _enter(request, [act.name], outcome=SHUT[given.status_code])
        elif act.opens and given.status_code < 300:
            try:
                note = getattr(request.state, "counted", "")
                await _enter(request, [act.name, *getattr(request.state, "also", ())], note=note)
            except BaseException:
                getattr(request.state, "unsent", _nothing)()
                raise
        return given

    return answer


def _nothing() -> None:
    """An answer that holds nothing."""


def _code(error: Exception) -> str:
    told = refusals.answer(error)
    return error.code if isinstance(error, Problem) else told[0] if told else ""


async def _enter(request: Request, acts: list[str], case: str = "", **told: str) -> None:
    who, door = known_of(request), door_of(request)
    if who is None:
        return
    named = (case or request.headers.get("whistle-case", ""), request.headers.get("whistle-item", ""))
    await looked(door.casework, who, [Look(each, *named, **told) for each in acts], door.clock())

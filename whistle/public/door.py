"""The public door's state as its handlers find it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from whistle.intake import Intake
from whistle.register import Register


@dataclass(frozen=True)
class PublicDoor:
    """What the handlers share: the intake's verbs' state, published documents, and the clock."""

    intake: Intake
    register: Register
    workflow: bytes
    pin: str
    clock: Callable[[], float]


def door_of(request: Request) -> PublicDoor:
    door: PublicDoor = request.app.state.door
    return door

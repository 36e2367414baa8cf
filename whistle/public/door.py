"""The public door's state as its handlers find it."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from whistle.intake import Intake
from whistle.published import Published
from whistle.web.limits import BlindedKey
from whistle.web.pace import SharedPace


@dataclass(frozen=True)
class PublicDoor:
    """What the handlers share: the intake's verbs' state, published documents, the clock, who asks, and the pace."""

    intake: Intake
    published: Published
    workflow: bytes
    pin: str
    clock: Callable[[], float]
    key: BlindedKey
    pace: SharedPace


def door_of(request: Request) -> PublicDoor:
    door: PublicDoor = request.app.state.door
    return door

"""Taking a report down (代录): the reporter's own post, sealed here for a caller, filed at the review door."""

from collections.abc import Callable
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.session import Session
from whistle.client.wire import Challenge, Signed
from whistle.core.clock import zone_day


class Counter:
    """`Wire` over a reviewer's session: it files reports, asks no work, and shows no case."""

    def __init__(self, session: Session, clock: Callable[[], float]) -> None:
        self._session = session
        self._clock = clock

    def directory(self) -> list[Signed]:
        return self._session.directory()

    def channel(self, name: str) -> bytes:
        return self._session.channel(name)

    def challenge(self, purpose: str, authorization: str = "") -> Challenge:
        return Challenge(b"", zone_day(self._clock()))

    def post(self, upload: bytes, work: str, authorization: str = "") -> Signed:
        return self._session.enter(upload)

    def case(self, authorization: str) -> dict[str, Any]:
        raise ClientError("unknown_ticket")

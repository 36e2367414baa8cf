"""Taking a report down (代录): the reporter's own post, sealed here for a caller, filed at the review door."""

from collections.abc import Callable
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.session import Session
from whistle.client.wire import Challenge, Signed
from whistle.core.clock import zone_day


class Transcriber:
    """`Wire` over a reviewer's session: it files reports, asks no work, and shows no case."""

    def __init__(self, session: Session, clock: Callable[[], float]) -> None:
        self._session = session
        self._clock = clock

    def directory(self) -> list[Signed]:
        return self._session.directory()

    def channel(self, name: str) -> bytes:
        return self._session.channel(name)

    def challenge(self, purpose: str, authorization: str = "", size: int = 0) -> Challenge:
        return Challenge(b"", zone_day(self._clock()))

    def post(self, upload: bytes, work: str, authorization: str = "") -> Signed:
        return self._session.transcribe(upload)

    def case(self, authorization: str) -> dict[str, Any]:
        raise ClientError("unknown_ticket")

    def put_part(self, name: str, data: bytes, work: str, authorization: str) -> None:
        """A report that is taken down has no files: the caller adds them with the ticket."""
        raise ClientError("malformed")

    def drop_parts(self, name: str, authorization: str) -> None:
        """There are none."""
        raise ClientError("malformed")

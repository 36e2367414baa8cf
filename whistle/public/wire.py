"""The client's wire without a network: the page without script asks the intake's verbs in this very process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from whistle import intake, refusals
from whistle.client import Challenge, ClientError, wire
from whistle.intake import Pace
from whistle.public.door import PublicDoor

T = TypeVar("T")
_SECONDS = 60


class InProcess:
    """A ``client.Wire`` for a worker thread: each call runs on the door's event loop and is waited for.

    It asks no work of itself: what a stranger would be asked for, this very process would have to do.
    """

    def __init__(self, door: PublicDoor, loop: asyncio.AbstractEventLoop) -> None:
        self._door = replace(door, intake=replace(door.intake, pace=Pace(floor=0, most=0)))
        self._loop = loop

    def directory(self) -> list[wire.Signed]:
        return wire.signed_list({"directories": self._run(self._door.register.published())})

    def channel(self, name: str) -> bytes:
        found = self._run(self._door.register.channel(name))
        if found is None:
            raise ClientError("not_found")
        return found

    def challenge(self, purpose: str, authorization: str = "") -> Challenge:
        asked = intake.challenge(self._door.intake, purpose, authorization, self._door.clock())
        return wire.challenge(self._run(asked))

    def post(self, upload: bytes, work: str, authorization: str = "") -> wire.Signed:
        kept = intake.submit(self._door.intake, upload, work, authorization, self._door.clock())
        return wire.receipt(self._run(kept).plain())

    def case(self, authorization: str) -> dict[str, Any]:
        return self._run(intake.view(self._door.intake, authorization, self._door.clock()))

    def _run(self, verb: Coroutine[Any, Any, T]) -> T:
        """The verb's answer; its refusal as the client knows it from the API."""
        try:
            return asyncio.run_coroutine_threadsafe(verb, self._loop).result(_SECONDS)
        except Exception as error:
            said = refusals.told(error)
            if said is None:
                raise
            raise ClientError(said[0], **said[1]) from None

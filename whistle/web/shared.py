"""What the processes of one house count together, in a Redis that they share: requests, challenges, turns.

Availability only. Each process goes on counting for itself and asks here for what all have counted, so a door whose
Redis is gone, full or hanging is as strict as it is alone: never open, never shut. The Redis itself is in together.py,
which a house without one never loads.
"""

from __future__ import annotations

from typing import Any, Protocol


class Shared(Protocol):
    """Where the limits of all processes are counted."""

    async def ask(self, script: str, names: list[str], *told: str | float) -> Any:
        """What a script answers, run at once as a whole; None when nobody answers: then this process counts alone."""

    def name(self, *parts: str) -> str:
        """A name of 32 signs that only this house can make out of these parts."""

    async def close(self) -> None:
        """Lets go of what is open."""


class Alone:
    """Nothing is shared: each process counts for itself."""

    async def ask(self, script: str, names: list[str], *told: str | float) -> Any:
        return None

    def name(self, *parts: str) -> str:
        return ""

    async def close(self) -> None:
        return None

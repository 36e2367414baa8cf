"""The verbs of the public door for the child of a form, which has no network and no database of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from whistle import evidence, intake
from whistle.public import frames
from whistle.public.door import PublicDoor
from whistle.web.errors import Problem

# The door asks no work of itself: what a stranger would be asked for, this very machine would have to do.
NO_WORK = 0  # bits

Asked = Mapping[str, str]


async def verb(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    """One verb by its name, answered as the API does. Raises what the verb raises."""
    return await _VERBS[asked["verb"]](replace(door, intake=replace(door.intake, floor=NO_WORK)), asked)


async def _directory(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    return {"directories": await door.published.directories()}


async def _channel(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    found = await door.published.channel(asked["name"])
    if found is None:
        raise Problem("not_found")
    return {"bytes": frames.text(found)}


async def _challenge(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    purpose, shown = asked["purpose"], asked["authorization"]
    return await intake.challenge(door.intake, purpose, 0, shown, NO_WORK, door.clock())


async def _post(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    upload = frames.data(asked["upload"])
    return (await intake.submit(door.intake, upload, asked["work"], asked["authorization"], door.clock())).plain()


async def _put_part(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    data = frames.data(asked["data"])
    await evidence.put(door.intake, asked["authorization"], asked["name"], data, asked["work"], door.clock())
    return {}


async def _drop_parts(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    await evidence.drop(door.intake, asked["authorization"], asked["name"])
    return {}


async def _case(door: PublicDoor, asked: Asked) -> dict[str, Any]:
    return await intake.view(door.intake, asked["authorization"], door.clock())


_VERBS: Mapping[str, Callable[[PublicDoor, Asked], Awaitable[dict[str, Any]]]] = {
    "directory": _directory,
    "channel": _channel,
    "challenge": _challenge,
    "post": _post,
    "put_part": _put_part,
    "drop_parts": _drop_parts,
    "case": _case,
}

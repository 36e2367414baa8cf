"""A door of our own beside the demo's, on the same data: with other settings, or at another time of day."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import uvloop

from tests.conftest import IDLE, free_port
from whistle import house, serving, settings


@contextlib.contextmanager
def door(data: Path, which: str, ahead: float = 0.0, **told: Any) -> Iterator[str]:
    """The public or review door over a folder, its clock `ahead` seconds; its address."""
    port = free_port()
    ports = {"public_port": port} if which == "public" else {"review_port": port}
    given = settings.read({}, **{"data": data, "work_bits": 4, "rate": "", "asked": 0, **ports, **told})
    app = house.public_door(given) if which == "public" else house.review_door(given)
    app.state.door = dataclasses.replace(app.state.door, clock=lambda: time.time() + ahead)
    server = serving.server(app, given, port)

    async def served() -> None:
        await server.serve()
        await app.state.shared.close()

    thread = threading.Thread(target=lambda: uvloop.run(served()), daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def client() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=30, limits=IDLE)

"""The back office's list over many cases: rows seeded straight into the store, pages asked over HTTP as a reviewer."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
from sqlalchemy import Connection

from bench.runs import Asked, Run, measure, request
from bench.scene import CHANNEL, Scene, door
from bench.sealing import seal
from whistle import docket, house
from whistle.client import Office
from whistle.core.workflow import load
from whistle.crypto import posts
from whistle.crypto.chain import Chain
from whistle.crypto.encoding import b64
from whistle.crypto.keys import reviewer_keys
from whistle.storage import appending
from whistle.storage.records import Cached, NewPost, Stamp

GROUP = 250
LEAN = 20_000  # above so many cases only the card and one grant of each are written: the list reads no more
VIEWS: tuple[dict[str, str], ...] = (
    {},
    {"state": "accepted"},
    {"category": "violation", "order": "day"},
    {"unread": "1"},
    {"urgent": "1"},
    {"overdue": "1"},
    {"order": "number"},
    {"sector": "fire", "state": "verifying"},
)


def run(scene: Scene, cases: int, asked: int, folder: Path) -> list[Run]:
    """The list's first pages under every filter, by one reviewer and by four at once."""
    seed(scene, cases)
    with door(scene, "review") as server:
        cookie = sign_in(scene, "intake")
        pages = [request("GET", f"/api/inbox?{urlencode(view)}", {"Cookie": cookie}) for view in VIEWS]
        asks = Asked(f"inbox page at {cases:,} cases", pages, asked)
        measure(server, 1, replace(asks, count=len(VIEWS)), folder)
        return [measure(server, clients, asks, folder) for clients in (1, 4)]


def sign_in(scene: Scene, role: str) -> str:
    """The cookie of a signed-in reviewer."""
    with httpx.Client(trust_env=False, timeout=30) as http:
        Office(scene.settings.origin("review"), http, reviewer_keys(scene.people[role].seed), b64(scene.zone)).login()
        return "; ".join(f"{name}={value}" for name, value in http.cookies.items())


def seed(scene: Scene, cases: int) -> None:
    """So many cases of real size, in all states, sectors and deadlines."""
    opened = house.open_house(scene.settings, "review")
    with opened.db as db:
        model = model_of(scene, opened, lean=cases > LEAN)
        for start in range(0, cases, GROUP):
            db.write_sync(partial(_file, scene.day, model, range(start, min(start + GROUP, cases))))


def model_of(scene: Scene, opened: house.House, lean: bool) -> NewPost:
    """A real report as it is stored; every case gets its bytes under ids of its own."""
    upload = posts.unpack_upload(seal(scene).upload)
    directories = asyncio.run(opened.docket.published.current())
    chain = Chain(scene.zone, directories, opened.docket.workflow)
    made = docket.record(chain, chain.add(upload.post), upload)
    mine = tuple(grant for grant in made.grants if grant.reader == scene.people["intake"].rid)
    return replace(made, items=made.items[:1], grants=mine) if lean else made


def _file(day: str, model: NewPost, numbers: range, tx: Connection) -> None:
    for number, cached in zip(numbers, _standing(day, numbers), strict=True):
        case = b64(hashlib.sha256(b"case %d" % number).digest())
        mine = replace(model, case=case, prev=case, hash=b64(hashlib.sha256(b"head %d" % number).digest()))
        appending.append_report(
            tx, mine, cached, channel=CHANNEL, office="zone", access=case, stamp=_stamp, urgent=number % 40 == 0
        )


def _stamp(_: int) -> Stamp:
    return Stamp(os.urandom(480), os.urandom(64), os.urandom(32))


def _standing(day: str, numbers: range) -> Iterator[Cached]:
    table, today = load(), date.fromisoformat(day)
    states = list(table["states"])
    for n in numbers:
        state = states[n * 7 % len(states)]
        yield Cached(
            state=state,
            seen=table["states"][state]["seen"],
            due="" if table["states"][state]["final"] else (today + timedelta(n * 13 % 90 - 10)).isoformat(),
            step="verify",
            since=(today - timedelta(30)).isoformat(),
            year=today.year,
            number=n + 1,
            category=table["categories"][n % len(table["categories"])],
            sector=table["sectors"][n // 3 % len(table["sectors"])],
        )

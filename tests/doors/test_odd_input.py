"""Odd input over every route and every parameter of both doors, on both databases: refused, never a fault.

Routes come from the doors' own tables; the names of headers, query and body are those that the handlers ask for, found
by listening while they run. A new route or parameter is walked by itself."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers, ImmutableMultiDict
from starlette.routing import Route

from tests.doors.hand import Hand
from tests.doors.served import Served, establish
from tests.doors.test_offices import ROWS
from tests.postgres import NewDatabase
from whistle import house, settings
from whistle.client.session import Session
from whistle.crypto.encoding import b64
from whistle.web import body

PORTS = {"public": 18_081, "review": 18_082}  # nobody listens there: the doors are asked in this process
LARGE = ("2147483648", "9223372036854775808", "9" * 30, "9" * 5_000)
TEXTS = (
    *("\0", "\ud800", "", " ", "é", "٣", "-1", "1e400", "x" * 10_000, "2026-02-30", "2026-99"),
    *LARGE,
)
PLACE = b64(bytes(16))
# Beside those: what has nearly the right form.
FORMED = {
    "whistle-part": tuple(
        f"{PLACE}.{rest}" for rest in ("0", "63", "64", "0.0.1", "63.99999.999999999999", "0.0.70000")
    ),
    "range": ("bytes=0-0", "bytes=0-999999999999", "bytes=5-2", "bytes=-1", "bytes=0-1,3-4"),
    "after": (*(f"2026-02-30_{n}" for n in LARGE), "999999999_999999999_999999999", "9999-99-99_0"),
    "year": ("2000", "2099", "2999"),
    "month": ("2000-01", "2001-01", "2099-12", "2026-00", "2026-13"),
    "authorization": (f"Whistle {PLACE}", f"Whistle {b64(bytes(32))}.{b64(bytes(32))}", "Bearer \0"),
    "cookie": ("session=\0", "session=x.y", "session=" + "x" * 9_000, "__Host-session=x"),
    "whistle-work": (f"{b64(bytes(60))}.{'9' * 16}", f"{b64(bytes(60))}.x", "." * 900),
    "content-length": LARGE,
}
JSON = (
    *(None, True, -1, 2**31, 2**53, 2**63, 10**400, 1e308, float("nan"), [], {}, [[[]]], {"a": None}),
    *("\0", "\ud800", "x" * 16_000, "é", "9" * 5_000, ""),
)
Names = dict[str, set[str]]


class InProcess(httpx.BaseTransport):
    """A door asked without a socket, so that nothing stands before it that would tidy up what is said."""

    def __init__(self, loop: asyncio.Runner, app: Starlette) -> None:
        self._loop, self._way = loop, httpx.ASGITransport(app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._loop.run(self._asked(request))

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = await self._way.handle_async_request(request)
        answer.request = request
        raw = b"".join([piece async for piece in answer.aiter_raw()])
        return httpx.Response(answer.status_code, headers=answer.headers.raw, content=raw)


class Doors:
    """Both doors over one data folder, in this process, with a session of every role and one case."""

    def __init__(self, served: Served, loop: asyncio.Runner) -> None:
        served.ports |= PORTS
        told = settings.read(served.environ(), data=served.data)
        apps = {"public": house.public_door(told), "review": house.review_door(told)}
        self.doors = {
            name: httpx.Client(transport=InProcess(loop, app), base_url=f"http://127.0.0.1:{PORTS[name]}")
            for name, app in apps.items()
        }
        self.apps: dict[str, Starlette] = apps
        self._served = served
        self._hand = Hand(self)
        self.ticket = self._hand.filed()

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{PORTS['public']}"

    def http(self) -> httpx.Client:
        return self.doors["public"]

    def sign_in(self, role: str) -> str:
        """The cookie of a new session."""
        review, trust = self.doors["review"], self._hand.public.trust
        rid = next(one["rid"] for one in trust.newest_channel()["readers"] if role in one["roles"])
        session = Session(f"http://127.0.0.1:{PORTS['review']}", review)
        session.login(self._served.keys[role], b64(trust.zone), rid, trust.newest_hash)
        cookie = f"session={review.cookies['session']}"
        review.cookies.clear()
        return cookie

    def ask(self, door: str, method: str, path: str, headers: Names | Any, content: bytes = b"") -> int:
        client = self.doors[door]
        raw = [(name.encode(), _bytes(value)) for name, value in headers.items()]
        answer = client.request(method, path, headers=raw, content=content)
        client.cookies.clear()
        return answer.status_code


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def doors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    url = ""
    if request.param == "postgres":
        new: NewDatabase = request.getfixturevalue("postgres")
        url = new()
    with asyncio.Runner() as loop:
        made = Doors(establish(tmp_path_factory.mktemp("odd") / "data", url), loop)
        plain = made.apps["public"].router.lifespan_context(made.apps["public"])
        loop.run(plain.__aenter__())
        yield made
        loop.run(plain.__aexit__(None, None, None))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Names:
    """What handlers ask for by name, as they ask it."""
    found: Names = {"header": set(), "query": set(), "body": set()}
    header, several, query, fields = (Headers.__getitem__, Headers.getlist, ImmutableMultiDict.__getitem__, body.fields)

    def listen_header(self: Headers, key: str) -> str:
        found["header"].add(key.lower())
        return header(self, key)

    def listen_several(self: Headers, key: str) -> list[str]:
        found["header"].add(key.lower())
        return several(self, key)

    def listen_query(self: Any, key: Any) -> Any:
        found["query"].add(key)
        return query(self, key)

    async def listen_body(request: Any, *names: str, most: int = 16_384) -> list[Any]:
        found["body"] |= set(names)
        return await fields(request, *names, most=most)

    monkeypatch.setattr(Headers, "__getitem__", listen_header)
    monkeypatch.setattr(Headers, "getlist", listen_several)
    monkeypatch.setattr(ImmutableMultiDict, "__getitem__", listen_query)
    monkeypatch.setattr(body, "fields", listen_body)
    return found


def routes(app: Starlette) -> list[tuple[str, str]]:
    """Method and path of every route."""
    found = [route for route in app.routes if isinstance(route, Route)]
    return [(method, route.path) for route in found for method in sorted((route.methods or set()) - {"HEAD"})]


class Walk:
    """One route of one door, and everything odd that may be said to it."""

    def __init__(self, doors: Doors, door: str, method: str, path: str) -> None:
        self.doors, self.door, self.method, self.path = doors, door, method, path
        row = ROWS.get((method, path)) if door == "review" else None
        said = row.said if row else {}
        self.json: dict[str, Any] = dict(said.get("json", {}))
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(row.path).query)) if row else {}
        self.headers = {"Whistle-Case": b64(doors.ticket.case), **said.get("headers", {})}
        if door == "review":
            self.headers["Cookie"] = doors.sign_in(row.roles[0] if row else "leader")
        else:
            self.headers |= {"Authorization": doors.ticket.authorization, "Whistle-Purpose": "message"}
        if method in ("POST", "PUT"):
            self.headers.setdefault("Content-Type", "application/json")
        self.headers = {name.lower(): value for name, value in self.headers.items()}

    def send(self, place: str = "", name: str = "", value: Any = "") -> int:
        headers = self.headers | ({name: value} if place == "header" else {})
        query = self.query | ({name: value} if place == "query" else {})
        said = self.json | ({name: value} if place == "body" else {})
        asked = urllib.parse.urlencode({key: _bytes(one) for key, one in query.items()})
        spelled = value if place == "path" else "x"
        path = re.sub(r"\{[^}]*\}", urllib.parse.quote(_bytes(spelled), safe="."), self.path)
        sends = self.method in ("POST", "PUT")
        content = value if place == "bytes" else json.dumps(said).encode() if sends else b""
        return self.doors.ask(self.door, self.method, f"{path}?{asked}" if asked else path, headers, content)

    def odd(self, heard: Names, walked: set[str]) -> Iterator[tuple[str, str, Any]]:
        """Place, name and value; what is heard meanwhile is walked as well, but for the headers `walked` before."""
        done = {("header", name) for name in walked}
        while new := {(place, name) for place, names in heard.items() for name in names} - done:
            for place, name in sorted(new):
                values = JSON if place == "body" else (*TEXTS, *FORMED.get(name, ()))
                yield from ((place, name, value) for value in values)
            done |= new
        if "{" in self.path:
            yield from (("path", "", value) for value in TEXTS)
        if self.method in ("POST", "PUT"):
            yield from (("bytes", "", value) for value in (b"", b"\0", b"\xff" * 9, b"[" * 9_000, b'{"a":1}' * 2))


# Some of what each door's handlers must have been heard to ask for: else the walk went past them.
KNOWN = {
    "public": {
        "whistle-purpose",
        "whistle-size",
        "whistle-work",
        "whistle-part",
        "whistle-item",
        "authorization",
    },
    "review": {
        "order",
        "after",
        "limit",
        "urgent",
        "year",
        "month",
        "format",
        "cookie",
        "whistle-case",
        "login",
        "kind",
    },
}


@pytest.mark.parametrize("door", PORTS)
def test_odd_input_is_refused_and_never_a_fault(doors: Doors, heard: Names, door: str) -> None:
    faults: list[Any] = []
    known: set[str] = set()
    walked: Names = {}
    for method, path in routes(doors.apps[door]):
        walk = Walk(doors, door, method, path)
        for names in heard.values():
            names.clear()
        walk.send()
        walk.json |= dict.fromkeys(heard["body"] - walk.json.keys(), "x")
        faults += [
            (method, path, place, name, str(value)[:40], status)
            for place, name, value in walk.odd(heard, walked.get(method, set()))
            if (status := walk.send(place, name, value)) >= 500
        ]
        known.update(*heard.values())
        if method not in walked:  # what stands before every handler was walked with this one
            for names in heard.values():
                names.clear()
            doors.ask(door, method, "/nowhere", walk.headers)
            walked[method] = set(heard["header"])
    assert not faults
    assert known >= KNOWN[door]

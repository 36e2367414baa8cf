"""Limits without addresses: a blinded key per client, a new secret every hour, and no budget that all share."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from whistle.web.errors import HANDLERS
from whistle.web.limits import TOO_MANY, BlindedKey, limited

PROXY = "10.0.0.1"


def request(peer: str | None, **headers: str) -> Request:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (peer, 1) if peer else None, "headers": told})


def key(**how: Any) -> BlindedKey:
    return BlindedKey(PROXY, "x-forwarded-for", **how)


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


def statuses(rate: str, fronted: bool, *addresses: str) -> list[int]:
    """What clients behind the proxy are answered, one after another; "" names nobody."""
    blinded = key(fronted=fronted)
    app = Starlette(routes=[Route("/", limited(blinded, rate)(hello))], exception_handlers={**HANDLERS, **TOO_MANY})

    async def send() -> list[int]:
        transport = httpx.ASGITransport(app=app, client=(PROXY, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as http:
            told = [{"X-Forwarded-For": one} if one else {} for one in addresses]
            return [(await http.get("/", headers=headers)).status_code for headers in told]

    return asyncio.run(send())


def test_it_works() -> None:
    assert statuses("2/minute", True, *["203.0.113.1"] * 3, "203.0.113.2") == [200, 200, 429, 200]


def test_who_is_told_from_nobody_is_limited_with_nobody() -> None:
    """One budget for all of them would be one that a stranger can use up."""
    assert statuses("1/minute", True, "", "", "", "") == [200] * 4


def test_an_empty_rate_limits_nobody() -> None:
    assert statuses("", True, *["203.0.113.1"] * 3) == [200] * 3


def test_a_key_is_blinded_and_the_same_within_the_hour() -> None:
    blinded = key()
    first = blinded(request("203.0.113.1"))
    assert first == blinded(request("203.0.113.1")) != blinded(request("203.0.113.2"))
    assert "203.0" not in first  # digits alone come up by chance
    assert key()(request("203.0.113.1")) != first


def test_all_addresses_of_one_household_are_one_key() -> None:
    blinded = key()
    one, other = blinded(request("2001:db8:7:1::a")), blinded(request("2001:db8:7:1:ffff::b"))
    assert one == other != blinded(request("2001:db8:7:2::a"))
    assert blinded(request("::ffff:203.0.113.1")) == blinded(request("203.0.113.1"))


def test_the_next_hour_nobody_can_compute_it_again() -> None:
    now = [0.0]
    blinded = BlindedKey(clock=lambda: now[0])
    first = blinded(request("203.0.113.1"))
    now[0] = 3_599.0
    assert blinded(request("203.0.113.1")) == first
    now[0] = 3_600.0
    assert blinded(request("203.0.113.1")) != first


def test_the_address_comes_from_the_named_proxy_alone_and_is_the_one_it_wrote() -> None:
    blinded = key()
    own = blinded(request("203.0.113.1"))
    assert blinded(request(PROXY, x_forwarded_for="203.0.113.1")) == own
    assert blinded(request(PROXY, x_forwarded_for="192.0.2.9, 203.0.113.1")) == own
    assert blinded(request("203.0.113.1", x_forwarded_for="192.0.2.9")) == own


@pytest.mark.parametrize(
    ("peer", "fronted", "nameless"),
    [("203.0.113.1", False, False), ("203.0.113.1", True, True), (PROXY, False, True), (None, False, True)],
)
def test_who_can_be_told_from_others(peer: str | None, fronted: bool, nameless: bool) -> None:
    blinded = key(fronted=fronted)
    assert blinded.is_nameless(request(peer)) is nameless
    assert (blinded.name(request(peer)) == "") is nameless

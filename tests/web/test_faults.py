"""What nobody foresaw: a dressed answer for the sender, a class and a place for the log, and nobody's words in it."""

import asyncio
import logging
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from whistle.web.errors import HANDLERS
from whistle.web.faults import Faults
from whistle.web.headers import SecurityHeaders

SECRET = "木工车间的电机外壳没有接地"


async def broken(request: Request) -> Response:
    raise ZeroDivisionError(SECRET)


async def gone(request: Request) -> Response:
    raise ClientDisconnect


async def half(request: Request) -> Response:
    def parts() -> Iterator[bytes]:
        yield b"begun"
        raise ZeroDivisionError(SECRET)

    return StreamingResponse(parts())


def door() -> Starlette:
    page = PlainTextResponse("a page that says sorry", 500)
    return Starlette(
        routes=[Route(path, broken) for path in ("/page", "/api/broken")]
        + [Route("/gone", gone), Route("/half", half)],
        middleware=[
            Middleware(SecurityHeaders, door="public", https=False),
            Middleware(Faults, page=lambda request: page),
        ],
        exception_handlers=dict(HANDLERS),
    )


def ask(path: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=door())
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as http:
            return await http.get(path)

    return asyncio.run(send())


def test_it_works_for_programs() -> None:
    answer = ask("/api/broken")
    assert (answer.status_code, answer.json()) == (500, {"error": "fault"})


def test_people_get_their_page() -> None:
    answer = ask("/page")
    assert (answer.status_code, answer.text) == (500, "a page that says sorry")


@pytest.mark.parametrize("path", ["/page", "/api/broken"])
def test_a_fault_goes_out_dressed(path: str) -> None:
    told = ask(path).headers
    assert "default-src 'none'" in told["content-security-policy"]
    assert told["cache-control"] == "no-store"
    assert told["x-content-type-options"] == "nosniff"


def test_the_log_gets_the_class_and_the_place_and_no_message(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask("/page")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "whistle"]
    assert line.startswith("fault: ZeroDivisionError at ")
    assert SECRET not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


def test_who_hangs_up_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(AssertionError):  # no answer came, as nobody is there to take it
        ask("/gone")
    assert "fault" not in caplog.text


def test_an_answer_already_begun_is_cut_off_and_not_mixed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(AssertionError):
        ask("/half")
    assert SECRET not in caplog.text

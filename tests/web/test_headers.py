"""What every answer carries, whoever made it."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.web.conftest import Answer, asker
from whistle.web.headers import SecurityHeaders, content_policy


async def careless(request: Request) -> Response:
    answer = PlainTextResponse("hello", headers={"Server": "x/1", "Referrer-Policy": "unsafe-url"})
    answer.set_cookie("id", "1")
    return answer


async def cached(request: Request) -> Response:
    return PlainTextResponse("hello", headers={"Cache-Control": "no-cache"})


def door(name: str, https: bool = False) -> Callable[..., Answer]:
    routes = [Route("/cached", cached), Route("/{path:path}", careless)]
    return asker(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, door=name, https=https)]))


def test_it_works() -> None:
    headers = door("public")("/").headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
        "connect-src 'self'; worker-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    for sensor in ("camera", "microphone", "geolocation"):
        assert f"{sensor}=()" in headers["permissions-policy"]


def test_only_the_back_office_may_use_its_template_policy() -> None:
    assert content_policy("public").endswith("trusted-types 'none'")
    assert content_policy("review").endswith("trusted-types lit-html")


@pytest.mark.parametrize("path", ["/plain", "/zh-hant/plain", "/en/plain"])
def test_a_form_may_be_posted_from_the_page_without_script_only(path: str) -> None:
    public, review = door("public"), door("review")
    assert "form-action 'self'" in public(path).headers["content-security-policy"]
    for ask, other in ((public, "/"), (public, "/plain/x"), (review, path)):
        assert "form-action 'none'" in ask(other).headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/report", "/case", "/en/report", "/zh-hant/case"])
def test_sound_may_be_recorded_where_files_are_added_and_nowhere_else(path: str) -> None:
    public, review = door("public"), door("review")
    assert "microphone=(self)" in public(path).headers["permissions-policy"]
    assert "camera=()" in public(path).headers["permissions-policy"]
    for ask, other in ((public, "/"), (public, "/case/x"), (public, "/api/case"), (review, path)):
        assert "microphone=()" in ask(other).headers["permissions-policy"]


def test_no_cookie_leaves_the_public_door() -> None:
    assert "set-cookie" not in door("public")("/").headers
    assert "set-cookie" in door("review")("/").headers


def test_no_answer_names_the_server() -> None:
    for name in ("public", "review"):
        assert "server" not in door(name)("/").headers


def test_an_answer_that_says_nothing_of_caching_is_not_kept() -> None:
    assert door("public")("/").headers["cache-control"] == "no-store"
    assert door("public")("/cached").headers["cache-control"] == "no-cache"


def test_https_is_insisted_on_only_where_it_is_served() -> None:
    assert "strict-transport-security" not in door("public")("/").headers
    assert door("public", https=True)("/").headers["strict-transport-security"] == "max-age=63072000"

"""The peer of every read: a plain Starlette in the server the doors run in. `python -m bench.hello PORT`."""

import sys

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from whistle.serving import server
from whistle.settings import read
from whistle.web.limits import BlindedKey


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/", hello)])
    app.state.key = BlindedKey()  # the gate counts by it, as at the doors
    uvloop.run(server(app, read(), int(sys.argv[1])).serve())

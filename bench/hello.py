"""The peer of every read: a plain Starlette in the server the doors run in. `python -m bench.hello PORT`."""

import sys

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from whistle.house import server


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


if __name__ == "__main__":
    uvloop.run(server(Starlette(routes=[Route("/", hello)]), "127.0.0.1", int(sys.argv[1])).serve())

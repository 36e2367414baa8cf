"""`whistle receipt verify`: whether a receipt that was kept proves what it says."""

import json as json_
from typing import Annotated, Any

import httpx
import typer

from whistle import client
from whistle.cli import console
from whistle.cli.options import Json, Server
from whistle.cli.reporter import TIMEOUT, Pin, tell_trust
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.receipts import read_receipt

app = typer.Typer(help="Receipts that a reporter kept.", no_args_is_help=True)


@app.callback()
def receipts() -> None:
    """A room of its own, so that `verify` stays a word of its own."""


@app.command("verify")
def verify(
    file: Annotated[
        str, typer.Argument(help="The receipt as a page or --json gave it, or - for standard input.", metavar="FILE|-")
    ],
    server: Server,
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Verify a kept receipt against the zone's directories: a door of the zone took a post on that day. Nothing of it
    is sent; the door is asked for its directories alone."""
    data, sig = _read(console.read_text(file))
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        public = client.connect(server, http, pin)
        directories = public.trust.refresh()
    tell_trust(public)
    try:
        found = read_receipt(directories, data, sig)
    except EnvelopeError:
        console.fail("receipt_false")
    if found["zone"] != directories.newest["zone"]:
        console.fail("receipt_false")
    if json:
        return console.emit(found)
    return console.tell("receipt_true", day=found["day"], mark=client.mark(found["post"]))


def _read(text: str) -> tuple[bytes, bytes]:
    """Bytes and signature: two lines from the page, or JSON from a command, where it may stand among other facts."""
    try:
        if len(text.split()) == 2:
            data, sig = text.split()
        else:
            given: dict[str, Any] = json_.loads(text)
            told = given.get("receipt", given)
            data, sig = told["bytes"], told["sig"]
        return data.encode(), unb64(sig, 64)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, EnvelopeError):
        console.fail("receipt_malformed")

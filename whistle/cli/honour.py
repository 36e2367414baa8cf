"""`whistle honour verify`: whether a certificate that somebody shows was signed by a leader of the zone."""

import json as json_
from typing import Annotated, Any

import httpx
import typer

from whistle import client
from whistle.cli import certified, console
from whistle.cli.options import Json, Server
from whistle.cli.reporter import TIMEOUT, Pin, tell_trust
from whistle.client.certificates import verified
from whistle.crypto.errors import EnvelopeError

MOST = 32_768  # bytes of the file: the certificate's own 4,096 with every character escaped, the signature, spaces

app = typer.Typer(help="Certificates of honours.", no_args_is_help=True)


@app.callback()
def honours() -> None:
    """A room of its own, so that `verify` stays a word of its own."""


@app.command("verify")
def verify(
    file: Annotated[
        str, typer.Argument(help="The certificate as her page saved it, or - for standard input.", metavar="FILE|-")
    ],
    server: Server,
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Verify a certificate against the zone's directories and the channel it names: a leader of that office signed it.
    Nothing of it is sent but which channel it names."""
    text, sig = _read(console.read_bytes(file, MOST + 1))
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        public = client.connect(server, http, pin)
        public.trust.refresh()
        try:
            found = verified(public.trust, text, sig)
        except EnvelopeError:
            console.fail("honour_false")
    tell_trust(public)
    if json:
        return console.emit(certified.document(found))
    console.tell("honour_true", office=found.office, day=found.day)
    return certified.tell(found)


def _read(data: bytes) -> tuple[str, str]:
    """Certificate and signature of a file."""
    try:
        given: Any = json_.loads(data.decode("utf-8-sig")) if len(data) <= MOST else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or list(map(type, given.values())) != [str, str]:
        console.fail("honour_malformed")
    if sorted(given) != ["certificate", "sig"]:
        console.fail("honour_malformed")
    return given["certificate"], given["sig"]

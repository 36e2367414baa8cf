"""`whistle handover`: the old key of a reviewer gives the cases it opens to his new one, on his own machine."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import httpx
import typer

from whistle import client
from whistle.cli import console
from whistle.cli.options import Json, Server
from whistle.client import Office
from whistle.client.rotation import Handed, hand_over

TIMEOUT = 30


def join(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("handover")(handover)


def handover(
    server: Server,
    key: Annotated[Path, typer.Option("--key", help="The old key's file.", metavar="FILE")],
    json: Json = False,
) -> None:
    """Hand every case of this key to the other keys of its person; run again, it goes on where it stopped."""
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone)
        office.login()
        handed = [_told(one, json) for one in hand_over(office)]
        office.logout()
    stayed = [one for one in handed if one.came not in ("done", "nothing")]
    if json:
        console.emit([asdict(one) for one in handed])
    done = sum(one.came == "done" for one in handed)
    if stayed:
        console.fail("handover_stayed", done=done, count=len(stayed))
    if not json:
        console.tell("handover_done", done=done, count=len(handed))


def _told(one: Handed, json: bool) -> Handed:
    if not json and one.came != "nothing":
        words = console.sentence("handed") if one.came == "done" else console.sentence(one.came, reason="")
        console.say(f"{one.number or one.case}  {words}")
    return one

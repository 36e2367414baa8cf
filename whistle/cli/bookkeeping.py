"""`whistle ledger budget|reverse|amend|lock|concur|paper`: what finance enters itself, at the review door by key."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import httpx
import typer

from whistle import client
from whistle.cli import console
from whistle.cli.options import Json, Server, Serves
from whistle.client import ClientError, Office
from whistle.core import yuan

TIMEOUT = 30
Key = Annotated[Path, typer.Option("--key", help="Key file of a finance officer.", metavar="FILE")]


def join(app: typer.Typer) -> None:
    """Put the commands into the ledger's group."""
    app.command("budget")(budget)
    app.command("reverse")(reverse)
    app.command("amend")(amend)
    app.command("lock")(lock)
    app.command("concur")(concur)
    app.command("paper")(paper)


def budget(
    *,
    server: Server,
    key: Key,
    year: Annotated[int, typer.Option("--year", help="The fiscal year.")],
    source: Annotated[str, typer.Option("--source", help="Where the money comes from, e.g. 财政专项.")],
    amount: Annotated[str, typer.Option("--sum", help="In yuan, e.g. 500000.00.", metavar="YUAN")],
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Enter the opening budget of a year, or more of it."""
    fen = yuan.read(amount)
    with signed_in(server, key, serves) as office:
        office.open_budget(year, source, fen)
    _entered(json)


def reverse(
    *,
    server: Server,
    key: Key,
    no: Annotated[int, typer.Option("--no", help="Number of the budget row that is wrong.")],
    memo: Annotated[str, typer.Option("--memo", help="Why, in a few words.")],
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Take a wrong budget row back by a row of its own, dated today."""
    with signed_in(server, key, serves) as office:
        office.take_back(no, memo)
    _entered(json)


def amend(
    *,
    server: Server,
    key: Key,
    no: Annotated[int, typer.Option("--no", help="Number of the payment's row.")],
    voucher: Annotated[str, typer.Option("--voucher", help="The voucher's number, as it is right.")],
    treasury: Annotated[str, typer.Option("--treasury", help="The treasury's number, as it is right.")],
    memo: Annotated[str, typer.Option("--memo", help="Why, in a few words.")],
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Correct the numbers of a payment by a row of its own; the wrong ones stay readable."""
    with signed_in(server, key, serves) as office:
        office.amend(no, voucher, treasury, memo)
    _entered(json)


def lock(
    *,
    server: Server,
    key: Key,
    month: Annotated[str, typer.Option("--month", help="A month that is over.", metavar="YYYY-MM")],
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Close a month and those before it for good: no row may be dated in them any more."""
    with signed_in(server, key, serves) as office:
        office.lock_month(month)
    _entered(json)


def concur(
    *,
    server: Server,
    key: Key,
    number: Annotated[str, typer.Option("--number", help="The case's number in the register, 〔2026〕n号.")],
    document: Annotated[str, typer.Option("--document", help="Number of the finance department's paper.")],
    serves: Serves = "",
    json: Json = False,
) -> None:
    """The finance department concurs in an award of a large sum; it is told and paid only then."""
    with signed_in(server, key, serves) as office:
        office.concur(number, document)
    _entered(json)


class Paper(StrEnum):
    """The papers that an award may have to have."""

    MEETING = "meeting"
    FILING = "filing"
    CASH = "cash"


def paper(
    *,
    server: Server,
    key: Key,
    kind: Annotated[Paper, typer.Option("--kind", help="meeting (minutes), filing (with the level above) or cash.")],
    number: Annotated[str, typer.Option("--number", help="The case's number in the register, 〔2026〕n号.")],
    document: Annotated[str, typer.Option("--document", help="Number of the paper.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is paid in cash; with cash only.")] = "",
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Enter the paper that an award has to have before it is told or paid, where the operator asks for it."""
    if (kind is Paper.CASH) != bool(reason.strip()):
        console.fail("paper_reason")
    with signed_in(server, key, serves) as office:
        office.enter_paper(kind.value, number, document, reason)
    _entered(json)


@contextmanager
def signed_in(server: str, key: Path, serves: str = "") -> Iterator[Office]:
    """The officer of this key file at the review door. What the ledger refuses is worded by its own rule."""
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone, serves=serves)
        office.login()
        try:
            yield office
        except ClientError as error:
            ruled = f"refused_{error.facts.get('reason', '')}"
            if console.is_worded(ruled):
                console.fail(ruled)
            raise
        finally:
            office.logout()


def _entered(json: bool) -> None:
    return console.emit({"entered": True}) if json else console.tell("entered")

"""`whistle submit`, `attach`, `status`, `say`, `object`, `claim`, `withdraw`: the reporter's side without a browser."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import httpx
import typer

from whistle import client
from whistle.cli import certified, console
from whistle.cli.attachments import attachments
from whistle.cli.options import Json, Server
from whistle.client import ClientError, Status
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import new_ticket, show

TIMEOUT = 30


class Category(StrEnum):
    """What a report is about."""

    MAJOR_HAZARD = "major_hazard"
    VIOLATION = "violation"
    GENERAL_HAZARD = "general_hazard"
    CONCEALED_ACCIDENT = "concealed_accident"
    RETALIATION = "retaliation"
    OTHER = "other"
    # inside an enterprise
    UNSAFE_ACT = "unsafe_act"
    UNSAFE_CONDITION = "unsafe_condition"
    ENVIRONMENT = "environment"
    MANAGEMENT_GAP = "management_gap"
    SUGGESTION = "suggestion"


class Reader(StrEnum):
    """Who reads a message: intake, or payout alone."""

    INTAKE = "thread"
    PAYOUT = "payout"


class Method(StrEnum):
    """How an award is collected."""

    COUNTER = "counter"
    VOUCHER = "voucher"
    PAYROLL = "payroll"
    TRANSFER = "transfer"


Pin = Annotated[str, typer.Option("--pin", help="Fingerprint of the zone, from a poster.", metavar="FINGERPRINT")]
TicketCode = Annotated[
    str,
    typer.Option(
        "--ticket",
        help="The 25 digits; better in WHISTLE_TICKET.",
        metavar="CODE",
    ),
]


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("submit")(submit)
    app.command("attach")(attach)
    app.command("status")(status)
    app.command("say")(say)
    app.command("object")(object_)
    app.command("claim")(claim)
    app.command("withdraw")(withdraw)
    app.command("onward")(onward)


def submit(
    *,
    server: Server,
    text: Annotated[
        str, typer.Option("--text", help="File with the report, or - for standard input.", metavar="FILE|-")
    ],
    category: Annotated[Category, typer.Option("--category", help="What it is about.")] = Category.GENERAL_HAZARD,
    enterprise: Annotated[str, typer.Option("--enterprise", help="Whom it is about.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="Name or telephone, sealed in two halves.")] = "",
    attach: Annotated[
        list[Path] | None,
        typer.Option("--attach", help="A photo, film, recording or document; once for each.", metavar="FILE"),
    ] = None,
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Seal and file a report. Prints the ticket once: it is the only way back, and to the reward."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_text")
    files = attachments(attach or [])
    digits = new_ticket()
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        public = client.connect(server, http, pin)
        public.trust.refresh()
        tell_trust(public)
        with ticket_kept(public, digits):
            filed = public.submit(
                words,
                category=category.value,
                enterprise=enterprise,
                place=place,
                contact=contact,
                digits=digits,
            )
        if not json:
            tell_ticket(filed)
        lost = [path.name for path, _ in files]
        try:
            lost = _attach(public, digits, files)
        finally:
            if json:
                receipt = {"bytes": filed.receipt.data.decode(), "sig": b64(filed.receipt.sig)}
                console.emit({"ticket": filed.ticket, "case": filed.case, "receipt": receipt, "not_attached": lost})
    if lost:
        console.fail("not_attached", names=", ".join(lost))


class Filing(Protocol):
    """A client that files reports."""

    may_stand: bool


@contextmanager
def ticket_kept(by: Filing, digits: str) -> Iterator[None]:
    """However the filing ends, by a refusal, a lost answer or a key pressed: the ticket of what may be stored is shown,
    for it is the only way there; that of what was not stored never is."""
    try:
        yield
    except BaseException:
        if by.may_stand:
            console.warn("maybe_filed", ticket=show(digits))
        raise


def tell_ticket(filed: client.Filed) -> None:
    """The ticket, once, in groups."""
    console.tell("filed", case=filed.case)
    console.tell("ticket_once")
    console.say(filed.ticket)


def attach(
    files: Annotated[list[Path], typer.Argument(help="Photos, films, recordings or documents.", metavar="FILE…")],
    server: Server,
    ticket: TicketCode = "",
    pin: Pin = "",
) -> None:
    """Add files to a case by its ticket, one post a file. Pictures lose what they say of place, time and device."""
    ready = attachments(files)
    digits = console.ticket(ticket)
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        lost = _attach(client.connect(server, http, pin), digits, ready)
    if lost:
        console.fail("not_attached", names=", ".join(lost))
    console.tell("attached", count=len(ready))


def _attach(public: client.Public, digits: str, files: list[tuple[Path, client.Attachment]]) -> list[str]:
    """The names of the files that were not taken: a file that fails costs the file, never the report."""
    lost = []
    for path, file in files:
        try:
            public.attach(digits, file)
        except ClientError as refused:
            console.warn("file_failed", name=path.name, why=console.sentence(refused.code, **refused.facts))
            lost.append(path.name)
    return lost


def status(
    server: Server,
    ticket: TicketCode = "",
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", help="Write the signed certificate of an honour there.", metavar="OUT"),
    ] = None,
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Follow a case by its ticket: state, next deadline, what was said, award, honour."""
    digits = console.ticket(ticket)
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        found = client.connect(server, http, pin).status(digits)
    if certificate is not None:
        _keep_certificate(found, certificate)
    if json:
        return console.emit(_document(found))
    console.tell("state", state=console.named("states", found.state))
    if found.due:
        console.tell("due_provisional" if found.provisional else "due", due=found.due)
    if found.award:
        console.tell("award", award=found.award, claim_by=found.claim_by)
    if found.certificate:
        console.tell("honour", office=found.certificate.office, day=found.certificate.day)
        certified.tell(found.certificate)
        console.tell("honour_shown")
    if found.withdrawal.waits:
        console.tell(f"withdrawal_{found.withdrawal.waits}", day=found.withdrawal.taken_from)
    for line in found.posts:
        text = console.sentence("destroyed") if line.gone else line.text
        console.say(f"{line.day}  {console.named('kinds', line.kind)}  {text}".rstrip())
    if certificate is not None:
        console.tell("written", name=certificate.name)
    return None


def _keep_certificate(found: Status, out: Path) -> None:
    """The file for whoever is to verify it; nothing is overwritten."""
    if found.certificate is None:
        console.fail("no_certificate")
    try:
        with out.open("xb") as file:
            file.write(certified.written(found.certificate))
    except FileExistsError:
        console.fail("file_there", name=out.name)


def say(
    server: Server,
    text: Annotated[
        str, typer.Option("--text", help="File with the message, or - for standard input.", metavar="FILE|-")
    ],
    to: Annotated[Reader, typer.Option("--to", help="Who reads it: intake, or payout alone.")] = Reader.INTAKE,
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Write to the people of a case, or answer them."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_message")
    digits = console.ticket(ticket)
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        receipt = client.connect(server, http, pin).message(digits, words, to.value)
    if json:
        return console.emit({"receipt": {"bytes": receipt.data.decode(), "sig": b64(receipt.sig)}})
    return console.tell("said")


def claim(
    *,
    server: Server,
    payee: Annotated[str, typer.Option("--payee", help="What to call whoever collects it; a made-up name will do.")],
    method: Annotated[Method, typer.Option("--method", help="How to collect it.")] = Method.COUNTER,
    declare: Annotated[
        bool,
        typer.Option(
            "--declare",
            help="I am not charged with managing or supervising work safety, no close relative of such a person, and "
            "not sent by one (2018 art. 7). Without it nothing is claimed.",
        ),
    ] = False,
    note: Annotated[
        str, typer.Option("--note", help="File with what payout should know: the account, a time.", metavar="FILE|-")
    ] = "",
    signatories: Annotated[int, typer.Option("--signatories", help="How many signed the report.", min=1, max=100)] = 1,
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Claim the award. The claim code is shown before anything is sent; the agreed passphrase is typed unseen, or
    stands in WHISTLE_PASSPHRASE."""
    if not declare:
        console.fail("not_declared")
    digits, code = console.ticket(ticket), client.claim_code()
    agreed = console.passphrase("ask_agreed").strip()
    if not payee.strip() or not 4 <= len(agreed) <= 12:
        console.fail("agreed_length" if payee.strip() else "no_payee")
    words = console.read_text(note).strip() if note else ""
    console.warn("claim_code", shown=code)
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        public = client.connect(server, http, pin)
        claimed = public.claim(
            digits, payee=payee.strip(), method=method.value, declared=True, passphrase=agreed, note=words,
            signatories=signatories, code=code,
        )  # fmt: skip
    if json:
        receipt = {"bytes": claimed.receipt.data.decode(), "sig": b64(claimed.receipt.sig)}
        return console.emit({"code": claimed.code, "receipt": receipt})
    return console.tell("claimed")


def object_(
    server: Server,
    text: Annotated[
        str, typer.Option("--text", help="File with the objection, or - for standard input.", metavar="FILE|-")
    ],
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Object to the decision told last; another person looks again. Once for each decision."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_objection")
    digits = console.ticket(ticket)
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        receipt = client.connect(server, http, pin).object_to_last(digits, words)
    if json:
        return console.emit({"receipt": {"bytes": receipt.data.decode(), "sig": b64(receipt.sig)}})
    return console.tell("objected")


def withdraw(
    *,
    server: Server,
    contact: Annotated[
        bool, typer.Option("--contact", help="Only the name and telephone: the report and its reward stay.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the withdrawal that waits.")] = False,
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Take the report back: it is looked into all the same, and no reward is paid. Carried out from the fourth day on;
    until then --undo with the same ticket undoes it. Not possible once the result was told."""
    if contact and undo:
        console.fail("undo_whole")
    digits = console.ticket(ticket)
    scope = "contact" if contact else "report"
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        public = client.connect(server, http, pin)
        _refuse_withdrawal(public.status(digits).withdrawal, scope, undo=undo)
        receipt = public.undo_withdrawal(digits) if undo else public.withdraw(digits, scope)
    if json:
        return console.emit({"receipt": {"bytes": receipt.data.decode(), "sig": b64(receipt.sig)}})
    if undo:
        return console.tell("withdrawal_undone")
    return console.tell(f"withdrawal_{scope}", day=client.taken_day(receipt.document["day"]))


def onward(
    *,
    server: Server,
    inside: Annotated[
        str, typer.Option("--inside", help="Ticket of the report inside the company; else asked for.", metavar="TICKET")
    ] = "",
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Add to a report to an authority the proof that its reporter reported inside a company before. The company is told
    nothing, and the authority neither the ticket nor what was written."""
    digits, earlier = console.ticket(ticket), console.ticket(inside, console.INSIDE, "ask_inside")
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        receipt = client.connect(server, http, pin).prove_onward(digits, earlier)
    if json:
        return console.emit({"receipt": {"bytes": receipt.data.decode(), "sig": b64(receipt.sig)}})
    return console.tell("onward_done")


def _refuse_withdrawal(found: client.Withdrawal, scope: str, *, undo: bool) -> None:
    """What the door would refuse by a code, in words."""
    if undo and not found.waits:
        console.fail("withdraw_none")
    if not undo and found.waits:
        console.fail("withdraw_waits", day=found.taken_from)
    if not undo and scope not in found.may:
        console.fail("withdraw_taken" if found.taken else "withdraw_over")


def tell_trust(public: client.Public) -> None:
    """Say that without a pin whoever answered was believed."""
    if public.trusted_first_use:
        console.warn("trusted_first_use", fingerprint=fingerprint.show(public.trust.zone))
    if public.expired(zone_day(time.time())):
        console.warn("expired_still_files")


def _document(found: Status) -> dict[str, Any]:
    posts = [{"no": one.no, "kind": one.kind, "day": one.day, "text": one.text} for one in found.posts]
    withdrawal = {"waits": found.withdrawal.waits, "taken_from": found.withdrawal.taken_from}
    return {
        "case": found.case,
        "state": found.state,
        "due": found.due,
        "posts": posts,
        "award": found.award,
        "withdrawal": withdrawal | {"taken": found.withdrawal.taken},
        "honour": certified.document(found.certificate) if found.certificate else None,
    }

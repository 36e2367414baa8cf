"""`whistle handover`: a reviewer's cases go to his own new key, or to a colleague, on his own machine."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from whistle.cli import console
from whistle.cli.bookkeeping import signed_in
from whistle.cli.options import Json, Server
from whistle.client import Office
from whistle.client.rotation import Handed, hand_over, hand_to, survey
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64


def join(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("handover")(handover)


def handover(
    *,
    server: Server,
    key: Annotated[Path, typer.Option("--key", help="Key file of whoever hands over.", metavar="FILE")],
    to: Annotated[
        str, typer.Option("--to", help="A colleague of the same role, by label or fingerprint.", metavar="WHO")
    ] = "",
    look: Annotated[bool, typer.Option("--dry-run", help="With --to: only list what would be handed.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was handed before: the keys he was given do not open.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --to: do not ask again, for scripts.")] = False,
    json: Json = False,
) -> None:
    """Hand every case of this key to the person's other keys, or to a colleague (--to), after a list of them. Run
    again, it goes on where it stopped."""
    with signed_in(server, key) as office:
        if not to:
            return _report(list(_told(hand_over(office, again=again), json)), json, "handover")
        label, person = _colleague(office, to)
        listed = list(_told(survey(office, person, again=again), json or (not look and yes)))
        if look:
            return console.emit([asdict(one) for one in listed]) if json else _summed(listed, label)
        if not yes:
            _summed(listed, label)
            if console.ask("ask_handover", label=label).strip() != label:
                console.fail("handover_not_confirmed")
        return _report(list(_told(hand_to(office, person, again=again), json)), json, "handover_to")


def _colleague(office: Office, named: str) -> tuple[str, str]:
    """Label and person of the one colleague whom this names; refused where it names none, or two."""
    known = [(str(one["label"]), str(one["person"]), unb64(one["rid"])) for one in office.colleagues()]
    found = {person: label for label, person, rid in known if named == label or fingerprint.same(named, rid)}
    if len(found) != 1:
        labels = sorted({label for label, _, _ in known})
        console.fail("no_colleague", name=named, names=console.listed(labels) or "–")
    ((person, label),) = found.items()
    return label, person


def _told(handed: Iterator[Handed], quiet: bool) -> Iterator[Handed]:
    for one in handed:
        if not quiet and one.came != "nothing":
            state = console.named("states", one.state)
            console.say(f"{one.number or one.case}  {state}  {_words(one)}")
        yield one


def _words(one: Handed) -> str:
    if one.came in ("done", "due"):
        return console.sentence("handed" if one.came == "done" else "handover_due", count=one.items)
    code = one.came if console.is_worded(one.came) else one.came.partition("_")[0]
    said = console.sentence(code, reason=one.came)
    return f"{said} {console.sentence('handover_alone')}" if one.alone else said


def _summed(listed: list[Handed], label: str) -> None:
    """What the round would come to, in one line."""
    came = Counter("stays" if one.stays else one.came for one in listed)
    console.tell("handover_list", label=label, due=came["due"], has=came["nothing"], stays=came["stays"])


def _report(handed: list[Handed], json: bool, what: str) -> None:
    """How many went, and refused with the number of those that stayed."""
    if json:
        console.emit([asdict(one) for one in handed])
    done, stayed = sum(one.came == "done" for one in handed), sum(one.stays for one in handed)
    if stayed:
        console.fail("handover_stayed", done=done, count=stayed)
    if not json:
        console.tell(f"{what}_done", done=done, count=len(handed))

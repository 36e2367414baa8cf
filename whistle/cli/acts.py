"""`whistle act`: everything a reviewer can do to a case, by one command from one table of kinds.

What the case knows is not asked (which proposal, which objection, the sum approved). What is sealed is given as a file,
`text=@reply.txt`: an argument stands in the machine's list of processes, and in the shell's history."""

import hashlib
import inspect
import json as jsonlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from whistle.cli import console
from whistle.cli.attachments import attachments
from whistle.cli.bookkeeping import signed_in
from whistle.cli.options import Json, Server, Serves
from whistle.client import Attachment, ClientError, Office, View
from whistle.client.basis import rests
from whistle.client.receipt import Receipt
from whistle.client.verbs import WHOLE
from whistle.core import rulebook, yuan
from whistle.core.entitlement import Confirmed, Receiver
from whistle.core.workflow import load
from whistle.crypto.encoding import b64
from whistle.crypto.kinds import ROLES

Way = Callable[..., Receipt]
Given = dict[str, Any]


def _propose(
    office: Office, case: str, pack: str, facts: bytes, confirmed: Confirmed = WHOLE, why: str = ""
) -> Receipt:
    """The sum that the pinned pack gives for these facts; `why` they are not the finding's, sealed like them."""
    pinned = dict(office.case(case).fold.packs).get(pack, "")
    known = rulebook.load(pack)
    if b64(rulebook.pack_hash(known)) != pinned:
        raise ClientError("refused", reason="pack_edited" if pinned else "pack")
    fen = rulebook.award(rulebook.parse_facts(facts)[0], known).fen
    return office.propose(case, pack, pinned, fen, facts, confirmed, why)


# By kind, the client's verb: its parameters are what the command asks for.
WAYS: Mapping[str, Way] = {
    "message": Office.message,
    "accept": Office.accept,
    "classify": Office.classify,
    "classify.tell": Office.classify,  # the same verb: whoever was told a class is told the new one
    "decline.ask": Office.ask_decline,
    "decline.agree": Office.agree_decline,
    "decline": Office.decline,
    "transfer": Office.transfer,
    "transfer.result": Office.transfer_result,
    "assign": Office.assign,
    "extract": Office.extract,
    "finding": Office.finding,
    "cosign": Office.cosign,
    "escalate": Office.escalate,
    "feedback": Office.feedback,
    "award.propose": _propose,
    "award.approve": Office.approve,
    "award.return": Office.return_award,
    "award.unapprove": Office.unapprove,
    "award.refuse": Office.refuse_award,
    "award.notify": Office.notify,
    "award.cancel.ask": Office.ask_cancel,
    "award.cancel": Office.cancel_award,
    "claim.check": Office.check,
    "pay": Office.pay,
    "forfeit": Office.forfeit,
    "reinstate": Office.reinstate,
    "recover.demand": Office.demand,
    "recover.receipt": Office.receive,
    "close": Office.close,
    "identity.ask": Office.ask_identity,
    "identity.give": Office.give_identity,
    "identity.opened": Office.opened_identity,
    "regrant": Office.regrant,
    "handover": Office.hand_over,
    "note": Office.write_note,
    "recuse": Office.recuse,
    "extend": Office.extend,
    "pause": Office.pause,
    "resume": Office.resume,
    "dispatch": Office.dispatch,
    "merge": Office.merge,
    "unmerge": Office.unmerge,
    "objection.decide": Office.decide_objection,
    "objection.record": Office.record_objection,
    "objection.confirm": Office.confirm_objection,
    "objection.reopen": Office.reopen_objection,
    "list": Office.list_hazard,
    "rectify": Office.rectify,
    "delist": Office.delist,
    "repin": Office.repin,
    "withdraw.take": Office.take_withdrawal,
    "hold": Office.hold,
    "release": Office.release,
    "audit.hold": Office.audit_hold,
    "audit.release": Office.audit_release,
    "award.recomputed": Office.recompute_award,
    "destroy.ask": Office.ask_destruction,
    "destroy.stop": Office.stop_destruction,
    "destroy": Office.destroy,
    "commit": Office.commit,
    "honour.propose": Office.propose_honour,
    "honour.approve": Office.approve_honour,
    "honour.return": Office.return_honour,
    "honour.tell": Office.tell_honour,
    "honour.revoke": Office.revoke_honour,
}
# Kinds that another act posts by itself.
ALONG = {"recuse.why": "recuse"}
# What is sealed, in words or as JSON: given as a file.
WORDS = frozenset(
    {"text", "note", "reply", "why", "second", "criterion", "penalty", "owner", "measures", "money", "plan", "grounds"}
)
DOCUMENTS: Mapping[str, Callable[[str], Any]] = {
    "facts": lambda text: rulebook.facts_document(rulebook.facts_from_yuan(text), os.urandom(32)),
    "card": lambda text: _record(text, dict),
    "confirmed": lambda text: _record(text, Confirmed),
    "receiver": lambda text: _record(text, Receiver),
}
SWITCHES = frozenset({"looked", "differing", "again", "strand"})


def join(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("act")(act)


def act(
    *,
    kind: Annotated[str, typer.Argument(help="What to do, as `award.unapprove`; empty: what can be done now.")] = "",
    given: Annotated[
        list[str] | None, typer.Argument(help="NAME=VALUE, or NAME=@FILE for what is sealed.", metavar="NAME=VALUE")
    ] = None,
    server: Server,
    key: Annotated[Path, typer.Option("--key", help="Key file of a reviewer.", metavar="FILE")],
    case: Annotated[str, typer.Option("--case", help="The case.", metavar="ID")],
    attach: Annotated[
        list[str] | None,
        typer.Option("--attach", help="A file sent along, in the compartment named.", metavar="[COMPARTMENT=]FILE"),
    ] = None,
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Do one act to a case, or list what can be done to it now. Passphrase: WHISTLE_PASSPHRASE, else asked for."""
    if kind and kind not in WAYS:
        console.fail("act_unknown", kind=kind)
    said = _split(kind, given or []) if kind else {}
    files = _enclosures(kind, said, attach or [])
    with signed_in(server, key, serves) as office:
        view = office.case(case)
        if not kind:
            return _offer(office, view, json)
        if kind not in office.kinds(view):
            console.fail("act_not_now", kind=kind)
        told = {name: _read(name, value, office, view) for name, value in said.items()}
        _shown(kind, office, view, told)
        with office.enclosing(case, kind, files):
            WAYS[kind](office, case, **told)
    return console.emit({"case": case, "kind": kind}) if json else console.tell("act_done", kind=kind)


def parameters(kind: str) -> dict[str, bool]:
    """What the act of this kind asks for, by name: True where it must be given."""
    return {
        name: one.default is inspect.Parameter.empty and name != "day"
        for name, one in list(inspect.signature(WAYS[kind]).parameters.items())[2:]
    }


def _split(kind: str, given: list[str]) -> dict[str, str]:
    """The arguments by name; refused are unknown and missing ones, and what is sealed but stands in the command."""
    said, known = dict(one.partition("=")[::2] for one in given), parameters(kind)
    for name, value in said.items():
        if name not in known:
            console.fail("act_name", kind=kind, name=name, names=", ".join(known) or "–")
        if (name in WORDS or name in DOCUMENTS) and not value.startswith("@"):
            console.fail("act_sealed", name=name)
    for name in (name for name, needed in known.items() if needed and name not in said):
        console.fail("act_missing", kind=kind, name=name)
    return said | ({"day": ""} if "day" in known and "day" not in said else {})


def _enclosures(kind: str, said: Given, attach: list[str]) -> list[tuple[str, Attachment]]:
    """Files with their compartments; the only one that this act has room in goes without saying."""
    if not attach:
        return []
    slots = load()["kinds"][kind]["items"] if kind else []
    room = [slot.rstrip("*").replace("$comp", said.get("comp", "thread")) for slot in slots if slot.endswith("*")]
    if not room:
        console.fail("act_no_files", kind=kind or "act")
    named = [one.partition("=")[::2] if one.partition("=")[0] in room else ("", one) for one in attach]
    if len(room) > 1 and not all(comp for comp, _ in named):
        console.fail("act_file_where", kind=kind, names=", ".join(room))
    ready = attachments([Path(path) for _, path in named])
    return [(comp or room[0], file) for (comp, _), (_, file) in zip(named, ready, strict=True)]


def _read(name: str, value: str, office: Office, view: View) -> Any:
    """A value as the verb takes it."""
    if name in DOCUMENTS:
        return DOCUMENTS[name](console.read_text(value[1:]))
    if name in WORDS:
        return console.read_text(value[1:]).strip()
    if name in SWITCHES:
        return value == "yes"
    return VALUES[name](value, office, view) if name in VALUES else value


def _record(text: str, make: Callable[..., Any]) -> Any:
    """A JSON object as the record that its names make."""
    try:
        value = jsonlib.loads(text)
        return make(**value)
    except (ValueError, TypeError, RecursionError):
        console.fail("act_document")


def _packs(value: str, office: Office, view: View) -> list[tuple[str, str]]:
    """Ids of rule packs, `A,B`, with the hashes that the newest directory lists."""
    listed = {row["id"]: row["sha256"] for row in office.trust.directories.newest["packs"]}
    for name in (name for name in value.split(",") if name not in listed):
        console.fail("act_pack", pack=name)
    return [(name, listed[name]) for name in value.split(",")]


def _seats(value: str, office: Office, view: View) -> dict[str, list[str]]:
    """`verifier=核查员 1+核查员 2;leader=审批员 1`: persons by role, by the label that the zone has signed."""
    people = {one["label"]: one for one in office.readers(view)}
    seats: dict[str, list[str]] = {}
    for role, labels in (one.partition("=")[::2] for one in value.split(";")):
        for label in labels.split("+"):
            if role not in ROLES or role not in people.get(label, {"roles": ()})["roles"]:
                console.fail("act_seat", role=role, label=label)
            seats.setdefault(role, []).append(people[label]["person"])
    return seats


def _colleague(value: str, office: Office, view: View) -> str:
    """A colleague's person id, by the label that the zone has signed."""
    found = {one["person"] for one in office.colleagues() if one["label"] == value}
    if len(found) != 1:
        names = console.listed(sorted({str(one["label"]) for one in office.colleagues()}))
        console.fail("no_colleague", name=value, names=names or "–")
    return str(found.pop())


def _registers(value: str, office: Office, view: View) -> list[str]:
    """The archived registers, `A.xlsx,B.xlsx`, by the SHA-256 of each."""
    return [b64(hashlib.sha256(console.read_bytes(name)).digest()) for name in value.split(",")]


VALUES: Mapping[str, Callable[[str, Office, View], Any]] = {
    "fen": lambda value, office, view: yuan.read(value),
    "day": lambda value, office, view: value or view.today,
    "packs": _packs,
    "registers": _registers,
    "seats": _seats,
    "colleague": _colleague,
}


def _offer(office: Office, view: View, json: bool) -> None:
    """What this person can do to the case now, each with what it asks for; what may stay away in brackets."""
    found = {kind: parameters(kind) for kind in office.kinds(view) if kind in WAYS}
    if json:
        return console.emit([{"kind": kind, "names": list(names)} for kind, names in found.items()])
    for kind, names in found.items():
        asked = " ".join(name if needed else f"[{name}]" for name, needed in names.items())
        console.say(f"{kind}  {view.fold.workflow['kinds'][kind]['zh']}  {asked}".rstrip())
    return None


def _shown(kind: str, office: Office, view: View, told: Given) -> None:
    """What is looked at before it is signed."""
    if kind in LOOKS:
        for line in LOOKS[kind](office, view, told):
            console.say(line)


def _who_remains(office: Office, view: View, told: Given) -> Iterator[str]:
    left = office.remaining(view)
    for role in (role for role, others in left.items() if not others):
        console.fail("recuse_nobody", role=role)
    if (comps := office.sole(view)) and not told.get("strand"):
        console.fail("recuse_sole", comps=console.listed(console.named("compartments", comp) for comp in comps))
    return (console.sentence("recuse_left", role=role, who=", ".join(others)) for role, others in left.items())


def _what_goes(office: Office, view: View, told: Given) -> Iterator[str]:
    return iter(
        [console.sentence("handover_due", count=office.due_to(view, told["colleague"], again=told.get("again", False)))]
    )


def _what_differs(office: Office, view: View, told: Given) -> Iterator[str]:
    found = view.fold.proposal
    standing = rests(view.acts, view.items, found.hash) if found else None
    for one in standing.differs if standing else ():
        yield console.sentence("act_differs", name=one.name, found=one.found or "–", own=one.own)
    if standing and standing.reason:
        yield standing.reason


def _what_bears_it(office: Office, view: View, told: Given) -> Iterator[str]:
    cases = office.borne(told["voucher"], told["treasury"])
    return iter([console.sentence("act_borne", cases="、".join(cases))] if cases else [])


def _what_may_tell(office: Office, view: View, told: Given) -> Iterator[str]:
    found = office.telltales(view.case, told["card"], told["text"])
    return (f"{name}: {', '.join(words)}" for name, words in found.items() if words)


LOOKS: Mapping[str, Callable[[Office, View, Given], Iterator[str]]] = {
    "recuse": _who_remains,
    "handover": _what_goes,
    "award.approve": _what_differs,
    "extract": _what_may_tell,
    "pay": _what_bears_it,
}

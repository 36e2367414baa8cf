"""`whistle zone …`: the ceremony on the offline machine, and carrying what it signed to the server."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from whistle import keystore, zone
from whistle.cli import console
from whistle.cli.options import Data, Days, Folder, Json, told_settings
from whistle.core import rulebook
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.slots import new_passphrase
from whistle.settings import DOORS

app = typer.Typer(help="The zone: root key, readers, directories. Offline but for publish.", no_args_is_help=True)


class Kind(StrEnum):
    """What an office is."""

    AUTHORITY = "authority"
    ENTERPRISE = "enterprise"


Channel = Annotated[str, typer.Option("--channel", help="Id of the channel.")]


@app.command("init")
def init(
    folder: Folder,
    name: Annotated[str, typer.Option("--name", help="Name of the zone.")],
    days: Days = 180,
    demo: Annotated[bool, typer.Option("--demo", help="A demo: marked so in every directory.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Leave the root key unsealed (demo only).")] = False,
) -> None:
    """Make a root key and directory 0. Passphrase: WHISTLE_PASSPHRASE, else one is made and shown once."""
    if plain and not demo:
        console.fail("plain_root")
    told = "" if plain else console.given_passphrase()
    secret = "" if plain else told or new_passphrase()
    made = zone.init(folder, name, today=zone_day(time.time()), days=days, passphrase=secret, demo=demo)
    console.tell("zone_made", name=made.name, fingerprint=made.fingerprint)
    if secret and not told:
        console.tell("root_passphrase")
        console.say(secret)


@app.command("channel")
def channel(
    folder: Folder,
    name: Annotated[str, typer.Option("--id", help="Id of the new channel.")],
    label: Annotated[str, typer.Option("--label", help="What reporters read.")],
    office: Annotated[
        str, typer.Option("--office", help="Id of the office it is of, for ever; else the zone's own.", metavar="ID")
    ] = "",
    kind: Annotated[Kind, typer.Option("--kind", help="What that office is.")] = Kind.AUTHORITY,
) -> None:
    """Add a channel to the working file."""
    zone.add_channel(folder, name, label, f"{kind.value}:{office}" if office else "default")
    console.tell("done")


@app.command("person")
def person(
    folder: Folder,
    name: Annotated[str, typer.Option("--name", help="Name, for the roster that only staff see.")],
    title: Annotated[str, typer.Option("--title", help="Title.")] = "",
    another: Annotated[bool, typer.Option("--another", help="Another human being with a name already there.")] = False,
) -> None:
    """Add a person to the roster; prints the id that all of this person's keys will carry."""
    known = [] if another else zone.people_named(folder, name)
    # One human under two ids could hold two roles that must be apart: the signer says that it is another.
    if known and console.ask("ask_another", name=name, known=", ".join(known)).strip() != name:
        console.fail("person_known", known=", ".join(known))
    console.say(zone.add_person(folder, name, title))


@app.command("reader")
def reader(
    folder: Folder,
    *,
    key: Annotated[Path, typer.Option("--key", help="Public key file from `staff keys`.")],
    person: Annotated[str, typer.Option("--person", help="Person id.")],
    role: Annotated[list[str], typer.Option("--role", help="A role; may be given several times.")],
    label: Annotated[str, typer.Option("--label", help="What others read in place of a name, as 受理员 2.")],
    channel: Channel,
    unit: Annotated[str, typer.Option("--unit", help="Unit the person works for.")] = "",
    replaces: Annotated[str, typer.Option("--replaces", help="Fingerprint of the old key of the same person.")] = "",
) -> None:
    """Put a person's public key into a channel, with roles; prints its fingerprint."""
    kem, sig = _public(key)
    rid = zone.add_reader(
        folder,
        channel,
        kem=kem,
        sig=sig,
        person=person,
        roles=role,
        label=label,
        unit=unit,
        replaces=console.key_id(replaces) if replaces else "",
    )
    console.say(fingerprint.show(unb64(rid)))


@app.command("remove")
def remove(
    folder: Folder,
    channel: Annotated[str, typer.Option("--channel", help="Channel of the reader.")] = "",
    reader: Annotated[str, typer.Option("--reader", help="Key id or fingerprint of a reader.")] = "",
    pack: Annotated[str, typer.Option("--pack", help="Id of a rule pack.")] = "",
    door: Annotated[str, typer.Option("--door", help="Id of a door.")] = "",
    key: Annotated[str, typer.Option("--key", help="Which of the door's keys, where it lists several.")] = "",
) -> None:
    """Take a reader, a rule pack or a door out of the next directory."""
    if not (reader or pack or door):
        console.fail("nothing_named")
    if reader:
        zone.remove_reader(folder, channel, console.key_id(reader))
    if pack:
        zone.remove_pack(folder, pack)
    if door:
        zone.remove_door(folder, door, console.public_key(key) if key else b"")
    console.tell("done")


@app.command("pack")
def pack(
    folder: Folder,
    name: Annotated[str, typer.Option("--id", help="Id of a rule pack this program ships.")],
    since: Annotated[str, typer.Option("--from", help="First day of receipt it pays for.")],
    until: Annotated[str, typer.Option("--to", help="Last day; empty while it is in force.")] = "",
    note: Annotated[str, typer.Option("--note", help="Banner shown with it, as 演示用.")] = "",
) -> None:
    """Let a rule pack pay; others only calculate."""
    digest = b64(rulebook.pack_hash(rulebook.load(name)))
    zone.add_pack(folder, name, digest, since=since, until=until, note=note)
    console.tell("done")


@app.command("door")
def door(
    folder: Folder,
    name: Annotated[str, typer.Option("--id", help="public or review; any name for a witness.")],
    key: Annotated[str, typer.Option("--key", help="Receipt key, as `zone door-keys` prints it.")],
    use: Annotated[str, typer.Option("--use", help="receipt or witness.")] = "receipt",
) -> None:
    """List a door's receipt key."""
    if use == "receipt" and name not in DOORS:
        console.fail("door_name", name=name, doors=console.listed(DOORS))
    zone.add_door(folder, name, console.public_key(key), use)
    console.tell("done")


@app.command("door-keys")
def door_keys(data: Data = None, json: Json = False) -> None:
    """On the server: the public receipt keys of both doors, to carry to the ceremony."""
    told = told_settings(data)
    keys = {name: b64(keystore.door_key(told.data, name).public) for name in DOORS}
    if json:
        return console.emit(keys)
    for name, key in keys.items():
        console.say(f"{name} {key}")
    return None


@app.command("sign")
def sign(
    folder: Folder,
    days: Days = 180,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", help="Fingerprint of a new key, for scripts; several times."),
    ] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Though no channel or not every door is listed.")] = False,
    sole: Annotated[
        Path | None,
        typer.Option("--sole", help="What `staff sole` wrote: warns of a last reader who leaves.", metavar="FILE"),
    ] = None,
    json: Json = False,
) -> None:
    """Sign the working file as the next directory. Each new key's fingerprint is typed by the signer."""
    draft_demo = zone.load(folder).demo
    if not bare:
        _refuse_bare(folder)
    last = zone.last_readers(folder, console.read_json(str(sole))) if sole else []
    for code, facts in last:
        console.warn(code, **facts)
    secret = console.given_passphrase() if draft_demo else console.passphrase()
    signed = zone.sign(
        folder, today=zone_day(time.time()), days=days, passphrase=secret, confirm=_confirm(accept or [])
    )
    for code, facts in signed.warnings:
        console.warn(code, **facts)
    if json:
        warned = [code for code, _ in (*last, *signed.warnings)]
        return console.emit({"no": signed.no, "hash": signed.hash, "warnings": warned})
    return console.tell("signed", no=signed.no, hash=signed.hash)


@app.command("show")
def show(folder: Folder, json: Json = False) -> None:
    """Zone id, fingerprint, newest directory, channels with readers, rule packs and doors."""
    found = zone.describe(folder)
    if json:
        return console.emit(found)
    for line in _lines(found):
        console.say(line)
    if found["unsigned"]:
        console.tell("unsigned")
    return None


@app.command("carry")
def carry(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="Folder on the stick, for `zone publish`.", metavar="DIR")],
) -> None:
    """Copy what is signed, and only that, to be carried to the server: the root key stays where it is."""
    zone.carry(folder, out)
    console.tell("carried", name=out.name)


@app.command("publish")
def publish(
    folder: Folder,
    data: Data = None,
    here: Annotated[bool, typer.Option("--here", help="The ceremony is held on this very machine.")] = False,
    strand: Annotated[
        bool, typer.Option("--strand", help="Though nobody can open some cases any more: what only they held is lost.")
    ] = False,
) -> None:
    """On the server: take over what the ceremony signed. Verified first; known directories stay. Refused where it drops
    the last reader of a case that is not closed: hand over first."""
    from whistle import publishing  # noqa: PLC0415 - the ceremony's machine has no store, and loads none

    if zone.has_root(folder) and not here:
        console.fail("root_key_here")
    told = told_settings(data)
    try:
        newest = publishing.publish(told, folder, strand)
    except publishing.Stranding as refused:
        _tell_stranding(refused.rows)
        raise
    console.tell("published", count=newest + 1)


def _tell_stranding(rows: list[tuple[list[tuple[str, str]], str, int]]) -> None:
    """Whose keys alone open what, and what comes first: it depends on where such a key is."""
    for keys, comp, cases in rows:
        names = [f"{label} ({fingerprint.show(unb64(rid))})" for label, rid in keys]
        what = console.named("compartments", comp)
        console.warn("stranding_row", who=console.listed(names), comp=what, count=cases)
    for case in ("stranding_leaves", "stranding_stolen", "stranding_lost"):
        console.warn(case)


def _refuse_bare(folder: Path) -> None:
    """Nobody can report to a zone without a channel, and what a door signs that is not listed proves nothing."""
    channels, doors = zone.to_be_listed(folder)
    if not channels:
        console.fail("no_channel")
    if unlisted := [door for door in DOORS if door not in doors]:
        console.fail("doors_unlisted", doors=console.listed(unlisted))


def _confirm(accepted: list[str]) -> Any:
    def typed(reader: dict[str, Any]) -> str:
        for one in accepted:
            if fingerprint.same(one, unb64(reader["rid"])):
                return one
        if accepted:
            return ""
        return console.ask("ask_fingerprint", label=reader["label"], roles=console.roles(reader["roles"]))

    return typed


def _public(path: Path) -> tuple[bytes, bytes]:
    document = console.read_json(str(path))
    try:
        return unb64(str(document["kem"]), 1216), unb64(str(document["sig"]), 32)
    except KeyError:
        console.fail("key_file")


def _lines(found: dict[str, Any]) -> list[str]:
    said = console.sentence
    lines = [
        f"{found['name']}  {found['zone']}",
        said("shown_fingerprint", fingerprint=found["fingerprint"]),
        said("shown_directory", **found["directory"]),
    ]
    for channel in found["channels"]:
        lines.append(said("shown_channel", **channel))
        lines += [
            f"  {one['fingerprint']}  {one['label']}  {console.roles(one['roles'])}" for one in channel["readers"]
        ]
    lines += [said("shown_pack", **one, since=one["from"]) for one in found["packs"]]
    return [*lines, *(said("shown_door", id=one["id"], use=said(f"use_{one['use']}")) for one in found["doors"])]

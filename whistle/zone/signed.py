"""The folder `signed/`: every directory, channel and roster ever signed, as it is carried to the server."""

from pathlib import Path
from typing import Any, NamedTuple

from whistle.crypto.directory import CHANNEL, DIRECTORY, channel_hash
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.strict import parse
from whistle.zone.errors import ZoneError
from whistle.zone.files import read, write, write_private

NAME = "signed"


class Published(NamedTuple):
    """One directory with everything it names, in the exact bytes that were signed."""

    data: bytes
    sig: bytes
    channels: list[bytes]
    roster: bytes
    roster_sig: bytes


def keep(folder: Path, number: int, signed: Published) -> None:
    """Write one directory's files, the directory itself last: it stands only when all it names stands.

    The roster holds names and is private; the rest is for everybody."""
    home = folder / NAME
    for channel in signed.channels:
        write(_channel_path(home, b64(channel_hash(channel))), channel)
    write_private(home / f"roster-{number}.json", signed.roster)
    write_private(home / f"roster-{number}.sig", b64(signed.roster_sig).encode())
    write(home / f"directory-{number}.sig", b64(signed.sig).encode())
    write(home / f"directory-{number}.json", signed.data)


def publish(folder: Path) -> list[Published]:
    """All directories from number 0, for the server's import. Reads, never signs."""
    return [_one(folder / NAME, number) for number in range(count(folder))]


def carry(folder: Path, out: Path) -> None:
    """Copy what was signed, and nothing beside it, for the server: the root key and the working file stay."""
    if not count(folder):
        raise ZoneError("nothing_signed", name=str(folder))
    for number, one in enumerate(publish(folder)):
        keep(out, number, one)


def zone_of(folder: Path) -> bytes:
    """The zone whose directories these are, by the root that directory 0 names."""
    if not count(folder):
        raise ZoneError("nothing_signed", name=str(folder))
    return unb64(document(publish(folder)[0])["zone"], 16)


def count(folder: Path) -> int:
    """How many directories were signed; the next one's number."""
    number = 0
    while (folder / NAME / f"directory-{number}.json").exists():
        number += 1
    return number


def document(one: Published) -> dict[str, Any]:
    """The parsed directory."""
    return parse(DIRECTORY, one.data)


def channels(one: Published) -> list[dict[str, Any]]:
    """Its parsed channels."""
    return [parse(CHANNEL, data) for data in one.channels]


def _one(home: Path, number: int) -> Published:
    data = read(home / f"directory-{number}.json")
    listed = [name for _, name in parse(DIRECTORY, data)["channels"]]
    return Published(
        data=data,
        sig=_sig(home / f"directory-{number}.sig"),
        channels=[read(_channel_path(home, name)) for name in listed],
        roster=read(home / f"roster-{number}.json"),
        roster_sig=_sig(home / f"roster-{number}.sig"),
    )


def _sig(path: Path) -> bytes:
    return unb64(read(path).decode("ascii").strip(), 64)


def _channel_path(home: Path, name: str) -> Path:
    return home / "channels" / f"{name}.json"

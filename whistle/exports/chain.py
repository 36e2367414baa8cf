"""The exported ledger away from the server that wrote it: its rows read back, and behind them what is needed to verify
who signed the rows that rest on no case's post."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from whistle.core.errors import LedgerError

_ROW = re.compile(rb'\{"row":(\{.*\}),"hash":"([0-9a-f]{64})"\}\n')
_BEHIND = re.compile(rb'\{"(?:directory|channel|booking|anchor)":')
_LINES = {
    "directory": re.compile(rb'\{"directory":(\{.*\}),"sig":"([0-9a-f]{128})"\}\n'),
    "channel": re.compile(rb'\{"channel":(\{.*\})\}\n'),
    "booking": re.compile(rb'\{"booking":(\{.*\}),"sig":"([0-9a-f]{128})","no":([1-9][0-9]{0,15})\}\n'),
    "anchor": re.compile(rb'\{"anchor":(\{.*\})\}\n'),
}


@dataclass(frozen=True)
class Signed:
    """What stands behind an exported ledger's rows, each document's bytes as they were signed: directories from number
    0 as (bytes, signature), the channels they list, bookings as (number of the row, bytes, signature), and as the last
    line the anchor of the moment, so that a file that was cut off is known."""

    directories: tuple[tuple[bytes, bytes], ...]
    channels: tuple[bytes, ...]
    bookings: tuple[tuple[int, bytes, bytes], ...]
    anchor: bytes

    def lines(self) -> Iterator[bytes]:
        """The lines as `read_signed` reads them."""
        for data, sig in self.directories:
            yield b'{"directory":' + data + b',"sig":"' + sig.hex().encode() + b'"}\n'
        for data in self.channels:
            yield b'{"channel":' + data + b"}\n"
        for no, data, sig in self.bookings:
            yield b'{"booking":' + data + b',"sig":"' + sig.hex().encode() + b'","no":' + str(no).encode() + b"}\n"
        yield b'{"anchor":' + self.anchor + b"}\n"


def jsonl_rows(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Rows and hashes as `jsonl_file` wrote them, one by one, up to what stands behind them. Raises LedgerError
    "bad_row" at a line that it did not write."""
    with path.open("rb") as file:
        for no, line in enumerate(file, 1):
            found = _ROW.fullmatch(line)
            if found is None and _BEHIND.match(line):
                return
            if found is None:
                raise LedgerError("bad_row", no)
            yield found[1], bytes.fromhex(found[2].decode())


def is_exported(path: Path) -> bool:
    """Whether the file begins as `jsonl_file` begins one. An empty file does: it is one whose every row is gone."""
    with path.open("rb") as file:
        return file.read(2) in (b'{"', b"")


def read_signed(path: Path) -> Signed | None:
    """What stands behind the rows; None when nothing does, as in the file of an earlier release. Raises LedgerError
    "cut" for a file whose last line is missing, and for a line that `Signed.lines` did not write."""
    found: dict[str, list[re.Match[bytes]]] = {kind: [] for kind in _LINES}
    with path.open("rb") as file:
        for line in dropwhile(_ROW.fullmatch, file):
            kind, parts = _read(line)
            if found["anchor"]:
                raise LedgerError("cut")
            found[kind].append(parts)
    if not any(found.values()):
        return None
    if not found["anchor"]:
        raise LedgerError("cut")
    return Signed(
        tuple((each[1], _raw(each[2])) for each in found["directory"]),
        tuple(each[1] for each in found["channel"]),
        tuple((int(each[3]), each[1], _raw(each[2])) for each in found["booking"]),
        found["anchor"][0][1],
    )


def _read(line: bytes) -> tuple[str, re.Match[bytes]]:
    for kind, form in _LINES.items():
        if found := form.fullmatch(line):
            return kind, found
    raise LedgerError("cut")


def _raw(digits: bytes) -> bytes:
    return bytes.fromhex(digits.decode())

"""`whistle ledger verify` on who signed finance's own rows, in a house and in a file that left it: whatever was done to
either, the auditor reads one plain sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.shell import Ran, Shell
from tests.crypto.scene import Scene
from tests.postgres import NewDatabase
from tests.storage.people import ours
from whistle.casework import statement
from whistle.core import ledger
from whistle.core.ledger import START, Entry
from whistle.crypto import fingerprint
from whistle.crypto.bookings import draft, sign_booking
from whistle.crypto.directory import channel_hash, sign_directory
from whistle.crypto.encoding import b64
from whistle.exports import Heading
from whistle.storage import bookings, directory, meta
from whistle.storage import ledger as book
from whistle.storage.bookings import Booked
from whistle.storage.database import Database
from whistle.storage.engine import open_engine
from whistle.storage.migrations import HEAD, go, migrate

YEAR = 2026
FIRST, NEWER = "2026-10-05", "2026-10-12"  # days before and after the zone's second directory
UNSIGNED = 1  # the row that an earlier release entered


@dataclass
class House:
    """A database whose finance, finn and later fred, signs what it enters; `url` where it is."""

    url: str
    scene: Scene = field(default_factory=Scene)

    def __post_init__(self) -> None:
        migrate(self.url)
        self.write(lambda tx: meta.set_zone(tx, b64(self.scene.zone)))
        self.publish()
        self.write(lambda tx: book.enter(ours(tx), Entry("budget", "2026-01-05", YEAR, 100_000, source="财政专项")))
        self.step("0007", HEAD)  # by a release that asked for no signature
        self.write(lambda tx: book.enter(ours(tx), Entry("approve", FIRST, YEAR, 5_000, "〔2026〕1号", "1" * 43)))
        self.budget("finn", 700)
        self.budget("finn", 900, day="2026-10-06")
        self.scene.staff["fred"] = self.scene.hire(["finance"])
        self.scene.issue("2026-10-10", "2027-04-01")
        self.publish()
        self.book("fred", "lock", NEWER, Entry("lock", NEWER, YEAR, memo="2026-09"), month="2026-09")

    def step(self, *versions: str) -> None:
        """Down and up, as `migrate` walks."""
        engine = open_engine(self.url, "all", write=True, busy_seconds=10)
        with engine.begin() as tx:
            for version in versions:
                go(tx, version)
        engine.dispose()

    def write(self, verb: Callable[[sa.Connection], Any]) -> Any:
        with Database.open(self.url) as db:
            return db.write_sync(verb)

    def publish(self) -> None:
        """The newest directory, as the ceremony signed it."""
        no, (data, sig) = len(self.scene.signed) - 1, self.scene.signed[-1]
        channel = self.scene.channels[-1]
        stored = directory.StoredDirectory(no, self.scene.directories.newest_hash, data, sig)
        listed = [(b64(channel_hash(channel)), "zone", channel)]
        self.write(lambda tx: directory.add_directory(tx, stored, listed, None))

    def budget(self, who: str, fen: int, day: str = FIRST, **signing: Any) -> None:
        entry = Entry("budget", day, YEAR, fen, source="追加")
        self.book(who, "budget", day, entry, year=YEAR, source="追加", fen=fen, **signing)

    def book(self, who: str, act: str, day: str, entry: Entry, **said: Any) -> None:
        def enter(tx: sa.Connection) -> None:
            row = book.enter(ours(tx), entry)
            bookings.keep(tx, self.signed(row.no, who, act, day, **said))

        self.write(enter)

    def signed(
        self, no: int, who: str, act: str, day: str, *, by: str = "", under: int | None = None, **said: Any
    ) -> Booked:
        """What `who` signs for a row; `by` whose key it really is, `under` the number of the directory."""
        told = self.scene.directories
        head = {
            "zone": b64(self.scene.zone),
            "dir": told.newest_hash if under is None else told.hash_of(under),
            "author": self.scene.staff[who].rid,
            "pid": b64(os.urandom(16)),
            "when": f"{day}T02:00Z",
        }
        return Booked("zone", no, head["pid"], *sign_booking(self.scene.keys(by or who), draft(head, act, said)))

    def spoil(self, statement: str, **values: Any) -> None:
        """Straight into the database, as somebody who can write it."""
        engine = open_engine(self.url, "all", write=True, busy_seconds=10)
        with engine.begin() as tx:
            tx.execute(sa.text(statement), values)
        engine.dispose()

    def put(self, booked: Booked) -> None:
        """This in place of what was signed for its row."""
        self.spoil("DELETE FROM bookings WHERE no = :no", no=booked.no)
        self.write(lambda tx: bookings.keep(tx, booked))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path, shell: Shell) -> House:
    """On SQLite and on PostgreSQL; the shell's commands find it."""
    url = f"sqlite:///{tmp_path / 'whistle.db'}"
    if request.param == "postgresql":
        new: NewDatabase = request.getfixturevalue("postgres")
        url = new()
    shell.env.setenv("WHISTLE_DATABASE", url)
    shell.env.setenv("WHISTLE_DATA", str(tmp_path))
    return House(url)


@pytest.fixture
def kept(tmp_path: Path, shell: Shell) -> House:
    """The same on SQLite alone: for files, where the database has no part."""
    shell.env.setenv("WHISTLE_DATABASE", f"sqlite:///{tmp_path / 'whistle.db'}")
    shell.env.setenv("WHISTLE_DATA", str(tmp_path))
    return House(f"sqlite:///{tmp_path / 'whistle.db'}")


def pin(house: House) -> str:
    return fingerprint.show(house.scene.zone)


def anchored(shell: Shell, tmp_path: Path) -> Path:
    shell.done("ledger", "anchor", "--out", tmp_path / "anchor.json")
    return tmp_path / "anchor.json"


def exported(shell: Shell, tmp_path: Path) -> Path:
    shell.done("ledger", "export", "--format", "jsonl", "--out", tmp_path / "ledger.jsonl")
    return tmp_path / "ledger.jsonl"


def test_it_works(shell: Shell, house: House, tmp_path: Path) -> None:
    file = exported(shell, tmp_path)
    here = shell.done("ledger", "verify", "--pin", pin(house), "--json").json
    there = shell.done("ledger", "verify", "--file", file, "--pin", pin(house), "--json").json
    assert here == there
    held = {"count": 3, "since": 2, "before": 1, "zone": b64(house.scene.zone), "doubtful": [], "pinned": True}
    assert there["signed"] == held
    told = shell.done("ledger", "verify", "--file", file, "--pin", pin(house)).out
    assert "From row 2 on, 3 rows that finance entered itself are all signed" in told
    assert "Rows before row 2 are from before signatures: 1 that finance entered itself" in told
    assert "fingerprint" not in told


def test_without_a_fingerprint_the_auditor_is_shown_the_one_to_compare(
    shell: Shell, kept: House, tmp_path: Path
) -> None:
    file = exported(shell, tmp_path)
    assert f"the zone with fingerprint {pin(kept)}" in shell.done("ledger", "verify", "--file", file).out
    assert f"the zone with fingerprint {pin(kept)}" in shell.done("ledger", "verify").out
    anchor = anchored(shell, tmp_path)
    assert "fingerprint" not in shell.done("ledger", "verify", "--file", file, "--anchor", anchor).out


def refused(ran: Ran, row: int, words: str) -> None:
    """One plain sentence, and with the row for a program."""
    assert ran.status == 1
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert ran.json["row"] == row and not ran.json["holds"]


Spoil = Callable[[House], None]
IN_THE_HOUSE: dict[str, tuple[Spoil, int, str]] = {
    "a booking deleted": (lambda house: house.spoil("DELETE FROM bookings WHERE no = 4"), 4, "nobody signed it"),
    "all bookings deleted": (lambda house: house.spoil("DELETE FROM bookings"), 3, "nobody signed it"),
    "a booking moved to another row": (
        lambda house: house.spoil("UPDATE bookings SET no = 2 WHERE no = 3"),
        3,
        "nobody signed it",
    ),
    "a booking that belongs to no row of finance's": (
        lambda house: house.put(house.signed(2, "finn", "lock", FIRST, month="2026-08")),
        2,
        "no row that finance",
    ),
    "the signature of another person": (
        lambda house: house.put(house.signed(4, "finn", "budget", "2026-10-06", by="fred", **MORE)),
        4,
        "is somebody else's",
    ),
    "the signature of one without the role": (
        lambda house: house.put(house.signed(4, "lena", "budget", "2026-10-06", **MORE)),
        4,
        "not finance's",
    ),
    "of one who has the role only since": (
        lambda house: house.put(house.signed(4, "fred", "budget", "2026-10-06", under=0, **MORE)),
        4,
        "not finance's",
    ),
    "another sum signed": (
        lambda house: house.put(house.signed(4, "finn", "budget", "2026-10-06", under=0, **MORE | {"fen": 800})),
        4,
        "is not what its signer signed",
    ),
    "the beginning moved to a later row": (
        lambda house: house.spoil("UPDATE meta SET value = '5' WHERE key = 'signed_from'"),
        5,
        "moved that beginning",
    ),
    "a directory of another root": (
        lambda house: house.spoil(
            "UPDATE directories SET document = :data, sig = :sig WHERE no = 0",
            **dict(zip(("data", "sig"), Scene().signed[0], strict=True)),
        ),
        0,
        "not signed by the root key of this zone",
    ),
}
MORE = {"year": YEAR, "source": "追加", "fen": 900}


@pytest.mark.parametrize("how", IN_THE_HOUSE)
def test_what_was_done_to_the_database_is_told_in_the_house_and_from_its_file(
    shell: Shell, kept: House, tmp_path: Path, how: str
) -> None:
    spoil, row, words = IN_THE_HOUSE[how]
    spoil(kept)
    refused(shell("ledger", "verify", "--json"), row, words)
    file = exported(shell, tmp_path)
    refused(shell("ledger", "verify", "--file", file, "--pin", pin(kept), "--json"), row, words)


def test_all_bookings_deleted_and_the_beginning_moved_behind_them_is_what_an_anchor_finds(
    shell: Shell, house: House, tmp_path: Path
) -> None:
    anchor = anchored(shell, tmp_path)
    house.spoil("DELETE FROM bookings")
    house.spoil("UPDATE meta SET value = '99' WHERE key = 'signed_from'")
    assert (
        "before row 99 are from before signatures: 4 that finance entered itself" in shell.done("ledger", "verify").out
    )
    refused(shell("ledger", "verify", "--anchor", anchor, "--json"), 2, "moved that beginning")
    file = exported(shell, tmp_path)
    refused(shell("ledger", "verify", "--file", file, "--anchor", anchor, "--json"), 2, "moved that beginning")


def test_a_beginning_that_was_taken_out_is_the_first_row(shell: Shell, house: House) -> None:
    house.spoil("DELETE FROM meta WHERE key = 'signed_from'")
    refused(shell("ledger", "verify", "--json"), UNSIGNED, "nobody signed it")


def test_a_row_under_a_directory_that_was_replaced_or_had_ended_is_told(shell: Shell, house: House) -> None:
    house.budget("finn", 300, day="2026-10-14", under=0)
    refused(shell("ledger", "verify", "--json"), 6, "a newer one had replaced")


def test_a_row_after_a_directorys_last_day_is_told(shell: Shell, kept: House) -> None:
    kept.budget("fred", 300, day="2027-04-02")
    refused(shell("ledger", "verify", "--json"), 6, "had expired")


def test_a_key_that_a_directory_issued_before_took_away_is_asked_about(shell: Shell, kept: House) -> None:
    finn = kept.scene.staff.pop("finn")
    kept.scene.issue("2026-10-20", "2027-04-01")
    kept.publish()
    kept.scene.staff["finn"] = finn
    kept.budget("finn", 300, day="2026-10-22", under=1)
    assert shell.done("ledger", "verify", "--json").json["signed"]["doubtful"] == [6]
    assert "Ask about row 6" in shell.done("ledger", "verify").out


Lines = list[bytes]
ROWS = 5


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lines, str]:
    """The lines of an exported file, and the fingerprint of its zone."""
    folder = tmp_path_factory.mktemp("sent")
    house = House(f"sqlite:///{folder / 'whistle.db'}")
    with Database.open(house.url) as db:
        db.read_sync(lambda tx: statement.write(ours(tx), "jsonl", folder / "ledger.jsonl", Heading("局", made=NEWER)))
    return (folder / "ledger.jsonl").read_bytes().splitlines(keepends=True), pin(house)


def kinds(lines: Lines) -> list[str]:
    return [next(iter(json.loads(line))) for line in lines]


def without(kind: str, lines: Lines) -> Lines:
    return [line for line, name in zip(lines, kinds(lines), strict=True) if name != kind]


def swapped(lines: Lines) -> Lines:
    """Two bookings, each beside the other's row."""
    marked = [line.replace(b'"no":3}\n', b'"no":?}\n').replace(b'"no":4}\n', b'"no":3}\n') for line in lines]
    return [line.replace(b'"no":?}\n', b'"no":4}\n') for line in marked]


def twice(lines: Lines) -> Lines:
    """What was signed once for row 3, beside row 4 as well."""
    three = next(line for line in lines if line.endswith(b'"no":3}\n'))
    return [three.replace(b'"no":3}', b'"no":4}') if line.endswith(b'"no":4}\n') else line for line in lines]


def made_anew(lines: Lines) -> Lines:
    """A sum edited, every hash from there on computed again, and the last line with them."""
    head, made = START.hash, []
    for line in lines[:ROWS]:
        row = line[len(b'{"row":') : line.index(b',"hash":')].replace(b'"fen":900', b'"fen":90000')
        head = ledger.row_hash(head, row)
        made.append(b'{"row":' + row + b',"hash":"' + head.hex().encode() + b'"}\n')
    last = json.loads(lines[-1])
    last["anchor"]["ledger"]["head"] = b64(head)
    return [*made, *lines[ROWS:-1], json.dumps(last, separators=(",", ":")).encode() + b"\n"]


def other_directory(lines: Lines) -> Lines:
    """The first directory signed by a root that is not the zone's; the rest as it was."""
    other = Scene()
    data = json.loads(lines[ROWS])["directory"] | {"root": b64(other.root.public)}
    data, sig = sign_directory(other.root, data)
    return [*lines[:ROWS], b'{"directory":' + data + b',"sig":"' + sig.hex().encode() + b'"}\n', *lines[ROWS + 1 :]]


IN_THE_FILE: dict[str, tuple[Callable[[Lines], Lines], int, str]] = {
    "a booking deleted": (
        lambda lines: [each for each in lines if not each.endswith(b'"no":4}\n')],
        4,
        "nobody signed",
    ),
    "all bookings deleted": (lambda lines: without("booking", lines), 3, "nobody signed"),
    "two bookings exchanged": (swapped, 3, "is not what its signer signed"),
    "one booking for two rows": (twice, 4, "is used twice"),
    "a sum edited and the chain made anew": (made_anew, 4, "is not what its signer signed"),
    "cut off behind its rows": (lambda lines: lines[:ROWS], 0, "its end is missing"),
    "cut off before its last line": (lambda lines: lines[:-1], 0, "its end is missing"),
    "cut off in its last line": (lambda lines: [*lines[:-1], lines[-1][:50]], 0, "its end is missing"),
    "its last row taken out": (lambda lines: [*lines[: ROWS - 1], *lines[ROWS:]], 0, "its end is missing"),
    "a line added behind the end": (lambda lines: [*lines, lines[-2]], 0, "its end is missing"),
    "a directory swapped": (other_directory, 0, "not signed by the root key"),
    "the directories taken out": (lambda lines: without("directory", lines), 0, "not signed by the root key"),
    "the channels taken out": (lambda lines: without("channel", lines), 0, "not signed by the root key"),
    "the beginning moved to a later row": (
        lambda lines: [each.replace(b'"signed_from":2', b'"signed_from":4') for each in lines],
        4,
        "moved that beginning",
    ),
    "the beginning taken out": (
        lambda lines: [each.replace(b',"signed_from":2', b"") for each in lines],
        0,
        "its end is missing",
    ),
}


@pytest.mark.parametrize("how", IN_THE_FILE)
def test_what_was_done_to_the_file_is_told(shell: Shell, sent: tuple[Lines, str], tmp_path: Path, how: str) -> None:
    change, row, words = IN_THE_FILE[how]
    lines, zone = sent
    (tmp_path / "ledger.jsonl").write_bytes(b"".join(change(lines)))
    refused(shell("ledger", "verify", "--file", tmp_path / "ledger.jsonl", "--pin", zone, "--json"), row, words)


def test_bookings_deleted_and_the_beginning_moved_in_the_file_is_what_an_anchor_finds(
    shell: Shell, kept: House, tmp_path: Path
) -> None:
    anchor, file = anchored(shell, tmp_path), exported(shell, tmp_path)
    lines = without("booking", file.read_bytes().splitlines(keepends=True))
    file.write_bytes(b"".join(lines).replace(b'"signed_from":2', b'"signed_from":6'))
    told = shell.done("ledger", "verify", "--file", file, "--pin", pin(kept)).out
    assert "before row 6 are from before signatures: 4 that finance" in told
    refused(shell("ledger", "verify", "--file", file, "--anchor", anchor, "--json"), 2, "moved that beginning")


def test_a_whole_file_of_another_zone_is_known_by_its_fingerprint(shell: Shell, kept: House, tmp_path: Path) -> None:
    anchor = anchored(shell, tmp_path)
    (tmp_path / "other").mkdir()
    forged = House(f"sqlite:///{tmp_path / 'other' / 'whistle.db'}")
    shell.env.setenv("WHISTLE_DATABASE", forged.url)
    file = exported(shell, tmp_path)
    assert pin(forged) in shell.done("ledger", "verify", "--file", file).out
    refused(shell("ledger", "verify", "--file", file, "--pin", pin(kept), "--json"), 0, "not signed by the root key")
    assert "head" not in shell("ledger", "verify", "--file", file, "--anchor", anchor).out


def as_before(file: Path) -> Path:
    """The file as an earlier release wrote it."""
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:ROWS]))
    return file


def test_a_file_of_an_earlier_release_is_verified_and_says_what_was_not_checked(
    shell: Shell, kept: House, tmp_path: Path
) -> None:
    anchor, file = anchored(shell, tmp_path), as_before(exported(shell, tmp_path))
    document = json.loads(anchor.read_bytes())
    del document["signed_from"]
    anchor.write_text(json.dumps(document))
    told = shell.done("ledger", "verify", "--file", file, "--anchor", anchor)
    assert "5 rows" in told.out
    assert "who entered finance's own rows was not checked" in told.out
    assert shell.done("ledger", "verify", "--file", file, "--json").json["signed"] is None


def test_an_anchor_of_this_release_knows_that_a_file_must_bring_signatures(
    shell: Shell, kept: House, tmp_path: Path
) -> None:
    anchor, file = anchored(shell, tmp_path), as_before(exported(shell, tmp_path))
    refused(shell("ledger", "verify", "--file", file, "--anchor", anchor, "--json"), 0, "its end is missing")


def test_an_anchor_of_an_earlier_release_says_what_it_does_not_tell(shell: Shell, kept: House, tmp_path: Path) -> None:
    anchor = anchored(shell, tmp_path)
    document = json.loads(anchor.read_bytes())
    del document["signed_from"]
    anchor.write_text(json.dumps(document))
    assert "This anchor is of an earlier release" in shell.done("ledger", "verify", "--anchor", anchor).out


def test_going_down_a_release_and_up_again_finds_the_same_beginning(shell: Shell, house: House) -> None:
    house.step("0007", HEAD)
    assert shell.done("ledger", "verify", "--json").json["signed"]["since"] == 2


def test_a_mistyped_fingerprint_is_said_to_be_none(shell: Shell, kept: House) -> None:
    assert shell("ledger", "verify", "--pin", "3f2a 91bc").status == 1
